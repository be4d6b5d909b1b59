using System;
using System.Collections.Generic;

namespace A2F
{
    /// <summary>Messages between two threads, in order, in buffers that are used again and again.</summary>
    public sealed class Mailbox
    {
        const int SpareMost = 32;

        readonly Queue<WireMessage> waiting = new Queue<WireMessage>();
        readonly Stack<byte[]> spare = new Stack<byte[]>();
        int bytes;

        /// <summary>Bytes of the messages that wait.</summary>
        public int Bytes
        {
            get
            {
                lock (waiting)
                {
                    return bytes;
                }
            }
        }

        /// <summary>Put a copy at the end.</summary>
        public void Put(byte[] data, int offset, int count)
        {
            lock (waiting)
            {
                byte[] buffer = spare.Count > 0 ? spare.Pop() : null;
                if (buffer == null || buffer.Length < count)
                {
                    buffer = new byte[Math.Max(1024, count + count / 4)];
                }
                Buffer.BlockCopy(data, offset, buffer, 0, count);
                waiting.Enqueue(new WireMessage { Buffer = buffer, Count = count });
                bytes += count;
            }
        }

        public bool TryTake(out WireMessage message)
        {
            lock (waiting)
            {
                if (waiting.Count == 0)
                {
                    message = new WireMessage();
                    return false;
                }
                message = waiting.Dequeue();
                bytes -= message.Count;
                return true;
            }
        }

        /// <summary>Give the buffer of a message that was taken back.</summary>
        public void Return(WireMessage message)
        {
            lock (waiting)
            {
                if (message.Buffer != null && spare.Count < SpareMost)
                {
                    spare.Push(message.Buffer);
                }
            }
        }

        /// <summary>Forget what waits.</summary>
        public void Clear()
        {
            lock (waiting)
            {
                waiting.Clear();
                bytes = 0;
            }
        }
    }
}
