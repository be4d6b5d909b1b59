using System;
using System.Collections.Generic;
using A2F.Core;

namespace A2F
{
    /// <summary>How the lines of a session go on over another connection.</summary>
    internal static class Return
    {
        /// <summary>
        /// Take the lines up: where the server has kept the session, with the sound that it lacks; else each where it was.
        /// Gives those that begin elsewhere than at their start.
        /// </summary>
        public static List<Line> GoOn(IList<Line> lines, Opened opened, PlayHead head, bool isMicrophone, Link link)
        {
            List<Line> taken = new List<Line>();
            Received received = opened.Received;
            // What was dropped while nothing could be said is still being spoken there.
            int before = lines.Count > 0 ? lines[0].U - 1 : int.MaxValue;
            if (received != null && before > 0)
            {
                link.Send(new Interrupt { Sid = opened.Sid, U = lines.Count > 0 ? before : (int?)null });
            }
            foreach (Line line in lines)
            {
                if (received != null && line.U <= received.U)
                {
                    line.FromUs = line.PosesUs;
                    line.HasBegun = true;
                    line.IsEndSent = line.U < received.U;
                    line.Sent = line.IsEndSent ? line.Sent : line.Reel.FrameAt(received.ToUs);
                    continue;
                }
                long fromUs = received != null ? 0 : PlaceOf(line, head, isMicrophone);
                line.Begin(fromUs, opened.LookBackUs, opened.CreditUs);
                if (fromUs > 0)
                {
                    taken.Add(line);
                }
            }
            return taken;
        }

        /// <summary>Where a line is taken up: at the play head, or behind the poses that are here.</summary>
        static long PlaceOf(Line line, PlayHead head, bool isMicrophone)
        {
            if (isMicrophone)
            {
                return line.Reel.EndUs;
            }
            if (head.U == 0)
            {
                return line.PosesUs;
            }
            return line.U == head.U ? head.TUs : line.U < head.U ? line.Reel.EndUs : 0;
        }
    }
}
