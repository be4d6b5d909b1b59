using System;
using System.Security.Cryptography;
using System.Text;

namespace A2F
{
    /// <summary>Frames of a client: whole, masked. Source: RFC 6455 §5.</summary>
    public sealed class SocketFrames : IDisposable
    {
        public const int Binary = 2;
        public const int CloseFrame = 8;
        public const int Ping = 9;
        public const int Pong = 10;

        /// <summary>Longest header: two bytes, eight of length, four of mask.</summary>
        public const int HeaderBytesMost = 14;

        readonly RandomNumberGenerator random = RandomNumberGenerator.Create();
        readonly byte[] masks = new byte[1024];
        int nextMask = 1024;

        /// <summary>Write a frame into target, which has room for HeaderBytesMost + count; gives its length.</summary>
        public int Write(int opcode, byte[] data, int offset, int count, byte[] target)
        {
            target[0] = (byte)(0x80 | opcode);
            int at = 2;
            if (count < 126)
            {
                target[1] = (byte)(0x80 | count);
            }
            else
            {
                int bytes = count < 65536 ? 2 : 8;
                target[1] = (byte)(0x80 | (bytes == 2 ? 126 : 127));
                for (int k = bytes - 1; k >= 0; k--)
                {
                    target[at++] = (byte)(k > 3 ? 0 : count >> (8 * k));
                }
            }
            if (nextMask == masks.Length)
            {
                random.GetBytes(masks);
                nextMask = 0;
            }
            int mask = at;
            Buffer.BlockCopy(masks, nextMask, target, at, 4);
            nextMask += 4;
            at += 4;
            for (int k = 0; k < count; k++)
            {
                target[at + k] = (byte)(data[offset + k] ^ target[mask + (k & 3)]);
            }
            return at + count;
        }

        /// <summary>Payload of a close frame: the code and as much of the reason as a control frame holds.</summary>
        public static byte[] ClosePayload(int code, string reason)
        {
            string text = reason ?? "";
            while (Encoding.UTF8.GetByteCount(text) > 123)
            {
                int cut = text.Length - 1;
                text = text.Substring(0, char.IsLowSurrogate(text[cut]) && cut > 0 ? cut - 1 : cut);
            }
            byte[] payload = new byte[2 + Encoding.UTF8.GetByteCount(text)];
            payload[0] = (byte)(code >> 8);
            payload[1] = (byte)code;
            Encoding.UTF8.GetBytes(text, 0, text.Length, payload, 2);
            return payload;
        }

        public void Dispose()
        {
            random.Dispose();
        }
    }
}
