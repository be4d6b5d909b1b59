using System;
using System.Collections.Generic;
using System.Text;

namespace A2F.Core
{
    /// <summary>
    /// A buffer that messages are written into; it grows and is meant to be used again and again.
    /// </summary>
    public sealed class FrameWriter
    {
        /// <summary>The buffer; what was written lies from <see cref="Start"/> to <see cref="Count"/>.</summary>
        public byte[] Bytes { get; private set; }

        /// <summary>Bytes in use, the head room included.</summary>
        public int Count { get; private set; }

        /// <summary>Bytes left free in front, for whoever frames the message.</summary>
        public int Start { get; private set; }

        public FrameWriter(int capacity = 256)
        {
            Bytes = new byte[Math.Max(16, capacity)];
        }

        /// <summary>What was written.</summary>
        public ArraySegment<byte> Written => new ArraySegment<byte>(Bytes, Start, Count - Start);

        /// <summary>Begin anew.</summary>
        /// <param name="headRoom">Bytes to leave free in front.</param>
        public void Clear(int headRoom = 0)
        {
            Start = Count = 0;
            Start = Room(Math.Max(0, headRoom));
            Start = Count;
        }

        /// <summary>Forget what was written behind a place.</summary>
        internal void CutTo(int count)
        {
            Count = count;
        }

        internal void Nil()
        {
            Put(0xc0);
        }

        internal void Flag(bool value)
        {
            Put(value ? 0xc3 : 0xc2);
        }

        internal void Integer(long value)
        {
            if (value >= -32 && value < 0x80) Put((int)(value & 0xff));
            else if (value > 0 && value <= 0xff) Sized(0xcc, 1, value);
            else if (value > 0 && value <= 0xffff) Sized(0xcd, 2, value);
            else if (value > 0 && value <= 0xffffffff) Sized(0xce, 4, value);
            else Sized(value > 0 ? 0xcf : 0xd3, 8, value);
        }

        internal void Real(double value)
        {
            Sized(0xcb, 8, BitConverter.DoubleToInt64Bits(value));
        }

        internal void Text(string value)
        {
            int size = Encoding.UTF8.GetByteCount(value);
            if (size < 32) Put(0xa0 | size);
            else Length(0xd9, size);
            int at = Room(size);
            Encoding.UTF8.GetBytes(value, 0, value.Length, Bytes, at);
        }

        internal void Binary(ArraySegment<byte> value)
        {
            Length(0xc4, value.Count);
            int at = Room(value.Count);
            if (value.Count > 0) Buffer.BlockCopy(value.Array, value.Offset, Bytes, at, value.Count);
        }

        internal void List(int count)
        {
            if (count < 16) Put(0x90 | count);
            else if (count <= 0xffff) Sized(0xdc, 2, count);
            else Sized(0xdd, 4, count);
        }

        internal void Map(int count)
        {
            if (count < 16) Put(0x80 | count);
            else if (count <= 0xffff) Sized(0xde, 2, count);
            else Sized(0xdf, 4, count);
        }

        /// <summary>Begin a map whose size is not known yet: the place that <see cref="EndMap"/> wants.</summary>
        internal int BeginMap()
        {
            Put(0x80);
            return Count - 1;
        }

        internal void EndMap(int at, int count)
        {
            if (count < 16)
            {
                Bytes[at] = (byte)(0x80 | count);
                return;
            }
            int size = Count - at - 1;
            Room(2);
            Buffer.BlockCopy(Bytes, at + 1, Bytes, at + 3, size);
            Bytes[at] = 0xde;
            Bytes[at + 1] = (byte)(count >> 8);
            Bytes[at + 2] = (byte)count;
        }

        /// <summary>
        /// A value of a rig table: null, bool, int, long, float, double, string, byte[], and lists and maps (with
        /// string keys) of these. Null when it was written, else what is wrong.
        /// </summary>
        internal string Anything(object value, int depth)
        {
            if (depth > Tape.DepthMax) return "nested deeper than " + Tape.DepthMax;
            var list = value as IList<object>;
            var map = value as IDictionary<string, object>;
            string wrong = null;
            if (value == null) Nil();
            else if (value is bool) Flag((bool)value);
            else if (value is int) Integer((int)value);
            else if (value is long) Integer((long)value);
            else if (value is float) Real((float)value);
            else if (value is double) Real((double)value);
            else if (value is string) Text((string)value);
            else if (value is byte[]) Binary(new ArraySegment<byte>((byte[])value));
            else if (map != null)
            {
                Map(map.Count);
                foreach (KeyValuePair<string, object> entry in map)
                {
                    Text(entry.Key);
                    wrong = wrong ?? Anything(entry.Value, depth + 1);
                }
            }
            else if (list != null)
            {
                List(list.Count);
                for (int k = 0; k < list.Count; k++) wrong = wrong ?? Anything(list[k], depth + 1);
            }
            else return "a value that is no number, text, list or map";
            return wrong;
        }

        /// <summary>A length behind its tag: 1, 2 or 4 bytes, for which the tags follow one another.</summary>
        private void Length(int tag, int size)
        {
            if (size <= 0xff) Sized(tag, 1, size);
            else if (size <= 0xffff) Sized(tag + 1, 2, size);
            else Sized(tag + 2, 4, size);
        }

        private void Sized(int tag, int size, long value)
        {
            Put(tag);
            int at = Room(size);
            for (int k = size - 1; k >= 0; k--, value >>= 8) Bytes[at + k] = (byte)value;
        }

        private void Put(int tag)
        {
            int at = Room(1);
            Bytes[at] = (byte)tag;
        }

        /// <summary>Where that many bytes go; the buffer may be another one afterwards.</summary>
        private int Room(int count)
        {
            int at = Count;
            if (at + count > Bytes.Length)
            {
                var grown = new byte[Math.Max(at + count, 2 * Bytes.Length)];
                Buffer.BlockCopy(Bytes, 0, grown, 0, at);
                Bytes = grown;
            }
            Count = at + count;
            return at;
        }
    }
}
