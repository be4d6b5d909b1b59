using System;

namespace A2F
{
    /// <summary>
    /// Sound on its way into a line, at a rate of its own: kept as it is for the ear, brought to the session's rate for the
    /// server. Any lengths, any pace.
    /// </summary>
    public sealed class SoundFeed
    {
        const int Block = 1024;

        /// <summary>Where it goes.</summary>
        public readonly Line Line;

        /// <summary>The sound as it came, for the ear; the line's own where the rates are the same.</summary>
        public readonly Reel Sound;

        readonly SincReader reader;
        readonly float[] block = new float[Block];
        readonly int lineRate;

        public SoundFeed(Line line, int rate)
        {
            Line = line;
            lineRate = line.Reel.Rate;
            Sound = rate == lineRate ? line.Reel : new Reel(rate, 0);
            reader = rate == lineRate ? null : new SincReader(Sound);
        }

        /// <summary>Seconds of sound that have come.</summary>
        public double Seconds
        {
            get { return (double)Sound.End / Sound.Rate; }
        }

        /// <summary>Take mono samples, full scale −1 … 1; they are copied.</summary>
        public void Add(float[] samples, int offset, int count)
        {
            if (Sound.IsEnded)
            {
                return;
            }
            Sound.Append(samples, offset, count);
            Convert();
            if (reader != null)
            {
                // What the line has let go of was heard.
                Sound.Forget(Line.Reel.First * Sound.Rate / lineRate);
            }
        }

        /// <summary>No more will come.</summary>
        public void End()
        {
            if (Sound.IsEnded)
            {
                return;
            }
            Sound.IsEnded = true;
            Convert();
            Line.Reel.IsEnded = true;
        }

        /// <summary>Forget what lies so long behind the end: for a microphone, which never ends.</summary>
        public void KeepOnly(double seconds)
        {
            Sound.Forget(Sound.End - (long)(seconds * Sound.Rate));
        }

        void Convert()
        {
            if (reader == null)
            {
                return;
            }
            int count = Block;
            while (count == Block)
            {
                count = reader.Read(block, Block, lineRate);
                Line.Reel.Append(block, 0, count);
            }
        }

        /// <summary>The mean of interleaved channels.</summary>
        public static int ToMono(float[] interleaved, int count, int channels, float[] into)
        {
            int frames = channels < 1 ? 0 : Math.Min(count / channels, into.Length);
            for (int frame = 0; frame < frames; frame++)
            {
                float sum = 0;
                for (int k = 0; k < channels; k++)
                {
                    sum += interleaved[frame * channels + k];
                }
                into[frame] = sum / channels;
            }
            return frames;
        }
    }
}
