using System;
using System.Collections.Generic;
using A2F.Core;

namespace A2F
{
    /// <summary>
    /// The sound of one line, as far as it has come: mono samples by frame, from the first to the newest. Written by the
    /// main thread, read by the audio thread as well.
    /// </summary>
    public sealed class Reel
    {
        struct Piece
        {
            public long At;
            public float[] Samples;
            public int Count;
        }

        /// <summary>Sample frames per second.</summary>
        public readonly int Rate;

        readonly object gate = new object();
        readonly List<Piece> pieces = new List<Piece>();
        long first;
        long end;
        bool isEnded;

        /// <param name="first">Frame of the utterance at which the sound begins.</param>
        public Reel(int rate, long first)
        {
            Rate = rate;
            this.first = first;
            end = first;
        }

        /// <summary>First frame that is here.</summary>
        public long First
        {
            get
            {
                lock (gate)
                {
                    return first;
                }
            }
        }

        /// <summary>Frame behind the newest.</summary>
        public long End
        {
            get
            {
                lock (gate)
                {
                    return end;
                }
            }
        }

        /// <summary>No more will come.</summary>
        public bool IsEnded
        {
            get
            {
                lock (gate)
                {
                    return isEnded;
                }
            }
            set
            {
                lock (gate)
                {
                    isEnded = value;
                }
            }
        }

        /// <summary>Time of the end of the sound, µs, rounded down.</summary>
        public long EndUs
        {
            get { return Ticks.FramesToUs(End, Rate); }
        }

        /// <summary>Take more; samples are copied.</summary>
        public void Append(float[] samples, int offset, int count)
        {
            if (count < 1)
            {
                return;
            }
            float[] copy = new float[count];
            Array.Copy(samples, offset, copy, 0, count);
            Keep(copy);
        }

        /// <summary>Take an array that nobody else writes to any more.</summary>
        public void Keep(float[] samples)
        {
            lock (gate)
            {
                pieces.Add(new Piece { At = end, Samples = samples, Count = samples.Length });
                end += samples.Length;
            }
        }

        /// <summary>Frames from, from + 1, … into target; silence where there are none. Gives how many there were up to the end.</summary>
        public int Read(long from, float[] target, int offset, int count)
        {
            lock (gate)
            {
                Array.Clear(target, offset, count);
                for (int k = IndexOf(from); k < pieces.Count; k++)
                {
                    Piece piece = pieces[k];
                    if (piece.At >= from + count)
                    {
                        break;
                    }
                    long begin = Math.Max(from, piece.At);
                    long stop = Math.Min(from + count, piece.At + piece.Count);
                    if (stop > begin)
                    {
                        Array.Copy(piece.Samples, (int)(begin - piece.At), target, offset + (int)(begin - from), (int)(stop - begin));
                    }
                }
                return (int)Math.Max(0, Math.Min(count, end - from));
            }
        }

        /// <summary>Let go of whole pieces before a frame.</summary>
        public void Forget(long before)
        {
            lock (gate)
            {
                int gone = 0;
                while (gone + 1 < pieces.Count && pieces[gone + 1].At <= before)
                {
                    gone++;
                }
                pieces.RemoveRange(0, gone);
                first = pieces.Count > 0 ? pieces[0].At : first;
            }
        }

        /// <summary>Frame at a time, within what there is.</summary>
        public long FrameAt(long us)
        {
            return Math.Min(Math.Max(Ticks.UsToFrames(Math.Max(0, us), Rate), First), End);
        }

        int IndexOf(long frame)
        {
            int low = 0;
            int high = pieces.Count;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (pieces[middle].At + pieces[middle].Count <= frame)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }
            return low;
        }
    }
}
