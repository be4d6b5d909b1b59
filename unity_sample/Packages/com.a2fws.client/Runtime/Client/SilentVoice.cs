using System;

namespace A2F
{
    /// <summary>A voice that nobody hears: the steady clock alone moves it. For games without sound, and for checks.</summary>
    public sealed class SilentVoice : IVoice
    {
        readonly Reel sound;
        readonly Func<long> clock;
        long standUs = -1;
        long sinceUs;

        public SilentVoice(Reel sound, Func<long> clock)
        {
            this.sound = sound;
            this.clock = clock;
            Rate = 1;
        }

        public bool IsStarted { get; private set; }

        public bool IsPaused { get; set; }

        public float Rate { get; private set; }

        public void Start()
        {
            if (!IsStarted)
            {
                IsStarted = true;
                sinceUs = clock();
                standUs = Math.Max(standUs, A2F.Core.Ticks.FramesToUs(sound.First, sound.Rate));
            }
        }

        public void Halt()
        {
            standUs = HeadUs(clock());
            IsStarted = false;
        }

        public void End()
        {
            IsStarted = false;
        }

        public long HeadUs(long nowUs)
        {
            if (!IsStarted)
            {
                return standUs;
            }
            long headUs = standUs + Math.Max(0, nowUs - sinceUs);
            return sound.IsEnded ? headUs : Math.Min(headUs, sound.EndUs);
        }

        public bool IsPlayedOut(long nowUs)
        {
            return HeadUs(nowUs) >= sound.EndUs;
        }
    }
}
