using System;
using System.Collections.Generic;
using System.Diagnostics;
using A2F.Core;

namespace A2F.Tests
{
    /// <summary>
    /// Frames and clip files as nobody would send them, made from those of the vectors. Whatever comes, the core gives a
    /// message or a fault and never throws, and a player that is fed with it shows rows that are finite.
    /// </summary>
    internal sealed class Fuzz
    {
        private static readonly byte[] Telling =
        {
            0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc4, 0xc6, 0xc9, 0xca, 0xcb, 0xcf, 0xd3, 0xd9,
            0xdb, 0xdd, 0xdf, 0xff,
        };

        private readonly Random _random;
        private readonly List<byte[]> _frames = new List<byte[]>();
        private readonly List<byte[]> _clips = new List<byte[]>();
        private readonly FrameWriter _writer = new FrameWriter();
        private readonly float[] _amounts = new float[Idle.Amounts];
        private ClientProtocol _protocol;
        private PosePlayer _player = new PosePlayer();
        private IdleRoles _roles = IdleRoles.None;
        private long _nowUs;
        private int _taken, _refused, _ignored, _clipsTaken, _clipsRefused, _rows;

        private Fuzz(string root, int seed)
        {
            _random = new Random(seed);
            foreach (string folder in new[] { "", "accept", "reject", "clips" })
            {
                foreach (Block block in VectorFile.Folder(root, folder))
                {
                    if (folder == "clips") _clips.Add(block.Hex);
                    else if (block.From == "server" || _random.Next(8) == 0) _frames.Add(block.Hex);
                }
            }
            AddTalk();
        }

        /// <summary>Frames that go together: what follows an `opened` fits its rows.</summary>
        private void AddTalk()
        {
            var opened = new Opened { Layout = 1, Curves = new[] { "a", "b" }, Transforms = new[] { "head" }, Row = 9 };
            opened.Idle["blinkLeft"] = new IdlePlace(0, 1);
            opened.Idle["head"] = new IdlePlace(2, 1);
            var rows = new byte[4 * 9 * 4];
            for (int at = 3; at < rows.Length; at += 4) rows[at] = 0x3e;
            for (int k = 0; k < 20; k++)
            {
                _frames.Add(Copy(MessageVectors.Write(opened).Written));
                _frames.Add(Copy(MessageVectors.Write(new Rest { Layout = 1, Data = new ArraySegment<byte>(rows, 0, 36) }).Written));
                var poses = new Poses { U = 1 + k / 10, Layout = 1, I = 3 * k, N = 4, Data = new ArraySegment<byte>(rows) };
                _frames.Add(Copy(MessageVectors.Write(poses).Written));
                var told = new Utterance { U = 1 + k / 10, State = (UtteranceState)(k % 4), Poses = k, TUs = 1000 * k };
                _frames.Add(Copy(MessageVectors.Write(told).Written));
            }
        }

        public static void Run(string root, double seconds, int seed)
        {
            Check.That("mutated frames and clips do no harm, seed " + seed, () => new Fuzz(root, seed).Run(seconds));
        }

        private void Run(double seconds)
        {
            Begin();
            var watch = Stopwatch.StartNew();
            int tried = 0;
            for (; watch.Elapsed.TotalSeconds < seconds; tried++)
            {
                bool isClip = tried % 8 == 0;
                List<byte[]> seeds = isClip ? _clips : _frames;
                byte[] bytes = Mutated(seeds[_random.Next(seeds.Count)], seeds);
                try
                {
                    if (isClip) TakeClip(bytes);
                    else TakeFrame(bytes);
                }
                catch (Exception error)
                {
                    string shown = BitConverter.ToString(bytes);
                    throw new Mistake(error.GetType().Name + " from " + (isClip ? "clip " : "frame ") + shown + "\n" + error);
                }
                if (tried % 5000 == 0) Begin();
            }
            long kept = GC.GetTotalMemory(true);
            Console.WriteLine(
                "fuzz tried {0}: {1} taken, {2} refused, {3} ignored, {4} clips taken, {5} clips refused, {6} rows shown, {7} MiB kept",
                tried, _taken, _refused, _ignored, _clipsTaken, _clipsRefused, _rows, kept >> 20);
            Check.True(_taken > 100 && _refused > 100 && _ignored > 0 && _clipsTaken > 10 && _clipsRefused > 100, "every kind of end");
            Check.True(kept < 1L << 28, "less than 256 MiB kept");
        }

        private void Begin()
        {
            _protocol = new ClientProtocol();
            _player = new PosePlayer { KeepUs = _random.Next(2) == 0 ? PosePlayer.KeepAll : 500000 };
            TakeFrame(Copy(MessageVectors.Write(new Hello { Protocol = 1 }).Written));
            _writer.Clear();
            _protocol.Send(new Identify(), _writer);
            TakeFrame(Copy(MessageVectors.Write(new Ready()).Written));
            Check.Equal(_protocol.State, ProtocolState.Ready);
        }

