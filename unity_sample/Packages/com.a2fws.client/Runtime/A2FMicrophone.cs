using System;
using A2F.Core;
using UnityEngine;
#if UNITY_WEBGL && !UNITY_EDITOR
using System.Runtime.InteropServices;
using System.Text;
#endif

namespace A2F
{
    /// <summary>
    /// Lets a character follow a microphone: one endless line that nobody hears here. The server holds the mouth still while
    /// nobody speaks.
    /// </summary>
    [AddComponentMenu("A2F/A2F Microphone")]
    [RequireComponent(typeof(A2FStream))]
    [DisallowMultipleComponent]
    public sealed class A2FMicrophone : MonoBehaviour
    {
        const int RingS = 2;
        const int KeptS = 10;

        [Tooltip("Name of a device; empty: the system's own.")]
        [SerializeField] string device = "";

        A2FStream stream;
        SoundFeed feed;
        MicrophoneVoice voice;
        Session session;
        float[] samples = new float[4096];
        long captured;
        int rate;

        /// <summary>Loudness of the last piece: root mean square, 0 … 1.</summary>
        public float Level { get; private set; }

        /// <summary>Why there is none; "" while all is well.</summary>
        public string Trouble { get; private set; }

        /// <summary>Name of the device; a change acts when the component is enabled again.</summary>
        public string Device
        {
            get { return device; }
            set { device = value; }
        }

        void OnEnable()
        {
            Trouble = "";
            stream = GetComponent<A2FStream>();
            stream.Reopen(true);
            OpenDevice();
        }

        void OnDisable()
        {
            CloseDevice();
            feed = null;
            session = null;
            if (stream && !A2FConnection.IsQuitting)
            {
                stream.Reopen(false);
            }
        }

        void Update()
        {
            if (!IsCapturing() || !stream.CanSpeak || stream.Session == null)
            {
                return;
            }
            if (session != stream.Session)
            {
                Begin();
            }
            for (int count = Take(); count > 0; count = Take())
            {
                float sum = 0;
                for (int k = 0; k < count; k++)
                {
                    sum += samples[k] * samples[k];
                }
                Level = Mathf.Sqrt(sum / count);
                captured += count;
                // A session that ended for good takes nothing more.
                if (!feed.Line.IsOver)
                {
                    feed.Add(samples, 0, count);
                    feed.KeepOnly(KeptS);
                }
            }
            voice.Captured(captured, rate, A2FClock.NowUs);
        }

        /// <summary>Another session: another endless line.</summary>
        void Begin()
        {
            session = stream.Session;
            captured = 0;
            feed = stream.Start(rate, made => voice = new MicrophoneVoice(stream.Session.Player, made.Line));
        }

#if UNITY_WEBGL && !UNITY_EDITOR
        int id;

        void OpenDevice()
        {
            id = A2FWebMicrophoneOpen();
        }

        bool IsCapturing()
        {
            int state = A2FWebMicrophoneState(id);
            if (state == 2 && Trouble.Length == 0)
            {
                byte[] text = new byte[512];
                Trouble = Encoding.UTF8.GetString(text, 0, A2FWebMicrophoneReason(id, text, text.Length));
            }
            rate = A2FWebMicrophoneRate();
            return state == 1 && rate > 0;
        }

        int Take()
        {
            return A2FWebMicrophoneTake(id, samples, samples.Length);
        }

        void CloseDevice()
        {
            A2FWebMicrophoneClose(id);
        }

        [DllImport("__Internal")]
        static extern int A2FWebMicrophoneOpen();

        [DllImport("__Internal")]
        static extern int A2FWebMicrophoneState(int id);

        [DllImport("__Internal")]
        static extern int A2FWebMicrophoneReason(int id, byte[] buffer, int most);

        [DllImport("__Internal")]
        static extern int A2FWebMicrophoneRate();

        [DllImport("__Internal")]
        static extern int A2FWebMicrophoneTake(int id, float[] buffer, int most);

        [DllImport("__Internal")]
        static extern void A2FWebMicrophoneClose(int id);
#else
        AudioClip ring;
        float[] block = new float[0];
        int place;

        string Name
        {
            get { return string.IsNullOrEmpty(device) ? null : device; }
        }

        void OpenDevice()
        {
            if (Microphone.devices.Length == 0)
            {
                Trouble = "found no microphone, or no right to use one";
                return;
            }
            int least;
            int most;
            Microphone.GetDeviceCaps(Name, out least, out most);
            rate = most == 0 ? 48000 : Mathf.Clamp(48000, least, most);
            ring = Microphone.Start(Name, true, RingS, rate);
            Trouble = ring ? "" : "the microphone \"" + device + "\" cannot be started";
            place = 0;
            block = new float[ring ? ring.channels * (rate % 50 == 0 ? rate / 50 : rate / 25) : 0];
        }

        bool IsCapturing()
        {
            return ring && Microphone.IsRecording(Name);
        }

        /// <summary>The next block as mono; blocks are whole parts of the ring, since GetData fills whole arrays.</summary>
        int Take()
        {
            int frames = block.Length / ring.channels;
            int left = (Microphone.GetPosition(Name) - place + ring.samples) % ring.samples;
            if (left < frames)
            {
                return 0;
            }
            ring.GetData(block, place);
            place = (place + frames) % ring.samples;
            return SoundFeed.ToMono(block, block.Length, ring.channels, samples);
        }

        void CloseDevice()
        {
            if (ring)
            {
                Microphone.End(Name);
            }
            ring = null;
        }
#endif
    }
}
