using System.Diagnostics;

namespace A2F
{
    /// <summary>The steady clock of all components, µs; may be read from any thread.</summary>
    public static class A2FClock
    {
        static readonly Stopwatch Watch = Stopwatch.StartNew();

        public static long NowUs
        {
            get { return (long)(Watch.ElapsedTicks * (1000000.0 / Stopwatch.Frequency)); }
        }
    }
}
