using System.Collections.Generic;

namespace A2F
{
    /// <summary>What a session is opened with. Times are µs.</summary>
    public sealed class SessionOptions
    {
        /// <summary>Name of a rig, or "auto": the best one for the names in Have.</summary>
        public string Rig = "auto";

        /// <summary>Names of the curves that the mesh has; rows then have those that can be driven, in this order.</summary>
        public string[] Have;

        /// <summary>A rig table of one's own, as engines/README.md says; Rig is then what to call it.</summary>
        public Dictionary<string, object> Table;

        /// <summary>Name of a model; the server's first unless set.</summary>
        public string Model;

        /// <summary>Poses per second, 10 … 240.</summary>
        public int Fps = 60;

        /// <summary>Sample frames per second of the sound, 8,000 … 192,000: its own, whatever that is.</summary>
        public int Rate = 48000;

        /// <summary>An open microphone: one endless line.</summary>
        public bool IsMicrophone;

        /// <summary>Compute everything at once, for baking.</summary>
        public bool IsBurst;

        /// <summary>How far beyond the play head poses are computed.</summary>
        public long AheadUs = 1500000;

        public Dictionary<string, float> Params;
        public Dictionary<string, float> Emotion;

        /// <summary>Groups whose left and right change places, as "mouth".</summary>
        public string[] Swap;

        /// <summary>Name under which others may watch it, or whom to watch.</summary>
        public string Name;

        /// <summary>Watching: own the play head of everybody.</summary>
        public bool OwnsClock;

        /// <summary>Watching: wants the sound too.</summary>
        public bool WantsSound = true;

        /// <summary>Shows the poses; one of its own unless set. Lines may wait on it before there is a session.</summary>
        public A2F.Core.PosePlayer Player;

        /// <summary>Ask for the server's load once a second.</summary>
        public bool WantsStatus;
    }
}
