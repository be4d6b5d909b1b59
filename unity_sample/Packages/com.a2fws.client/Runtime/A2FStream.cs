using System.Collections.Generic;
using A2F.Core;
using UnityEngine;
using UnityEngine.Events;

namespace A2F
{
    /// <summary>
    /// A character that speaks: sends what it says to a server, plays it in time with the poses that come back, and shows these
    /// on every A2FTarget below. Or watches what somebody else's session says.
    /// </summary>
    [AddComponentMenu("A2F/A2F Stream")]
    [DisallowMultipleComponent]
    [DefaultExecutionOrder(50)]
    public sealed partial class A2FStream : MonoBehaviour
    {
        [SerializeField] A2FServerSettings server = new A2FServerSettings();

        [Tooltip("Name of a rig; empty: what fits the head best.")]
        [SerializeField] string rig = "";

        [Tooltip("Name of a model; empty: the server's first.")]
        [SerializeField] string model = "";

        [Tooltip("Poses per second.")]
        [Range(10, 120)]
        [SerializeField] int fps = 60;

        [Tooltip("Sound is sent at this rate, Hz; 16,000 is what the networks hear.")]
        [SerializeField] int sendRate = 16000;

        [Tooltip("Name under which others may watch this character; empty: none may.")]
        [SerializeField] string sharedName = "";

        [Tooltip("Name of somebody else's session to watch instead of speaking; empty: this character speaks.")]
        [SerializeField] string watchedName = "";

        [Tooltip("Watching: what is heard here is what everybody goes by.")]
        [SerializeField] bool ownsClock;

        [Tooltip("Life beside speech: none, blinks, or blinks, gaze, breath and small head motion.")]
        [SerializeField] IdleLevel idle = IdleLevel.Alive;

        [Tooltip("Sound is heard later than Unity knows, ms: Bluetooth, televisions. May be negative.")]
        [Range(-500, 500)]
        [SerializeField] int soundDelayMs;

        [Tooltip("A line waits so long for its first poses, then it is heard without them, s.")]
        [Range(0.2f, 30)]
        [SerializeField] float patienceSeconds = 3;

        [Tooltip("Emotion at the start, 0 … 1 each.")]
        [SerializeField] A2FAmount[] emotion = new A2FAmount[0];

        [Tooltip("Face parameters at the start.")]
        [SerializeField] A2FAmount[] parameters = new A2FAmount[0];

        [Tooltip("Groups whose left and right change places: eyes, brows, jaw, mouth, cheeks, nose, tongue.")]
        [SerializeField] string[] swap = new string[0];

        [Tooltip("Said once when the scene begins.")]
        [SerializeField] AudioClip firstLine;

        public UnityEvent onOpened = new UnityEvent();
        public UnityEvent<int> onLineBegan = new UnityEvent<int>();
        public UnityEvent<int> onLineEnded = new UnityEvent<int>();
        public UnityEvent<string> onTrouble = new UnityEvent<string>();

        readonly List<A2FTarget> targets = new List<A2FTarget>();
        readonly Dictionary<string, float> feelings = new Dictionary<string, float>();
        readonly Dictionary<string, float> settings = new Dictionary<string, float>();
        A2FConnection connection;
        PosePlayer player;
        A2FAudio sound;
        Layout shownLayout;
        string lastTrouble = "";
        bool isOn;
        bool isOff;
        bool isHidden;
        bool isPaused;
        bool isMicrophone;
        bool isWaitingForServer;
        bool hasSaidFirst;
        bool hasGivenUpLocal;

        /// <summary>The session; null while there is no server's address. Lines are said and heard all the same.</summary>
        public Session Session { get; private set; }

        /// <summary>Plays the lines; null while the component is disabled.</summary>
        public Playback Playback { get; private set; }

        /// <summary>The row shown last; its curves are Session.Opened.Curves.</summary>
        public float[] Row { get; private set; }

