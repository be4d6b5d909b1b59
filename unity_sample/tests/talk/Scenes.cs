using System;
using System.IO;
using A2F.Core;

namespace A2F.Talk
{
    /// <summary>What is played through against a server.</summary>
    internal sealed class Scenes
    {
        private const int Rate = 16000;
        private const long FrameUs = 16667;
        private const long TellUs = 250000;

        private readonly Talker _talker;
        private readonly Log _log;
        private readonly byte[] _sound;
        private readonly string _folder;

        public Scenes(Talker talker, Log log, string sound, string folder)
        {
            _talker = talker;
            _log = log;
            _sound = File.ReadAllBytes(sound);
            _folder = folder;
        }

        public void Play(string scene)
        {
            _talker.Connect();
            _log.Tell(0, "instance", _talker.Hello.Instance);
            switch (scene)
            {
                case "whole": Whole(); break;
                case "sessions": Sessions(); break;
                case "interrupt": Interrupt(); break;
                case "live": Live(); break;
                case "cut": Cut(); break;
                case "restart": Restart(); break;
                case "watch": Watch(); break;
                default: throw new ArgumentException("no scene " + scene);
            }
            _talker.Close();
        }

        private Open Ask(int sid, Pacing pacing, int fps = 60, string rig = "arkit")
        {
            var audio = new AudioFormat { Format = SampleFormat.S16le, Rate = Rate };
            return new Open { Sid = sid, Rig = rig, Fps = new PoseRate(fps), Pacing = pacing, Audio = audio };
        }

        /// <summary>Two lines, one behind the other.</summary>
        private void Whole()
        {
            Head head = _talker.Open(Ask(1, Pacing.Burst), _log);
            Line first = head.Say(1, _sound), second = head.Say(2, _sound);
            _talker.Until(() => first.IsOver && second.IsOver);
            _talker.Send(new Close { Sid = 1 });
            _talker.Until(() => head.IsClosed);
        }

        /// <summary>Three heads at once, of other rates and rigs.</summary>
        private void Sessions()
        {
            Head one = _talker.Open(Ask(1, Pacing.Burst), _log);
            Head two = _talker.Open(Ask(2, Pacing.Live, 30), _log);
            Head three = _talker.Open(Ask(7, Pacing.Burst, 25, "browser/vrm1"), _log);
            Line a = one.Say(1, _sound), b = two.Say(5, _sound), c = three.Say(1, _sound);
            _talker.Until(() => a.IsOver && b.IsOver && c.IsOver);
        }

        /// <summary>Barge-in: the first line is dropped, the next one is said at once.</summary>
        private void Interrupt()
        {
            Head head = _talker.Open(Ask(1, Pacing.Live), _log);
            Line first = head.Say(1, _sound);
            _talker.Until(() => first.Poses >= 20);
            _talker.Send(new Interrupt { Sid = 1, U = 1, TUs = 200000 });
            head.Player.Interrupt(1);
            Line second = head.Say(2, _sound);
            _talker.Until(() => second.IsOver);
        }

        /// <summary>As a game plays it: the gate rules the sound, frames sample the player, the server is told.</summary>
        private void Live()
        {
            Head head = _talker.Open(Ask(1, Pacing.Live), _log);
            Line line = head.Say(1, _sound);
            PosePlayer player = head.Player;
            long? playUs = null;
            long lastUs = _talker.NowUs, toldUs = 0;
            int shown = 0;
            GateState state = GateState.Stop;
            for (long frameUs = lastUs; !line.IsOver || player.State != GateState.Stop; frameUs += FrameUs)
            {
                while (_talker.NowUs < frameUs) _talker.Step(frameUs);
                long nowUs = _talker.NowUs;
                bool isRunning = state == GateState.Start || state == GateState.Play;
                if (isRunning) playUs = (playUs ?? 0) + nowUs - lastUs;
                lastUs = nowUs;
                player.Sample(1, playUs, nowUs);
                if (player.ShownUs.HasValue) shown++;
                if (player.State != state) _log.Tell(1, "gate", (state = player.State).ToString());
                if (!playUs.HasValue || line.IsOver || nowUs < toldUs + TellUs) continue;
                toldUs = nowUs;
                _talker.Send(new Played { Sid = 1, U = 1, TUs = playUs.Value, Paused = state == GateState.Stall });
            }
            _log.Tell(1, "shown", shown.ToString());
        }

        /// <summary>The connection is lost in the middle of a line; the session goes on over another one.</summary>
        private void Cut()
        {
            Head head = _talker.Open(Ask(1, Pacing.Live), _log);
            Line line = head.Say(1, _sound);
            _talker.Until(() => line.Poses >= 20);
            string token = head.Opened.Resume;
            _talker.Cut();
            _talker.Connect();
            _talker.TakeUp(new[] { token });
            _talker.Until(() => line.IsOver);
        }

        /// <summary>The server is killed in the middle of a line and comes back; the line is said afresh.</summary>
        private void Restart()
        {
            Head head = _talker.Open(Ask(1, Pacing.Live), _log);
            Line line = head.Say(1, _sound);
            _talker.Until(() => line.Poses >= 20);
            string token = head.Opened.Resume;
            File.WriteAllText(Path.Combine(_folder, "may_be_killed"), "");
            _talker.Until(() => !_talker.IsReady);
            _talker.Connect();
            _log.Tell(0, "instance", _talker.Hello.Instance);
            _talker.TakeUp(new[] { token });
            _talker.Until(() => line.IsOver);
        }

        /// <summary>Another head follows what the first one says, sound and all.</summary>
        private void Watch()
        {
            Open speak = Ask(1, Pacing.Live);
            speak.Name = "talk " + _talker.Hello.Instance + Path.GetFileName(_folder);
            Head speaker = _talker.Open(speak, _log);
            var watch = new Open { Sid = 2, Rig = "arkit", Role = Role.Watch, Name = speak.Name, Want = new[] { "audio" } };
            Head watcher = _talker.Open(watch, _log);
            Line said = speaker.Say(1, _sound);
            _talker.Until(() => said.IsOver && watcher.Find(1).IsOver);
        }
    }
}
