using System;
using System.Collections.Generic;

namespace A2F.Core
{
    /// <summary>What a clip is of.</summary>
    public sealed class ClipHead : Message
    {
        public int Protocol = 1;

        /// <summary>"name/version" of the program that wrote it.</summary>
        public string Maker = "";

        /// <summary>Name of the sound file.</summary>
        public string Source = "";
        public ClipSound Sound = new ClipSound();
        public long Poses;

        /// <summary>Explicit emotion by name.</summary>
        public Dictionary<string, float> Emotion = new Dictionary<string, float>();

        /// <summary>Hash of all that it was made of; only its maker knows how to compare it.</summary>
        public ArraySegment<byte>? Key;

        /// <summary>What else is known of the line: its text, who speaks; null = nothing.</summary>
        public Dictionary<string, string> Line;

        public override string Op => "clip";

        internal override void Walk(Fields f)
        {
            Protocol = f.Small("protocol", Protocol);
            Maker = f.Text("maker", Maker);
            Source = f.Text("source", Source);
            Sound = f.Part("sound", Sound, ClipSound.New);
            Poses = f.Count("poses", Poses);
            Emotion = f.Reals("emotion", Emotion);
            Key = f.MaybeBytes("key", Key, 32);
            Line = f.MaybeTextsByName("line", Line);
            foreach (KeyValuePair<string, float> entry in Emotion)
            {
                if (entry.Value < 0 || entry.Value > 1) f.Refuse("emotion", (long)entry.Value, "0 to 1");
            }
        }
    }

    /// <summary>The sound that a clip belongs to.</summary>
    public sealed class ClipSound : Body
    {
        internal static readonly Func<ClipSound> New = () => new ClipSound();

        /// <summary>SHA-256 of its samples in this format.</summary>
        public ArraySegment<byte> Hash;
        public SampleFormat Format;
        public int Rate;
        public int Channels;
        public long Frames;

        internal override void Walk(Fields f)
        {
            Hash = f.Bytes("hash", Hash, 32);
            Format = (SampleFormat)f.OneOf("format", Words.SampleFormats, (int)Format);
            Rate = (int)f.Whole("rate", Rate, 8000, 192000);
            Channels = (int)f.Whole("channels", Channels, 1, 8);
            Frames = f.Count("frames", Frames);
        }
    }

    /// <summary>
    /// A clip file (`a2f-ws bake`): one line whose poses were computed before, played without a server. Protocol §22.
    /// </summary>
    public sealed class Clip
    {
        public ClipHead Head { get; internal set; }

        /// <summary>What its rows consist of.</summary>
        public Opened Opened { get; internal set; }

        /// <summary>The row to show before and after it.</summary>
        public float[] RestRow { get; internal set; }

        /// <summary>All rows, one behind the other.</summary>
        public float[] Rows { get; internal set; }

        /// <summary>Index of the first pose.</summary>
        public long First { get; internal set; }

        /// <summary>Where its sound begins and ends, µs.</summary>
        public long StartUs { get; internal set; }
        public long SoundEndUs { get; internal set; }

        /// <summary>Time of the last pose, µs; without any, that of the first sample.</summary>
        public long EndUs { get; internal set; }

        internal Clip()
        {
            RestRow = Rows = new float[0];
        }

        /// <summary>Take the content of a clip file. Null with a fault (4422) where it is none, or damaged.</summary>
        public static Clip Read(byte[] content, out Fault fault)
        {
            return new ClipReader().Read(content, out fault);
        }

        /// <summary>Hand everything to a player, as if a server had sent it.</summary>
        /// <param name="u">The utterance that it is played as; rises within a player.</param>
        /// <param name="layout">Another number for every rig that the player has seen.</param>
        public bool Feed(PosePlayer player, int u = 1, int layout = 1)
        {
            player.Opened(Opened, layout);
            player.Utterance(u, UtteranceState.Started, 0, StartUs);
            bool isTaken = player.Rest(layout, RestRow) && player.Poses(u, layout, First, Rows, 0, (int)Head.Poses);
            player.Utterance(u, UtteranceState.AudioDone, Head.Poses, SoundEndUs);
            player.Utterance(u, UtteranceState.PosesDone, Head.Poses, EndUs);
            return isTaken;
        }

        /// <summary>A player that has it as utterance 1 and forgets nothing: it may be sought through.</summary>
        public PosePlayer Player()
        {
            var player = new PosePlayer { KeepUs = PosePlayer.KeepAll };
            Feed(player);
            return player;
        }
    }
}