        /// <summary>What shows the face.</summary>
        public IList<A2FTarget> Targets
        {
            get { return targets; }
        }

        /// <summary>How it reaches its server; a change acts with Reopen.</summary>
        public A2FServerSettings Server
        {
            get { return server; }
        }

        /// <summary>Names to ask for; a change acts with Reopen.</summary>
        public string Rig
        {
            get { return rig; }
            set { rig = value; }
        }

        public string WatchedName
        {
            get { return watchedName; }
            set { watchedName = value; }
        }

        public string SharedName
        {
            get { return sharedName; }
            set { sharedName = value; }
        }

        /// <summary>What is said is heard: the component was not disabled, and does not watch somebody else.</summary>
        public bool CanSpeak
        {
            get { return !isOff && !IsWatching; }
        }

        /// <summary>Sound is heard, or is about to be.</summary>
        public bool IsSpeaking
        {
            get { return Playback != null && Playback.IsSpeaking; }
        }

        /// <summary>The sound stands, and the mouth with it.</summary>
        public bool IsPaused
        {
            get { return isPaused; }
            set
            {
                isPaused = value;
                if (Playback != null)
                {
                    Playback.IsPaused = value;
                }
            }
        }

        /// <summary>Poses are computed and sent; false for a face that nobody sees.</summary>
        public bool IsVisible
        {
            get { return !isHidden; }
            set
            {
                isHidden = !value;
                if (Session != null && value != Session.Player.IsVisible)
                {
                    Session.Change(new Set { Visible = value });
                }
            }
        }

        /// <summary>What is right and what is not.</summary>
        public A2FHealth Health
        {
            get { return A2FDoctor.Look(this, connection, isWaitingForServer, lastTrouble); }
        }

        /// <summary>The source that is heard; null without an A2FAudio.</summary>
        public A2FAudio Sound
        {
            get
            {
                sound = sound ? sound : GetComponentInChildren<A2FAudio>();
                return sound;
            }
        }

        /// <summary>Begin anew: after settings, meshes or the microphone have changed.</summary>
        public void Reopen()
        {
            CloseSession();
            hasGivenUpLocal = false;
            if (isOn)
            {
                OpenSession();
            }
        }

        /// <summary>Begin anew as an open microphone, or as lines.</summary>
        internal void Reopen(bool asMicrophone)
        {
            isMicrophone = asMicrophone;
            if (isOn)
            {
                Reopen();
            }
        }

        void OnEnable()
        {
            A2FAmount.Put(emotion, feelings);
            A2FAmount.Put(parameters, settings);
            isOn = true;
            isOff = hasGivenUpLocal = false;
            OpenSession();
        }

        void OnDisable()
        {
            isOn = false;
            isOff = true;
            CloseSession();
        }

        void LateUpdate()
        {
            if (isWaitingForServer)
            {
                OpenSession();
            }
            SeekLocal();
            PourClips();
            Playback now = Playback;
            if (now == null)
            {
                return;
            }
            player.AvOffsetUs = 1000L * soundDelayMs;
            now.Level = idle;
            float[] row = now.Sample(A2FClock.NowUs);
            if (Playback != now)
            {
                // Somebody who was told has disabled the character, or begun anew.
                return;
            }
            Row = row;
            if (Playback.Layout != shownLayout)
            {
                Bind();
            }
            bool isBound = shownLayout != null && shownLayout == Playback.Layout && Row.Length > 0;
            for (int k = 0; isBound && k < targets.Count; k++)
            {
                targets[k].Show(Row);
            }
        }

        void Complain(Trouble trouble)
        {
            // Tries that fail again and again are told once.
            if (trouble.Code != Codes.Normal && lastTrouble != trouble.ToString())
            {
                Complain(trouble.ToString());
            }
        }

        void Complain(string text)
        {
            lastTrouble = text;
            Debug.LogWarning("A2F: " + text, this);
            onTrouble.Invoke(text);
        }
    }
}
