using System;
using System.IO;
using System.Text;
using A2F.Core;

namespace A2F.Talk
{
    /// <summary>Socket and clock of tests/clients/pump.py, over stdin and stdout; its records are described there.</summary>
    internal sealed class PumpPort : Port
    {
        private const int HeaderBytes = 13;

        private readonly Stream _in = new BufferedStream(Console.OpenStandardInput(), 1 << 16);
        private readonly Stream _out = Console.OpenStandardOutput();
        private readonly byte[] _header = new byte[HeaderBytes];
        private byte[] _payload = new byte[1 << 16];
        private long _nowUs;
        private long _askedUs = -1;

        public override long NowUs => _nowUs;

        public override void Connect()
        {
            Say('C', 0, new ArraySegment<byte>(Encoding.ASCII.GetBytes(ClientProtocol.Subprotocol)));
        }

        public override void Send(ArraySegment<byte> frame)
        {
            Say('B', 0, frame);
        }

        public override void Close(int code)
        {
            Say('X', 0, new ArraySegment<byte>(BitConverter.GetBytes((ushort)code)));
        }

        public override Event Next(long untilUs)
        {
            if (untilUs != _askedUs) Say('W', _askedUs = untilUs, new ArraySegment<byte>(new byte[0]));
            Fill(_header, HeaderBytes);
            _nowUs = BitConverter.ToInt64(_header, 1);
            int size = BitConverter.ToInt32(_header, 9);
            if (_payload.Length < size) _payload = new byte[2 * size];
            Fill(_payload, size);
            switch ((char)_header[0])
            {
                case 'O': return new Event { What = Happened.Opened };
                case 'B': return new Event { What = Happened.Frame, Bytes = new ArraySegment<byte>(_payload, 0, size) };
                case 'K':
                    _askedUs = -1;
                    return new Event { What = Happened.Time };
                case 'X':
                    string reason = Encoding.UTF8.GetString(_payload, 2, size - 2);
                    return new Event { What = Happened.Closed, Code = BitConverter.ToUInt16(_payload, 0), Reason = reason };
                default: throw new InvalidDataException("found a record " + (char)_header[0]);
            }
        }

        private void Say(char kind, long timeUs, ArraySegment<byte> payload)
        {
            var record = new byte[HeaderBytes + payload.Count];
            record[0] = (byte)kind;
            BitConverter.GetBytes(timeUs).CopyTo(record, 1);
            BitConverter.GetBytes(payload.Count).CopyTo(record, 9);
            Buffer.BlockCopy(payload.Array, payload.Offset, record, HeaderBytes, payload.Count);
            _out.Write(record, 0, record.Length);
            _out.Flush();
        }

        private void Fill(byte[] into, int count)
        {
            for (int at = 0; at < count;)
            {
                int read = _in.Read(into, at, count - at);
                if (read == 0) throw new EndOfStreamException("the pump has ended");
                at += read;
            }
        }
    }
}
