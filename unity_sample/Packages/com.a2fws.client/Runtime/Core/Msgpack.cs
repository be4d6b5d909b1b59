using System;
using System.Text;

namespace A2F.Core
{
    internal enum Kind : byte
    {
        Nil,
        False,
        True,
        Integer,
        Real,
        Text,
        Bytes,
        List,
        Map,
    }

    /// <summary>One value of a frame.</summary>
    internal struct Token
    {
        public Kind Kind;

        /// <summary>Text and bytes: where their content begins in the frame.</summary>
        public int At;

        /// <summary>Text and bytes: how long they are. Lists and maps: how many entries follow.</summary>
        public int Count;

        /// <summary>Token behind this value and all that is inside of it.</summary>
        public int Next;

        /// <summary>Integers as they are, reals as their bits.</summary>
        public long Bits;
    }

    /// <summary>
    /// A frame of msgpack, laid out as one row of tokens: everything is checked once, from front to back, before
    /// anything is read. Used again for each frame, so that reading one leaves no garbage.
    /// </summary>
    internal sealed class Tape
    {
        /// <summary>Protocol §2: nesting with the message itself, entries of one list or map, values in all.</summary>
        public const int DepthMax = 8;
        public const int EntriesMax = 4096;
        public const int ValuesMax = 16384;

        /// <summary>Up to so many keys are compared one by one.</summary>
        private const int FewKeys = 16;

        public byte[] Bytes = new byte[0];
        public Token[] Tokens = new Token[64];
        private int _count;
        private int _at;
        private int _end;
        private string _wrong;

        /// <summary>Lay out one value that fills all bytes. Null when all is well, else what is wrong.</summary>
        public string Scan(byte[] bytes, int offset, int count)
        {
            _count = 0;
            _wrong = null;
            if (bytes == null || offset < 0 || count < 0 || offset > bytes.Length - count) return "found no bytes";
            Bytes = bytes;
            _at = offset;
            _end = offset + count;
            Value(1);
            if (_wrong == null && _at < _end) _wrong = "found " + (_end - _at) + " bytes behind the message";
            return _wrong;
        }

        /// <summary>Token of the value that a map has under a name; −1 without one, or where it is nil.</summary>
        public int Find(int map, string name)
        {
            int at = map + 1;
            for (int k = Tokens[map].Count; k > 0; k--)
            {
                int value = at + 1;
                if (Says(at, name)) return Tokens[value].Kind == Kind.Nil ? -1 : value;
                at = Tokens[value].Next;
            }
            return -1;
        }

        /// <summary>True where a text is this one, which has ASCII characters only.</summary>
        public bool Says(int token, string text)
        {
            int size = text.Length;
            if (Tokens[token].Count != size || Tokens[token].Kind != Kind.Text) return false;
            int at = Tokens[token].At;
            for (int k = 0; k < size; k++)
            {
                if (Bytes[at + k] != text[k]) return false;
            }
            return true;
        }

        public string TextOf(int token)
        {
            return Encoding.UTF8.GetString(Bytes, Tokens[token].At, Tokens[token].Count);
        }

        public ArraySegment<byte> BytesOf(int token)
        {
            return new ArraySegment<byte>(Bytes, Tokens[token].At, Tokens[token].Count);
        }

        public double NumberOf(int token)
        {
            long bits = Tokens[token].Bits;
            return Tokens[token].Kind == Kind.Integer ? bits : BitConverter.Int64BitsToDouble(bits);
        }

        /// <summary>A value in a few words, for messages about faults.</summary>
        public string Show(int token)
        {
            if (token < 0) return "nothing";
            switch (Tokens[token].Kind)
            {
                case Kind.Nil: return "nil";
                case Kind.False: return "false";
                case Kind.True: return "true";
                case Kind.Integer: return Tokens[token].Bits.ToString();
                case Kind.Real: return NumberOf(token).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
                case Kind.Text: return Tokens[token].Count <= 60 ? '"' + TextOf(token) + '"' : "a long text";
                case Kind.Bytes: return Tokens[token].Count + " bytes";
                case Kind.List: return "a list of " + Tokens[token].Count;
                default: return "a map";
            }
        }

        private void Value(int depth)
        {
            if (!Has(1)) return;
            int tag = Bytes[_at++];
            if (tag < 0x80) Add(Kind.Integer, tag);
            else if (tag < 0x90) Container(Kind.Map, tag & 15, depth);
            else if (tag < 0xa0) Container(Kind.List, tag & 15, depth);
            else if (tag < 0xc0) Content(Kind.Text, tag & 31);
            else if (tag >= 0xe0) Add(Kind.Integer, tag - 0x100);
            else Tagged(tag, depth);
        }

