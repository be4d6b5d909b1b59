using System;
using A2F.Core;

namespace A2F
{
    /// <summary>Pauses between tries, which grow; a connection that lasted begins anew. Source: protocol §15.</summary>
    public sealed class Backoff
    {
        const int LeastMs = 1000;
        const int MostMs = 30000;
        const int MostHereMs = 4000;

        readonly int mostMs;
        int pauseMs;

        /// <param name="isHere">Towards this machine, where somebody works on the server: its return is seen soon.</param>
        public Backoff(bool isHere)
        {
            mostMs = isHere ? MostHereMs : MostMs;
        }

        /// <summary>Pause before the next try, ms; -1 = no more by itself.</summary>
        /// <param name="toldS">Seconds that the server named; null = none.</param>
        public int Next(int code, int? toldS)
        {
            Retry retry = Codes.RetryOf(code);
            if (retry == Retry.No || retry == Retry.Changed)
            {
                return -1;
            }
            bool isFirst = pauseMs == 0;
            pauseMs = Math.Min(mostMs, Math.Max(LeastMs, 2 * pauseMs));
            if (toldS.HasValue)
            {
                return (int)Math.Min(86400L, toldS.Value) * 1000;
            }
            return isFirst && retry == Retry.Yes ? 0 : pauseMs;
        }

        public void Reset()
        {
            pauseMs = 0;
        }

        /// <summary>Whether an address is this machine.</summary>
        public static bool IsHere(Uri address)
        {
            return address.IsLoopback;
        }
    }
}
