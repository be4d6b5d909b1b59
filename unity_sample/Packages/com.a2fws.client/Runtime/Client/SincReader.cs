using System;

namespace A2F
{
    /// <summary>
    /// Reads a reel at another rate than its own, for an output that runs at its own. Windowed sinc of 16 points, 128 phases;
    /// the cutoff falls with the ratio, so that nothing folds back. No allocation after the first block.
    /// </summary>
    public sealed class SincReader
    {
        const int Taps = 16;
        const int Phases = 128;

        readonly Reel reel;
        float[] table = new float[0];
        float[] samples = new float[0];
        double tableStep;
        double place;

        public SincReader(Reel reel)
        {
            this.reel = reel;
            place = reel.First;
        }

        /// <summary>Frame of the reel that comes next, with its fraction.</summary>
        public double Place
        {
            get { return place; }
            set { place = value; }
        }

        /// <summary>
        /// The next frames at an output of so many per second. Gives how many of them the reel had sound for: where it is not
        /// ended and too little has come, the rest is silence and the place stands before it.
        /// </summary>
        public int Read(float[] target, int count, double outputRate)
        {
            double step = reel.Rate / outputRate;
            Prepare(step);
            bool isEnded = reel.IsEnded;
            double room = isEnded ? reel.End - place : reel.End - Taps / 2 - place;
            int ready = (int)Math.Max(0, Math.Min(count, Math.Ceiling(room / step)));
            long from = (long)Math.Floor(place) - Taps / 2 + 1;
            int wanted = (int)Math.Ceiling(ready * step) + Taps + 1;
            if (samples.Length < wanted)
            {
                samples = new float[wanted + wanted / 2];
            }
            reel.Read(from, samples, 0, wanted);
            for (int k = 0; k < ready; k++)
            {
                double at = place + k * step;
                int whole = (int)((long)Math.Floor(at) - Taps / 2 + 1 - from);
                int phase = (int)((at - Math.Floor(at)) * Phases) * Taps;
                float sum = 0;
                for (int tap = 0; tap < Taps; tap++)
                {
                    sum += samples[whole + tap] * table[phase + tap];
                }
                target[k] = sum;
            }
            Array.Clear(target, ready, count - ready);
            place += ready * step;
            return ready;
        }

        void Prepare(double step)
        {
            if (step == tableStep)
            {
                return;
            }
            tableStep = step;
            if (table.Length == 0)
            {
                table = new float[Phases * Taps];
            }
            double cutoff = Math.Min(1.0, 1.0 / step);
            for (int phase = 0; phase < Phases; phase++)
            {
                double sum = 0;
                for (int tap = 0; tap < Taps; tap++)
                {
                    double x = tap - (Taps / 2 - 1) - (double)phase / Phases;
                    double window = 0.5 + 0.5 * Math.Cos(Math.PI * x / (Taps / 2));
                    double sinc = Math.Abs(x) < 1e-9 ? cutoff : Math.Sin(Math.PI * cutoff * x) / (Math.PI * x);
                    table[phase * Taps + tap] = (float)(sinc * window);
                    sum += sinc * window;
                }
                for (int tap = 0; tap < Taps; tap++)
                {
                    table[phase * Taps + tap] /= (float)sum;
                }
            }
        }
    }
}