        private void TakeFrame(byte[] bytes)
        {
            Fault fault;
            Message message = _protocol.Receive(bytes, 0, bytes.Length, out fault);
            if (message != null && fault != null) throw new Mistake("both a message and a fault");
            if (fault != null) _refused++;
            else if (message == null) _ignored++;
            else
            {
                _taken++;
                Feed(message);
            }
        }

        /// <summary>Hand it on as a client does, and look at the face.</summary>
        private void Feed(Message message)
        {
            var opened = message as Opened;
            var rest = message as Rest;
            var poses = message as Poses;
            var utterance = message as Utterance;
            int u = 1;
            if (opened != null)
            {
                _player.Opened(opened);
                _roles = IdleRoles.Of(opened.Idle);
            }
            if (rest != null) _player.Rest(rest.Layout, rest.Data);
            if (utterance != null) _player.Utterance(u = utterance.U, utterance.State, utterance.Poses, utterance.TUs);
            if (poses != null)
            {
                u = poses.U;
                if (_player.Poses(u, poses.Layout, poses.I, poses.Data)) _nowUs += 1000;
            }
            Look(u % 64);
        }

        private void Look(int u)
        {
            _nowUs += _random.Next(30000);
            long? playUs = _random.Next(4) == 0 ? (long?)null : _random.Next(3) == 0 ? _random.Next() * (1L << _random.Next(25)) : _nowUs;
            float[] row = _player.Sample(_random.Next(3) == 0 ? u : 1, playUs, _nowUs);
            if (row.Length != _player.Layout.Row) throw new Mistake("a row of " + row.Length);
            Idle.Offsets((uint)u, _nowUs, IdleLevel.Alive, _amounts);
            var living = new float[row.Length];
            Idle.Apply(row, _amounts, _player.Layout.Idle, living);
            Idle.Apply(living, _amounts, _roles, living);
            for (int k = 0; k < row.Length; k++)
            {
                if (row[k] - row[k] + living[k] - living[k] != 0) throw new Mistake("a row that is not finite");
            }
            _rows++;
        }

        private void TakeClip(byte[] bytes)
        {
            Fault fault;
            Clip clip = Clip.Read(bytes, out fault);
            if ((clip == null) != (fault != null)) throw new Mistake("neither clip nor fault, or both");
            if (clip == null)
            {
                _clipsRefused++;
                return;
            }
            _clipsTaken++;
            PosePlayer player = clip.Player();
            for (long us = 0; us < 200000; us += 16667) player.Sample(1, clip.StartUs + us, us);
        }

        private byte[] Mutated(byte[] seed, List<byte[]> seeds)
        {
            var bytes = new List<byte>(seed);
            for (int edits = _random.Next(3); edits > 0 && bytes.Count > 0; edits--)
            {
                int at = _random.Next(bytes.Count);
                switch (_random.Next(8))
                {
                    case 0: bytes[at] = (byte)_random.Next(256); break;
                    case 1: bytes[at] ^= (byte)(1 << _random.Next(8)); break;
                    case 2: bytes[at] = Telling[_random.Next(Telling.Length)]; break;
                    case 3: bytes.RemoveRange(at, Math.Min(bytes.Count - at, _random.Next(1, 9))); break;
                    case 4: bytes.Insert(at, (byte)_random.Next(256)); break;
                    case 5: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, _random.Next(1, 33)))); break;
                    case 6: Splice(bytes, at, seeds[_random.Next(seeds.Count)]); break;
                    default: Wild(bytes, at); break;
                }
            }
            return bytes.ToArray();
        }

        /// <summary>Go on as another one does.</summary>
        private void Splice(List<byte> bytes, int at, byte[] other)
        {
            bytes.RemoveRange(at, bytes.Count - at);
            for (int k = _random.Next(other.Length + 1); k < other.Length; k++) bytes.Add(other[k]);
        }

        /// <summary>Numbers at the ends of their ranges.</summary>
        private void Wild(List<byte> bytes, int at)
        {
            byte fill = _random.Next(2) == 0 ? (byte)0xff : (byte)0x7f;
            for (int k = at; k < Math.Min(bytes.Count, at + _random.Next(1, 9)); k++) bytes[k] = fill;
        }

        private static byte[] Copy(ArraySegment<byte> bytes)
        {
            var copy = new byte[bytes.Count];
            Array.Copy(bytes.Array, bytes.Offset, copy, 0, copy.Length);
            return copy;
        }
    }
}
