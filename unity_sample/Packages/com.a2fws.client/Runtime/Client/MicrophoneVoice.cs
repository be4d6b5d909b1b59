using System;
using A2F.Core;

namespace A2F
{
    /// <summary>
    /// The play head of a microphone that nobody hears here: the player makes it from when sound was captured. The least
    /// delayed of the last pieces tells best when that was, and follows the microphone's own clock.
    /// </summary>
    public sealed class MicrophoneVoice : IVoice
    {
        const int Pieces = 200;

        readonly PosePlayer player;
        readonly Line line;
        readonly long[] zerosUs = new long[Pieces];
        int count;

        public MicrophoneVoice(PosePlayer player, Line line)
        {
            this.player = player;
            this.line = line;
        }

        public bool IsStarted
        {
            get { return true; }
        }

        public bool IsPaused
        {
            get { return false; }
        }

        public float Rate
        {
            get { return 1; }
        }

        /// <summary>Note that so many frames had been captured by now.</summary>
        public void Captured(long frames, int rate, long nowUs)
        {
            zerosUs[count++ % Pieces] = nowUs - Ticks.FramesToUs(frames, rate);
            long least = long.MaxValue;
            for (int k = 0; k < Math.Min(count, Pieces); k++)
            {
                least = Math.Min(least, zerosUs[k]);
            }
            player.Listen(line.U, Math.Max(0, least));
        }

        public void Start()
        {
            // A microphone runs by itself.
        }

        public void Halt()
        {
            // Nobody hears it, so nothing is to be halted.
        }

        public void End()
        {
            // It goes on for the next line.
        }

        public long HeadUs(long nowUs)
        {
            long? liveUs = player.Live(line.U, nowUs);
            return liveUs.HasValue ? Math.Max(0, liveUs.Value) : -1;
        }

        public bool IsPlayedOut(long nowUs)
        {
            return false;
        }
    }
}
