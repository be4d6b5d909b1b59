using System;
using System.Collections.Generic;

namespace A2F.Core
{
    /// <summary>Fields that are lists, or maps with names of the protocol.</summary>
    internal sealed partial class Fields
    {
        private static readonly string[] NoTexts = new string[0];

        /// <summary>A map with names of the protocol.</summary>
        public T Part<T>(string name, T value, Func<T> make) where T : Body
        {
            if (!IsReading)
            {
                if (value == null) Fail(Codes.Malformed, name, "nothing", "a map");
                Name(name);
                WritePart(value);
                return value;
            }
            int token = Need(name);
            return token < 0 ? null : PartAt(token, name, 0, make);
        }

        public T MaybePart<T>(string name, T value, Func<T> make) where T : Body
        {
            return (IsReading ? Find(name) < 0 : value == null) ? null : Part(name, value, make);
        }

        /// <summary>A list of such maps.</summary>
        public T[] Parts<T>(string name, T[] value, Func<T> make) where T : Body
        {
            if (!IsReading)
            {
                Name(name);
                int size = value == null ? 0 : value.Length;
                _out.List(size);
                for (int k = 0; k < size; k++) WritePart(value[k]);
                return value;
            }
            int token = Need(name);
            if (!IsKind(token, name, Kind.List, "a list")) return new T[0];
            var parts = new T[_tape.Tokens[token].Count];
            int at = token + 1;
            Enter(name);
            for (int k = 0; k < parts.Length && Fault == null; k++, at = _tape.Tokens[at].Next)
            {
                parts[k] = PartAt(at, null, k, make);
            }
            Leave();
            return parts;
        }

        public T[] PartsOr<T>(string name, T[] value, Func<T> make) where T : Body
        {
            return IsReading && Find(name) < 0 ? new T[0] : Parts(name, value, make);
        }

        /// <summary>A map from names of the user's to such maps.</summary>
        public Dictionary<string, T> MaybePartsByName<T>(string name, Dictionary<string, T> value, Func<T> make)
            where T : Body
        {
            if (!IsReading)
            {
                if (value == null) return null;
                Name(name);
                _out.Map(value.Count);
                foreach (KeyValuePair<string, T> entry in value)
                {
                    _out.Text(entry.Key);
                    WritePart(entry.Value);
                }
                return value;
            }
            int token = Find(name);
            if (token < 0 || !IsKind(token, name, Kind.Map, "a map")) return null;
            var found = new Dictionary<string, T>();
            Enter(name);
            for (int k = 0, key = token + 1; k < _tape.Tokens[token].Count && Fault == null; k++)
            {
                string own = _tape.TextOf(key);
                if (!IsNil(key + 1)) found[own] = PartAt(key + 1, own, 0, make);
                key = _tape.Tokens[key + 1].Next;
            }
            Leave();
            return found;
        }

        public string[] Texts(string name, string[] value)
        {
            if (!IsReading)
            {
                Name(name);
                string[] texts = value ?? NoTexts;
                _out.List(texts.Length);
                for (int k = 0; k < texts.Length; k++) _out.Text(texts[k] ?? "");
                return value;
            }
            int token = Need(name);
            if (!IsKind(token, name, Kind.List, "a list")) return NoTexts;
            var found = new string[_tape.Tokens[token].Count];
            int at = token + 1;
            for (int k = 0; k < found.Length; k++, at = _tape.Tokens[at].Next)
            {
                Enter(name);
                Enter(null, k);
                found[k] = TextAt(at, null);
                Leave(2);
            }
            return found;
        }

        public string[] MaybeTexts(string name, string[] value)
        {
            return (IsReading ? Find(name) < 0 : value == null) ? null : Texts(name, value);
        }

        public string[] TextsOr(string name, string[] value)
        {
            return IsReading && Find(name) < 0 ? NoTexts : Texts(name, value);
        }

        /// <summary>Two integers ≥ 0, the least and the most of something.</summary>
        public int[] Range(string name, int[] value)
        {
            if (!IsReading)
            {
                Name(name);
                _out.List(2);
                for (int k = 0; k < 2; k++) _out.Integer(value != null && k < value.Length ? value[k] : 0);
                return value;
            }
            int token = Need(name);
            if (token < 0 || !HasEntries(token, name, 2)) return new int[2];
            Enter(name);
            long least = WholeAt(token + 1, "0", 0, Int31);
            long most = WholeAt(_tape.Tokens[token + 1].Next, "1", 0, Int31);
            Leave();
            return new[] { (int)least, (int)most };
        }

        private void WritePart(Body part)
        {
            int outer = _written;
            _written = 0;
            int map = _out.BeginMap();
            if (part != null) part.Walk(this);
            _out.EndMap(map, _written);
            _written = outer;
        }

        private T PartAt<T>(int token, string name, int index, Func<T> make) where T : Body
        {
            Enter(name, index);
            T part = null;
            if (IsKind(token, null, Kind.Map, "a map"))
            {
                int outer = _map;
                _map = token;
                part = make();
                part.Walk(this);
                _map = outer;
            }
            Leave();
            return part;
        }

        private bool IsKind(int token, string name, Kind kind, string wanted)
        {
            if (token >= 0 && _tape.Tokens[token].Kind != kind) Fail(Codes.Malformed, name, token, wanted);
            return token >= 0 && Fault == null;
        }

        private bool IsNil(int token)
        {
            return _tape.Tokens[token].Kind == Kind.Nil;
        }
    }
}
