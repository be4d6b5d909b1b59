using System;

namespace A2F
{
    /// <summary>
    /// Makes an even play head of a sound that counts in blocks: between two readings it goes on with the steady clock, and a
    /// tenth of what it is off is made good at each reading. It never goes back but for a jump.
    /// </summary>
    public sealed class SoundClock
    {
        const double JumpUs = 60000;
        const double Gain = 0.1;

        double headUs;
        long clockUs;
        bool isFollowing;

        /// <summary>The play head now, µs.</summary>
        /// <param name="rawUs">What the sound counts.</param>
        /// <param name="nowUs">A steady clock.</param>
        /// <param name="rate">Play speed, 1 = normal.</param>
        /// <param name="isRunning">False while the sound stands.</param>
        public long Read(double rawUs, long nowUs, double rate, bool isRunning)
        {
            double evenUs = isFollowing ? headUs + (nowUs - clockUs) * rate : rawUs;
            double errorUs = rawUs - evenUs;
            bool isEven = isFollowing && isRunning && Math.Abs(errorUs) < JumpUs;
            double nextUs = isEven ? Math.Max(headUs, evenUs + Gain * errorUs) : rawUs;
            // Standing where it was is no way back: a block may have been counted that is heard only later.
            headUs = !isFollowing || Math.Abs(rawUs - headUs) > JumpUs ? nextUs : Math.Max(headUs, nextUs);
            clockUs = nowUs;
            isFollowing = true;
            return (long)Math.Floor(headUs);
        }

        /// <summary>Begin anew, as after a jump.</summary>
        public void Reset()
        {
            isFollowing = false;
        }
    }
}
