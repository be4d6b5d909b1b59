using UnityEngine;

namespace A2F
{
    /// <summary>
    /// Plays what a character says on the AudioSource beside it, with its volume, place and mixer. Clips are played as clips;
    /// sound that comes in pieces goes through the source's filter.
    /// </summary>
    [AddComponentMenu("A2F/A2F Audio")]
    [RequireComponent(typeof(AudioSource))]
    [DisallowMultipleComponent]
    public sealed class A2FAudio : MonoBehaviour
    {
        const int CarrierFrames = 4096;

        static AudioClip carrier;

        AudioSource source;
        volatile StreamVoice carried;
        volatile int outputRate;

        /// <summary>The source that is heard.</summary>
        public AudioSource Source
        {
            get
            {
                source = source ? source : GetComponent<AudioSource>();
                return source;
            }
        }

        /// <summary>How much later than Unity counts a sample is heard: the buffers of the mixer, µs.</summary>
        public static long LatencyUs
        {
            get
            {
                int frames;
                int buffers;
                AudioSettings.GetDSPBufferSize(out frames, out buffers);
                int rate = AudioSettings.outputSampleRate;
                return rate > 0 ? 1000000L * frames * Mathf.Clamp(buffers - 1, 0, 8) / rate : 0;
            }
        }

        /// <summary>The listener stands, and this source with it.</summary>
        public static bool IsListenerPaused(AudioSource one)
        {
            return AudioListener.pause && one && !one.ignoreListenerPause;
        }

        /// <summary>The voice whose clip this component plays; null for none.</summary>
        internal ClipVoice Owned { get; set; }

        /// <summary>What its source plays is what the character says, and nothing of the game's.</summary>
        internal bool IsOwn
        {
            get
            {
                AudioClip clip = Source.clip;
                return clip && (clip == carrier || (Owned != null && clip == Owned.Clip));
            }
        }

        /// <summary>The game has paused the source amid sound that comes in pieces.</summary>
        internal bool IsCarrierHeld
        {
            get { return Source.clip == carrier && carrier && source.isActiveAndEnabled && !source.isPlaying && source.timeSamples > 0; }
        }

        /// <summary>A voice for sound that comes in pieces.</summary>
        public IVoice Voice(Reel sound)
        {
#if UNITY_WEBGL && !UNITY_EDITOR
            return new WebVoice(sound, () => Source.mute ? 0 : Source.volume, () => IsListenerPaused(Source));
#else
            return new StreamVoice(this, sound);
#endif
        }

        /// <summary>A voice for a clip.</summary>
        public IVoice Voice(AudioClip clip)
        {
            return new ClipVoice(this, clip);
        }

        /// <summary>Whether Unity gives out the sound of a clip; else why not.</summary>
        public static bool CanRead(AudioClip clip, out string why)
        {
            why = null;
            if (clip.loadType != AudioClipLoadType.DecompressOnLoad)
            {
                why = "\"" + clip.name + "\" is loaded as " + clip.loadType + ", wanted Decompress On Load: change it in the clip's import settings";
                return false;
            }
            if (clip.loadState != AudioDataLoadState.Loaded)
            {
                clip.LoadAudioData();
            }
            if (clip.loadState != AudioDataLoadState.Loaded)
            {
                why = "\"" + clip.name + "\" is not loaded yet";
            }
            return why == null;
        }

        /// <summary>Let a voice write into the filter from now on.</summary>
        internal void Carry(StreamVoice voice)
        {
            outputRate = AudioSettings.outputSampleRate;
            carried = voice;
            if (!carrier)
            {
                float[] ones = new float[CarrierFrames];
                for (int k = 0; k < ones.Length; k++)
                {
                    ones[k] = 1;
                }
                carrier = AudioClip.Create("A2F carrier", CarrierFrames, 1, outputRate, false);
                carrier.hideFlags = HideFlags.HideAndDontSave;
                carrier.SetData(ones, 0);
            }
            if (Source.clip != carrier || !Source.isPlaying)
            {
                Source.clip = carrier;
                Source.loop = true;
                Source.Play();
            }
        }

        /// <summary>A voice is over.</summary>
        internal void Drop(StreamVoice voice)
        {
            if (carried != voice)
            {
                return;
            }
            carried = null;
            if (source && source.clip == carrier)
            {
                source.Stop();
                source.clip = null;
                source.loop = false;
            }
        }

        void OnEnable()
        {
            outputRate = AudioSettings.outputSampleRate;
            AudioSettings.OnAudioConfigurationChanged += Changed;
        }

        void OnDisable()
        {
            AudioSettings.OnAudioConfigurationChanged -= Changed;
        }

        /// <summary>Another device, another rate: sources stop by themselves and are played again.</summary>
        void Changed(bool deviceWasChanged)
        {
            outputRate = AudioSettings.outputSampleRate;
            StreamVoice voice = carried;
            if (voice != null)
            {
                Carry(voice);
            }
        }

        void OnAudioFilterRead(float[] data, int channels)
        {
            StreamVoice voice = carried;
            if (voice != null)
            {
                voice.Fill(data, channels, outputRate);
            }
        }
    }
}
