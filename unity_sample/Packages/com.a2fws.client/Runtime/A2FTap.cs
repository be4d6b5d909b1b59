using UnityEngine;

namespace A2F
{
    /// <summary>How a character follows what an AudioSource plays.</summary>
    public enum A2FTapMode
    {
        /// <summary>The clip itself where Unity gives out its sound, else what is heard.</summary>
        Auto,

        /// <summary>What is heard, whatever it comes from: PlayOneShot, streamed clips, other scripts.</summary>
        Capture
    }

    /// <summary>
    /// Makes a character speak whatever an AudioSource plays, without code. A clip is sent whole as soon as it begins, so that
    /// its face is ahead of it. Where Unity does not give out a clip's sound, what the source plays is captured, and heard a
    /// moment later from a source of its own.
    /// </summary>
    [AddComponentMenu("A2F/A2F Tap (any AudioSource)")]
    [RequireComponent(typeof(AudioSource))]
    [DisallowMultipleComponent]
    public sealed class A2FTap : MonoBehaviour
    {
        const int RingFrames = 65536;

        [Tooltip("The character that speaks; empty: the nearest one above.")]
        [SerializeField] A2FStream stream;

        [SerializeField] A2FTapMode mode = A2FTapMode.Auto;

        [Tooltip("Clips wait at their beginning until their first poses are here, 0.2 to 0.5 s: the source is paused so long, and "
            + "isPlaying is false. Off: the face comes in a moment late.")]
        [SerializeField] bool waitsForPoses;

        readonly object gate = new object();
        readonly float[] ring = new float[RingFrames];
        readonly float[] taken = new float[4096];
        long written;
        long read;
        bool isCapturing;
        AudioSource source;
        ClipVoice followed;
        SoundFeed whole;
        SoundFeed feed;
        A2FAudio voice;
        float spatialBlend;
        int quiet;

        /// <summary>The character that speaks.</summary>
        public A2FStream Stream
        {
            get { return stream; }
            set { stream = value; }
        }

        /// <summary>Play a clip whose sound Unity does not give out, and speak it. Null while there is no session.</summary>
        public Line Play(AudioClip clip)
        {
            Leave();
            source.clip = clip;
            source.loop = false;
            source.Play();
            Capture();
            return feed == null ? null : feed.Line;
        }

        void OnEnable()
        {
            source = GetComponent<AudioSource>();
            stream = stream ? stream : GetComponentInParent<A2FStream>();
        }

        void OnDisable()
        {
            Leave();
        }

        void Update()
        {
            if (!stream || !stream.CanSpeak)
            {
                return;
            }
            if (feed != null)
            {
                Pour();
            }
            if (followed != null)
            {
                Follow();
            }
            if (feed == null && followed == null && source.isPlaying && !IsSaidByCharacter)
            {
                Enter();
            }
        }

        /// <summary>The character speaks with this very source: that is no sound of the game's.</summary>
        bool IsSaidByCharacter
        {
            get { return stream.Sound && stream.Sound.Source == source && stream.Sound.IsOwn; }
        }

        /// <summary>Played to its end, replaced, begun again or stopped: what comes is another line.</summary>
        void Follow()
        {
            long nowUs = A2FClock.NowUs;
            followed.HeadUs(nowUs);
            if (!followed.IsPlayedOut(nowUs))
            {
                return;
            }
            bool isCurrent = stream.IsSpeaking && stream.Playback.Line == whole.Line;
            if (followed.IsCutOff && isCurrent)
            {
                stream.Interrupt();
            }
            followed = null;
            whole = null;
        }

        void Enter()
        {
            string why;
            AudioClip clip = source.clip;
            if (mode != A2FTapMode.Auto || !clip || !A2FAudio.CanRead(clip, out why))
            {
                Capture();
                return;
            }
            ClipVoice voiceOfClip = new ClipVoice(source, clip, waitsForPoses);
            whole = stream.Start(clip.frequency, made => voiceOfClip);
            if (whole != null)
            {
                stream.Pour(clip, whole);
                followed = voiceOfClip;
            }
        }

        /// <summary>From now on the source is heard through another one, as late as its poses.</summary>
        void Capture()
        {
            voice = stream.Sound && stream.Sound.Source != source ? stream.Sound : voice;
            if (!voice)
            {
                GameObject home = new GameObject(name + " (A2F voice)") { hideFlags = HideFlags.DontSave };
                home.transform.SetParent(transform, false);
                AudioSource heard = home.AddComponent<AudioSource>();
                heard.playOnAwake = false;
                heard.spatialBlend = source.spatialBlend;
                voice = home.AddComponent<A2FAudio>();
            }
            spatialBlend = source.spatialBlend;
            feed = stream.Start(AudioSettings.outputSampleRate, made => voice.Voice(made.Sound));
            // What is captured is near and loud; the other source is where the sound comes from.
            source.spatialBlend = feed == null ? spatialBlend : 0;
            lock (gate)
            {
                read = written;
                isCapturing = feed != null;
            }
            quiet = 0;
        }

        void Pour()
        {
            int count = 1;
            while (count > 0)
            {
                lock (gate)
                {
                    count = (int)System.Math.Min(written - read, taken.Length);
                    for (int k = 0; k < count; k++)
                    {
                        taken[k] = ring[(read + k) % RingFrames];
                    }
                    read += count;
                }
                feed.Add(taken, 0, count);
            }
            // A few frames without play are the end, and no gap between two clips.
            quiet = source.isPlaying ? 0 : quiet + 1;
            if (quiet > 5 || IsSaidByCharacter)
            {
                Leave();
            }
        }

        void Leave()
        {
            lock (gate)
            {
                isCapturing = false;
            }
            if (feed != null)
            {
                feed.End();
                feed = null;
                source.spatialBlend = spatialBlend;
            }
            followed = null;
            whole = null;
        }

        void OnAudioFilterRead(float[] data, int channels)
        {
            lock (gate)
            {
                if (!isCapturing)
                {
                    return;
                }
                for (int at = 0; at + channels <= data.Length; at += channels)
                {
                    float sum = 0;
                    for (int k = 0; k < channels; k++)
                    {
                        sum += data[at + k];
                        data[at + k] = 0;
                    }
                    ring[written++ % RingFrames] = sum / channels;
                }
                read = System.Math.Max(read, written - RingFrames);
            }
        }
    }
}
