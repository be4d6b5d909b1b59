namespace A2F.Core
{
    /// <summary>
    /// Why bytes or a message were refused. Nothing here throws: whoever may refuse gives one of these back.
    /// </summary>
    public sealed class Fault
    {
        /// <summary>Number from the table of codes, see <see cref="Codes"/>.</summary>
        public readonly int Code;

        /// <summary>What was found and what was wanted, for the log.</summary>
        public readonly string Text;

        /// <summary>Path of the field at fault, as in "audio.rate"; null where it is no single field.</summary>
        public readonly string Field;

        /// <summary>True: the connection has to end with <see cref="Code"/>. False: only this message is refused.</summary>
        public readonly bool Closes;

        public Fault(int code, string text, string field = null, bool closes = false)
        {
            Code = code;
            Text = text;
            Field = field;
            Closes = closes;
        }

        public override string ToString()
        {
            return Code + ": " + Text;
        }
    }
}