        private void Tagged(int tag, int depth)
        {
            if (tag == 0xc0) Add(Kind.Nil, 0);
            else if (tag == 0xc2 || tag == 0xc3) Add(tag == 0xc3 ? Kind.True : Kind.False, 0);
            else if (tag >= 0xc4 && tag <= 0xc6) Content(Kind.Bytes, Big(1 << (tag - 0xc4)));
            else if (tag == 0xca) Single((int)Big(4));
            else if (tag == 0xcb) Add(Kind.Real, Big(8));
            else if (tag >= 0xcc && tag <= 0xcf) Unsigned(Big(1 << (tag - 0xcc)));
            else if (tag >= 0xd0 && tag <= 0xd3) Signed(1 << (tag - 0xd0));
            else if (tag >= 0xd9 && tag <= 0xdb) Content(Kind.Text, Big(1 << (tag - 0xd9)));
            else if (tag == 0xdc || tag == 0xdd) Container(Kind.List, Big(tag == 0xdc ? 2 : 4), depth);
            else if (tag == 0xde || tag == 0xdf) Container(Kind.Map, Big(tag == 0xde ? 2 : 4), depth);
            else _wrong = _wrong ?? "found the type 0x" + tag.ToString("x");
        }

        private bool Has(long size)
        {
            if (_wrong == null && size > _end - _at) _wrong = "found the end, wanted " + size + " bytes more";
            return _wrong == null;
        }

        /// <summary>A number of 1, 2, 4 or 8 bytes, the most significant one first.</summary>
        private long Big(int size)
        {
            if (!Has(size)) return 0;
            long value = 0;
            for (int k = 0; k < size; k++) value = (value << 8) | Bytes[_at++];
            return value;
        }

        private void Signed(int size)
        {
            int unused = 64 - 8 * size;
            Add(Kind.Integer, (Big(size) << unused) >> unused);
        }

        /// <summary>What no long holds becomes a real, which is beyond every range for integers.</summary>
        private void Unsigned(long value)
        {
            if (value >= 0) Add(Kind.Integer, value);
            else Add(Kind.Real, BitConverter.DoubleToInt64Bits((ulong)value));
        }

        private void Single(int bits)
        {
            Add(Kind.Real, BitConverter.DoubleToInt64Bits(new Floats { Bits = bits }.Value));
        }

        private int Add(Kind kind, long bits)
        {
            if (_wrong == null && _count >= ValuesMax) _wrong = "found more than " + ValuesMax + " values";
            if (_wrong != null) return 0;
            if (_count == Tokens.Length) Array.Resize(ref Tokens, 2 * Tokens.Length);
            Tokens[_count] = new Token { Kind = kind, Bits = bits, Next = _count + 1 };
            return _count++;
        }

        private void Content(Kind kind, long size)
        {
            if (!Has(size)) return;
            int token = Add(kind, 0);
            if (_wrong != null) return;
            Tokens[token].At = _at;
            Tokens[token].Count = (int)size;
            _at += (int)size;
            if (kind == Kind.Text && !Utf8.IsValid(Bytes, _at - (int)size, _at)) _wrong = "found a text that is not UTF-8";
        }

        private void Container(Kind kind, long count, int depth)
        {
            if (_wrong == null && depth > DepthMax) _wrong = "nested deeper than " + DepthMax;
            if (_wrong == null && count > EntriesMax)
            {
                _wrong = "found " + count + " entries, wanted " + EntriesMax + " at most";
            }
            int token = Add(kind, 0);
            if (_wrong != null) return;
            Tokens[token].Count = (int)count;
            for (long k = 0; k < count && _wrong == null; k++)
            {
                if (kind == Kind.Map) Key();
                Value(depth + 1);
            }
            Tokens[token].Next = _count;
            if (kind == Kind.Map && _wrong == null) CheckKeys(token);
        }

        private void Key()
        {
            int token = _count;
            Value(DepthMax + 1);
            if (_wrong == null && Tokens[token].Kind != Kind.Text) _wrong = "found a key that is no text";
        }

        private void CheckKeys(int map)
        {
            int count = Tokens[map].Count;
            int[] slots = count > FewKeys ? new int[4 * count] : null;
            int key = map + 1;
            for (int k = 0; k < count && _wrong == null; k++)
            {
                bool isTwice = slots == null ? IsAmong(map + 1, k, key) : IsAmong(slots, key);
                if (isTwice) _wrong = "found the key " + Show(key) + " twice";
                key = Tokens[key + 1].Next;
            }
        }

        private bool IsAmong(int first, int count, int key)
        {
            for (int other = first; count > 0; count--, other = Tokens[other + 1].Next)
            {
                if (IsSame(other, key)) return true;
            }
            return false;
        }

        /// <summary>Put a key where its hash says; true where it is already there.</summary>
        private bool IsAmong(int[] slots, int key)
        {
            uint hash = 2166136261;
            int end = Tokens[key].At + Tokens[key].Count;
            for (int at = Tokens[key].At; at < end; at++) hash = unchecked((hash ^ Bytes[at]) * 16777619);
            uint slot = hash % (uint)slots.Length;
            while (slots[slot] != 0)
            {
                if (IsSame(slots[slot], key)) return true;
                slot = (slot + 1) % (uint)slots.Length;
            }
            slots[slot] = key;
            return false;
        }

        private bool IsSame(int one, int other)
        {
            int size = Tokens[one].Count;
            if (size != Tokens[other].Count) return false;
            int a = Tokens[one].At, b = Tokens[other].At;
            for (int k = 0; k < size; k++)
            {
                if (Bytes[a + k] != Bytes[b + k]) return false;
            }
            return true;
        }
    }
}
