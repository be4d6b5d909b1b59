using System;

namespace A2F
{
    /// <summary>How far a line is. Queued: nothing of it was sent. The last three are final.</summary>
    public enum LineState
    {
        Queued,
        Started,
        AudioDone,
        PosesDone,
        Interrupted,
        Failed
    }

    /// <summary>One stretch of speech: its sound on the way out, how far its poses are on the way in.</summary>
    public sealed class Line
    {
        /// <summary>How much sound is kept behind where it is needed, s.</summary>
        internal const int KeptS = 10;

        /// <summary>Number of the utterance, rising within a session.</summary>
        public readonly int U;

        /// <summary>Its sound, as far as it has come.</summary>
        public readonly Reel Reel;

        /// <summary>Frame behind the last one sent on this connection.</summary>
        internal long Sent;

        /// <summary>Something of it was sent on this connection.</summary>
        internal bool HasBegun;

        internal bool IsEndSent;

        /// <summary>No more sound is taken; the server's last word is awaited.</summary>
        internal bool IsHalted;

        /// <summary>Poses before this are not wanted: it was taken up again here.</summary>
        internal long FromUs;

        long creditToUs;

        internal Line(int u, Reel reel)
        {
            U = u;
            Reel = reel;
            Sent = reel.First;
        }

        /// <summary>A line before there is a session: Playback.Join hands it to one.</summary>
        /// <param name="u">Above those before it.</param>
        public static Line Early(int u, int rate)
        {
            return new Line(u, new Reel(rate, 0));
        }

        /// <summary>The line of a baked clip: all its poses are here, its sound is as long as it says.</summary>
        public static Line Of(int u, A2F.Core.Clip clip)
        {
            int rate = Math.Max(1, clip.Head.Sound.Rate);
            Line line = new Line(u, new Reel(rate, A2F.Core.Ticks.UsToFrames(clip.StartUs, rate)));
            line.Reel.Keep(new float[(int)A2F.Core.Ticks.UsToFrames(clip.SoundEndUs - clip.StartUs, rate)]);
            line.Reel.IsEnded = true;
            line.Arrived(clip.EndUs);
            line.Tell(LineState.PosesDone);
            return line;
        }

        /// <summary>Told once, when nothing more of it comes.</summary>
        public event Action<Line> Over;

        public LineState State { get; private set; }

        /// <summary>Why it failed; null unless it did.</summary>
        public Trouble Trouble { get; private set; }

        /// <summary>Time of the newest pose that has come + 1, µs; 0 before the first.</summary>
        public long PosesUs { get; private set; }

        /// <summary>Nothing more of it comes.</summary>
        public bool IsOver
        {
            get { return State >= LineState.PosesDone; }
        }

        /// <summary>Sample frames that may be sent now.</summary>
        internal long Room
        {
            get { return A2F.Core.Ticks.UsToFrames(creditToUs, Reel.Rate) - Sent; }
        }

        /// <summary>Sound may be sent up to here.</summary>
        internal void Allow(long toUs)
        {
            creditToUs = Math.Max(creditToUs, toUs);
        }

        /// <summary>Begin, or begin anew on another connection, at a time of the line.</summary>
        internal void Begin(long fromUs, long lookBackUs, long creditUs)
        {
            FromUs = fromUs;
            Sent = Reel.FrameAt(fromUs - lookBackUs);
            creditToUs = A2F.Core.Ticks.FramesToUs(Sent, Reel.Rate) + creditUs;
            HasBegun = IsEndSent = false;
        }

        /// <summary>Let go of sound long before a time: more than any model looks back.</summary>
        internal void Forget(long us)
        {
            Reel.Forget(A2F.Core.Ticks.UsToFrames(us, Reel.Rate) - KeptS * Reel.Rate);
        }

        /// <summary>Note that poses came, the last one for a time.</summary>
        internal void Arrived(long lastUs)
        {
            PosesUs = Math.Max(PosesUs, lastUs + 1);
        }

        /// <summary>Take over how far it is.</summary>
        internal void Tell(LineState state)
        {
            if (IsOver || state < State)
            {
                return;
            }
            State = state;
            if (IsOver && Over != null)
            {
                Over(this);
            }
        }

        /// <summary>Its session is over: as was asked here, or for a reason, and then its sound is heard all the same.</summary>
        internal void Close(Trouble why)
        {
            if (why.Code == A2F.Core.Codes.Normal)
            {
                Tell(LineState.Interrupted);
            }
            else
            {
                Fail(why);
            }
        }

        /// <summary>It cannot go on.</summary>
        internal void Fail(Trouble why)
        {
            if (!IsOver)
            {
                Trouble = why;
                Tell(LineState.Failed);
            }
        }
    }
}
