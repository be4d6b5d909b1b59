using System;

namespace A2F.Talk
{
    internal enum Happened
    {
        /// <summary>The socket is open.</summary>
        Opened,

        /// <summary>A binary message has come.</summary>
        Frame,

        /// <summary>The socket is closed, or could not be opened.</summary>
        Closed,

        /// <summary>It is as late as was asked for.</summary>
        Time,
    }

    internal struct Event
    {
        public Happened What;

        /// <summary>Frame: its bytes, good until the next event.</summary>
        public ArraySegment<byte> Bytes;

        /// <summary>Closed: why.</summary>
        public int Code;
        public string Reason;
    }

    /// <summary>A socket and a clock, which the core has not.</summary>
    internal abstract class Port
    {
        /// <summary>A steady clock, µs.</summary>
        public abstract long NowUs { get; }

        /// <summary>Open a socket; Opened or Closed follows.</summary>
        public abstract void Connect();

        public abstract void Send(ArraySegment<byte> frame);

        /// <summary>Close it; 1006 cuts it off without a word. Closed follows.</summary>
        public abstract void Close(int code);

        /// <summary>Wait for what happens next, not beyond a time.</summary>
        public abstract Event Next(long untilUs);
    }
}
