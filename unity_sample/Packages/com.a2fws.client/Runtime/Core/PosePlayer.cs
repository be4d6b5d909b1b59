using System;

namespace A2F.Core
{
    /// <summary>
    /// Shows the poses of one session at the play head; owns neither clock nor sound.
    ///
    /// Hand in what the server sends (Opened, Rest, Poses, Utterance), say what you do yourself (Interrupt, Cue,
    /// Listen and the properties), and ask with Sample once per frame. Times are microseconds; `nowUs` is any steady
    /// clock ≥ 0. Messages change nothing that is shown, the next Sample does. What is refused gives false and changes
    /// nothing. In steady state nothing is allocated. One thread at a time.
    ///
    /// Poses may come in any order and more than once. A newer utterance takes over with the first Sample that names
    /// it; all that is known of older ones is then deleted. Interrupt is final. Rows taken before a new Opened play to
    /// their end in their own layout, so look at <see cref="Layout"/> after each Sample.
    /// </summary>
    public sealed class PosePlayer
    {
        /// <summary>For <see cref="KeepUs"/>: forget nothing.</summary>
        public const long KeepAll = long.MaxValue;

        /// <summary>How far servers compute ahead unless asked otherwise, protocol §10.</summary>
        public const long AheadUsDefault = 1500000;

        // Protocol §19 (PosePlayer).
        private const long StopBlendUs = 150000;
        private const long LateBlendUs = 250000;
        private const long KeepUsDefault = 500000;

        /// <summary>Times stay below 2⁵³, protocol §3.</summary>
        private const long TimesUs = 1L << 53;

        /// <summary>Floats kept at most, 256 MiB; no clip and no server within its limits comes near.</summary>
        private const long FloatsMost = 1L << 26;

        private readonly Utterances _utterances = new Utterances();
        private readonly Head _head = new Head();
        private readonly Found _found = new Found();
        private readonly Blend _blend;
        private Layout _opened = new Layout(0, 0, 0, new PoseRate(60), IdleRoles.None);
        private float[] _floats = new float[0];

        /// <summary>Play speed, as in `played`; 0 stands.</summary>
        public double Rate = 1;

        /// <summary>The sound stands still by the client's will (not in a stall).</summary>
        public bool IsPaused;

        /// <summary>As last told to the server by `set`: while false the gate waits for no poses.</summary>
        public bool IsVisible = true;

        /// <summary>How much later the sound is heard than the play head says; may be negative.</summary>
        public long AvOffsetUs;

        /// <summary>How far behind the play head poses are kept; <see cref="KeepAll"/> to seek back.</summary>
        public long KeepUs = KeepUsDefault;

        /// <summary>As the server last said, in `opened` or `status` "rate", for a microphone's play head.</summary>
        public long LookAheadUs;

        /// <summary>Margin and state of the sound.</summary>
        public Gate Gate { get; private set; }

        /// <summary>The gate's state for the utterance that was sampled last.</summary>
        public GateState State { get; private set; }

        /// <summary>Time of the pose that the last Sample aimed at; null where that was the rest row.</summary>
        public long? ShownUs { get; private set; }

        public PosePlayer()
        {
            Gate = new Gate();
            _blend = new Blend(_opened);
        }

        /// <summary>Layout of the row that Sample gave last.</summary>
        public Layout Layout => _blend.Layout;

        /// <summary>Rows kept, of all utterances.</summary>
        public int Rows => _utterances.Rows;

        /// <summary>Take an `opened`: the rows that follow are made as it says.</summary>
        /// <param name="aheadUs">As asked for in `open`.</param>
        public void Opened(Opened message, long aheadUs = AheadUsDefault)
        {
            Opened(message, message.Layout, aheadUs);
        }

        /// <summary>The same under a number of one's own, which Rest and Poses then name.</summary>
        public void Opened(Opened m, int layout, long aheadUs = AheadUsDefault)
        {
            var roles = IdleRoles.Of(m.Idle);
            Opened(new Layout(layout, m.Curves.Length, m.Transforms.Length, m.Fps, roles), m.LookAheadUs, aheadUs);
        }

