using System;

namespace A2F.Core
{
    /// <summary>
    /// The row shown last, the rest row, and the blend that runs. A blend is linear in the client's clock, begins at
    /// the row shown last and replaces a running one; its aim may move. At the moment it begins the row shown stands,
    /// so asking twice for one moment gives one row.
    /// </summary>
    internal sealed class Blend
    {
        // Protocol §19 (PosePlayer).
        private const long StartUs = 80000;
        public const long RestUs = 100000;

        private Layout _restLayout;
        private float[] _rest = new float[0];
        private float[] _from = new float[0];
        private bool _hasNewRest;
        private bool _isSpeaking;
        private bool _hasShown;
        private long _beganUs;
        private long _lengthUs;

        /// <summary>Layout of the row shown last.</summary>
        public Layout Layout { get; private set; }

        /// <summary>The row shown last.</summary>
        public float[] Shown { get; private set; }

        public Blend(Layout layout)
        {
            Layout = _restLayout = layout;
            Shown = new float[0];
        }

        /// <summary>Take a rest row; until something was shown it is what the first blend begins at.</summary>
        public void TakeRest(float[] rows, int at, Layout layout)
        {
            bool isSame = _restLayout.IsSame(layout) && _rest.Length == layout.Row;
            for (int k = 0; isSame && k < layout.Row; k++) isSame = _rest[k] == rows[at + k];
            _hasNewRest |= !isSame;
            _restLayout = layout;
            if (_rest.Length != layout.Row) _rest = new float[layout.Row];
            Array.Copy(rows, at, _rest, 0, layout.Row);
            if (_hasShown) return;
            Layout = layout;
            Show(_rest, 0, layout.Row);
            _hasNewRest = false;
        }

        /// <summary>Show the way to rest, or rest.</summary>
        /// <param name="lengthUs">
        /// Of the blend, if an utterance was shown until now; a blend to rest that runs gives way only if it would
        /// take longer than this.
        /// </param>
        public void ToRest(long lengthUs, long nowUs)
        {
            if (_isSpeaking || LeftUs(nowUs) > lengthUs) Begin(lengthUs, nowUs);
            else if (_hasNewRest) Begin(RestUs, nowUs);
            _isSpeaking = _hasNewRest = false;
            Show(_rest, 0, _restLayout, nowUs);
        }

        /// <summary>Show an utterance; <paramref name="isApart"/> = it does not follow from what was shown.</summary>
        public void ToPose(float[] rows, int at, Layout layout, bool isApart, long nowUs)
        {
            if (isApart || !_isSpeaking) Begin(StartUs, nowUs);
            _isSpeaking = true;
            Show(rows, at, layout, nowUs);
        }

        private long LeftUs(long nowUs)
        {
            return Math.Max(0, _beganUs + _lengthUs - nowUs);
        }

        private void Begin(long lengthUs, long nowUs)
        {
            if (_from.Length != Shown.Length) _from = new float[Shown.Length];
            Array.Copy(Shown, _from, Shown.Length);
            _beganUs = nowUs;
            _lengthUs = lengthUs;
        }

        private void Show(float[] rows, int at, Layout layout, long nowUs)
        {
            if (!layout.IsSame(Layout) || layout.Row != _from.Length || LeftUs(nowUs) == 0) _lengthUs = 0;
            if (_lengthUs == 0) Show(rows, at, layout.Row);
            else if (nowUs == _beganUs) Show(_from, 0, layout.Row);
            else layout.Mix(_from, 0, rows, at, (double)(nowUs - _beganUs) / _lengthUs, Shown);
            Layout = layout;
            _hasShown = true;
        }

        private void Show(float[] rows, int at, int count)
        {
            if (Shown.Length != count) Shown = new float[count];
            Array.Copy(rows, at, Shown, 0, count);
        }
    }
}
