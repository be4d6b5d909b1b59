using System;
using System.Collections.Generic;
using A2F.Core;
using UnityEngine;

namespace A2F
{
    /// <summary>What a character is told to say and to feel.</summary>
    public sealed partial class A2FStream
    {
        SoundFeed open;
#if !UNITY_WEBGL || UNITY_EDITOR
        A2FTap capture;
#endif

        /// <summary>
        /// Say a clip, behind what is said already. One whose sound Unity does not give out is captured while it plays, and
        /// heard a moment later. Null, with a complaint, where neither can be.
        /// </summary>
        public Line Speak(AudioClip clip)
        {
            string why = clip ? null : "found no clip to speak";
            if (!clip || !A2FAudio.CanRead(clip, out why))
            {
                return SpeakCaptured(clip, why);
            }
            SoundFeed feed = Start(clip.frequency, spoken => Sound ? Sound.Voice(clip) : VoiceFor(spoken.Sound));
            if (feed != null)
            {
                Pour(clip, feed);
            }
            return feed == null ? null : feed.Line;
        }

        /// <summary>Say mono samples, full scale −1 … 1, as they come: the first ones begin a line, End ends it.</summary>
        /// <param name="rate">Their rate, Hz; the same for a whole line.</param>
        public void Feed(float[] samples, int count, int rate)
        {
            open = open ?? Begin(rate);
            if (open != null)
            {
                open.Add(samples, 0, Mathf.Clamp(count, 0, samples.Length));
            }
        }

        /// <summary>The same for the bytes of a text-to-speech service: 16 bits, little endian, mono.</summary>
        public void Feed(byte[] pcm, int count, int rate)
        {
            AudioFormat format = new AudioFormat { Format = SampleFormat.S16le, Rate = rate };
            float[] samples = new float[Mathf.Clamp(count, 0, pcm.Length) / 2];
            int frames = Pcm.ReadMono(new ArraySegment<byte>(pcm, 0, 2 * samples.Length), format, samples, 0);
            Feed(samples, frames, rate);
        }

        /// <summary>The line that Feed began is complete.</summary>
        public void End()
        {
            if (open != null)
            {
                open.End();
                open = null;
            }
        }

        /// <summary>Begin a line of one's own: sound is put into it as it comes, and ended there. Null, with a complaint, while disabled or watching.</summary>
        public SoundFeed Begin(int rate)
        {
            return Start(rate, feed => VoiceFor(feed.Sound));
        }

        /// <summary>Stop speaking now: the mouth closes, what waits is dropped. The next line may be said at once.</summary>
        public void Interrupt()
        {
            open = null;
            if (Playback != null)
            {
                Playback.Interrupt(A2FClock.NowUs);
            }
        }

        /// <summary>Feel one emotion more or less, 0 … 1; the others stay.</summary>
        public void SetEmotion(string name, float value)
        {
            feelings[name] = Mathf.Clamp01(value);
            Feel(0.3f);
        }

        /// <summary>Feel these and nothing else, 0 … 1 each, after a transition.</summary>
        public void SetEmotions(Dictionary<string, float> values, float transitionSeconds)
        {
            List<A2FAmount> all = new List<A2FAmount>();
            foreach (KeyValuePair<string, float> one in values)
            {
                all.Add(new A2FAmount(one.Key, Mathf.Clamp01(one.Value)));
            }
            feelings.Clear();
            A2FAmount.Put(all, feelings);
            Feel(transitionSeconds);
        }

        /// <summary>Change a face parameter; Session.Client.Hello says which there are.</summary>
        public void SetParameter(string name, float value)
        {
            settings[name] = value;
            if (Session != null && CanSpeak)
            {
                Session.Change(new Set { Params = new Dictionary<string, float> { { name, value } } });
            }
        }

        /// <summary>Begin a line with a voice of one's own, which waits for its session; null, with a complaint, while disabled or watching.</summary>
        internal SoundFeed Start(int rate, Func<SoundFeed, IVoice> voice)
        {
            if (!CanSpeak)
            {
                Complain(IsWatching ? "watches \"" + watchedName + "\" and says nothing of its own" : "is disabled and says nothing");
                return null;
            }
            Prepare();
            SoundFeed feed = new SoundFeed(Session != null ? Session.Say() : Line.Early(++earlyLines, sendRate), rate);
            Playback.Add(feed.Line, voice(feed));
            return feed;
        }

        void Feel(float transitionSeconds)
        {
            if (Session != null && CanSpeak)
            {
                Session.SetEmotion(feelings, (long)(1e6 * Mathf.Clamp(transitionSeconds, 0, 60)));
            }
        }

        Line SpeakCaptured(AudioClip clip, string why)
        {
#if !UNITY_WEBGL || UNITY_EDITOR
            if (clip && clip.loadType != AudioClipLoadType.DecompressOnLoad && Sound)
            {
                if (!capture)
                {
                    GameObject home = new GameObject(name + " (A2F capture)") { hideFlags = HideFlags.DontSave };
                    home.transform.SetParent(transform, false);
                    home.AddComponent<AudioSource>().playOnAwake = false;
                    capture = home.AddComponent<A2FTap>();
                }
                capture.Stream = this;
                return capture.Play(clip);
            }
#endif
            Complain(why);
            return null;
        }

        IVoice VoiceFor(Reel reel)
        {
            return Sound ? Sound.Voice(reel) : new SilentVoice(reel, () => A2FClock.NowUs);
        }
    }
}
