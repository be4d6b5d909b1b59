using System;
using System.Collections.Generic;

namespace A2F.Core
{
    /// <summary>Reads one clip file, part by part; the first fault ends it.</summary>
    internal sealed class ClipReader
    {
        private const int FileBytes = 256 << 20;
        private const int PartBytes = 4 << 20;
        private const byte Bin32 = 0xc6;
        private const int HeaderBytes = 5;

        /// <summary>Roles of idle life that are curves, protocol §19; all but the last one, "head".</summary>
        private static readonly int CurveRoles = Idle.Roles.Length - 1;

        /// <summary>The text "a2fclip1" in msgpack.</summary>
        private static readonly byte[] Magic = { 0xa8, 0x61, 0x32, 0x66, 0x63, 0x6c, 0x69, 0x70, 0x31 };

        private readonly Codec _codec = new Codec();
        private readonly Clip _clip = new Clip();
        private readonly List<float[]> _blocks = new List<float[]>();
        private Fault _fault;
        private int _part;
        private int _order;
        private int _u;
        private long _poses;
        private bool _isHeard;
        private bool _isOver;

        public Clip Read(byte[] content, out Fault fault)
        {
            Take(content);
            if (_fault == null && !_isOver) Refuse("found its end, wanted utterance poses_done before it");
            fault = _fault;
            if (_fault != null) return null;
            Join();
            return _clip;
        }

        private void Take(byte[] content)
        {
            int size = content == null ? 0 : content.Length;
            if (size > FileBytes) Refuse("found " + size + " bytes, wanted " + FileBytes + " at most");
            for (int k = 0; k < Magic.Length && _fault == null; k++)
            {
                if (k >= size || content[k] != Magic[k]) Refuse("found another beginning, wanted a2fclip1");
            }
            for (int at = Magic.Length; at < size && _fault == null; _part++)
            {
                int length = LengthAt(content, at);
                if (_fault != null) return;
                at += HeaderBytes;
                TakePart(content, at, length);
                at += length;
            }
        }

        /// <summary>Length of the part whose header is here; everything of it lies within the file.</summary>
        private int LengthAt(byte[] content, int at)
        {
            if (content.Length - at < HeaderBytes) return Refuse("is cut off before its length");
            if (content[at] != Bin32) return Refuse("found the type 0x" + content[at].ToString("x") + ", wanted a bin 32");
            long length = 0;
            for (int k = 1; k < HeaderBytes; k++) length = length << 8 | content[at + k];
            if (length > PartBytes) return Refuse("found " + length + " bytes, wanted " + PartBytes + " at most");
            if (length > content.Length - at - HeaderBytes) return Refuse("is cut off");
            return (int)length;
        }

        private void TakePart(byte[] content, int at, int length)
        {
            Fault wrong;
            Message part = _codec.Decode(content, at, length, out wrong);
            if (part == null && wrong == null) part = _codec.DecodeAs(new ClipHead(), content, at, length, out wrong);
            if (wrong != null) Refuse(wrong.Text);
            if (part == null || _fault != null) return;
            if (_isOver) Refuse("found " + part.Op + ", wanted nothing behind poses_done");
            else if (_order < 4) TakeFirst(part);
            else TakeNext(part);
        }

        /// <summary>The four that come first, in their order.</summary>
        private void TakeFirst(Message part)
        {
            var wanted = new[] { "clip", "opened", "rest", "utterance" }[_order];
            if (part.Op != wanted) Refuse("found " + part.Op + ", wanted " + wanted);
            else if (_order == 0) TakeHead((ClipHead)part);
            else if (_order == 1) TakeOpened((Opened)part);
            else if (_order == 2) TakeRest((Rest)part);
            else TakeStarted((Utterance)part);
            _order++;
        }

        private void TakeHead(ClipHead head)
        {
            if (head.Protocol != ClientProtocol.Version) Refuse("protocol: found " + head.Protocol + ", wanted 1");
            _clip.Head = head;
        }

        private void TakeOpened(Opened opened)
        {
            CheckNames("curves", opened.Curves);
            CheckNames("transforms", opened.Transforms);
            foreach (KeyValuePair<string, IdlePlace> entry in opened.Idle)
            {
                int index = entry.Value.Index, behind = index - opened.Curves.Length;
                int role = Array.IndexOf(Idle.Roles, entry.Key);
                int count = role >= 0 && role < CurveRoles ? opened.Curves.Length : opened.Row;
                if (index >= count) Refuse("idle." + entry.Key + ": found place " + index + ", wanted one below " + count);
                if (role == CurveRoles && (behind < 0 || behind % Layout.Transform != 0))
                {
                    Refuse("idle.head: found place " + index + ", wanted the first one of a transform");
                }
            }
            _clip.Opened = opened;
        }

