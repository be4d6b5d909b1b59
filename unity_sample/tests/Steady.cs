using System;
using System.Collections.Generic;
using A2F.Core;

namespace A2F.Tests
{
    /// <summary>
    /// A talking head as a game has it at 60 frames per second, out of frames made before: what comes is read, what is
    /// said is written, and every frame gets its row with idle life in it.
    /// </summary>
    internal sealed class Steady
    {
        public const int Curves = 52;
        public const int Transforms = 3;
        public const int PerMessage = 5;
        private const int Row = Curves + 7 * Transforms;
        private const long FrameUs = 16667;

        private readonly ClientProtocol _protocol = new ClientProtocol();
        private readonly PosePlayer _player = new PosePlayer();
        private readonly FrameWriter _out = new FrameWriter();
        private readonly FrameWriter _made = new FrameWriter();
        private readonly Codec _server = new Codec();
        private readonly float[] _amounts = new float[Idle.Amounts];
        private readonly float[] _shown = new float[Row];
        private readonly float[] _samples = new float[320];
        private readonly byte[] _pcm = new byte[640];
        private readonly byte[] _rows = new byte[4 * Row * PerMessage];
        private readonly Poses _poses = new Poses { Layout = 1, N = PerMessage };
        private readonly Credit _credit = new Credit();
        private readonly Audio _audio = new Audio { Sid = 1 };
        private readonly Played _played = new Played { Sid = 1 };
        private readonly Utterance _utterance = new Utterance();
        private IdleRoles _roles;
        private long _nowUs;
        private int _u;
        private long _i;

        public Steady()
        {
            Say(new Hello { Protocol = 1 });
            _protocol.Send(new Identify(), _out);
            Say(new Ready());
            var opened = new Opened { Layout = 1, Curves = Names(Curves), Transforms = Names(Transforms), Row = Row };
            for (int k = 0; k < Idle.Roles.Length; k++) opened.Idle[Idle.Roles[k]] = new IdlePlace(k == 13 ? Curves : k, 1);
            Say(opened);
            _roles = IdleRoles.Of(opened.Idle);
            var random = new Random(1);
            for (int at = 0; at < _rows.Length; at += 4) Buffer.BlockCopy(new[] { (float)random.NextDouble() }, 0, _rows, at, 4);
            _poses.Data = new ArraySegment<byte>(_rows);
            for (int k = 0; k < _samples.Length; k++) _samples[k] = (float)(random.NextDouble() - 0.5);
            _audio.Pcm = new ArraySegment<byte>(_pcm);
        }

        /// <summary>Begin another utterance.</summary>
        public void Next()
        {
            _u++;
            _i = 0;
            Tell(UtteranceState.Started);
        }

        public void End()
        {
            Tell(UtteranceState.AudioDone);
            Tell(UtteranceState.PosesDone);
        }

        /// <summary>Poses of one message, and the frames in which they are shown.</summary>
        public void Go()
        {
            _poses.U = _u;
            _poses.I = _i;
            _poses.TUs = new PoseRate(60).TimeUs(_i);
            Say(_poses);
            _credit.U = _u;
            Say(_credit);
            for (int k = 0; k < PerMessage; k++) Frame();
            _i += PerMessage;
        }

        /// <summary>One frame of the game.</summary>
        public void Frame()
        {
            _nowUs += FrameUs;
            long playUs = Math.Max(0, new PoseRate(60).TimeUs(_i) - 60000 + _nowUs % 5 * 3000);
            float[] row = _player.Sample(_u, playUs, _nowUs);
            Idle.Offsets(7, _nowUs, IdleLevel.Alive, _amounts);
            Idle.Apply(row, _amounts, _roles, _shown);
            Sound();
            _played.TUs = playUs;
            Requests();
        }

        /// <summary>20 ms of sound become bytes.</summary>
        public void Sound()
        {
            Pcm.Write(_samples, 0, _samples.Length, SampleFormat.S16le, _pcm, 0);
        }

        /// <summary>`audio` with 20 ms, and `played`.</summary>
        public void Requests()
        {
            _out.Clear(14);
            _audio.U = _played.U = _u;
            _audio.First += _samples.Length;
            if (_protocol.Send(_audio, _out) != null || _protocol.Send(_played, _out) != null) throw new Mistake("a fault");
        }

        public void Sample()
        {
            _nowUs += FrameUs;
            _player.Sample(_u, Math.Max(0, new PoseRate(60).TimeUs(_i) - 60000 + _nowUs % 5 * 3000), _nowUs);
        }

        /// <summary>Sound that stands: a blend to rest and back, which mixes every row a second time.</summary>
        public void Blended(bool hasSound)
        {
            _nowUs += FrameUs;
            _player.Sample(_u, hasSound ? Math.Max(0, new PoseRate(60).TimeUs(_i) - 60000) : (long?)null, _nowUs);
        }

        public void Life()
        {
            _nowUs += FrameUs;
            Idle.Offsets(7, _nowUs, IdleLevel.Alive, _amounts);
            Idle.Apply(_shown, _amounts, _roles, _shown);
        }

        /// <summary>Be the server: make the next message of poses.</summary>
        public void Make()
        {
            _poses.U = _u;
            _poses.I = _i;
            _i += PerMessage;
            _made.Clear();
            if (_server.Encode(_poses, _made) != null) throw new Mistake("a fault");
        }

        /// <summary>Read that message, and hand it to the player.</summary>
        public void Read()
        {
            Fault fault;
            ArraySegment<byte> bytes = _made.Written;
            Take(_protocol.Receive(bytes.Array, bytes.Offset, bytes.Count, out fault));
        }

        /// <summary>Play to where the poses are, so that the old ones are forgotten, and make another message.</summary>
        public void Advance()
        {
            Sample();
            Make();
        }

        private void Tell(UtteranceState state)
        {
            _utterance.U = _u;
            _utterance.State = state;
            _utterance.Poses = _i;
            _utterance.TUs = state == UtteranceState.Started ? 0 : new PoseRate(60).TimeUs(Math.Max(0, _i - 1));
            Say(_utterance);
        }

        /// <summary>Be the server: the frame goes through the core as any other.</summary>
        private void Say(Message message)
        {
            _made.Clear();
            Fault fault = _server.Encode(message, _made);
            ArraySegment<byte> bytes = _made.Written;
            if (fault == null) Take(_protocol.Receive(bytes.Array, bytes.Offset, bytes.Count, out fault));
            if (fault != null) throw new Mistake(fault.ToString());
        }

        private void Take(Message message)
        {
            var opened = message as Opened;
            var poses = message as Poses;
            var utterance = message as Utterance;
            if (opened != null) _player.Opened(opened);
            if (utterance != null) _player.Utterance(utterance.U, utterance.State, utterance.Poses, utterance.TUs);
            if (poses != null && !_player.Poses(poses.U, poses.Layout, poses.I, poses.Data)) throw new Mistake("poses that are refused");
        }

        private static string[] Names(int count)
        {
            var names = new List<string>();
            for (int k = 0; k < count; k++) names.Add("name" + k);
            return names.ToArray();
        }
    }
}
