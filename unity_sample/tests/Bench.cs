using System;
using System.Diagnostics;
using System.Threading;

namespace A2F.Tests
{
    /// <summary>What the core costs, µs per pose or frame: the median of some runs, printed as a table.</summary>
    internal static class Bench
    {
        private const int Runs = 15;
        private const int Times = 4000;

        public static void Run()
        {
            Console.WriteLine("| part | µs |\n|---|---:|");
            var head = new Steady();
            head.Next();
            head.Make();
            Tell("read `poses` (5 rows of 73 floats) and keep them, per pose", Steady.PerMessage, head.Read, head.Advance);
            var shown = Talking();
            Tell("`Sample`, between two poses", 1, shown.Sample, null);
            var blended = Talking();
            bool hasSound = false;
            Tell("`Sample` in a blend", 1, () => blended.Blended(hasSound = !hasSound), null);
            Tell("`Idle.Offsets` and `Idle.Apply`", 1, Talking().Life, null);
            Tell("`Pcm.Write`, 20 ms at 16 kHz", 1, Talking().Sound, null);
            Tell("write `audio` with 20 ms, and `played`", 1, Talking().Requests, null);
            Tell("a whole frame: all of this, and a fifth of the messages that a server makes", Steady.PerMessage, Talking().Go, null);
        }

        private static Steady Talking()
        {
            var head = new Steady();
            head.Next();
            for (int k = 0; k < 200; k++) head.Go();
            return head;
        }

        /// <param name="between">Done behind each piece of work without being counted; null = nothing.</param>
        private static void Tell(string part, int units, Action work, Action between)
        {
            Measure(work, between);
            // Time for compilers that work behind the program's back.
            Thread.Sleep(300);
            Measure(work, between);
            var found = new double[Runs];
            for (int run = 0; run < Runs; run++) found[run] = Measure(work, between) / units;
            Array.Sort(found);
            Console.WriteLine("| " + part + " | " + found[Runs / 2].ToString("0.00", System.Globalization.CultureInfo.InvariantCulture) + " |");
        }

        /// <summary>What one piece of work takes, µs.</summary>
        private static double Measure(Action work, Action between)
        {
            long ticks = 0;
            for (int k = 0; k < Times; k++)
            {
                long before = Stopwatch.GetTimestamp();
                work();
                ticks += Stopwatch.GetTimestamp() - before;
                if (between != null) between();
            }
            return 1e6 * ticks / Stopwatch.Frequency / Times;
        }
    }
}
