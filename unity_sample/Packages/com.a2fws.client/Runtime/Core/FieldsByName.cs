using System;
using System.Collections.Generic;

namespace A2F.Core
{
    /// <summary>Fields that are maps from names of the user's.</summary>
    internal sealed partial class Fields
    {
        /// <summary>Of the map that is gone through; none of these holds another one.</summary>
        private int _keysLeft;

        /// <summary>Numbers by name, within ± 10⁶.</summary>
        public Dictionary<string, float> Reals(string name, Dictionary<string, float> value)
        {
            if (!IsReading)
            {
                Name(name);
                _out.Map(value == null ? 0 : value.Count);
                if (value == null) return null;
                foreach (KeyValuePair<string, float> entry in value)
                {
                    _out.Text(entry.Key);
                    _out.Real(entry.Value);
                }
                return value;
            }
            var found = new Dictionary<string, float>();
            for (int key = FirstKey(name); key > 0; key = NextKey(key))
            {
                string own = _tape.TextOf(key);
                if (!IsNil(key + 1)) found[own] = (float)NumberAt(key + 1, own, 1e6);
            }
            return found;
        }

        public Dictionary<string, float> MaybeReals(string name, Dictionary<string, float> value)
        {
            return (IsReading ? Find(name) < 0 : value == null) ? null : Reals(name, value);
        }

        /// <summary>Figures for people by name, integers or not.</summary>
        public Dictionary<string, double> FiguresOr(string name, Dictionary<string, double> value)
        {
            if (!IsReading)
            {
                Name(name);
                _out.Map(value == null ? 0 : value.Count);
                if (value == null) return null;
                foreach (KeyValuePair<string, double> entry in value)
                {
                    _out.Text(entry.Key);
                    if (Math.Floor(entry.Value) == entry.Value && Math.Abs(entry.Value) <= Int53) _out.Integer((long)entry.Value);
                    else _out.Real(entry.Value);
                }
                return value;
            }
            var found = new Dictionary<string, double>();
            for (int key = Find(name) < 0 ? 0 : FirstKey(name); key > 0; key = NextKey(key))
            {
                string own = _tape.TextOf(key);
                if (!IsNil(key + 1)) found[own] = NumberAt(key + 1, own, Int53);
            }
            return found;
        }

        /// <summary>Integers ≥ 0 by name.</summary>
        public Dictionary<string, long> Counts(string name, Dictionary<string, long> value)
        {
            if (!IsReading)
            {
                Name(name);
                _out.Map(value == null ? 0 : value.Count);
                if (value == null) return null;
                foreach (KeyValuePair<string, long> entry in value)
                {
                    _out.Text(entry.Key);
                    _out.Integer(entry.Value);
                }
                return value;
            }
            var found = new Dictionary<string, long>();
            for (int key = FirstKey(name); key > 0; key = NextKey(key))
            {
                string own = _tape.TextOf(key);
                if (!IsNil(key + 1)) found[own] = WholeAt(key + 1, own, 0, Int53);
            }
            return found;
        }

        /// <summary>Texts by name.</summary>
        public Dictionary<string, string> MaybeTextsByName(string name, Dictionary<string, string> value)
        {
            if (!IsReading)
            {
                if (value == null) return null;
                Name(name);
                _out.Map(value.Count);
                foreach (KeyValuePair<string, string> entry in value)
                {
                    _out.Text(entry.Key);
                    _out.Text(entry.Value ?? "");
                }
                return value;
            }
            if (Find(name) < 0) return null;
            var found = new Dictionary<string, string>();
            for (int key = FirstKey(name); key > 0; key = NextKey(key))
            {
                string own = _tape.TextOf(key);
                if (!IsNil(key + 1)) found[own] = TextAt(key + 1, own);
            }
            return found;
        }

        /// <summary>Roles of idle life: role → [index into the row, gain].</summary>
        public Dictionary<string, IdlePlace> Places(string name, Dictionary<string, IdlePlace> value)
        {
            if (!IsReading)
            {
                Name(name);
                _out.Map(value == null ? 0 : value.Count);
                if (value == null) return null;
                foreach (KeyValuePair<string, IdlePlace> entry in value)
                {
                    _out.Text(entry.Key);
                    _out.List(2);
                    _out.Integer(entry.Value.Index);
                    _out.Real(entry.Value.Gain);
                }
                return value;
            }
            var found = new Dictionary<string, IdlePlace>();
            for (int key = FirstKey(name); key > 0; key = NextKey(key))
            {
                string own = _tape.TextOf(key);
                if (IsNil(key + 1) || !HasEntries(key + 1, own, 2)) continue;
                Enter(own);
                long index = WholeAt(key + 2, "0", 0, Int31);
                double gain = NumberAt(_tape.Tokens[key + 2].Next, "1", 1e6);
                Leave();
                found[own] = new IdlePlace((int)index, (float)gain);
            }
            return found;
        }

        /// <summary>First key of a map that is entered for its entries; 0 where there is none.</summary>
        private int FirstKey(string name)
        {
            int token = Need(name);
            if (!IsKind(token, name, Kind.Map, "a map")) return 0;
            Enter(name);
            _keysLeft = _tape.Tokens[token].Count;
            if (_keysLeft > 0) return token + 1;
            Leave();
            return 0;
        }

        /// <summary>The key behind one of the same map; 0 behind the last one, where the map is left.</summary>
        private int NextKey(int key)
        {
            if (--_keysLeft > 0 && Fault == null) return _tape.Tokens[key + 1].Next;
            Leave();
            return 0;
        }
    }
}