        public void Opened(Layout layout, long lookAheadUs, long aheadUs = AheadUsDefault)
        {
            bool isFirst = _opened.Id == 0;
            _opened = layout;
            LookAheadUs = lookAheadUs;
            Gate.Limit(aheadUs);
            if (!isFirst) return;
            Make(layout.Row);
            layout.Neutral(_floats);
            _blend.TakeRest(_floats, 0, layout);
        }

        /// <summary>Take a `rest`: the row between utterances from now on.</summary>
        /// <param name="data">One row, float32 little endian.</param>
        public bool Rest(int layout, ArraySegment<byte> data)
        {
            return layout == _opened.Id && Read(data, 1) && Rest(layout, _floats);
        }

        /// <param name="row">Is copied; may be longer.</param>
        public bool Rest(int layout, float[] row)
        {
            if (layout != _opened.Id || !IsFinite(row, 0, _opened.Row)) return false;
            _blend.TakeRest(row, 0, _opened);
            return true;
        }

        /// <summary>Take `poses`.</summary>
        /// <param name="i">Index of the first row.</param>
        /// <param name="data">Whole rows, float32 little endian.</param>
        public bool Poses(int u, int layout, long i, ArraySegment<byte> data)
        {
            int row = 4 * _opened.Row;
            int count = row > 0 ? data.Count / row : 0;
            return layout == _opened.Id && Read(data, count) && Poses(u, layout, i, _floats, 0, count);
        }

        /// <param name="start">Where the first row begins.</param>
        /// <param name="count">How many rows there are.</param>
        public bool Poses(int u, int layout, long i, float[] rows, int start, int count)
        {
            if (layout != _opened.Id || !_utterances.IsWanted(u) || i < 0 || count < 0) return false;
            if (count == 0 || _opened.Row == 0) return true;
            if (i >= TimesUs || _opened.Rate.TimeUs(i + count) >= TimesUs) return false;
            if ((long)(Rows + count) * _opened.Row > FloatsMost) return false;
            if (!IsFinite(rows, start, (long)count * _opened.Row)) return false;
            return _utterances.Track(u).Add(_opened, i, rows, start, count);
        }

        /// <summary>Take an `utterance`, its fields as in the message.</summary>
        public void Utterance(int u, UtteranceState state, long poses, long us)
        {
            if (_utterances.IsWanted(u)) _utterances.Track(u).Tell(state, poses, us);
        }

        /// <summary>The client interrupts every utterance up to this one: what is shown of one eases to rest.</summary>
        public void Interrupt(int u)
        {
            _utterances.Interrupt(u);
        }

        /// <summary>The sound will start here, not at its first sample (a line that is taken up again).</summary>
        public void Cue(int u, long playUs)
        {
            if (_utterances.IsWanted(u)) _utterances.Track(u).CueUs = playUs;
        }

        /// <summary>This is a microphone that nobody hears here.</summary>
        /// <param name="capturedUs">When its sample 0 was captured, on the clock of `nowUs`; may be told again.</param>
        public void Listen(int u, long capturedUs)
        {
            if (_utterances.IsWanted(u)) _utterances.Track(u).CapturedUs = capturedUs;
        }

        /// <summary>The play head of a microphone, to be given to Sample; null while it does not run.</summary>
        public long? Live(int u, long nowUs)
        {
            if (u < 1 || u != _utterances.Current) return null;
            long? zeroUs = ZeroUs(_utterances.Track(u));
            return zeroUs.HasValue ? Gate.LiveUs(nowUs, zeroUs.Value) : null;
        }

