using System;

namespace A2F.Core
{
    /// <summary>Poses First … End − 1 of one layout without a hole, in a ring. Used again by other utterances.</summary>
    internal sealed class Run
    {
        /// <summary>Rows that there is room for at first; the room doubles when it is full.</summary>
        private const int Smallest = 16;

        private float[] _ring = new float[0];
        private int _room;

        public Layout Layout { get; private set; }

        /// <summary>Index of the oldest pose kept.</summary>
        public long First;

        /// <summary>Index after the newest one.</summary>
        public long End;

        public long FirstUs => Layout.Rate.TimeUs(First);

        public long LastUs => Layout.Rate.TimeUs(End - 1);

        public int Count => (int)(End - First);

        /// <summary>The rows; where one begins says <see cref="Place"/>.</summary>
        public float[] Rows => _ring;

        public void Begin(Layout layout, long first)
        {
            Layout = layout;
            First = End = first;
            if (_ring.Length < Smallest * layout.Row) _ring = new float[Smallest * layout.Row];
            _room = _ring.Length / layout.Row;
        }

        /// <summary>Where the row of pose i begins.</summary>
        public int Place(long i)
        {
            return (int)(i % _room) * Layout.Row;
        }

        /// <summary>Take pose i, First ≤ i ≤ End; one that is already here is replaced.</summary>
        public void Write(long i, float[] rows, int at)
        {
            long end = Math.Max(End, i + 1);
            if (end - First > _room) Grow();
            Array.Copy(rows, at, _ring, Place(i), Layout.Row);
            End = end;
        }

        private void Grow()
        {
            var old = _ring;
            int before = _room;
            _room = 2 * before;
            _ring = new float[_room * Layout.Row];
            for (long i = First; i < End; i++)
            {
                Array.Copy(old, (int)(i % before) * Layout.Row, _ring, Place(i), Layout.Row);
            }
        }
    }
}
