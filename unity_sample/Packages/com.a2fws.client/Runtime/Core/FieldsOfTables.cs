using System;
using System.Collections.Generic;

namespace A2F.Core
{
    /// <summary>Rig tables, which may hold anything.</summary>
    internal sealed partial class Fields
    {
        /// <summary>Whatever a rig table says; see <see cref="Open.Table"/>.</summary>
        public Dictionary<string, object> MaybeTable(string name, Dictionary<string, object> value)
        {
            if (!IsReading)
            {
                if (value == null) return null;
                Name(name);
                string wrong = _out.Anything(value, 2);
                if (wrong != null) Fail(Codes.BadValue, name, wrong, "a rig table");
                return value;
            }
            int token = Find(name);
            if (token < 0 || !IsKind(token, name, Kind.Map, "a map")) return null;
            return (Dictionary<string, object>)AnythingAt(token);
        }

        private object AnythingAt(int token)
        {
            Token found = _tape.Tokens[token];
            switch (found.Kind)
            {
                case Kind.Nil: return null;
                case Kind.False: return false;
                case Kind.True: return true;
                case Kind.Integer: return found.Bits;
                case Kind.Real: return _tape.NumberOf(token);
                case Kind.Text: return _tape.TextOf(token);
                case Kind.Bytes: return Copy(_tape.BytesOf(token));
                case Kind.List: return ListAt(token, found.Count);
                default: return MapAt(token, found.Count);
            }
        }

        private static byte[] Copy(ArraySegment<byte> bytes)
        {
            var copy = new byte[bytes.Count];
            Buffer.BlockCopy(bytes.Array, bytes.Offset, copy, 0, bytes.Count);
            return copy;
        }

        private object ListAt(int token, int count)
        {
            var list = new List<object>(count);
            for (int k = 0, at = token + 1; k < count; k++, at = _tape.Tokens[at].Next) list.Add(AnythingAt(at));
            return list;
        }

        private object MapAt(int token, int count)
        {
            var map = new Dictionary<string, object>();
            for (int k = 0, key = token + 1; k < count; k++, key = _tape.Tokens[key + 1].Next)
            {
                map[_tape.TextOf(key)] = AnythingAt(key + 1);
            }
            return map;
        }
    }
}
