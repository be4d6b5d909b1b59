// Signatures of UnityEngine 2021.3, sound. Pages: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/<name>.html
namespace UnityEngine
{
    // AudioSource.html
    public sealed class AudioSource : Behaviour
    {
        public AudioClip clip { get; set; }
        public bool isPlaying { get { return false; } }
        public int timeSamples { get; set; }
        public float pitch { get; set; }
        public float volume { get; set; }
        public bool loop { get; set; }
        public bool mute { get; set; }
        public bool playOnAwake { get; set; }
        public bool ignoreListenerPause { get; set; }
        public float spatialBlend { get; set; }
        public float dopplerLevel { get; set; }
        public void Play() { }
        public void Stop() { }
        public void Pause() { }
        public void UnPause() { }
    }

    // AudioListener.html
    public sealed class AudioListener : Behaviour
    {
        public static bool pause { get; set; }
    }

    // AudioClip.html, AudioClipLoadType.html, AudioDataLoadState.html
    public sealed class AudioClip : Object
    {
        public int samples { get { return 0; } }
        public int channels { get { return 0; } }
        public int frequency { get { return 0; } }
        public float length { get { return 0; } }
        public AudioClipLoadType loadType { get { return AudioClipLoadType.DecompressOnLoad; } }
        public AudioDataLoadState loadState { get { return AudioDataLoadState.Loaded; } }
        public bool LoadAudioData() { return false; }
        public bool GetData(float[] data, int offsetSamples) { return false; }
        public bool SetData(float[] data, int offsetSamples) { return false; }
        public static AudioClip Create(string name, int lengthSamples, int channels, int frequency, bool stream) { return null; }
    }

    public enum AudioClipLoadType { DecompressOnLoad, CompressedInMemory, Streaming }
    public enum AudioDataLoadState { Unloaded, Loading, Loaded, Failed }

    // AudioSettings.html
    public sealed class AudioSettings
    {
        public static double dspTime { get { return 0; } }
        public static int outputSampleRate { get; set; }
        public static void GetDSPBufferSize(out int bufferLength, out int numBuffers) { bufferLength = numBuffers = 0; }
        public delegate void AudioConfigurationChangeHandler(bool deviceWasChanged);
        public static event AudioConfigurationChangeHandler OnAudioConfigurationChanged;
        internal static void Raise() { OnAudioConfigurationChanged(false); }
    }

    // Microphone.html
    public sealed class Microphone
    {
        public static string[] devices { get { return null; } }
        public static AudioClip Start(string deviceName, bool loop, int lengthSec, int frequency) { return null; }
        public static void End(string deviceName) { }
        public static bool IsRecording(string deviceName) { return false; }
        public static int GetPosition(string deviceName) { return 0; }
        public static void GetDeviceCaps(string deviceName, out int minFreq, out int maxFreq) { minFreq = maxFreq = 0; }
    }
}
