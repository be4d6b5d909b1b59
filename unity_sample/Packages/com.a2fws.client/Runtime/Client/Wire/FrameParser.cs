using System;
using System.Text;

namespace A2F
{
    /// <summary>What a peer did against RFC 6455, with the close code for it.</summary>
    public sealed class FrameException : Exception
    {
        public readonly int Code;

        public FrameException(int code, string message) : base(message)
        {
            Code = code;
        }
    }

    /// <summary>Who is told what a parser found; buffers are valid during the call only.</summary>
    public interface IFrameSink
    {
        void OnMessage(bool isText, byte[] buffer, int count);

        void OnPing(byte[] buffer, int count);

        /// <summary>The peer closes; 1005 = it named no code.</summary>
        void OnClose(int code, string reason);
    }

    /// <summary>
    /// Frames of a server, out of bytes as they come: in any pieces, with messages in any fragments. Source: RFC 6455 §5.
    /// </summary>
    public sealed class FrameParser
    {
        const int ControlBytesMost = 125;
        const int NoCode = 1005;

        readonly IFrameSink sink;
        readonly int mostBytes;
        readonly byte[] header = new byte[10];
        readonly byte[] control = new byte[ControlBytesMost];
        byte[] message = new byte[4096];
        int messageCount;
        int headerCount;
        int headerWanted = 2;
        long left;
        int controlCount;
        bool isInPayload;
        bool isInMessage;
        bool isText;

        /// <param name="mostBytes">Longest message that is taken; a longer one closes with 1009.</param>
        public FrameParser(IFrameSink sink, int mostBytes)
        {
            this.sink = sink;
            this.mostBytes = mostBytes;
        }

        int Opcode
        {
            get { return header[0] & 15; }
        }

        bool IsControl
        {
            get { return (header[0] & 8) != 0; }
        }

        /// <summary>Take bytes that came. Throws FrameException when they are no frames of a server.</summary>
        public void Push(byte[] data, int offset, int count)
        {
            int end = offset + count;
            while (offset < end || (isInPayload && left == 0))
            {
                if (!isInPayload)
                {
                    header[headerCount++] = data[offset++];
                    if (headerCount == 2)
                    {
                        CheckStart();
                    }
                    if (headerCount == headerWanted)
                    {
                        CheckLength();
                        isInPayload = true;
                    }
                    continue;
                }
                int taken = (int)Math.Min(left, end - offset);
                Take(data, offset, taken);
                offset += taken;
                left -= taken;
                if (left == 0)
                {
                    isInPayload = false;
                    headerCount = 0;
                    headerWanted = 2;
                    Finish();
                }
            }
        }

        void CheckStart()
        {
            if ((header[0] & 0x70) != 0)
            {
                throw new FrameException(1002, "found reserved bits set, wanted none: no extension was agreed");
            }
            if ((header[1] & 0x80) != 0)
            {
                throw new FrameException(1002, "found a masked frame, wanted none from a server");
            }
            int opcode = Opcode;
            if (opcode > 10 || (opcode > 2 && opcode < 8))
            {
                throw new FrameException(1002, "found the opcode " + opcode + ", which RFC 6455 does not have");
            }
            int length = header[1] & 127;
            if (IsControl && ((header[0] & 0x80) == 0 || length > ControlBytesMost))
            {
                throw new FrameException(1002, "found a control frame in fragments or over 125 bytes");
            }
            if (!IsControl && (opcode == 0) != isInMessage)
            {
                throw new FrameException(1002, opcode == 0
                    ? "found a continuation, wanted the beginning of a message"
                    : "found another message, wanted the rest of the one before");
            }
            headerWanted = length == 126 ? 4 : length == 127 ? 10 : 2;
        }

        void CheckLength()
        {
            ulong length = (ulong)(header[1] & 127);
            if (length > 125)
            {
                length = 0;
                for (int k = 2; k < headerWanted; k++)
                {
                    length = (length << 8) | header[k];
                }
            }
            if (!IsControl && length > (ulong)(mostBytes - (isInMessage ? messageCount : 0)))
            {
                throw new FrameException(1009, "found a message of " + length + " more bytes, wanted " + mostBytes + " in all at most");
            }
            left = (long)length;
            if (IsControl)
            {
                controlCount = 0;
            }
            else if (!isInMessage)
            {
                isInMessage = true;
                isText = Opcode == 1;
                messageCount = 0;
            }
        }

        void Take(byte[] data, int offset, int count)
        {
            if (IsControl)
            {
                Buffer.BlockCopy(data, offset, control, controlCount, count);
                controlCount += count;
                return;
            }
            if (messageCount + count > message.Length)
            {
                Array.Resize(ref message, Math.Max(messageCount + count, Math.Min(mostBytes, 2 * message.Length)));
            }
            Buffer.BlockCopy(data, offset, message, messageCount, count);
            messageCount += count;
        }

        void Finish()
        {
            switch (Opcode)
            {
                case 8:
                    Close();
                    break;
                case 9:
                    sink.OnPing(control, controlCount);
                    break;
                case 10:
                    break;
                default:
                    if ((header[0] & 0x80) != 0)
                    {
                        isInMessage = false;
                        sink.OnMessage(isText, message, messageCount);
                    }
                    break;
            }
        }

        void Close()
        {
            if (controlCount == 1)
            {
                throw new FrameException(1002, "found half a close code");
            }
            int code = controlCount == 0 ? NoCode : (control[0] << 8) | control[1];
            string reason = "";
            if (controlCount > 2)
            {
                try
                {
                    reason = new UTF8Encoding(false, true).GetString(control, 2, controlCount - 2);
                }
                catch (ArgumentException)
                {
                    throw new FrameException(1007, "found a close reason that is no UTF-8");
                }
            }
            sink.OnClose(code, reason);
        }
    }
}
