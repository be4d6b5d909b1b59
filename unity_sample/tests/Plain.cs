using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace A2F.Tests
{
    /// <summary>
    /// A second reader of msgpack, as simple as can be, so that what the core writes is not judged by the core; and
    /// values as text, to compare them. Frames are taken to be well-formed.
    /// </summary>
    internal sealed class Plain
    {
        private readonly byte[] _bytes;
        private int _at;

        private Plain(ArraySegment<byte> bytes)
        {
            _bytes = new byte[bytes.Count];
            Array.Copy(bytes.Array, bytes.Offset, _bytes, 0, bytes.Count);
        }

        public static object Of(ArraySegment<byte> bytes)
        {
            var plain = new Plain(bytes);
            object value = plain.Value();
            Check.Equal(plain._at, bytes.Count);
            return value;
        }

        /// <summary>One line per value, in an order of their own.</summary>
        public static string Show(object value)
        {
            var lines = new List<string>();
            Show("", value, lines);
            lines.Sort(StringComparer.Ordinal);
            return string.Join("\n", lines.ToArray());
        }

        private static void Show(string path, object value, List<string> lines)
        {
            var map = value as Dictionary<string, object>;
            var list = value as List<object>;
            var bytes = value as byte[];
            if (map != null)
            {
                lines.Add(path + " map " + map.Count);
                foreach (KeyValuePair<string, object> entry in map) Show(path + "." + entry.Key, entry.Value, lines);
            }
            else if (list != null)
            {
                lines.Add(path + " list " + list.Count);
                for (int k = 0; k < list.Count; k++) Show(path + "." + k, list[k], lines);
            }
            else if (bytes != null) lines.Add(path + " bin " + BitConverter.ToString(bytes));
            else if (value is double) lines.Add(path + " float " + ((double)value).ToString("R", CultureInfo.InvariantCulture));
            else lines.Add(path + " " + (value == null ? "nil" : value.GetType().Name + " " + value));
        }

        private object Value()
        {
            int tag = _bytes[_at++];
            if (tag < 0x80) return (long)tag;
            if (tag < 0x90) return Map(tag & 15);
            if (tag < 0xa0) return List(tag & 15);
            if (tag < 0xc0) return Text(tag & 31);
            if (tag >= 0xe0) return (long)(tag - 0x100);
            switch (tag)
            {
                case 0xc0: return null;
                case 0xc2: return false;
                case 0xc3: return true;
                case 0xc4: return Raw((int)Big(1));
                case 0xc5: return Raw((int)Big(2));
                case 0xc6: return Raw((int)Big(4));
                case 0xca: return (double)BitConverter.ToSingle(BitConverter.GetBytes((int)Big(4)), 0);
                case 0xcb: return BitConverter.Int64BitsToDouble((long)Big(8));
                case 0xcc: return (long)Big(1);
                case 0xcd: return (long)Big(2);
                case 0xce: return (long)Big(4);
                case 0xcf: return (long)Big(8);
                case 0xd3: return (long)Big(8);
                case 0xd9: return Text((int)Big(1));
                case 0xda: return Text((int)Big(2));
                case 0xdc: return List((int)Big(2));
                case 0xde: return Map((int)Big(2));
                default: throw new Mistake("no type 0x" + tag.ToString("x"));
            }
        }

        private ulong Big(int size)
        {
            ulong value = 0;
            for (; size > 0; size--) value = value << 8 | _bytes[_at++];
            return value;
        }

        private byte[] Raw(int count)
        {
            var raw = new byte[count];
            Array.Copy(_bytes, _at, raw, 0, count);
            _at += count;
            return raw;
        }

        private string Text(int count)
        {
            return Encoding.UTF8.GetString(Raw(count));
        }

        private List<object> List(int count)
        {
            var list = new List<object>();
            for (; count > 0; count--) list.Add(Value());
            return list;
        }

        private Dictionary<string, object> Map(int count)
        {
            var map = new Dictionary<string, object>();
            for (; count > 0; count--)
            {
                var key = (string)Value();
                map.Add(key, Value());
            }
            return map;
        }
    }
}
