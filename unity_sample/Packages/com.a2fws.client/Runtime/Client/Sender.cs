using System;
using System.Collections.Generic;
using A2F.Core;

namespace A2F
{
    /// <summary>The sound of a session's lines on its way out: in order, no faster than the server's credit.</summary>
    internal sealed class Sender
    {
        /// <summary>Messages have 20 … 250 ms of sound (protocol §19: 20 … 500).</summary>
        const int LeastPerS = 50;
        const int MostPerS = 4;

        /// <summary>Utterances that a server takes whose `hello.limits` does not say (protocol §14).</summary>
        const int UtterancesMost = 8;

        readonly int sid;
        readonly int rate;
        readonly bool isMic;
        readonly List<Line> lines = new List<Line>();
        readonly HashSet<int> started = new HashSet<int>();
        readonly float[] samples;

        /// <summary>Where sound goes now; null = nowhere.</summary>
        public Link Link;

        /// <summary>How many utterances may be alive at once.</summary>
        public int Most = UtterancesMost;

        public Sender(int sid, int rate, bool isMic)
        {
            this.sid = sid;
            this.rate = rate;
            this.isMic = isMic;
            samples = new float[rate / MostPerS];
        }

        /// <summary>Where the sound is, as told last.</summary>
        public PlayHead Head { get; private set; }

        /// <summary>No utterance is alive.</summary>
        public bool IsIdle
        {
            get { return lines.Count == 0; }
        }

        public IList<Line> Lines
        {
            get { return lines; }
        }

        public void Add(Line line, long creditUs)
        {
            lines.Add(line);
            line.Begin(0, 0, creditUs);
            Pump();
        }

        /// <summary>Send what may be sent now.</summary>
        public void Pump()
        {
            for (int k = 0; isMic && Link == null && k < lines.Count; k++)
            {
                // It is taken up at its end: nobody wants what was said while nobody listened.
                lines[k].Forget(lines[k].Reel.EndUs);
            }
            int begun = 0;
            for (int k = 0; Link != null && k < lines.Count; k++)
            {
                if (!lines[k].IsHalted && (++begun > Most || !Send(lines[k])))
                {
                    return;
                }
            }
        }

        /// <summary>Stop sending what is not over, up to u; true when the server knows one of them.</summary>
        public bool Halt(int u)
        {
            bool isKnown = false;
            foreach (Line line in lines.ToArray())
            {
                if (line.U > u || line.IsHalted)
                {
                    continue;
                }
                line.IsHalted = true;
                if (line.HasBegun && Link != null)
                {
                    isKnown = true;
                }
                else
                {
                    Finish(line, LineState.Interrupted);
                }
            }
            Pump();
            return isKnown;
        }

        /// <summary>Note where the sound is; true when the server knows that utterance.</summary>
        public bool Hear(PlayHead head)
        {
            if (Head.U != head.U)
            {
                started.RemoveWhere(u => u < head.U);
            }
            Head = head;
            Line line = Find(head.U);
            if (line != null)
            {
                // Without a connection it is taken up at the head.
                line.Forget(Link == null ? head.TUs : Math.Min(head.TUs, Ticks.FramesToUs(line.Sent, rate)));
            }
            return started.Contains(head.U);
        }

        public void Allow(int u, long toUs)
        {
            Line line = Find(u);
            if (line != null)
            {
                line.Allow(toUs);
                Pump();
            }
        }

        public void Tell(int u, LineState state)
        {
            if (state == LineState.Started)
            {
                started.Add(u);
            }
            Line line = Find(u);
            if (line == null)
            {
                return;
            }
            if (state < LineState.PosesDone)
            {
                line.Tell(state);
                return;
            }
            Finish(line, state);
            Pump();
        }

        /// <summary>Poses came: what has become poses counts as processed. Gives how many of them, from the first on, are not wanted.</summary>
        public int Arrived(int u, long i, int n, PoseRate fps, long creditUs)
        {
            Line line = Find(u);
            if (line == null)
            {
                return 0;
            }
            long lastUs = fps.TimeUs(i + n - 1);
            line.Arrived(lastUs);
            line.Allow(lastUs + creditUs);
            Pump();
            int skip = 0;
            while (skip < n && fps.TimeUs(i + skip) < line.FromUs)
            {
                skip++;
            }
            return skip;
        }

        /// <summary>The server refused sound.</summary>
        public void Refused(Trouble why)
        {
            // A session that fails as a whole is no line's fault: it ends, and is opened again.
            bool isWhole = why.Code == Codes.Internal || (why.Code == Codes.Draining && why.Field.Length == 0);
            for (int k = lines.Count - 1; k >= 0 && !isWhole; k--)
            {
                if (lines[k].HasBegun && !lines[k].IsHalted)
                {
                    Fail(lines[k], why);
                    return;
                }
            }
        }

        /// <summary>The connection is lost.</summary>
        public void Lose()
        {
            Link = null;
            started.Clear();
            foreach (Line line in lines.ToArray())
            {
                if (line.IsHalted)
                {
                    Finish(line, LineState.Interrupted);
                }
            }
        }

        /// <summary>Nothing can be sent any more.</summary>
        public void End(Trouble why)
        {
            Link = null;
            foreach (Line line in lines.ToArray())
            {
                lines.Remove(line);
                line.Close(why);
            }
        }

        Line Find(int u)
        {
            for (int k = 0; k < lines.Count; k++)
            {
                if (lines[k].U == u)
                {
                    return lines[k];
                }
            }
            return null;
        }

        /// <summary>Send one line as far as possible; true when it is out and the next one may follow.</summary>
        bool Send(Line line)
        {
            Reel reel = line.Reel;
            while (!line.IsEndSent)
            {
                if (Link.IsFull)
                {
                    return false;
                }
                bool isEnded = reel.IsEnded;
                long left = reel.End - line.Sent;
                int frames = (int)Math.Min(Math.Min(line.Room, left), samples.Length);
                if (isEnded && left <= 0)
                {
                    line.IsEndSent = line.HasBegun = true;
                    Link.SendEnd(sid, line.U);
                }
                else if (frames < 1 || ((long)frames * LeastPerS < rate && !(isEnded && frames == left)))
                {
                    return false;
                }
                else
                {
                    reel.Read(line.Sent, samples, 0, frames);
                    Link.SendAudio(sid, line.U, line.Sent, samples, frames);
                    line.Sent += frames;
                    line.HasBegun = true;
                    if (isMic)
                    {
                        reel.Forget(line.Sent - Line.KeptS * rate);
                    }
                }
            }
            return true;
        }

        void Fail(Line line, Trouble why)
        {
            if (line.HasBegun && !line.IsEndSent && Link != null)
            {
                Link.SendEnd(sid, line.U);
            }
            lines.Remove(line);
            line.Fail(why);
            Pump();
        }

        void Finish(Line line, LineState state)
        {
            lines.Remove(line);
            line.Tell(state);
        }
    }
}
