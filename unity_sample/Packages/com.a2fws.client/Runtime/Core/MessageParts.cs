using System;

namespace A2F.Core
{
    /// <summary>The words that some fields may have, in the order of their enums.</summary>
    internal static class Words
    {
        public static readonly string[] SampleFormats = { "s16le", "f32le", "ulaw", "alaw" };
        public static readonly string[] SoundSources = { "line", "mic" };
        public static readonly string[] Pacings = { "live", "burst" };
        public static readonly string[] Roles = { "speak", "watch" };
        public static readonly string[] UtteranceStates = { "started", "audio_done", "poses_done", "interrupted" };
        public static readonly string[] StatusLevels = { "info", "warning", "error" };
    }

    /// <summary>16-bit or float little endian, or ITU-T G.711 bytes.</summary>
    public enum SampleFormat
    {
        S16le,
        F32le,
        Ulaw,
        Alaw,
    }

    /// <summary>Speech that ends, or an open microphone.</summary>
    public enum SoundSource
    {
        Line,
        Mic,
    }

    /// <summary>How `pcm` is to be read.</summary>
    public sealed class AudioFormat : Body
    {
        internal static readonly Func<AudioFormat> New = () => new AudioFormat();

        public SampleFormat Format;

        /// <summary>Sample frames per second, 8,000 … 192,000.</summary>
        public int Rate = 16000;

        /// <summary>Interleaved, 1 … 8; the server uses their mean.</summary>
        public int Channels = 1;
        public SoundSource Source;

        internal override void Walk(Fields f)
        {
            Format = (SampleFormat)f.OneOf("format", Words.SampleFormats, (int)Format);
            Rate = (int)f.Whole("rate", Rate, 8000, 192000);
            Channels = (int)f.WholeOr("channels", Channels, 1, 1, 8);
            Source = (SoundSource)f.OneOfOr("source", Words.SoundSources, (int)Source, 0);
        }
    }

    /// <summary>Treatment of one curve: value · gain + offset, then held in min … max; null = as it is.</summary>
    public sealed class CurveSet : Body
    {
        internal static readonly Func<CurveSet> New = () => new CurveSet();

        public float? Gain;
        public float? Offset;
        public float? Min;
        public float? Max;

        internal override void Walk(Fields f)
        {
            Gain = f.MaybeReal("gain", Gain);
            Offset = f.MaybeReal("offset", Offset);
            Min = f.MaybeReal("min", Min);
            Max = f.MaybeReal("max", Max);
        }
    }

    /// <summary>Treatment of one weight of the face, before the rig: value · gain + offset, −10 … 10 each.</summary>
    public sealed class WeightSet : Body
    {
        internal static readonly Func<WeightSet> New = () => new WeightSet();

        public float? Gain;
        public float? Offset;

        internal override void Walk(Fields f)
        {
            Gain = f.MaybeReal("gain", Gain);
            Offset = f.MaybeReal("offset", Offset);
        }
    }

    /// <summary>How to show one's right to connect, protocol §17.</summary>
    public sealed class Auth : Body
    {
        internal static readonly Func<Auth> New = () => new Auth();

        /// <summary>"none", "challenge" (proof or token) or "token".</summary>
        public string Kind = "none";
        public string Salt;
        public string Challenge;

        internal override void Walk(Fields f)
        {
            Kind = f.TextOr("kind", Kind, "none");
            Salt = f.MaybeText("salt", Salt);
            Challenge = f.MaybeText("challenge", Challenge);
        }
    }

    /// <summary>A face parameter of a model.</summary>
    public sealed class ParamInfo : Body
    {
        internal static readonly Func<ParamInfo> New = () => new ParamInfo();

        public string Name = "";
        public float Min;
        public float Max;
        public float Default;

        internal override void Walk(Fields f)
        {
            Name = f.Text("name", Name);
            Min = f.Real("min", Min);
            Max = f.Real("max", Max);
            Default = f.Real("default", Default);
        }
    }

    /// <summary>A model that the server runs.</summary>
    public sealed class ModelInfo : Body
    {
        internal static readonly Func<ModelInfo> New = () => new ModelInfo();

        public string Name = "";
        public long LookAheadUs;
        public long LookBackUs;

        /// <summary>Names that an emotion may have.</summary>
        public string[] Emotions = new string[0];
        public int FpsMax = 60;
        public ParamInfo[] Params = new ParamInfo[0];

        internal override void Walk(Fields f)
        {
            Name = f.Text("name", Name);
            LookAheadUs = f.Count("look_ahead_us", LookAheadUs);
            LookBackUs = f.Count("look_back_us", LookBackUs);
            Emotions = f.Texts("emotions", Emotions);
            FpsMax = f.Positive("fps_max", FpsMax);
            Params = f.PartsOr("params", Params, ParamInfo.New);
        }
    }

    /// <summary>The sound that a server takes.</summary>
    public sealed class AudioOffer : Body
    {
        internal static readonly Func<AudioOffer> New = () => new AudioOffer();

        public string[] Formats = new string[0];

        /// <summary>Least and most sample frames per second.</summary>
        public int[] Rate = new int[2];
        public int ChannelsMax;

        internal override void Walk(Fields f)
        {
            Formats = f.Texts("formats", Formats);
            Rate = f.Range("rate", Rate);
            ChannelsMax = f.Small("channels_max", ChannelsMax);
        }
    }

    /// <summary>How far the sound of a resumed session had come.</summary>
    public sealed class Received : Body
    {
        internal static readonly Func<Received> New = () => new Received();

        public int U = 1;
        public long ToUs;

        internal override void Walk(Fields f)
        {
            U = f.Positive("u", U);
            ToUs = f.Count("to_us", ToUs);
        }
    }

    /// <summary>What a model gives of a mesh; views of float32, little endian.</summary>
    public sealed class MeshParts : Body
    {
        internal static readonly Func<MeshParts> New = () => new MeshParts();

        /// <summary>x y z of every vertex, centimetres.</summary>
        public ArraySegment<byte>? Skin;
        public ArraySegment<byte>? Tongue;

        /// <summary>16 floats, column-major: where a point of the lower teeth goes.</summary>
        public ArraySegment<byte>? Jaw;

        /// <summary>x y z of the right, then of the left eye, degrees.</summary>
        public ArraySegment<byte>? Eyes;

        internal override void Walk(Fields f)
        {
            Skin = f.MaybeBytes("skin", Skin);
            Tongue = f.MaybeBytes("tongue", Tongue);
            Jaw = f.MaybeBytes("jaw", Jaw, 64);
            Eyes = f.MaybeBytes("eyes", Eyes, 24);
        }
    }
}
