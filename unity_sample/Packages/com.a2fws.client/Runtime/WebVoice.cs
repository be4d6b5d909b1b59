#if UNITY_WEBGL && !UNITY_EDITOR
using System;
using System.Runtime.InteropServices;

namespace A2F
{
    /// <summary>
    /// Sound that comes piece by piece, on Web Audio through a2fws.jslib: WebGL has no filters and no streaming clips. Pieces are
    /// put ahead of what is heard, so that a page that is looked away from goes on sounding.
    /// </summary>
    internal sealed class WebVoice : IVoice
    {
        const double HorizonS = 3;
        const double FadeS = 0.01;

        /// <summary>Frames behind a piece that help to resample its end.</summary>
        const int Tail = 4;

        readonly Reel sound;
        readonly Func<float> volume;
        readonly Func<bool> isHeld;
        readonly SoundClock clock = new SoundClock();
        readonly float[] piece;
        readonly int player;
        double standS = -1;
        double fromS;
        double atS;
        double untilS;
        long put;
        bool hasRun;
        bool isCut;

        /// <param name="isHeld">Whether the listener is paused: the browser's sound does not know of it.</param>
        public WebVoice(Reel sound, Func<float> volume, Func<bool> isHeld)
        {
            this.isHeld = isHeld;
            this.sound = sound;
            this.volume = volume;
            player = A2FWebPlayerOpen();
            piece = new float[sound.Rate + Tail];
            put = sound.First;
        }

        public bool IsStarted { get; private set; }

        /// <summary>Nothing sounds before the first click or key.</summary>
        public bool IsPaused
        {
            get { return isHeld() || A2FWebPlayerIsRunning(player) == 0; }
        }

        public float Rate
        {
            get { return 1; }
        }

        public void Start()
        {
            if (!IsStarted)
            {
                IsStarted = true;
                isCut = true;
            }
            Follow();
        }

        public void Halt()
        {
            if (!IsStarted)
            {
                return;
            }
            IsStarted = false;
            Cut();
        }

        public void End()
        {
            Halt();
            A2FWebPlayerClose(player);
        }

        public long HeadUs(long nowUs)
        {
            if (IsStarted)
            {
                Follow();
            }
            double heardS = A2FWebPlayerHeard(player);
            double headS = !hasRun || heardS < atS ? standS : fromS + Math.Min(heardS, untilS) - atS;
            if (!sound.IsEnded)
            {
                headS = Math.Min(headS, (double)sound.End / sound.Rate);
            }
            return headS < 0 ? -1 : clock.Read(1e6 * headS, nowUs, 1, IsStarted && !IsPaused);
        }

        public bool IsPlayedOut(long nowUs)
        {
            return HeadUs(nowUs) >= sound.EndUs;
        }

        /// <summary>Sound goes on ahead of what is heard, so the listener's pause has to cut it.</summary>
        void Follow()
        {
            if (isHeld())
            {
                Cut();
                return;
            }
            if (isCut)
            {
                isCut = false;
                Run(Math.Max(standS, (double)sound.First / sound.Rate));
            }
            Pump();
        }

        void Cut()
        {
            if (!isCut && hasRun)
            {
                untilS = Math.Max(atS, A2FWebPlayerCut(player, FadeS));
                standS = fromS + untilS - atS;
            }
            isCut = true;
        }

        void Run(double placeS)
        {
            put = Math.Min(Math.Max((long)Math.Round(placeS * sound.Rate), sound.First), sound.End);
            fromS = (double)put / sound.Rate;
            atS = A2FWebPlayerWrite(player);
            untilS = double.MaxValue;
            hasRun = true;
        }

        void Pump()
        {
            A2FWebPlayerVolume(player, volume());
            while (true)
            {
                long left = sound.End - put;
                int part = sound.Rate / 50;
                bool isLast = sound.IsEnded && left <= sound.Rate;
                int frames = isLast ? (int)Math.Max(0, left) : (int)Math.Min(Math.Max(0, left - Tail) / part * part, sound.Rate / part * part);
                double dueS = atS + (double)put / sound.Rate - fromS;
                double writeS = A2FWebPlayerWrite(player);
                if (frames < 1 || dueS > writeS + HorizonS)
                {
                    return;
                }
                if (dueS < writeS)
                {
                    // It came too late: on from where the sound ran out.
                    standS = (double)put / sound.Rate;
                    Run(standS);
                    dueS = atS;
                }
                int count = (int)Math.Min(frames + Tail, sound.End - put);
                sound.Read(put, piece, 0, count);
                A2FWebPlayerPut(player, piece, count, frames, sound.Rate, dueS);
                put += frames;
            }
        }

        [DllImport("__Internal")]
        static extern int A2FWebPlayerOpen();

        [DllImport("__Internal")]
        static extern int A2FWebPlayerIsRunning(int id);

        [DllImport("__Internal")]
        static extern double A2FWebPlayerWrite(int id);

        [DllImport("__Internal")]
        static extern double A2FWebPlayerHeard(int id);

        [DllImport("__Internal")]
        static extern void A2FWebPlayerVolume(int id, float volume);

        [DllImport("__Internal")]
        static extern void A2FWebPlayerPut(int id, float[] samples, int count, int frames, int rate, double at);

        [DllImport("__Internal")]
        static extern double A2FWebPlayerCut(int id, double fade);

        [DllImport("__Internal")]
        static extern void A2FWebPlayerClose(int id);
    }
}
#endif
