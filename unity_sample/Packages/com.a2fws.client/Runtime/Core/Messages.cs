using System;
using System.Collections.Generic;

namespace A2F.Core
{
    /// <summary>
    /// One message of the protocol. Its fields have the words of the wire; what each means and may be is said in
    /// protocol/MESSAGES.md. Times are integers in microseconds. What may be absent is Nullable or null.
    /// </summary>
    public abstract class Message : Body
    {
        /// <summary>Requests: number that the answer is to carry as <see cref="Re"/>; null = none is wanted.</summary>
        public long? Id;

        /// <summary>Answers: <see cref="Id"/> of the request; null = it had none.</summary>
        public long? Re;

        /// <summary>Its name on the wire.</summary>
        public abstract string Op { get; }

        /// <summary>The session that it is about; null where it is about the connection.</summary>
        public virtual int? Session => null;
    }

    /// <summary>Server → client, first of all: what it is and has.</summary>
    public sealed class Hello : Message
    {
        public int Protocol;

        /// <summary>"name/version" of the program.</summary>
        public string Server = "";

        /// <summary>Random, new at every start of the server: tells a restart from a lost connection.</summary>
        public string Instance = "";
        public Auth Auth = new Auth();

        /// <summary>The default one first.</summary>
        public ModelInfo[] Models = new ModelInfo[0];
        public string[] Rigs = new string[0];
        public AudioOffer Audio = new AudioOffer();

        /// <summary>Features that it has, protocol §20.</summary>
        public string[] Capabilities = new string[0];

        /// <summary>Limits by name, as "credit_us" and "utterances", protocol §14.</summary>
        public Dictionary<string, long> Limits = new Dictionary<string, long>();

        public override string Op => "hello";

        /// <summary>True where the server has that feature.</summary>
        public bool Has(string capability)
        {
            return Array.IndexOf(Capabilities, capability) >= 0;
        }

        /// <summary>A limit, or what to go by where the server does not tell.</summary>
        public long Limit(string name, long otherwise)
        {
            long found;
            return Limits.TryGetValue(name, out found) ? found : otherwise;
        }

        internal override void Walk(Fields f)
        {
            Protocol = f.Positive("protocol", Protocol);
            Server = f.Text("server", Server);
            Instance = f.Text("instance", Instance);
            Auth = f.MaybePart("auth", Auth, Auth.New) ?? new Auth();
            Models = f.Parts("models", Models, ModelInfo.New);
            Rigs = f.Texts("rigs", Rigs);
            Audio = f.Part("audio", Audio, AudioOffer.New);
            Capabilities = f.TextsOr("capabilities", Capabilities);
            Limits = f.Counts("limits", Limits);
        }
    }

    /// <summary>Server → client: everything else may come.</summary>
    public sealed class Ready : Message
    {
        /// <summary>Name of the connection in the server's log.</summary>
        public string Connection = "";

        public override string Op => "ready";

        internal override void Walk(Fields f)
        {
            Re = f.MaybeCount("re", Re);
            Connection = f.Text("connection", Connection);
        }
    }

    /// <summary>Server → client, a session as it is now; again after every change of its rows.</summary>
    public sealed class Opened : Message
    {
        public int Sid;

        /// <summary>Number of the row layout, new at every `opened` of a connection.</summary>
        public int Layout;

        /// <summary>Name of the model; "" to a watcher while nobody speaks.</summary>
        public string Model = "";
        public string Rig = "";
        public PoseRate Fps = new PoseRate(60);

        /// <summary>Names of the curves in row order.</summary>
        public string[] Curves = new string[0];

        /// <summary>Names of the transforms, seven floats each behind the curves.</summary>
        public string[] Transforms = new string[0];

        /// <summary>Floats of a row: curves + 7 · transforms.</summary>
        public int Row;

        /// <summary>Where idle life goes, by role.</summary>
        public Dictionary<string, IdlePlace> Idle = new Dictionary<string, IdlePlace>();

        /// <summary>Sound beyond a pose that it needs.</summary>
        public long LookAheadUs;

        /// <summary>Sound before a pose that it uses.</summary>
        public long LookBackUs;

        /// <summary>Sound that may lie beyond what has been processed.</summary>
        public long CreditUs;

        /// <summary>Curves of the rig that the mesh lacks.</summary>
        public string[] Missing = new string[0];

        /// <summary>Names in `have` that nothing drives.</summary>
        public string[] Unmatched = new string[0];

        /// <summary>Format of the sound that a watcher gets; null = none.</summary>
        public AudioFormat Audio;

        /// <summary>Token that takes the session over from another connection; null = none.</summary>
        public string Resume;

        /// <summary>After a resume, where sound goes on; null = nothing had come.</summary>
        public Received Received;

