using System.Collections.Generic;

namespace A2F.Core
{
    /// <summary>Server → client: sound of an utterance may be sent up to a time.</summary>
    public sealed class Credit : Message
    {
        public int Sid;
        public int U;
        public long ToUs;

        public override string Op => "credit";

        public override int? Session => Sid;

        internal override void Walk(Fields f)
        {
            Sid = f.Small("sid", Sid);
            U = f.Positive("u", U);
            ToUs = f.Count("to_us", ToUs);
        }
    }

    public enum StatusLevel
    {
        Info,
        Warning,
        Error,
    }

    /// <summary>Server → client, something worth knowing that refuses nothing; codes in protocol §13.</summary>
    public sealed class Status : Message
    {
        /// <summary>Null: the whole connection.</summary>
        public int? Sid;
        public int? U;
        public StatusLevel Level;

        /// <summary>What it is about, as "gap" or "rate"; unknown ones are to be ignored.</summary>
        public string Code = "";

        /// <summary>One sentence for people.</summary>
        public string Text = "";

        /// <summary>Figures by name, as "look_ahead_us".</summary>
        public Dictionary<string, double> Counters = new Dictionary<string, double>();

        public override string Op => "status";

        public override int? Session => Sid;

        internal override void Walk(Fields f)
        {
            Sid = f.MaybeSmall("sid", Sid);
            U = f.MaybePositive("u", U);
            Level = (StatusLevel)f.OneOf("level", Words.StatusLevels, (int)Level);
            Code = f.Text("code", Code);
            Text = f.Text("message", Text);
            Counters = f.FiguresOr("counters", Counters);
        }
    }

    /// <summary>Server → client, a request was accepted.</summary>
    public sealed class Ok : Message
    {
        public int? Sid;

        public override string Op => "ok";

        public override int? Session => Sid;

        internal override void Walk(Fields f)
        {
            Re = f.Count("re", Re.GetValueOrDefault());
            Sid = f.MaybeSmall("sid", Sid);
        }
    }

    /// <summary>Server → client, a request was refused; the session goes on unless `closed` follows.</summary>
    public sealed class Error : Message
    {
        public int? Sid;

        /// <summary>See <see cref="Codes"/>.</summary>
        public int Code;

        /// <summary>What was found and what was wanted.</summary>
        public string Text = "";

        /// <summary>Path of the field at fault, as in "audio.rate".</summary>
        public string Field;

        /// <summary>Seconds after which to try again; null = see <see cref="Codes.RetryOf"/>.</summary>
        public int? RetryS;

        public override string Op => "error";

        public override int? Session => Sid;

        internal override void Walk(Fields f)
        {
            Re = f.MaybeCount("re", Re);
            Sid = f.MaybeSmall("sid", Sid);
            Code = (int)f.Whole("code", Code, 1000, 4999);
            Text = f.Text("message", Text);
            Field = f.MaybeText("field", Field);
            RetryS = f.MaybeSmall("retry_s", RetryS);
        }
    }

    /// <summary>Server → client, a session is over; its number may be used again.</summary>
    public sealed class Closed : Message
    {
        public int Sid;
        public int Code;
        public string Reason = "";
        public int? RetryS;

        public override string Op => "closed";

        public override int? Session => Sid;

        internal override void Walk(Fields f)
        {
            Re = f.MaybeCount("re", Re);
            Sid = f.Small("sid", Sid);
            Code = (int)f.Whole("code", Code, 1000, 4999);
            Reason = f.Text("reason", Reason);
            RetryS = f.MaybeSmall("retry_s", RetryS);
        }
    }

    /// <summary>Both directions.</summary>
    public sealed class Ping : Message
    {
        /// <summary>Comes back as it is.</summary>
        public long T;

        public override string Op => "ping";

        internal override void Walk(Fields f)
        {
            Id = f.MaybeCount("id", Id);
            T = f.Count("t", T);
        }
    }

    /// <summary>Both directions, the answer to a ping.</summary>
    public sealed class Pong : Message
    {
        public long T;

        /// <summary>The server's own steady clock.</summary>
        public long? ServerUs;

        public override string Op => "pong";

        internal override void Walk(Fields f)
        {
            Re = f.MaybeCount("re", Re);
            T = f.Count("t", T);
            ServerUs = f.MaybeCount("server_us", ServerUs);
        }
    }
}
