using System;
using UnityEngine;

namespace A2F
{
    /// <summary>
    /// A clip on an AudioSource, followed by its timeSamples: these stand under the listener's pause and go with the pitch. The
    /// sound's device plays somewhat later than they say. A source that does not play, or stands where it is by nobody's will, holds
    /// up no line: it goes on by the clock, or is over.
    /// </summary>
    internal sealed class ClipVoice : IVoice
    {
        /// <summary>A source of the game's waits no longer than this: its sound matters more than the face.</summary>
        const long PatienceUs = 500000;

        /// <summary>A source that stands so long in frames that were shown does not play.</summary>
        const long StandUs = 250000;

        /// <summary>What one frame counts of that at most: a breakpoint and a loading scene are no standing.</summary>
        const long FrameUs = 100000;

        /// <summary>A step back by more than this is another round of a loop, or another Play, s.</summary>
        const double BackSeconds = 0.02;

        readonly AudioSource source;
        readonly AudioClip clip;
        readonly A2FAudio home;
        readonly SoundClock clock = new SoundClock();
        readonly long latencyUs;
        readonly int rate;
        readonly int frames;
        readonly long lengthUs;
        bool mayHalt;
        bool hasBegun;
        bool isPlayedOut;
        bool hasSounded;
        long haltedUs;
        int lastSamples;
        long seenUs;
        long stoodUs;
        double silentUs;
        long overUs;

        /// <summary>This voice puts the clip on the source of its home and plays it.</summary>
        public ClipVoice(A2FAudio home, AudioClip clip) : this(home.Source, clip, true)
        {
            this.home = home;
            hasBegun = IsStarted = hasSounded = false;
        }

        /// <summary>The game plays the clip, or has begun to.</summary>
        /// <param name="mayHalt">Whether the gate may halt the game's source.</param>
        public ClipVoice(AudioSource source, AudioClip clip, bool mayHalt)
        {
            this.source = source;
            this.clip = clip;
            this.mayHalt = mayHalt;
            latencyUs = A2FAudio.LatencyUs;
            rate = clip.frequency;
            frames = clip.samples;
            lengthUs = (long)(1e6 * frames / rate);
            hasSounded = source && source.isPlaying;
            hasBegun = IsStarted = true;
            seenUs = A2FClock.NowUs;
        }

        public bool IsStarted { get; private set; }

        /// <summary>What is played.</summary>
        public AudioClip Clip
        {
            get { return clip; }
        }

        /// <summary>It ended before its end: another clip, another Play, or Stop.</summary>
        public bool IsCutOff { get; private set; }

        public bool IsPaused
        {
            get { return A2FAudio.IsListenerPaused(source) || IsHeldByGame; }
        }

        public float Rate
        {
            get { return source ? Mathf.Clamp(source.pitch, 0.1f, 10f) : 1; }
        }

        public void Start()
        {
            if (IsStarted)
            {
                return;
            }
            IsStarted = true;
            seenUs = A2FClock.NowUs;
            bool isAgain = hasBegun;
            hasBegun = true;
            if (!source)
            {
                return;
            }
            if (isAgain)
            {
                source.UnPause();
                return;
            }
            home.Owned = this;
            source.Stop();
            source.clip = clip;
            source.loop = false;
            source.timeSamples = 0;
            source.Play();
            hasSounded = source.isPlaying;
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
            if (home && home.Owned == this)
            {
                home.Owned = null;
            }
            if (source && IsOwn && hasBegun && source.clip == clip && !isPlayedOut)
            {
                source.Stop();
            }
            else if (source && !IsOwn && !IsStarted)
            {
                source.UnPause();
            }
            isPlayedOut = true;
        }

        public long HeadUs(long nowUs)
        {
            if (!hasBegun)
            {
                return -1;
            }
            if (isPlayedOut)
            {
                return lengthUs + (nowUs - overUs);
            }
            if (!IsOwn && !IsStarted && nowUs - haltedUs > PatienceUs)
            {
                mayHalt = false;
                Start();
            }
            int samples = source ? source.timeSamples : 0;
            if (IsAway(samples))
            {
                // A long frame may have swallowed its end.
                double reached = lastSamples + 1e-6 * (nowUs - seenUs) * rate * Rate;
                IsCutOff = reached < frames - rate / 5;
                return Over(nowUs);
            }
            Stand(samples, nowUs);
            double rawUs = 1e6 * samples / rate + silentUs - latencyUs;
            if (stoodUs > StandUs && (!IsSounding && hasSounded || rawUs > lengthUs))
            {
                return Over(nowUs);
            }
            long headUs = clock.Read(rawUs, nowUs, Rate, IsSounding);
            return headUs < 0 ? -1 : headUs;
        }

        public bool IsPlayedOut(long nowUs)
        {
            return isPlayedOut;
        }

        bool IsOwn
        {
            get { return !ReferenceEquals(home, null); }
        }

        bool IsSounding
        {
            get { return IsStarted && source && source.isPlaying && !A2FAudio.IsListenerPaused(source); }
        }

        /// <summary>The game has paused it amid the clip, or slowed it down to nothing.</summary>
        bool IsHeldByGame
        {
            get
            {
                bool mayPlay = IsStarted && hasBegun && !isPlayedOut && source && source.isActiveAndEnabled;
                return mayPlay && (source.isPlaying ? Mathf.Abs(source.pitch) < 0.01f : lastSamples > 0 && source.timeSamples > 0);
            }
        }

        /// <summary>The source plays something else, from the beginning, or no more.</summary>
        bool IsAway(int samples)
        {
            if (!source || A2FAudio.IsListenerPaused(source))
            {
                return false;
            }
            bool isBack = samples < lastSamples - BackSeconds * rate;
            // At its end a source goes back to sample 0, or stands at the last one; a paused one stays where it is.
            bool isAtEnd = samples == 0 ? lastSamples > 0 : lastSamples > frames - rate / 20;
            return source.clip != clip || (IsStarted && !source.isPlaying && isAtEnd) || (!IsOwn && isBack);
        }

        /// <summary>Count for how long it should play and does not move; beyond a moment the clock moves it.</summary>
        void Stand(int samples, long nowUs)
        {
            long passedUs = Math.Max(0, nowUs - seenUs);
            seenUs = nowUs;
            if (IsSounding && samples != lastSamples)
            {
                hasSounded = true;
                stoodUs = 0;
                silentUs = 0;
            }
            else if (IsStarted && !IsPaused && !(clip && clip.loadState == AudioDataLoadState.Loading))
            {
                stoodUs += Math.Min(passedUs, FrameUs);
                silentUs = stoodUs <= StandUs ? 0 : silentUs > 0 ? silentUs + passedUs * Rate : stoodUs * Rate;
            }
            lastSamples = samples;
        }

        long Over(long nowUs)
        {
            isPlayedOut = true;
            overUs = nowUs;
            return lengthUs;
        }
    }
}
