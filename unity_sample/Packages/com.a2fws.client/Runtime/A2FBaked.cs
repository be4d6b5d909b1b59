using System.Collections.Generic;
using A2F.Core;
using UnityEngine;
using UnityEngine.Events;

namespace A2F
{
    /// <summary>Plays baked clips on the faces below, in time with their sound: no server, no network.</summary>
    [AddComponentMenu("A2F/A2F Baked")]
    [DisallowMultipleComponent]
    [DefaultExecutionOrder(50)]
    public sealed class A2FBaked : MonoBehaviour
    {
        [SerializeField] A2FClip clip;
        [SerializeField] bool playsOnStart = true;
        [SerializeField] IdleLevel idle = IdleLevel.Alive;

        public UnityEvent onEnded = new UnityEvent();

        static uint seeds;

        readonly List<A2FTarget> targets = new List<A2FTarget>();
        readonly PosePlayer player = new PosePlayer();
        readonly Dictionary<int, Opened> layouts = new Dictionary<int, Opened>();
        Playback playback;
        Layout shownLayout;
        int u;

        /// <summary>Sound is heard, or is about to be.</summary>
        public bool IsPlaying
        {
            get { return playback != null && playback.IsSpeaking; }
        }

        /// <summary>Play a clip behind those that play already. False where it holds no line.</summary>
        public bool Play(A2FClip one)
        {
            Clip line = one ? one.Clip : null;
            if (line == null || !isActiveAndEnabled)
            {
                return false;
            }
            u++;
            layouts[u] = line.Opened;
            line.Feed(player, u, u);
            Line spoken = Line.Of(u, line);
            A2FAudio voice = GetComponentInChildren<A2FAudio>();
            IVoice heard = voice && one.Sound ? voice.Voice(one.Sound) : new SilentVoice(spoken.Reel, () => A2FClock.NowUs);
            playback.Add(spoken, heard);
            return true;
        }

        /// <summary>Stop now: the mouth closes.</summary>
        public void Stop()
        {
            if (playback != null)
            {
                playback.Interrupt(A2FClock.NowUs);
            }
        }

        void OnEnable()
        {
            targets.Clear();
            targets.AddRange(GetComponentsInChildren<A2FTarget>());
            seeds++;
            playback = new Playback(player) { Level = idle, Seed = 2246822519u * seeds };
            playback.Ended += line => onEnded.Invoke();
            if (playsOnStart && clip)
            {
                Play(clip);
            }
        }

        void OnDisable()
        {
            playback.Stop();
        }

        void LateUpdate()
        {
            float[] row = playback.Sample(A2FClock.NowUs);
            Opened opened;
            if (playback.Layout != shownLayout && layouts.TryGetValue(playback.Layout.Id, out opened))
            {
                shownLayout = playback.Layout;
                layouts.Remove(shownLayout.Id);
                foreach (A2FTarget target in targets)
                {
                    target.Bind(opened.Curves, opened.Transforms);
                }
            }
            bool isBound = shownLayout != null && shownLayout == playback.Layout;
            for (int k = 0; isBound && k < targets.Count; k++)
            {
                targets[k].Show(row);
            }
        }
    }
}
