using System.Collections.Generic;

namespace A2F.Core
{
    /// <summary>What an utterance shows at one moment; filled anew at every sample.</summary>
    internal sealed class Found
    {
        /// <summary>False: there is no pose at all.</summary>
        public bool IsSome;

        /// <summary>The row begins at <see cref="At"/>; to be read only, before anything else is asked.</summary>
        public float[] Rows;
        public int At;
        public Layout Layout;

        /// <summary>Time of the row: the time asked for, or that of the row that stands instead.</summary>
        public long AtUs;

        /// <summary>Play time since a pose that is not here was due; null where nothing is missing.</summary>
        public long? LateUs;
        private float[] _mixed = new float[0];

        public void Stand(Run run, long i, long? lateUs)
        {
            IsSome = true;
            Rows = run.Rows;
            At = run.Place(i);
            Layout = run.Layout;
            AtUs = run.Layout.Rate.TimeUs(i);
            LateUs = lateUs;
        }

        public void Between(Run run, long i, Run upper, long j, long us)
        {
            Stand(run, i, null);
            long fromUs = AtUs, toUs = Layout.Rate.TimeUs(j);
            AtUs = us;
            if (us == fromUs || toUs <= fromUs) return;
            if (_mixed.Length < Layout.Row) _mixed = new float[Layout.Row];
            double share = (double)(us - fromUs) / (toUs - fromUs);
            Layout.Mix(Rows, At, upper.Rows, upper.Place(j), share, _mixed);
            Rows = _mixed;
            At = 0;
        }
    }

    /// <summary>One utterance as far as it is known here: its states, and its poses found by time.</summary>
    internal sealed class Track
    {
        /// <summary>Poses later than this are given up, holes wider than this are not bridged, protocol §19.</summary>
        public const long LateUs = 100000;

        /// <summary>A time before all others.</summary>
        public const long Never = long.MinValue / 4;

        /// <summary>Most holes of an utterance; what would make more is refused (ours: servers send in order).</summary>
        private const int RunsMost = 64;

        private readonly List<Run> _runs = new List<Run>();
        private readonly Shelf _shelf;
        private long _firstUs;
        private long _doneUs;
        private long _soundEndUs;
        private bool _isEmpty;
        private bool _hasForgotten;

        /// <summary>Its number.</summary>
        public int U { get; private set; }

        /// <summary>Interrupted: its rows are gone and none is taken.</summary>
        public bool IsDead { get; private set; }

        /// <summary>No more poses will come.</summary>
        public bool IsDone { get; private set; }

        /// <summary>Where the client will start its sound instead of at its first sample.</summary>
        public long? CueUs;

        /// <summary>For a microphone, when sample 0 was captured on the client's clock.</summary>
        public long? CapturedUs;

        public Track(Shelf shelf)
        {
            _shelf = shelf;
        }

        /// <summary>Where the sound starts.</summary>
        public long StartUs => CueUs ?? _firstUs;

        /// <summary>Time of the newest pose, or <see cref="Never"/>.</summary>
        public long ReachUs => _runs.Count > 0 ? _runs[_runs.Count - 1].LastUs : Never;

        /// <summary>Time of the last pose of an utterance that is done.</summary>
        public long EndUs => System.Math.Max(_doneUs, ReachUs);

        /// <summary>Rows kept.</summary>
        public int Rows
        {
            get
            {
                int rows = 0;
                for (int k = 0; k < _runs.Count; k++) rows += _runs[k].Count;
                return rows;
            }
        }

        /// <summary>Be another utterance, of which nothing is known.</summary>
        public void Begin(int u, bool isDead)
        {
            U = u;
            IsDead = isDead;
            IsDone = _isEmpty = _hasForgotten = false;
            _firstUs = 0;
            _doneUs = _soundEndUs = Never;
            CueUs = CapturedUs = null;
            Drop();
        }

        public void Tell(UtteranceState state, long poses, long us)
        {
            if (state == UtteranceState.Started) _firstUs = us;
            else if (state == UtteranceState.AudioDone) _soundEndUs = us;
            else if (state == UtteranceState.Interrupted) Kill();
            else
            {
                IsDone = true;
                _isEmpty = poses == 0;
                _doneUs = poses > 0 ? us : _firstUs;
            }
        }

