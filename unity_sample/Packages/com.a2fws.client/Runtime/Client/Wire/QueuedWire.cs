using System;

namespace A2F
{
    /// <summary>What wires with threads of their own share: two mailboxes, a state, an end.</summary>
    public abstract class QueuedWire : IWire
    {
        /// <summary>Stands for a connection that ended without a close frame.</summary>
        public const int Abnormal = 1006;

        protected readonly Mailbox Inbox = new Mailbox();
        protected readonly object Gate = new object();
        WireState state = WireState.Connecting;
        int closeCode = Abnormal;
        string closeReason = "";

        public WireState State
        {
            get
            {
                lock (Gate)
                {
                    return state;
                }
            }
        }

        public int CloseCode
        {
            get
            {
                lock (Gate)
                {
                    return closeCode;
                }
            }
        }

        public string CloseReason
        {
            get
            {
                lock (Gate)
                {
                    return closeReason;
                }
            }
        }

        public abstract int UnsentBytes { get; }

        public abstract void Open();

        public abstract void Send(byte[] data, int offset, int count);

        public abstract void Close(int code, string reason);

        public abstract void Abort();

        public bool TryReceive(out WireMessage message)
        {
            return Inbox.TryTake(out message);
        }

        public void Release(WireMessage message)
        {
            Inbox.Return(message);
        }

        /// <summary>The handshake is done; false when this side has ended it meanwhile.</summary>
        protected bool Begin()
        {
            lock (Gate)
            {
                if (state == WireState.Connecting)
                {
                    state = WireState.Open;
                }
                return state == WireState.Open;
            }
        }

        /// <summary>It is over; only the first reason counts. True when this was it.</summary>
        protected bool Finish(int code, string reason)
        {
            lock (Gate)
            {
                if (state == WireState.Closed)
                {
                    return false;
                }
                state = WireState.Closed;
                closeCode = code;
                closeReason = reason ?? "";
                return true;
            }
        }

        /// <summary>One line for people of what a library says.</summary>
        protected static string Told(Exception error)
        {
            Exception root = error.GetBaseException();
            return root.GetType().Name + ": " + root.Message;
        }
    }
}
