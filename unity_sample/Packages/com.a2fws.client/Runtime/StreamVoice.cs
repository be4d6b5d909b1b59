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
            get { return A2FAudio.IsListenerPaused(home.Source); }
        }

        public float Rate
        {
            get { return pitch; }
        }

        public void Start()
        {
            pitch = Mathf.Clamp(home.Source.pitch, 0.1f, 10f);
            lock (gate)
            {
                if (isStarted)
                {
                    return;
                }
                isStarted = true;
            }
            home.Carry(this);
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
            home.Drop(this);
        }

        public long HeadUs(long nowUs)
        {
            double rawUs;
            bool isRunning;
            lock (gate)
            {
                rawUs = takenUs;
                isRunning = isStarted;
            }
            if (rawUs < 0)
            {
                return -1;
            }
            long headUs = clock.Read(rawUs - latencyUs, nowUs, pitch, isRunning && !IsPaused);
            return headUs < 0 ? -1 : headUs;
        }

        public bool IsPlayedOut(long nowUs)
        {
            return sound.IsEnded && HeadUs(nowUs) + JumpUs >= sound.EndUs;
        }

        /// <summary>By the audio thread: write a block, scaled by what is there.</summary>
        public void Fill(float[] data, int channels, int outputRate)
        {
            lock (gate)
            {
                int frames = data.Length / Math.Max(1, channels);
                int ready = 0;
                if (isStarted)
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
