using System.Collections.Generic;

namespace A2F.Core
{
    /// <summary>Runs and tracks that are not in use: what one utterance leaves, the next one takes.</summary>
    internal sealed class Shelf
    {
        private const int Most = 8;

        private readonly List<Run> _runs = new List<Run>();
        private readonly List<Track> _tracks = new List<Track>();

        public Run Take()
        {
            int last = _runs.Count - 1;
            if (last < 0) return new Run();
            Run run = _runs[last];
            _runs.RemoveAt(last);
            return run;
        }

        public void Put(Run run)
        {
            if (_runs.Count < Most) _runs.Add(run);
        }

        public Track TakeTrack()
        {
            int last = _tracks.Count - 1;
            if (last < 0) return new Track(this);
            Track track = _tracks[last];
            _tracks.RemoveAt(last);
            return track;
        }

        public void Put(Track track)
        {
            track.Drop();
            if (_tracks.Count < Most) _tracks.Add(track);
        }
    }

    /// <summary>All utterances that may still be shown: tracks by number, from the one sampled last on.</summary>
    internal sealed class Utterances
    {
        /// <summary>Servers keep 8 alive (protocol §14); of more than this the oldest are let go.</summary>
        private const int Most = 64;

        private readonly Shelf _shelf = new Shelf();
        private readonly List<Track> _tracks = new List<Track>();
        private int _deadTo;

        /// <summary>The newest number that was sampled; 0 before the first.</summary>
        public int Current { get; private set; }

        /// <summary>Rows kept.</summary>
        public int Rows
        {
            get
            {
                int rows = 0;
                for (int k = 0; k < _tracks.Count; k++) rows += _tracks[k].Rows;
                return rows;
            }
        }

        /// <summary>True unless it was left behind, or interrupted by the client.</summary>
        public bool IsWanted(int u)
        {
            return u >= 1 && u >= Current && u > _deadTo;
        }

        /// <summary>What is known of an utterance; a new, empty track where nothing is.</summary>
        public Track Track(int u)
        {
            for (int k = 0; k < _tracks.Count; k++)
            {
                if (_tracks[k].U == u) return _tracks[k];
            }
            if (_tracks.Count >= Most) LetGo();
            Track track = _shelf.TakeTrack();
            track.Begin(u, u <= _deadTo);
            _tracks.Add(track);
            return track;
        }

        /// <summary>Go on to a newer utterance; what is known of older ones is deleted.</summary>
        public void Enter(int u)
        {
            Current = u;
            for (int k = _tracks.Count - 1; k >= 0; k--)
            {
                if (_tracks[k].U < u) Remove(k);
            }
        }

        /// <summary>Every utterance up to this one is dead, now and when it is first heard of.</summary>
        public void Interrupt(int u)
        {
            if (u > _deadTo) _deadTo = u;
            for (int k = 0; k < _tracks.Count; k++)
            {
                if (_tracks[k].U <= u) _tracks[k].Kill();
            }
        }

        /// <summary>Make room: the oldest goes, but not the one that is shown.</summary>
        private void LetGo()
        {
            int oldest = -1;
            for (int k = 0; k < _tracks.Count; k++)
            {
                if (_tracks[k].U == Current) continue;
                if (oldest < 0 || _tracks[k].U < _tracks[oldest].U) oldest = k;
            }
            Remove(oldest);
        }

        private void Remove(int k)
        {
            _shelf.Put(_tracks[k]);
            _tracks.RemoveAt(k);
        }
    }
}
