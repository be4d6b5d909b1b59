namespace A2F
{
    /// <summary>How far a wire is. It goes one way only: a lost one is replaced by a new one.</summary>
    public enum WireState
    {
        Connecting,
        Open,
        Closed
    }

    /// <summary>A whole binary message in a buffer that belongs to the wire until it is released.</summary>
    public struct WireMessage
    {
        public byte[] Buffer;
        public int Count;
    }

    /// <summary>
    /// One WebSocket, polled by one thread. Nothing here blocks or throws: what goes wrong ends the wire with a code.
    /// </summary>
    public interface IWire
    {
        WireState State { get; }

        /// <summary>Code of the close frame, once closed; 1006 = it ended without one (RFC 6455 §7.1.5).</summary>
        int CloseCode { get; }

        /// <summary>What the peer, or this side, says of the end; never null.</summary>
        string CloseReason { get; }

        /// <summary>Bytes that were sent here and are not with the operating system yet.</summary>
        int UnsentBytes { get; }

        /// <summary>Begin to connect; called once.</summary>
        void Open();

        /// <summary>Take the oldest message that came; false when there is none. Each one is handed back by Release.</summary>
        bool TryReceive(out WireMessage message);

        void Release(WireMessage message);

        /// <summary>Send a binary message; the bytes are copied. Ignored unless open.</summary>
        void Send(byte[] data, int offset, int count);

        /// <summary>Begin the closing handshake; the wire is closed at once as seen from here.</summary>
        void Close(int code, string reason);

        /// <summary>End everything now, threads included.</summary>
        void Abort();
    }
}
