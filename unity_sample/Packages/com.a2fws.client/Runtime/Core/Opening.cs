using System.Collections.Generic;

namespace A2F.Core
{
    /// <summary>Client → server, first of all: who speaks, in which version.</summary>
    public sealed class Identify : Message
    {
        public int Protocol = ClientProtocol.Version;

        /// <summary>"name/version" of the program, up to 64 characters.</summary>
        public string Client = "com.a2fws.client";

        /// <summary>See <see cref="A2F.Core.Proof"/>.</summary>
        public string Proof;

        /// <summary>Bearer token; it is sent as it is.</summary>
        public string Token;

        public override string Op => "identify";

        internal override void Walk(Fields f)
        {
            Id = f.MaybeCount("id", Id);
            Protocol = f.Positive("protocol", Protocol);
            Client = f.Text("client", Client);
            Proof = f.MaybeText("proof", Proof);
            Token = f.MaybeText("token", Token);
        }
    }

    /// <summary>Poses near the play head, or everything at once.</summary>
    public enum Pacing
    {
        Live,
        Burst,
    }

    /// <summary>Feeds sound, or follows the session that somebody else feeds.</summary>
    public enum Role
    {
        Speak,
        Watch,
    }

    /// <summary>Client → server, begin a session.</summary>
    public sealed class Open : Message
    {
        public int Sid;

        /// <summary>Name of a rig, or "auto": the best one for <see cref="Have"/>.</summary>
        public string Rig = "auto";
        public PoseRate Fps = new PoseRate(60);

        /// <summary>How the sound will be sent; a watcher may leave it out.</summary>
        public AudioFormat Audio;

        /// <summary>Null: the first one of `hello`.</summary>
        public string Model;
        public Pacing Pacing;

        /// <summary>How far beyond the play head live poses are computed, 250,000 … 60,000,000.</summary>
        public long AheadUs = PosePlayer.AheadUsDefault;
        public Dictionary<string, float> Params;
        public Dictionary<string, CurveSet> Curves;

        /// <summary>Emotion at the start by name, 0 … 1; null = the model's own.</summary>
        public Dictionary<string, float> Emotion;

        /// <summary>Any of "audio" (watchers), "geometry" (speakers), "status".</summary>
        public string[] Want;
        public Role Role;

        /// <summary>Name under which others may watch it, or whom to watch.</summary>
        public string Name;

        /// <summary>This watcher tells where the sound is, for everybody.</summary>
        public bool Clock;

        /// <summary>Names of the curves that the mesh has; null = all curves of the rig.</summary>
        public string[] Have;

        /// <summary>A rig table sent along: bool, long, double, string, List of object and maps like this one.</summary>
        public Dictionary<string, object> Table;

        /// <summary>Token of an earlier `opened`: take that session over as it is.</summary>
        public string Resume;
        public bool? Cache;
        public Dictionary<string, WeightSet> Weights;

        /// <summary>With "geometry": most meshes per second of sound, 1 … 60.</summary>
        public int GeometryHz = 30;

        /// <summary>Groups whose left and right change places.</summary>
        public string[] Swap;

        public override string Op => "open";

        public override int? Session => Sid;

        internal override void Walk(Fields f)
        {
            Id = f.MaybeCount("id", Id);
            Sid = f.Small("sid", Sid);
            Rig = f.Text("rig", Rig);
            Fps = f.Rate("fps", Fps);
            Audio = f.MaybePart("audio", Audio, AudioFormat.New);
            Model = f.MaybeText("model", Model);
            Pacing = (Pacing)f.OneOfOr("pacing", Words.Pacings, (int)Pacing, 0);
            AheadUs = f.WholeOr("ahead_us", AheadUs, PosePlayer.AheadUsDefault, 0, Fields.Int53);
            Params = f.MaybeReals("params", Params);
            Curves = f.MaybePartsByName("curves", Curves, CurveSet.New);
            Emotion = f.MaybeReals("emotion", Emotion);
            Want = f.TextsOr("want", Want);
            Role = (Role)f.OneOfOr("role", Words.Roles, (int)Role, 0);
            Name = f.MaybeText("name", Name);
            Clock = f.FlagOr("clock", Clock, false);
            Have = f.MaybeTexts("have", Have);
            Table = f.MaybeTable("table", Table);
            Resume = f.MaybeText("resume", Resume);
            Cache = f.MaybeFlag("cache", Cache);
            Weights = f.MaybePartsByName("weights", Weights, WeightSet.New);
            GeometryHz = (int)f.WholeOr("geometry_hz", GeometryHz, 30, 0, Fields.Int31);
            Swap = f.MaybeTexts("swap", Swap);
        }
    }
}
