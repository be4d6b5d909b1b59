using System.Collections.Generic;
using A2F.Core;
using UnityEngine;

namespace A2F
{
    /// <summary>How a character comes to its session, and what is asked for.</summary>
    public sealed partial class A2FStream
    {
        void OpenSession()
        {
            string url = connection ? "" : Address();
            isWaitingForServer = url == null;
            if (string.IsNullOrEmpty(url))
            {
                return;
            }
            string why;
            ClientOptions who = new ClientOptions
            {
                Name = "unity-" + Application.version + "/com.a2fws.client",
                Password = server.password,
                Token = server.token
            };
            connection = A2FConnection.Join(url, who, server.socket, server.trustsAnyCertificate, out why);
            if (connection == null)
            {
                Complain(why);
                return;
            }
            connection.Client.Complained += Complain;
            SessionOptions terms = Terms();
            Session = IsWatching ? connection.Client.Watch(terms) : connection.Client.Open(terms);
            Session.Complained += Complain;
            Session.WasClosed += Complain;
            Session.WasOpened += opened => onOpened.Invoke();
            Playback = new Playback(Session) { Level = idle, Seed = (uint)GetInstanceID(), PatienceUs = (long)(1e6 * patienceSeconds) };
            Playback.Began += line => onLineBegan.Invoke(line.U);
            Playback.Ended += line => onLineEnded.Invoke(line.U);
            Watch watch = Session as Watch;
            if (watch != null)
            {
                watch.Heard += line => Playback.Add(line, VoiceFor(line.Reel));
            }
            SayFirst();
        }

        bool IsWatching
        {
            get { return !string.IsNullOrEmpty(watchedName); }
        }

        SessionOptions Terms()
        {
            targets.Clear();
            targets.AddRange(GetComponentsInChildren<A2FTarget>());
            List<string> names = new List<string>();
            bool hasJaw = false;
            bool isVrm = false;
            foreach (A2FTarget target in targets)
            {
                target.Collect(names);
                hasJaw = hasJaw || target.HasJawBone;
                isVrm = isVrm || target.IsVrm;
            }
            string wanted = string.IsNullOrEmpty(rig) ? RigChoice.Of(names, hasJaw && names.Count < 2, isVrm) : rig;
            bool isJaw = wanted == "jaw";
            return new SessionOptions
            {
                Rig = isJaw ? "unity/jaw" : names.Count == 0 && wanted == "auto" ? "unity/arkit" : wanted,
                Table = isJaw ? RigChoice.JawTable() : null,
                Have = RigChoice.Sendable(names),
                Model = model,
                Fps = fps,
                Rate = sendRate,
                IsMicrophone = isMicrophone,
                Name = IsWatching ? watchedName : sharedName,
                OwnsClock = ownsClock,
                Emotion = feelings.Count == 0 ? null : new Dictionary<string, float>(feelings),
                Params = settings.Count == 0 ? null : new Dictionary<string, float>(settings),
                Swap = swap.Length > 0 ? swap : null
            };
        }

        /// <summary>Tell the targets what rows consist of, once the newest `opened` is the one that the rows are made for.</summary>
        void Bind()
        {
            Opened opened = Session.Opened;
            if (opened == null || opened.Row != Playback.Layout.Row)
            {
                return;
            }
            shownLayout = Playback.Layout;
            for (int k = 0; k < targets.Count; k++)
            {
                targets[k].Bind(opened.Curves, opened.Transforms);
            }
        }

        void CloseSession()
        {
            if (Playback != null)
            {
                Playback.Stop();
            }
            if (connection)
            {
                connection.Client.Complained -= Complain;
                Session.Close();
                connection.Leave();
            }
            connection = null;
            Session = null;
            Playback = null;
            shownLayout = null;
            isWaitingForServer = false;
        }

        /// <summary>Where the server is; null while one is about to be there.</summary>
        string Address()
        {
#if !UNITY_WEBGL || UNITY_EDITOR
            if (server.startsLocalServer)
            {
                string why = A2FLocalServer.Start(server.program, server.arguments);
                if (why == null)
                {
                    return A2FLocalServer.Url.Length > 0 ? A2FLocalServer.Url : null;
                }
                server.startsLocalServer = false;
                Complain(why + ". Going on with " + server.url);
            }
#endif
            return server.url;
        }

        void SayFirst()
        {
            if (!hasSaidFirst && firstLine && !IsWatching && !isMicrophone)
            {
                hasSaidFirst = true;
                Speak(firstLine);
            }
        }
    }
}
