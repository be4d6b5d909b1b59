using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Threading;

namespace A2F
{
    /// <summary>
    /// WebSocket on a socket of its own, with Nagle's algorithm off: Mono's ClientWebSocket leaves it on, which costs up to
    /// 40 ms a message. Two threads, one that reads and one that writes; they end with the wire.
    /// </summary>
    public sealed class SocketWire : QueuedWire, IFrameSink
    {
        const int ReadBytes = 64 * 1024;
        const int CloseMs = 1000;
        const int JoinMs = 500;

        struct Outgoing
        {
            public int Opcode;
            public WireMessage Message;
        }

        readonly Uri address;
        readonly WireOptions options;
        readonly Queue<Outgoing> outbox = new Queue<Outgoing>();
        readonly Mailbox spare = new Mailbox();
        int unsent;
        Thread reader;
        Thread writer;
        Socket socket;
        Stream stream;
        bool isAborted;
        bool isCloseSent;
        bool hasPeerClosed;

        public SocketWire(Uri address, WireOptions options)
        {
            this.address = address;
            this.options = options;
        }

        public override int UnsentBytes
        {
            get
            {
                lock (outbox)
                {
                    return unsent;
                }
            }
        }

        /// <summary>A thread of it still runs.</summary>
        public bool HasThreads
        {
            get { return (reader != null && reader.IsAlive) || (writer != null && writer.IsAlive); }
        }

        public override void Open()
        {
            reader = new Thread(Read) { IsBackground = true, Name = "A2F reader" };
            reader.Start();
        }

        public override void Send(byte[] data, int offset, int count)
        {
            if (State == WireState.Open)
            {
                Enqueue(SocketFrames.Binary, data, offset, count);
            }
        }

        public override void Close(int code, string reason)
        {
            WireState before = State;
            if (!Finish(code, reason))
            {
                return;
            }
            if (before == WireState.Connecting)
            {
                Cut();
                return;
            }
            byte[] payload = SocketFrames.ClosePayload(code, reason);
            Enqueue(SocketFrames.CloseFrame, payload, 0, payload.Length);
            Thread ending = new Thread(EndSoon) { IsBackground = true, Name = "A2F closing" };
            ending.Start();
        }

        public override void Abort()
        {
            Finish(Abnormal, "ended here");
            Cut();
            Join(reader);
            Join(writer);
        }

        public void OnMessage(bool isText, byte[] buffer, int count)
        {
            if (isText)
            {
                throw new FrameException(4400, "found a text frame, wanted binary ones");
            }
            if (State == WireState.Open)
            {
                Inbox.Put(buffer, 0, count);
            }
        }

        public void OnPing(byte[] buffer, int count)
        {
            Enqueue(SocketFrames.Pong, buffer, 0, count);
        }

        public void OnClose(int code, string reason)
        {
            Finish(code, reason);
            hasPeerClosed = true;
            byte[] payload = code == 1005 ? new byte[0] : SocketFrames.ClosePayload(code, "");
            Enqueue(SocketFrames.CloseFrame, payload, 0, payload.Length);
        }

        void Enqueue(int opcode, byte[] data, int offset, int count)
        {
            lock (outbox)
            {
                if (isCloseSent || isAborted)
                {
                    return;
                }
                isCloseSent = opcode == SocketFrames.CloseFrame;
                spare.Put(data, offset, count);
                WireMessage copy;
                spare.TryTake(out copy);
                outbox.Enqueue(new Outgoing { Opcode = opcode, Message = copy });
                unsent += count;
                Monitor.Pulse(outbox);
            }
        }

        void Read()
        {
            try
            {
                Dialer dialer = new Dialer(address, options, Hold);
                Stream opened = dialer.Connect();
                lock (outbox)
                {
                    stream = opened;
                    writer = new Thread(Write) { IsBackground = true, Name = "A2F writer" };
                }
                byte[] buffer = new byte[ReadBytes];
                int early = dialer.Greet(opened, buffer);
                if (!Begin())
                {
                    return;
                }
                writer.Start();
                Follow(opened, buffer, early);
            }
            catch (FrameException error)
            {
                Refuse(error.Code, error.Message);
            }
            catch (Exception error)
            {
                // Sockets, streams and TLS end in a dozen kinds of exception; for this thread all of them are the end.
                Finish(Abnormal, Told(error));
            }
            finally
            {
                EndSoon();
            }
        }

        /// <summary>Keep a socket that is about to connect, so that it can be cut; false when the wire is over already.</summary>
        bool Hold(Socket dialled)
        {
            lock (outbox)
            {
                socket = dialled;
                return !isAborted;
            }
        }

        void Follow(Stream opened, byte[] buffer, int early)
        {
            FrameParser parser = new FrameParser(this, options.MessageBytesMost);
            int count = early;
            while (true)
            {
                parser.Push(buffer, 0, count);
                if (hasPeerClosed)
                {
                    return;
                }
                count = opened.Read(buffer, 0, buffer.Length);
                if (count <= 0)
                {
                    Finish(Abnormal, "the server cut the connection");
                    return;
                }
            }
        }

        void Refuse(int code, string why)
        {
            Finish(code, why);
            byte[] payload = SocketFrames.ClosePayload(code, why);
            Enqueue(SocketFrames.CloseFrame, payload, 0, payload.Length);
        }

        void Write()
        {
            byte[] frame = new byte[ReadBytes];
            using (SocketFrames frames = new SocketFrames())
            {
                try
                {
                    Outgoing next;
                    while (TryWait(out next))
                    {
                        int count = next.Message.Count;
                        if (frame.Length < count + SocketFrames.HeaderBytesMost)
                        {
                            frame = new byte[count + count / 4 + SocketFrames.HeaderBytesMost];
                        }
                        int bytes = frames.Write(next.Opcode, next.Message.Buffer, 0, count, frame);
                        stream.Write(frame, 0, bytes);
                        stream.Flush();
                        lock (outbox)
                        {
                            unsent -= count;
                            spare.Return(next.Message);
                        }
                        if (next.Opcode == SocketFrames.CloseFrame)
                        {
                            return;
                        }
                    }
                }
                catch (Exception error)
                {
                    Finish(Abnormal, Told(error));
                    Cut();
                }
            }
        }

        bool TryWait(out Outgoing next)
        {
            lock (outbox)
            {
                while (outbox.Count == 0 && !isAborted)
                {
                    Monitor.Wait(outbox);
                }
                next = isAborted ? new Outgoing() : outbox.Dequeue();
                return !isAborted;
            }
        }

        /// <summary>Let the close frame go out and the peer answer it, then cut.</summary>
        void EndSoon()
        {
            Thread waited = Thread.CurrentThread == reader ? writer : reader;
            if (waited != null && waited.ThreadState != ThreadState.Unstarted && isCloseSent)
            {
                waited.Join(CloseMs);
            }
            Cut();
        }

        void Cut()
        {
            lock (outbox)
            {
                isAborted = true;
                Monitor.PulseAll(outbox);
                if (socket != null)
                {
                    socket.Close();
                }
            }
        }

        static void Join(Thread thread)
        {
            if (thread != null && thread != Thread.CurrentThread && (thread.ThreadState & ThreadState.Unstarted) == 0)
            {
                thread.Join(JoinMs);
            }
        }
    }
}
