using UnityEngine;

namespace A2F
{
    /// <summary>
    /// A clip on an AudioSource, followed by its timeSamples: these stand under the listener's pause and go with the pitch. The
    /// sound's device plays somewhat later than they say.
    /// </summary>
    internal sealed class ClipVoice : IVoice
    {
        /// <summary>A source of the game's waits no longer than this: its sound matters more than the face.</summary>
        const long PatienceUs = 500000;

        readonly AudioSource source;
        readonly AudioClip clip;
        readonly bool isOwn;
        readonly SoundClock clock = new SoundClock();
        readonly long latencyUs;
        readonly long lengthUs;
        bool mayHalt;
        bool hasBegun;
        bool isPlayedOut;
        long haltedUs;
        int lastSamples;
        long overUs;

        /// <param name="isOwn">This voice puts the clip on the source and plays it; else the game does, or has done it.</param>
        /// <param name="mayHalt">Whether the gate may halt a source that the game plays.</param>
        public ClipVoice(AudioSource source, AudioClip clip, bool isOwn, bool mayHalt)
        {
            this.source = source;
            this.clip = clip;
            this.isOwn = isOwn;
            this.mayHalt = mayHalt || isOwn;
            latencyUs = A2FAudio.LatencyUs;
            lengthUs = (long)(1e6 * clip.samples / clip.frequency);
            hasBegun = !isOwn;
            IsStarted = !isOwn;
        }

        public bool IsStarted { get; private set; }

        public bool IsPaused
        {
            get { return A2FAudio.IsListenerPaused(source) || (IsStarted && hasBegun && !isPlayedOut && source && !source.isPlaying); }
        }

        public float Rate
        {
            get { return source ? Mathf.Clamp(source.pitch, 0.1f, 10f) : 1; }
        }

        public void Start()
        {
            if (IsStarted || !source)
            {
                return;
            }
            IsStarted = true;
            if (hasBegun)
            {
                source.UnPause();
                return;
            }
            hasBegun = true;
            source.Stop();
            source.clip = clip;
            source.loop = false;
            source.timeSamples = 0;
            source.Play();
        }

        public void Halt()
        {
            if (!IsStarted || !mayHalt || isPlayedOut || !source)
            {
                return;
            }
            IsStarted = false;
            haltedUs = A2FClock.NowUs;
            source.Pause();
        }

        public void End()
        {
            if (source && isOwn && hasBegun && source.clip == clip && !isPlayedOut)
            {
                source.Stop();
            }
            else if (source && !isOwn && !IsStarted)
            {
                source.UnPause();
            }
            isPlayedOut = true;
        }

        public long HeadUs(long nowUs)
        {
            if (!hasBegun || !source)
            {
                return -1;
            }
            if (isPlayedOut)
            {
                return lengthUs + (nowUs - overUs);
            }
            if (!isOwn && !IsStarted && nowUs - haltedUs > PatienceUs)
            {
                mayHalt = false;
                Start();
            }
            int samples = source.timeSamples;
            // At its end a source goes back to sample 0, or stands at the last one; a paused one stays where it is.
            bool isAtEnd = samples == 0 ? lastSamples > 0 : lastSamples > clip.samples - clip.frequency / 20;
            bool isAway = source.clip != clip || (IsStarted && !source.isPlaying && isAtEnd && !A2FAudio.IsListenerPaused(source));
            if (isAway)
            {
                isPlayedOut = true;
                overUs = nowUs;
                return lengthUs;
            }
            lastSamples = samples;
            double rawUs = 1e6 * samples / clip.frequency - latencyUs;
            long headUs = clock.Read(rawUs, nowUs, Rate, IsStarted && source.isPlaying && !A2FAudio.IsListenerPaused(source));
            return headUs < 0 ? -1 : headUs;
        }

        public bool IsPlayedOut(long nowUs)
        {
            return isPlayedOut;
        }
    }
}
