using System;

namespace A2F.Core
{
    /// <summary>Exact conversions between microseconds and counts; what no long holds becomes long.MaxValue.</summary>
    public static class Ticks
    {
        public const long PerSecond = 1000000;

        /// <summary>⌊a · b / c⌋ for a, b ≥ 0 and c > 0, exact also where the product needs 128 bits.</summary>
        public static long MulDiv(long a, long b, long c)
        {
            if (a <= 0 || b <= 0 || c <= 0) return 0;
            if (a <= long.MaxValue / b) return a * b / c;
            ulong rest;
            return Quotient((ulong)a, (ulong)b, (ulong)c, out rest);
        }

        /// <summary>⌈a · b / c⌉ for the same numbers.</summary>
        public static long MulDivUp(long a, long b, long c)
        {
            if (a <= 0 || b <= 0 || c <= 0) return 0;
            ulong rest;
            long quotient = Quotient((ulong)a, (ulong)b, (ulong)c, out rest);
            return rest > 0 && quotient < long.MaxValue ? quotient + 1 : quotient;
        }

        /// <summary>Time of a sample frame, µs, rounded down.</summary>
        public static long FramesToUs(long frames, int rate)
        {
            return MulDiv(frames, PerSecond, rate);
        }

        /// <summary>Sample frames that fit into a time, rounded down.</summary>
        public static long UsToFrames(long us, int rate)
        {
            return MulDiv(us, rate, PerSecond);
        }

        /// <summary>Long division of a 128-bit product, bit by bit; seldom needed, so clarity counts.</summary>
        private static long Quotient(ulong a, ulong b, ulong c, out ulong rest)
        {
            ulong high, low;
            Multiply(a, b, out high, out low);
            if (high == 0)
            {
                rest = low % c;
                return low / c > long.MaxValue ? long.MaxValue : (long)(low / c);
            }
            ulong quotient = 0;
            rest = 0;
            for (int bit = 127; bit >= 0; bit--)
            {
                // c < 2^63, so rest · 2 + 1 never overflows.
                rest = (rest << 1) | ((bit >= 64 ? high >> (bit - 64) : low >> bit) & 1);
                if (quotient >= 1UL << 62) return long.MaxValue;
                quotient <<= 1;
                if (rest < c) continue;
                rest -= c;
                quotient |= 1;
            }
            return (long)quotient;
        }

        private static void Multiply(ulong a, ulong b, out ulong high, out ulong low)
        {
            const ulong half = 0xffffffff;
            unchecked
            {
                ulong least = (a & half) * (b & half);
                ulong left = (a >> 32) * (b & half) + (least >> 32);
                ulong right = (a & half) * (b >> 32) + (left & half);
                high = (a >> 32) * (b >> 32) + (left >> 32) + (right >> 32);
                low = (right << 32) | (least & half);
            }
        }
    }

    /// <summary>Poses per second as a fraction, 10 … 240.</summary>
    public struct PoseRate : IEquatable<PoseRate>
    {
        public readonly int Num;
        public readonly int Den;

        /// <summary>Written as a quotient, [60, 1], and not as an integer, 60; the same otherwise.</summary>
        internal readonly bool IsQuotient;

        public PoseRate(int perSecond)
        {
            Num = perSecond;
            Den = 1;
            IsQuotient = false;
        }

        public PoseRate(int num, int den)
        {
            Num = num;
            Den = den;
            IsQuotient = true;
        }

        /// <summary>False for a rate beyond 10 … 240, and for one that was never set.</summary>
        public bool IsValid => Num > 0 && Den > 0 && Num >= 10L * Den && Num <= 240L * Den;

        /// <summary>Poses per second.</summary>
        public double PerSecond => Den > 0 ? (double)Num / Den : 0;

        /// <summary>Time of pose i after sample 0 of its utterance, µs, rounded down.</summary>
        public long TimeUs(long i)
        {
            return Ticks.MulDiv(i, Ticks.PerSecond * Den, Num);
        }

        /// <summary>Largest i whose <see cref="TimeUs"/> is at or before a time ≥ 0.</summary>
        public long PoseAt(long us)
        {
            long below = Ticks.MulDivUp(us + 1, Num, Ticks.PerSecond * Den) - 1;
            return below < 0 ? 0 : below;
        }

        public bool Equals(PoseRate other)
        {
            return Num == other.Num && Den == other.Den;
        }

        public override bool Equals(object other)
        {
            return other is PoseRate && Equals((PoseRate)other);
        }

        public override int GetHashCode()
        {
            return Num * 31 + Den;
        }

        public override string ToString()
        {
            return Den == 1 ? Num.ToString() : Num + "/" + Den;
        }
    }
}