        private void TakeRest(Rest rest)
        {
            CheckNumbers(rest.Sid, rest.Layout);
            _clip.RestRow = FloatsOf(rest.Data, 1);
        }

        private void TakeStarted(Utterance started)
        {
            CheckNumbers(started.Sid, _clip.Opened.Layout);
            if (started.State != UtteranceState.Started) Refuse("state: found " + started.State + ", wanted started");
            _u = started.U;
            _clip.StartUs = _clip.SoundEndUs = started.TUs;
        }

        private void TakeNext(Message part)
        {
            var poses = part as Poses;
            var told = part as Utterance;
            if (poses != null) TakePoses(poses);
            else if (told != null) TakeTold(told);
            else Refuse("found " + part.Op + ", wanted poses or utterance");
        }

        private void TakePoses(Poses poses)
        {
            CheckNumbers(poses.Sid, poses.Layout);
            CheckU(poses.U);
            if (_poses == 0) _clip.First = poses.I;
            long wantedI = _clip.First + _poses, wantedUs = _clip.Opened.Fps.TimeUs(poses.I);
            if (poses.I != wantedI) Refuse("i: found " + poses.I + ", wanted " + wantedI);
            if (poses.TUs != wantedUs) Refuse("t_us: found " + poses.TUs + ", wanted " + wantedUs);
            float[] floats = FloatsOf(poses.Data, poses.N);
            if (_fault != null) return;
            _blocks.Add(floats);
            _poses += poses.N;
        }

        private void TakeTold(Utterance told)
        {
            CheckNumbers(told.Sid, _clip.Opened.Layout);
            CheckU(told.U);
            if (told.State == UtteranceState.AudioDone && !_isHeard && told.TUs >= _clip.StartUs)
            {
                _isHeard = true;
                _clip.SoundEndUs = told.TUs;
                return;
            }
            _clip.EndUs = _poses > 0 ? _clip.Opened.Fps.TimeUs(_clip.First + _poses - 1) : _clip.StartUs;
            if (told.State != UtteranceState.PosesDone) Refuse("found " + told.State + ", which cannot be here");
            if (told.Poses != _poses || _clip.Head.Poses != _poses || told.TUs != _clip.EndUs)
            {
                Refuse("found " + told.Poses + " poses to " + told.TUs + ", wanted " + _poses + " to " + _clip.EndUs);
            }
            _isOver = true;
        }

        private void CheckNumbers(int sid, int layout)
        {
            if (sid == _clip.Opened.Sid && layout == _clip.Opened.Layout) return;
            Refuse("sid or layout: found another one, wanted the same in all parts");
        }

        private void CheckU(int u)
        {
            if (u != _u) Refuse("u: found " + u + ", wanted " + _u);
        }

        private void CheckNames(string kind, string[] names)
        {
            var seen = new Dictionary<string, bool>(StringComparer.Ordinal);
            for (int k = 0; k < names.Length; k++)
            {
                if (seen.ContainsKey(names[k])) Refuse(kind + ": found \"" + names[k] + "\" twice, wanted each name once");
                seen[names[k]] = true;
            }
        }

        private float[] FloatsOf(ArraySegment<byte> data, int rows)
        {
            long floats = (long)rows * _clip.Opened.Row;
            if (data.Count != 4 * floats)
            {
                Refuse("data: found " + data.Count + " bytes, wanted " + rows + " rows of " + _clip.Opened.Row + " floats");
                return null;
            }
            var found = new float[floats];
            Buffer.BlockCopy(data.Array, data.Offset, found, 0, data.Count);
            for (int k = 0; k < found.Length; k++)
            {
                if (found[k] - found[k] != 0) Refuse("data: found a value that is not finite");
            }
            return found;
        }

        private void Join()
        {
            _clip.Rows = new float[_poses * _clip.Opened.Row];
            int at = 0;
            for (int k = 0; k < _blocks.Count; at += _blocks[k].Length, k++)
            {
                Array.Copy(_blocks[k], 0, _clip.Rows, at, _blocks[k].Length);
            }
        }

        private int Refuse(string why)
        {
            if (_fault == null) _fault = new Fault(Codes.BadValue, "part " + _part + ": " + why);
            return 0;
        }
    }
}
