using System;

namespace A2F.Core
{
    /// <summary>How the pose wanted, play head − offset, moves from one sample to the next.</summary>
    internal sealed class Head
    {
        /// <summary>A play head that is further off than this has jumped, protocol §19.</summary>
        private const long JumpUs = 100000;

        /// <summary>More than anything that is reckoned with; keeps quotients within a long.</summary>
        private const double MostUs = 1e15;

        private bool _hasBegun;
        private long _passedUs;
        private long? _missingSinceUs;

        /// <summary>Time of the sample, never less than before.</summary>
        public long NowUs { get; private set; }

        /// <summary>Pose wanted; null without sound.</summary>
        public long? AtUs { get; private set; }

        /// <summary>Pose wanted when there was sound last in this utterance.</summary>
        public long? LastUs { get; private set; }

        /// <summary>It is not where even play since the sample before would have brought it.</summary>
        public bool HasJumped { get; private set; }

        /// <summary>Time since the sample before, if the sound played evenly between the two, else 0.</summary>
        public long EvenUs { get; private set; }

        /// <summary>Take the time of a sample; one before the last one becomes the last one.</summary>
        public void Clock(long nowUs)
        {
            _passedUs = _hasBegun ? Math.Max(0, nowUs - NowUs) : 0;
            NowUs = _hasBegun ? NowUs + _passedUs : nowUs;
            _hasBegun = true;
        }

        /// <summary>Nothing is followed any more: forget the place and what was missing there.</summary>
        public void Leave()
        {
            AtUs = LastUs = _missingSinceUs = null;
        }

        /// <param name="atUs">Pose wanted; null without sound.</param>
        /// <param name="speed">Play time per time of the clock that was to be expected; 0 while it stands.</param>
        public void Move(long? atUs, double speed)
        {
            bool isFollowed = atUs.HasValue && AtUs.HasValue;
            double stepUs = isFollowed ? (double)atUs.Value - AtUs.Value : 0;
            HasJumped = isFollowed && Math.Abs(stepUs - speed * _passedUs) > JumpUs;
            EvenUs = !isFollowed || HasJumped || speed == 0 ? 0 : _passedUs;
            AtUs = atUs;
            LastUs = atUs ?? LastUs;
        }

        /// <summary>
        /// How long the pose wanted has been due on the clock without being here. The count begins when the head
        /// passed the pose's time, which lies between two samples, and stands while paused.
        /// </summary>
        /// <param name="lateUs">Play time since the pose was due; null where nothing is missing.</param>
        public long MissingUs(long? lateUs, double rate, bool isPaused)
        {
            if (!lateUs.HasValue || !AtUs.HasValue)
            {
                _missingSinceUs = null;
                return 0;
            }
            if (!_missingSinceUs.HasValue)
            {
                long agoUs = rate > 0 ? (long)Math.Min(MostUs, lateUs.Value / rate) : 0;
                _missingSinceUs = Math.Max(NowUs - _passedUs, NowUs - agoUs);
            }
            else if (isPaused) _missingSinceUs += _passedUs;
            return NowUs - _missingSinceUs.Value;
        }
    }
}
