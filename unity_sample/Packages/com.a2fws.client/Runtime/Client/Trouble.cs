using A2F.Core;

namespace A2F
{
    /// <summary>What goes wrong, in plain words: a refused request, a session or a connection that ended.</summary>
    public sealed class Trouble
    {
        /// <summary>Code of the protocol's table, or of the close frame.</summary>
        public readonly int Code;

        /// <summary>What was found and what was wanted.</summary>
        public readonly string Message;

        /// <summary>Path of the field at fault, as in "audio.rate"; "" = none.</summary>
        public readonly string Field;

        /// <summary>Pause until the next try, ms; -1 = there will be none by itself.</summary>
        public readonly int RetryInMs;

        public Trouble(int code, string message, string field = "", int retryInMs = -1)
        {
            Code = code;
            Message = message ?? "";
            Field = field ?? "";
            RetryInMs = retryInMs;
        }

        /// <summary>One or two sentences for people about a connection that ended.</summary>
        public static string Explain(int code, string reason, string url, bool wasReady)
        {
            string text = Codes.Meaning(code);
            if (text.Length == 0)
            {
                text = wasReady ? "The connection to " + url + " was lost." : "No server answers at " + url + ". Is it running?";
            }
            return string.IsNullOrEmpty(reason) ? text : text + " (" + reason + ")";
        }

        public override string ToString()
        {
            return Code + (Field.Length > 0 ? " " + Field : "") + ": " + Message;
        }
    }
}
