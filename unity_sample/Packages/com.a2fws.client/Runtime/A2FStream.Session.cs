using System.Collections.Generic;
using A2F.Core;
using UnityEngine;

namespace A2F
{
    /// <summary>How a character comes to its session, and what is asked for.</summary>
    public sealed partial class A2FStream
    {
        static uint seeds;

        int earlyLines;

        /// <summary>What plays lines, from before there is a session.</summary>
        void Prepare()
        {
            if (Playback != null)
            {
                return;
            }
            player = new PosePlayer();
            seeds++;
            Playback = new Playback(player)
            {
                Level = idle,
                Seed = 2654435769u * seeds,
                PatienceUs = (long)(1e6 * patienceSeconds),
                IsPaused = isPaused
            };
            Playback.Began += line => onLineBegan.Invoke(line.U);
            Playback.Ended += line => onLineEnded.Invoke(line.U);
            earlyLines = 0;
        }

        void OpenSession()
        {
            Prepare();
            string url = connection ? "" : Address();
            if (Playback == null)
            {
                // Disabled by somebody who was told of trouble.
                return;
            }
            isWaitingForServer = url == null;
            if (string.IsNullOrEmpty(url))
            {
                SayFirst();
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
                // Nobody will come to be waited for.
                Playback.PatienceUs = 0;
                SayFirst();
                Complain(why);
                return;
            }
            connection.Client.Complained += Complain;
            SessionOptions terms = Terms();
            Session = IsWatching ? connection.Client.Watch(terms) : connection.Client.Open(terms);
            Session.Complained += Complain;
            Session.WasClosed += Complain;
            Session.WasOpened += WasOpened;
            Playback.Join(Session);
            if (isHidden)
            {
                Session.Change(new Set { Visible = false });
            }
            Watch watch = Session as Watch;
            if (watch != null)
            {
                watch.Heard += line => Playback.Add(line, VoiceFor(line.Reel));
            }
            SayFirst();
        }

        void WasOpened(Opened opened)
        {
            lastTrouble = "";
            onOpened.Invoke();
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
                Player = player,
                Emotion = feelings.Count == 0 ? null : new Dictionary<string, float>(feelings),
                Params = settings.Count == 0 ? null : new Dictionary<string, float>(settings),
                Swap = swap.Length > 0 ? swap : null
            };
        }

        /// <summary>Tell the targets what rows consist of, once the newest `opened` is the one that the rows are made for.</summary>
        void Bind()
        {
            Opened opened = Session == null ? null : Session.Opened;
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
            Playback playback = Playback;
            A2FConnection left = connection;
            Session session = Session;
            connection = null;
            Session = null;
            Playback = null;
            open = null;
            shownLayout = null;
            isWaitingForServer = false;
            if (playback != null)
            {
                playback.Stop();
            }
            if (left)
            {
                if (left.Client != null)
                {
                    left.Client.Complained -= Complain;
                }
                session.Close();
                left.Leave();
            }
        }

        /// <summary>Where the server is; null while one is about to be there.</summary>
        string Address()
        {
#if !UNITY_WEBGL || UNITY_EDITOR
            if (server.startsLocalServer && !hasGivenUpLocal)
            {
                string why = A2FLocalServer.Start(server.program, server.arguments);
                if (why == null)
                {
                    return A2FLocalServer.Url.Length > 0 ? A2FLocalServer.Url : null;
                }
                hasGivenUpLocal = true;
                Complain(why + ". Going on with " + server.url);
            }
#endif
            return server.url;
        }

        /// <summary>A local server that did not start is tried again, as long as there is no other one either.</summary>
        void SeekLocal()
        {
#if !UNITY_WEBGL || UNITY_EDITOR
            if (hasGivenUpLocal && !IsSpeaking && (Session == null || !Session.IsOpen))
            {
                A2FLocalServer.Keep();
                if (A2FLocalServer.Url.Length > 0)
                {
                    Reopen();
                }
            }
#endif
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
