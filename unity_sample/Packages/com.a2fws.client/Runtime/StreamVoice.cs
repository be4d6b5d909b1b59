using System;
using UnityEngine;

namespace A2F
{
    /// <summary>
    /// Sound that comes piece by piece, written into the filter of an AudioSource by the audio thread, and followed by how much of
    /// it was taken there. What it writes is scaled by what the source plays, which is a clip of ones: so volume, distance and
    /// direction of the source act on it.
    /// </summary>
    internal sealed class StreamVoice : IVoice
    {
        const long JumpUs = 20000;

        /// <summary>Where the mixer asks for nothing so long (a virtual voice, no device) the clock moves the line on.</summary>
        const long SilenceUs = 200000;

        /// <summary>What one frame counts of that at most.</summary>
        const long FrameUs = 100000;

        readonly A2FAudio home;
        readonly Reel sound;
        readonly SincReader reader;
        readonly SoundClock clock = new SoundClock();
        readonly long latencyUs;
        readonly object gate = new object();
        float[] block = new float[4096];
        double takenUs = -1;
        double silentUs;
        float pitch = 1;
        bool isStarted;
        bool isHeld;
        bool isAsked;
        long seenUs;
        long unaskedUs;

        public StreamVoice(A2FAudio home, Reel sound)
        {
            this.home = home;
            this.sound = sound;
            reader = new SincReader(sound);
            latencyUs = A2FAudio.LatencyUs;
        }

        public bool IsStarted
        {
            get
            {
                lock (gate)
                {
                    return isStarted;
                }
            }
        }

        public bool IsPaused
        {
            get { return home && (A2FAudio.IsListenerPaused(home.Source) || home.IsCarrierHeld); }
        }

        public float Rate
        {
            get { return pitch; }
        }

        public void Start()
        {
            lock (gate)
            {
                if (isStarted)
                {
                    return;
                }
                isStarted = true;
                seenUs = A2FClock.NowUs;
            }
            if (home)
            {
                home.Carry(this);
            }
        }

        public void Halt()
        {
            lock (gate)
            {
                isStarted = false;
            }
        }

        public void End()
        {
            Halt();
            if (home)
            {
                home.Drop(this);
            }
        }

        public long HeadUs(long nowUs)
        {
            double rawUs;
            bool isRunning;
            bool isPaused = IsPaused;
            float now = home ? Mathf.Clamp(home.Source.pitch, 0.1f, 10f) : 1;
            lock (gate)
            {
                pitch = now;
                isHeld = isPaused;
                isRunning = isStarted && !isPaused;
                Miss(isRunning, nowUs);
                rawUs = takenUs;
            }
            if (rawUs < 0)
            {
                return -1;
            }
            long headUs = clock.Read(rawUs - latencyUs, nowUs, now, isRunning);
            return headUs < 0 ? -1 : headUs;
        }

        public bool IsPlayedOut(long nowUs)
        {
            return sound.IsEnded && HeadUs(nowUs) + JumpUs >= sound.EndUs;
        }

        /// <summary>Sound that nobody takes passes by the clock, unheard. Within the lock.</summary>
        void Miss(bool isRunning, long nowUs)
        {
            long passedUs = Math.Max(0, nowUs - seenUs);
            seenUs = nowUs;
            unaskedUs = isAsked || !isRunning ? 0 : unaskedUs + Math.Min(passedUs, FrameUs);
            isAsked = isAsked && passedUs == 0;
            if (unaskedUs <= SilenceUs)
            {
                return;
            }
            double due = reader.Place + 1e-6 * passedUs * pitch * sound.Rate;
            reader.Place = Math.Max(reader.Place, Math.Min(due, sound.End));
            silentUs += sound.IsEnded ? Math.Max(0, due - sound.End) * 1e6 / sound.Rate : 0;
            takenUs = reader.Place * 1e6 / sound.Rate + silentUs;
        }

        /// <summary>By the audio thread: write a block, scaled by what is there.</summary>
        public void Fill(float[] data, int channels, int outputRate)
        {
            lock (gate)
            {
                int frames = data.Length / Math.Max(1, channels);
                int ready = 0;
                isAsked = true;
                if (isStarted && !isHeld)
                {
                    if (block.Length < frames)
                    {
                        block = new float[frames];
                    }
                    ready = reader.Read(block, frames, outputRate / pitch);
                    bool isOver = sound.IsEnded && ready < frames;
                    silentUs += isOver ? (frames - ready) * 1e6 * pitch / outputRate : 0;
                    takenUs = reader.Place * 1e6 / sound.Rate + silentUs;
                }
                for (int k = 0; k < data.Length; k++)
                {
                    int frame = k / channels;
                    data[k] = frame < ready ? data[k] * block[frame] : 0;
                }
            }
        }
    }
}
