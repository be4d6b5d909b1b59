using System;

namespace A2F.Core
{
    /// <summary>Random numbers and curves that are the same in every language: integers and polynomials.</summary>
    internal static class Noise
    {
        /// <summary>
        /// Mixes the bits of a 32-bit number: the finaliser of MurmurHash3 (Austin Appleby, public domain).
        /// </summary>
        private static uint Finalise(uint h)
        {
            unchecked
            {
                h = (h ^ (h >> 16)) * 0x85ebca6b;
                h = (h ^ (h >> 13)) * 0xc2b2ae35;
                return h ^ (h >> 16);
            }
        }

        /// <summary>A random number in 0 … 1 (without 1), the same for the same three integers.</summary>
        public static double Unit(uint seed, uint role, long slot)
        {
            return Finalise(Finalise(Finalise(seed) ^ role) ^ unchecked((uint)slot)) / 4294967296.0;
        }

        /// <summary>How far the slots of a role are moved, 0 … slotUs − 1: no two characters keep step.</summary>
        public static long PhaseUs(uint seed, uint role, long slotUs)
        {
            return (long)(Unit(seed, role, -1) * slotUs);
        }

        /// <summary>From 0 to 1 without a corner at either end; x outside 0 … 1 is held.</summary>
        public static double Ease(double x)
        {
            double y = Held(x);
            return y * y * (3 - 2 * y);
        }

        /// <summary>From 1 to 0, fast first and slow at the end: (1 − x)³ · (1 + 3x); x outside is held.</summary>
        public static double Settle(double x)
        {
            double y = Held(x);
            double rest = 1 - y;
            return rest * rest * rest * (1 + 3 * y);
        }

        /// <summary>
        /// A smooth random walk about 0, within −1 … 1, with a new direction about once per slot: a uniform cubic
        /// B-spline over one random value per slot.
        /// </summary>
        public static double Wander(uint seed, uint role, long nowUs, long slotUs)
        {
            long us = nowUs + PhaseUs(seed, role, slotUs);
            long slot = us / slotUs;
            double x = (double)(us - slot * slotUs) / slotUs;
            double y = 1 - x;
            return (y * y * y * Place(seed, role, slot)
                + (3 * x * x * x - 6 * x * x + 4) * Place(seed, role, slot + 1)
                + (3 * y * y * y - 6 * y * y + 4) * Place(seed, role, slot + 2)
                + x * x * x * Place(seed, role, slot + 3)) / 6;
        }

        /// <summary>
        /// A walk about 0, within −1 … 1, that stands and then leaps within `leapUs`, once per slot; near places are
        /// likelier than far ones. Two walks with the same `atRole` leap together.
        /// </summary>
        public static double Leap(uint seed, uint role, uint atRole, long nowUs, long slotUs, long leapUs)
        {
            long us = nowUs + PhaseUs(seed, atRole, slotUs);
            long slot = us / slotUs;
            long beginUs = (long)(Unit(seed, atRole, slot) * (slotUs - leapUs));
            double before = Place(seed, role, slot), after = Place(seed, role, slot + 1);
            before = before * before * before;
            after = after * after * after;
            return before + (after - before) * Ease((double)(us - slot * slotUs - beginUs) / leapUs);
        }

        private static double Held(double x)
        {
            return Math.Min(Math.Max(x, 0), 1);
        }

        private static double Place(uint seed, uint role, long slot)
        {
            return 2 * Unit(seed, role, slot) - 1;
        }
    }
}