        public override string Op => "opened";

        public override int? Session => Sid;

        internal override void Walk(Fields f)
        {
            Re = f.MaybeCount("re", Re);
            Sid = f.Small("sid", Sid);
            Layout = f.Positive("layout", Layout);
            Model = f.Text("model", Model);
            Rig = f.Text("rig", Rig);
            Fps = f.Rate("fps", Fps);
            Curves = f.Texts("curves", Curves);
            Transforms = f.Texts("transforms", Transforms);
            Row = f.Small("row", Row);
            Idle = f.Places("idle", Idle);
            LookAheadUs = f.Count("look_ahead_us", LookAheadUs);
            LookBackUs = f.Count("look_back_us", LookBackUs);
            CreditUs = f.Count("credit_us", CreditUs);
            Missing = f.TextsOr("missing", Missing);
            Unmatched = f.TextsOr("unmatched", Unmatched);
            Audio = f.MaybePart("audio", Audio, AudioFormat.New);
            Resume = f.MaybeText("resume", Resume);
            Received = f.MaybePart("received", Received, Received.New);
            int wanted = Curves.Length + 7 * Transforms.Length;
            if (f.IsReading && Row != wanted) f.Refuse("row", Row, wanted.ToString());
        }
    }

    /// <summary>Server → client, the row between lines.</summary>
    public sealed class Rest : Message
    {
        public int Sid;
        public int Layout;

        /// <summary>One row, float32 little endian.</summary>
        public ArraySegment<byte> Data;

        public override string Op => "rest";

        public override int? Session => Sid;

        internal override void Walk(Fields f)
        {
            Sid = f.Small("sid", Sid);
            Layout = f.Positive("layout", Layout);
            Data = f.Bytes("data", Data);
            if (f.IsReading && Data.Count % 4 != 0) f.Refuse("data", Data.Count, "floats of 4 bytes each");
        }
    }

    /// <summary>Server → client, n consecutive rows of an utterance.</summary>
    public sealed class Poses : Message
    {
        public int Sid;
        public int U;
        public int Layout;

        /// <summary>Index of the first row in the utterance.</summary>
        public long I;

        /// <summary>Time of the first row after sample 0.</summary>
        public long TUs;

        /// <summary>Rows, 1 … 64.</summary>
        public int N;

        /// <summary>The rows, float32 little endian.</summary>
        public ArraySegment<byte> Data;

        public override string Op => "poses";

        public override int? Session => Sid;

        internal override void Walk(Fields f)
        {
            Sid = f.Small("sid", Sid);
            U = f.Positive("u", U);
            Layout = f.Positive("layout", Layout);
            I = f.Count("i", I);
            TUs = f.Count("t_us", TUs);
            N = (int)f.Whole("n", N, 1, 64);
            Data = f.Bytes("data", Data);
            if (f.IsReading && N > 0 && Data.Count % (4 * N) != 0) f.Refuse("data", Data.Count, N + " rows of floats");
        }
    }

    /// <summary>Server → client, the mesh of a pose, for those who asked.</summary>
    public sealed class Geometry : Message
    {
        public int Sid;
        public int U;
        public long I;
        public long TUs;
        public MeshParts Parts = new MeshParts();

        public override string Op => "geometry";

        public override int? Session => Sid;

        internal override void Walk(Fields f)
        {
            Sid = f.Small("sid", Sid);
            U = f.Positive("u", U);
            I = f.Count("i", I);
            TUs = f.Count("t_us", TUs);
            Parts = f.Part("parts", Parts, MeshParts.New);
        }
    }

    /// <summary>How far an utterance is; the last two are final.</summary>
    public enum UtteranceState
    {
        Started,
        AudioDone,
        PosesDone,
        Interrupted,
    }

    /// <summary>Server → client, how far an utterance is.</summary>
    public sealed class Utterance : Message
    {
        public int Sid;
        public int U;
        public UtteranceState State;

        /// <summary>Rows handed to the socket so far.</summary>
        public long Poses;

        /// <summary>Started: first sample. AudioDone: end of the sound. Else: the last pose.</summary>
        public long TUs;

        /// <summary>With Started, where a hash was told: whether the server knows the line.</summary>
        public bool? Cached;

        public override string Op => "utterance";

        public override int? Session => Sid;

        internal override void Walk(Fields f)
        {
            Sid = f.Small("sid", Sid);
            U = f.Positive("u", U);
            State = (UtteranceState)f.OneOf("state", Words.UtteranceStates, (int)State);
            Poses = f.Count("poses", Poses);
            TUs = f.Count("t_us", TUs);
            Cached = f.MaybeFlag("cached", Cached);
        }
    }
}
