using System;
using A2F.Core;

namespace A2F.Talk
{
    /// <summary>One utterance on its way out: 16-bit mono, sent no faster than the server's credit allows.</summary>
    internal sealed class Line
    {
        private const int PerMessageMs = 100;

        private readonly byte[] _pcm;
        private readonly int _rate;
        private long _creditToUs;
        private bool _isEndSent;

        public readonly int U;

        /// <summary>What the server said of it last; null before it began.</summary>
        public UtteranceState? State { get; private set; }

        /// <summary>Poses that have come.</summary>
        public int Poses { get; private set; }

        /// <summary>Frames sent, on this connection.</summary>
        public long Sent { get; private set; }

        public Line(int u, byte[] pcm, int rate)
        {
            U = u;
            _pcm = pcm;
            _rate = rate;
        }

        public bool IsOver => State == UtteranceState.PosesDone || State == UtteranceState.Interrupted;

        private long Frames => _pcm.Length / 2;

        /// <summary>Begin, or begin anew, at a frame.</summary>
        public void Begin(long frame, long creditUs, bool isEnded = false)
        {
            Sent = frame;
            _isEndSent = isEnded;
            _creditToUs = Ticks.FramesToUs(frame, _rate) + creditUs;
        }

        public void Allow(long toUs)
        {
            _creditToUs = Math.Max(_creditToUs, toUs);
        }

        public void Come(int poses)
        {
            Poses += poses;
        }

        public void Tell(UtteranceState state)
        {
            State = state;
            if (IsOver) _isEndSent = true;
        }

        /// <summary>What to send next; null where nothing may be sent now.</summary>
        public Message Next(int sid)
        {
            if (_isEndSent) return null;
            if (Sent == Frames)
            {
                _isEndSent = true;
                return new End { Sid = sid, U = U };
            }
            long room = Ticks.UsToFrames(_creditToUs, _rate) - Sent;
            long frames = Math.Min(Math.Min(room, Frames - Sent), _rate * PerMessageMs / 1000);
            if (frames <= 0) return null;
            var pcm = new ArraySegment<byte>(_pcm, (int)(2 * Sent), (int)(2 * frames));
            var audio = new Audio { Sid = sid, U = U, First = Sent, Pcm = pcm };
            Sent += frames;
            return audio;
        }
    }
}
