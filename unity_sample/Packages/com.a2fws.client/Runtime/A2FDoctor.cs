using A2F.Core;
using UnityEngine;

namespace A2F
{
    /// <summary>Says in words what works for a character and what does not.</summary>
    internal static class A2FDoctor
    {
        static AudioListener listener;

        public static A2FHealth Look(A2FStream stream, A2FConnection connection, bool isStarting, string trouble)
        {
            A2FHealth health = new A2FHealth();
            Client client = connection ? connection.Client : null;
            health.ServerIsRight = client != null && client.State == ClientState.Ready;
            health.Server = Server(client, isStarting, trouble);
#if !UNITY_WEBGL || UNITY_EDITOR
            bool isLocalMissed = stream.Server.startsLocalServer && !health.ServerIsRight && A2FLocalServer.Trouble.Length > 0;
            health.Server += isLocalMissed ? "; " + A2FLocalServer.Trouble : "";
#endif
            string silence = Silence(stream.Sound);
            health.SoundIsRight = silence == null;
            health.Sound = silence ?? Sound(stream);
            Session session = stream.Session;
            health.PosesAreRight = session != null && session.Opened != null;
            health.Poses = Poses(stream, session, trouble);
            int matched = 0;
            int available = 0;
            foreach (A2FTarget target in stream.Targets)
            {
                matched += target.Matched;
                available += target.Available;
            }
            health.CurvesAreRight = matched > 0;
            health.Curves = Curves(session, matched, available);
            return health;
        }

        static string Server(Client client, bool isStarting, string trouble)
        {
            if (client == null)
            {
                return isStarting ? "the local server is starting" : trouble.Length > 0 ? trouble : "not asked for yet";
            }
            if (client.State == ClientState.Ready)
            {
                string server = client.Hello == null ? "" : client.Hello.Server;
                return server + " at " + client.Address + (client.RoundTripUs > 0 ? ", " + client.RoundTripUs / 1000f + " ms there and back" : "");
            }
            return client.Trouble == null ? "connecting to " + client.Address : client.Trouble.Message;
        }

        /// <summary>Why nothing can be heard; null where it can.</summary>
        static string Silence(A2FAudio sound)
        {
            AudioSource source = sound ? sound.Source : null;
            return !source ? "no A2F Audio: lines move the face and are not heard"
                : !HasListener() ? "no AudioListener in the scene: add one, to the camera as a rule"
                : !source.isActiveAndEnabled ? "the AudioSource of \"" + source.name + "\" is switched off"
                : source.mute || source.volume <= 0 ? "the AudioSource of \"" + source.name + "\" is muted, or its volume is 0"
                : A2FAudio.IsListenerPaused(source) ? "the listener is paused"
                : AudioListener.volume <= 0 ? "the volume of the listener is 0" : null;
        }

        static bool HasListener()
        {
            if (!listener || !listener.isActiveAndEnabled)
            {
#if UNITY_2023_1_OR_NEWER
                listener = Object.FindAnyObjectByType<AudioListener>();
#else
                listener = Object.FindObjectOfType<AudioListener>();
#endif
            }
            return listener && listener.isActiveAndEnabled;
        }

        static string Sound(A2FStream stream)
        {
            Playback playback = stream.Playback;
            if (playback == null || playback.Line == null)
            {
                return "silent so far";
            }
            return playback.State.ToString().ToLowerInvariant() + (playback.Stalls > 0 ? ", waited for poses " + playback.Stalls + " times" : "");
        }

        static string Poses(A2FStream stream, Session session, string trouble)
        {
            if (session == null || session.Opened == null)
            {
                return session != null && session.IsClosed ? trouble : "none yet";
            }
            Opened opened = session.Opened;
            string skew = stream.Playback.SkewUs.HasValue ? ", " + stream.Playback.SkewUs.Value / 1000 + " ms from the sound" : "";
            return session.PosesCount + " by " + opened.Model + " for " + opened.Rig + " at " + opened.Fps + "/s" + skew;
        }

        static string Curves(Session session, int matched, int available)
        {
            if (session == null || session.Opened == null)
            {
                return available + " found on the meshes";
            }
            Opened opened = session.Opened;
            int missing = opened.Missing.Length;
            int wanted = opened.Curves.Length + missing;
            return "matched " + opened.Curves.Length + "/" + wanted + (missing > 0 ? ", missing " + string.Join(" ", opened.Missing) : "")
                + (available > matched ? "; " + (available - matched) + " shapes of the meshes are not the face's" : "");
        }
    }
}