        /// <summary>Interrupted, without anything to play, or played to the end of both poses and sound.</summary>
        public bool IsOver(long? headUs, long? playUs)
        {
            if (IsDead || !IsDone) return IsDead;
            if (!headUs.HasValue || !playUs.HasValue) return _isEmpty && _soundEndUs <= _firstUs;
            return headUs.Value >= EndUs && playUs.Value >= _soundEndUs;
        }

        public void Kill()
        {
            IsDead = true;
            Drop();
        }

        /// <summary>Give all rows away.</summary>
        public void Drop()
        {
            for (int k = _runs.Count - 1; k >= 0; k--) Remove(k);
        }

        /// <summary>
        /// Take poses i, i + 1, …, whatever has come before: rows that were here are replaced, rows of an older
        /// layout end where rows of a newer one begin. False where there is no room for another hole.
        /// </summary>
        public bool Add(Layout layout, long i, float[] rows, int start, int count)
        {
            if (IsDead) return true;
            long us = layout.Rate.TimeUs(i);
            EndOthers(layout, us);
            int k = RunAt(us);
            Run run = k >= 0 ? _runs[k] : null;
            if (run == null || !run.Layout.IsSame(layout) || i > run.End)
            {
                if (_runs.Count >= RunsMost) return false;
                run = _shelf.Take();
                run.Begin(layout, i);
                _runs.Insert(++k, run);
            }
            for (int j = 0; j < count; j++) run.Write(i + j, rows, start + j * layout.Row);
            while (k + 1 < _runs.Count && _runs[k + 1].First <= run.End)
            {
                Run next = _runs[k + 1];
                for (long j = run.End; j < next.End; j++) run.Write(j, next.Rows, next.Place(j));
                Remove(k + 1);
            }
            return true;
        }

        /// <summary>
        /// The row at a time: between two poses linear, before the first pose the first. A hole of up to 100 ms is
        /// crossed linearly; in a wider one, after the newest pose and where rows were forgotten, the nearest row
        /// stands.
        /// </summary>
        public void At(long us, Found found)
        {
            found.IsSome = false;
            if (_runs.Count == 0) return;
            int k = RunAt(us);
            if (k < 0)
            {
                bool isGone = _hasForgotten && _runs[0].FirstUs - us > LateUs;
                found.Stand(_runs[0], _runs[0].First, isGone ? 0 : (long?)null);
                return;
            }
            Run run = _runs[k];
            Run after = k + 1 < _runs.Count ? _runs[k + 1] : null;
            long i = System.Math.Min(run.Layout.Rate.PoseAt(us), run.End - 1);
            bool isNear = after != null && after.FirstUs - run.LastUs <= LateUs;
            if (i < run.End - 1) found.Between(run, i, run, i + 1, us);
            else if (isNear && after.Layout.IsSame(run.Layout)) found.Between(run, i, after, after.First, us);
            else if (isNear) found.Stand(run, i, null);
            else
            {
                long dueUs = run.Layout.Rate.TimeUs(run.End);
                found.Stand(run, i, us >= dueUs ? us - dueUs : (long?)null);
            }
        }

        /// <summary>Drop the poses before a time, but for the one that is needed to show that time.</summary>
        public void Forget(long beforeUs)
        {
            while (_runs.Count > 1 && _runs[1].FirstUs <= beforeUs)
            {
                Remove(0);
                _hasForgotten = true;
            }
            if (_runs.Count == 0 || _runs[0].FirstUs >= beforeUs) return;
            Run run = _runs[0];
            long i = System.Math.Min(run.Layout.Rate.PoseAt(beforeUs), run.End - 1);
            _hasForgotten |= i > run.First;
            run.First = i;
        }

        /// <summary>Index of the last run that begins at or before a time; −1 without one.</summary>
        private int RunAt(long us)
        {
            int k = _runs.Count - 1;
            while (k >= 0 && _runs[k].FirstUs > us) k--;
            return k;
        }

        private void EndOthers(Layout layout, long us)
        {
            for (int k = _runs.Count - 1; k >= 0; k--)
            {
                Run run = _runs[k];
                if (!run.Layout.IsSame(layout) && run.LastUs >= us)
                {
                    run.End = run.FirstUs >= us ? run.First : run.Layout.Rate.PoseAt(us - 1) + 1;
                }
                if (run.End <= run.First) Remove(k);
            }
        }

        private void Remove(int k)
        {
            _shelf.Put(_runs[k]);
            _runs.RemoveAt(k);
        }
    }
}
