// Signatures of UnityEngine 2021.3, sound. Pages: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/<name>.html
namespace UnityEngine
{
    // AudioSource.html
    public sealed class AudioSource : Behaviour
    {
        const int Block = 1024;
        double at;
        double owed;
        bool runs;
        bool stands;

        /// <summary>For the checks: this machine has no sound, so nothing ever plays; the mixer asks no filter for samples.</summary>
        public static bool IsMute;
        public bool IsVirtual;

        /// <summary>For the checks: filters are asked for sound under the listener's pause as well.</summary>
        public static bool AsksWhileHeld;

        /// <summary>For the checks: what the mixer got from it, mono.</summary>
        public readonly System.Collections.Generic.List<float> Heard = new System.Collections.Generic.List<float>();

        public AudioSource() { pitch = volume = 1; }
        public AudioClip clip { get; set; }
        public bool isPlaying { get { return runs && !stands && isActiveAndEnabled && !IsHeld; } }
        public int timeSamples { get { return (int)at; } set { at = value; } }
        public float pitch { get; set; }
        public float volume { get; set; }
        public bool loop { get; set; }
        public bool mute { get; set; }
        public bool playOnAwake { get; set; }
        public bool ignoreListenerPause { get; set; }
        public float spatialBlend { get; set; }
        public float dopplerLevel { get; set; }
        public void Play() { runs = isActiveAndEnabled && clip && !IsMute; stands = false; at = 0; }
        public void Stop() { runs = stands = false; at = 0; }
        public void Pause() { stands = true; }
        public void UnPause() { stands = false; }
        void OnDisable() { Stop(); }
        bool IsHeld { get { return AudioListener.pause && !ignoreListenerPause; } }

        /// <summary>For the checks: it sounds for so long.</summary>
        public void Sound(double seconds)
        {
            if (!isPlaying)
            {
                Ask(AsksWhileHeld && runs && !stands && IsHeld ? seconds : 0);
                return;
            }
            at += seconds * clip.frequency * pitch;
            if (at >= clip.samples)
            {
                at = loop ? at % clip.samples : 0;
                runs = loop;
            }
            Ask(IsVirtual ? 0 : seconds);
        }

        void Ask(double seconds)
        {
            for (owed += seconds * AudioSettings.outputSampleRate; owed >= Block; owed -= Block)
            {
                float[] data = new float[2 * Block];
                for (int k = 0; k < data.Length; k++)
                {
                    data[k] = 1;
                }
                foreach (MonoBehaviour one in gameObject.Own<MonoBehaviour>())
                {
                    Engine.Send(one, "OnAudioFilterRead", data, 2);
                }
                for (int k = 0; k < data.Length; k += 2)
                {
                    Heard.Add(data[k]);
                }
            }
        }
    }

    // AudioListener.html
    public sealed class AudioListener : Behaviour
    {
        public static bool pause { get; set; }
        public static float volume = 1;
    }

    // AudioClip.html, AudioClipLoadType.html, AudioDataLoadState.html
    public sealed class AudioClip : Object
    {
        float[] sound = new float[0];
        public int samples { get { return sound.Length; } }
        public int channels { get { return 1; } }
        public int frequency { get; private set; }
        public float length { get { return (float)samples / frequency; } }
        public AudioClipLoadType loadType { get { return LoadType; } }
        public AudioDataLoadState loadState { get { return AudioDataLoadState.Loaded; } }
        public AudioClipLoadType LoadType;
        public bool LoadAudioData() { return true; }
        public bool GetData(float[] data, int offsetSamples)
        {
            for (int k = 0; k < data.Length && sound.Length > 0; k++)
            {
                data[k] = sound[(offsetSamples + k) % sound.Length];
            }
            return true;
        }
        public bool SetData(float[] data, int offsetSamples) { System.Array.Copy(data, 0, sound, offsetSamples, data.Length); return true; }
        public static AudioClip Create(string name, int lengthSamples, int channels, int frequency, bool stream)
        {
            return new AudioClip { name = name, sound = new float[lengthSamples], frequency = frequency };
        }
    }

    public enum AudioClipLoadType { DecompressOnLoad, CompressedInMemory, Streaming }
    public enum AudioDataLoadState { Unloaded, Loading, Loaded, Failed }

    // AudioSettings.html
    public sealed class AudioSettings
    {
        public static double dspTime { get { return 0; } }
        public static int outputSampleRate { get { return 48000; } set { } }
        public static void GetDSPBufferSize(out int bufferLength, out int numBuffers) { bufferLength = 1024; numBuffers = 2; }
        public delegate void AudioConfigurationChangeHandler(bool deviceWasChanged);
        public static event AudioConfigurationChangeHandler OnAudioConfigurationChanged;
        internal static void Raise() { OnAudioConfigurationChanged(false); }
    }

    // Microphone.html
    public sealed class Microphone
    {
        public static string[] devices { get { return new string[0]; } }
        public static AudioClip Start(string deviceName, bool loop, int lengthSec, int frequency) { return null; }
        public static void End(string deviceName) { }
        public static bool IsRecording(string deviceName) { return false; }
        public static int GetPosition(string deviceName) { return 0; }
        public static void GetDeviceCaps(string deviceName, out int minFreq, out int maxFreq) { minFreq = maxFreq = 0; }
    }
}
