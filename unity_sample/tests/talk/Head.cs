using System;
using System.Collections.Generic;
using A2F.Core;

namespace A2F.Talk
{
    /// <summary>One session: its lines, its player, and what came of both.</summary>
    internal sealed class Head
    {
        public readonly Open Request;
        public readonly PosePlayer Player = new PosePlayer();
        private readonly List<Line> _lines = new List<Line>();
        private readonly Log _log;

        /// <summary>Null until the server has opened it on this connection.</summary>
        public Opened Opened { get; private set; }

        /// <summary>The last error or end that was told, 0 = none.</summary>
        public int Refusal { get; set; }

        public bool IsClosed { get; private set; }

        public Head(Open request, Log log)
        {
            Request = request;
            _log = log;
        }

        public int Sid => Request.Sid;

        public Line Say(int u, byte[] pcm)
        {
            var line = new Line(u, pcm, Request.Audio.Rate);
            line.Begin(0, Opened.CreditUs);
            _lines.Add(line);
            return line;
        }

        /// <summary>The connection is lost.</summary>
        public void Part()
        {
            Opened = null;
        }

        /// <summary>What may be sent now, line by line.</summary>
        public void Pump(Action<Message> send)
        {
            foreach (Line line in _lines)
            {
                for (Message next = line.Next(Sid); next != null; next = line.Next(Sid)) send(next);
            }
        }

        public void Take(Message message)
        {
            var opened = message as Opened;
            var poses = message as Poses;
            var rest = message as Rest;
            var utterance = message as Utterance;
            var credit = message as Credit;
            var error = message as Error;
            if (opened != null) TakeOpened(opened);
            else if (poses != null) TakePoses(poses);
            else if (rest != null) Expect(Player.Rest(rest.Layout, rest.Data), "a rest row that fits");
            else if (utterance != null) TakeState(utterance);
            else if (credit != null) Find(credit.U).Allow(credit.ToUs);
            else if (error != null) Refusal = error.Code;
            else if (message is Status) _log.Tell(Sid, "status", ((Status)message).Code);
            else if (message is Audio) _log.Hear((Audio)message);
            else if (message is Closed) IsClosed = true;
        }

        public Line Find(int u)
        {
            foreach (Line line in _lines)
            {
                if (line.U == u) return line;
            }
            // Of a watcher: what somebody else says.
            var other = new Line(u, new byte[0], 16000);
            other.Begin(0, 0, true);
            _lines.Add(other);
            return other;
        }

        private void TakeOpened(Opened opened)
        {
            Opened = opened;
            Player.Opened(opened);
            _log.Tell(Sid, "opened", opened.Rig, opened.Received == null ? "afresh" : "resumed");
            foreach (Line line in _lines)
            {
                if (line.IsOver) continue;
                Received received = opened.Received;
                if (received == null) line.Begin(0, opened.CreditUs);
                else if (received.U == line.U) line.Begin(Ticks.UsToFrames(received.ToUs, Request.Audio.Rate), opened.CreditUs);
                else if (received.U > line.U) line.Begin(0, 0, true);
            }
        }

        private void TakePoses(Poses poses)
        {
            if (Opened == null || poses.Layout != Opened.Layout) return;
            Find(poses.U).Come(poses.N);
            Find(poses.U).Allow(Opened.Fps.TimeUs(poses.I + poses.N - 1) + Opened.CreditUs);
            if (Player.State != GateState.Stop) Player.Poses(poses.U, poses.Layout, poses.I, poses.Data);
            _log.Keep(poses, Opened.Row);
        }

        private void TakeState(Utterance utterance)
        {
            Player.Utterance(utterance.U, utterance.State, utterance.Poses, utterance.TUs);
            Find(utterance.U).Tell(utterance.State);
            _log.Tell(Sid, utterance.U.ToString(), utterance.State.ToString(), utterance.TUs.ToString());
        }

        private static void Expect(bool holds, string wanted)
        {
            if (!holds) throw new InvalidOperationException("wanted " + wanted);
        }
    }
}