        /// <summary>
        /// The row to show, in <see cref="Layout"/>, without idle life; empty before any Opened. It is the player's
        /// own array, good until the next Sample, and the same one as long as the layout stays.
        /// </summary>
        /// <param name="u">Utterance that sounds or is to sound next; 0 = none.</param>
        /// <param name="playUs">Play head from its sample 0; null = no sound.</param>
        public float[] Sample(int u, long? playUs, long nowUs)
        {
            _head.Clock(nowUs);
            ShownUs = null;
            int current = _utterances.Current;
            if (u < 1 || u < current)
            {
                State = GateState.Stop;
                _head.Leave();
                _blend.ToRest(StopBlendUs, _head.NowUs);
                return _blend.Shown;
            }
            if (u > current)
            {
                _utterances.Enter(u);
                Gate.Enter();
                _head.Leave();
            }
            Follow(_utterances.Track(u), playUs, u > current);
            return _blend.Shown;
        }

        private void Follow(Track track, long? playUs, bool isNew)
        {
            bool isStanding = IsPaused || Gate.State == GateState.Stall || !(Rate > 0);
            _head.Move(playUs.HasValue ? playUs.Value - AvOffsetUs : (long?)null, isStanding ? 0 : Rate);
            _found.IsSome = false;
            if (_head.AtUs.HasValue) track.At(_head.AtUs.Value, _found);
            long missingUs = _head.MissingUs(_found.IsSome ? _found.LateUs : 0, Rate, IsPaused);
            AskGate(track, playUs, missingUs);
            long nowUs = _head.NowUs;
            if (!_head.AtUs.HasValue || !_found.IsSome) _blend.ToRest(StopBlendUs, nowUs);
            else if (track.IsDone && _head.AtUs.Value > track.EndUs) _blend.ToRest(Blend.RestUs, nowUs);
            else if (missingUs > Track.LateUs) _blend.ToRest(LateBlendUs, nowUs);
            else
            {
                ShownUs = _found.AtUs;
                _blend.ToPose(_found.Rows, _found.At, _found.Layout, isNew || _head.HasJumped, nowUs);
            }
            if (_head.AtUs.HasValue && KeepUs != KeepAll) track.Forget(_head.AtUs.Value - KeepUs);
        }

        private void AskGate(Track track, long? playUs, long missingUs)
        {
            long? zeroUs = ZeroUs(track);
            Gate.Update(new Sight
            {
                HeadUs = _head.AtUs ?? _head.LastUs ?? track.StartUs - AvOffsetUs,
                HasSound = _head.AtUs.HasValue,
                ReachUs = track.ReachUs,
                IsDone = track.IsDone || !IsVisible,
                IsOver = track.IsOver(_head.AtUs, playUs),
                MissingUs = missingUs,
                EvenUs = _head.EvenUs,
                NowUs = _head.NowUs,
                LiveZeroUs = zeroUs.HasValue ? zeroUs.Value + AvOffsetUs : (long?)null,
            });
            State = Gate.State;
        }

        private long? ZeroUs(Track track)
        {
            return track.CapturedUs.HasValue ? track.CapturedUs.Value + LookAheadUs : (long?)null;
        }

        /// <summary>Copy whole rows out of a message; false where they are of another length.</summary>
        private bool Read(ArraySegment<byte> data, int count)
        {
            long floats = (long)count * _opened.Row;
            if (data.Array == null || data.Count != 4 * floats) return false;
            Make((int)floats);
            // The floats of the wire are little endian, as all machines are that Unity builds for.
            Buffer.BlockCopy(data.Array, data.Offset, _floats, 0, data.Count);
            return true;
        }

        private void Make(int floats)
        {
            if (_floats.Length < floats) _floats = new float[Math.Max(floats, 2 * _floats.Length)];
        }

        private static bool IsFinite(float[] floats, int start, long count)
        {
            if (floats == null || start < 0 || start > floats.Length - count) return false;
            for (int k = start; k < start + count; k++)
            {
                // NaN and both infinities give NaN.
                if (floats[k] - floats[k] != 0) return false;
            }
            return true;
        }
    }
}
