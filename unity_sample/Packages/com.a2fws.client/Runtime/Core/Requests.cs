using System;
using System.Collections.Generic;

namespace A2F.Core
{
    /// <summary>A piece of an utterance; server → client the same for watchers.</summary>
    public sealed class Audio : Message
    {
        public int Sid;
        public int U;

        /// <summary>Sample frame of the utterance at which the piece begins.</summary>
        public long First;
        public ArraySegment<byte> Pcm;

        /// <summary>In the first one of an utterance, with <see cref="Open.Cache"/>: SHA-256 of all its sound.</summary>
        public ArraySegment<byte>? Hash;

        public override string Op => "audio";

        public override int? Session => Sid;

        internal override void Walk(Fields f)
        {
            Id = f.MaybeCount("id", Id);
            Sid = f.Small("sid", Sid);
            U = f.Positive("u", U);
            First = f.Count("first", First);
            Pcm = f.Bytes("pcm", Pcm);
            Hash = f.MaybeBytes("hash", Hash, 32);
        }
    }

    /// <summary>Client → server: no more sound will come for an utterance.</summary>
    public sealed class End : Message
    {
        public int Sid;
        public int U;

        public override string Op => "end";

        public override int? Session => Sid;

        internal override void Walk(Fields f)
        {
            Id = f.MaybeCount("id", Id);
            Sid = f.Small("sid", Sid);
            U = f.Positive("u", U);
        }
    }

    /// <summary>Client → server, move the emotion.</summary>
    public sealed class Emotion : Message
    {
        public int Sid;

        /// <summary>The whole emotion by name, 0 … 1; an absent name is 0.</summary>
        public Dictionary<string, float> Values;

        /// <summary>Where it begins, with <see cref="TUs"/>; null = as soon as possible.</summary>
        public int? U;
        public long? TUs;

        /// <summary>Length of the ramp, 0 … 60,000,000.</summary>
        public long TransitionUs = 300000;

        public override string Op => "emotion";

        public override int? Session => Sid;

        internal override void Walk(Fields f)
        {
            Id = f.MaybeCount("id", Id);
            Sid = f.Small("sid", Sid);
            Values = f.Reals("values", Values);
            U = f.MaybePositive("u", U);
            TUs = f.MaybeCount("t_us", TUs);
            TransitionUs = f.WholeOr("transition_us", TransitionUs, 300000, 0, Fields.Int53);
        }
    }

    /// <summary>Client → server, change a session; what is null stays as it is.</summary>
    public sealed class Set : Message
    {
        public int Sid;
        public Dictionary<string, float> Params;
        public Dictionary<string, CurveSet> Curves;
        public string[] Swap;
        public bool? Visible;

        /// <summary>This and the next three only while no utterance is alive.</summary>
        public string Model;
        public string Rig;
        public string[] Have;
        public PoseRate? Fps;
        public Dictionary<string, WeightSet> Weights;

        public override string Op => "set";

        public override int? Session => Sid;

        internal override void Walk(Fields f)
        {
            Id = f.MaybeCount("id", Id);
            Sid = f.Small("sid", Sid);
            Params = f.MaybeReals("params", Params);
            Curves = f.MaybePartsByName("curves", Curves, CurveSet.New);
            Swap = f.MaybeTexts("swap", Swap);
            Visible = f.MaybeFlag("visible", Visible);
            Model = f.MaybeText("model", Model);
            Rig = f.MaybeText("rig", Rig);
            Have = f.MaybeTexts("have", Have);
            Fps = f.MaybeRate("fps", Fps);
            Weights = f.MaybePartsByName("weights", Weights, WeightSet.New);
        }
    }

    /// <summary>Client → server, drop utterances now.</summary>
    public sealed class Interrupt : Message
    {
        public int Sid;

        /// <summary>The last one to drop; null = all that were seen.</summary>
        public int? U;

        /// <summary>What was heard of it.</summary>
        public long? TUs;

        public override string Op => "interrupt";

        public override int? Session => Sid;

        internal override void Walk(Fields f)
        {
            Id = f.MaybeCount("id", Id);
            Sid = f.Small("sid", Sid);
            U = f.MaybePositive("u", U);
            TUs = f.MaybeCount("t_us", TUs);
        }
    }

    /// <summary>Where the sound is; server → speaker the same from the watcher with the clock.</summary>
    public sealed class Played : Message
    {
        public int Sid;
        public int U;

        /// <summary>Play head from sample 0.</summary>
        public long TUs;

        /// <summary>Play speed, 0.1 … 10.</summary>
        public float Rate = 1;
        public bool Paused;

        public override string Op => "played";

        public override int? Session => Sid;

        internal override void Walk(Fields f)
        {
            Id = f.MaybeCount("id", Id);
            Sid = f.Small("sid", Sid);
            U = f.Positive("u", U);
            TUs = f.Count("t_us", TUs);
            Rate = f.RealOr("rate", Rate, 1);
            Paused = f.FlagOr("paused", Paused, false);
        }
    }

    /// <summary>Client → server, end a session.</summary>
    public sealed class Close : Message
    {
        public int Sid;

        public override string Op => "close";

        public override int? Session => Sid;

        internal override void Walk(Fields f)
        {
            Id = f.MaybeCount("id", Id);
            Sid = f.Small("sid", Sid);
        }
    }
}
