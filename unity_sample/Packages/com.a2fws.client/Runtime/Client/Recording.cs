using System;
using System.Collections.Generic;

namespace A2F
{
    /// <summary>A key of a curve.</summary>
    public struct RecordedKey
    {
        public float Seconds;
        public float Value;
    }

    /// <summary>Rows over time on their way into an animation: each curve keeps the keys that straight lines cannot do without.</summary>
    public sealed class Recording
    {
        readonly List<float> times = new List<float>();
        readonly List<float[]> rows = new List<float[]>();

        public int Count
        {
            get { return times.Count; }
        }

        /// <summary>Length, s.</summary>
        public float Seconds
        {
            get { return times.Count == 0 ? 0 : times[times.Count - 1] - times[0]; }
        }

        /// <summary>Take a row (copied) at a time; one that is not later than the last is passed over, as is one of another length.</summary>
        public void Take(float[] row, float seconds)
        {
            bool isFirst = times.Count == 0;
            if (!isFirst && (seconds <= times[times.Count - 1] || row.Length != rows[0].Length))
            {
                return;
            }
            times.Add(seconds);
            rows.Add((float[])row.Clone());
        }

        /// <summary>Keys of one curve from time 0 on, so that straight lines between them are nowhere off by more than a tolerance.</summary>
        public List<RecordedKey> Keys(int curve, float scale, float tolerance)
        {
            List<RecordedKey> keys = new List<RecordedKey>();
            int from = 0;
            while (from < times.Count)
            {
                keys.Add(new RecordedKey { Seconds = times[from] - times[0], Value = rows[from][curve] * scale });
                if (from == times.Count - 1)
                {
                    break;
                }
                int to = from + 1;
                while (to + 1 < times.Count && IsStraight(curve, from, to + 1, tolerance))
                {
                    to++;
                }
                from = to;
            }
            return keys;
        }

        bool IsStraight(int curve, int from, int to, float tolerance)
        {
            float start = rows[from][curve];
            float slope = (rows[to][curve] - start) / (times[to] - times[from]);
            for (int k = from + 1; k < to; k++)
            {
                if (Math.Abs(start + slope * (times[k] - times[from]) - rows[k][curve]) > tolerance)
                {
                    return false;
                }
            }
            return true;
        }
    }
}
