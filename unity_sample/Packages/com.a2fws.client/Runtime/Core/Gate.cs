using System;

namespace A2F.Core
{
    /// <summary>What the client does with the sound: in Wait, Stall and Stop it stands, else it runs.</summary>
    public enum GateState
    {
        /// <summary>Too few poses are here.</summary>
        Wait,

        /// <summary>The sound may be started; it is not heard yet.</summary>
        Start,

        /// <summary>The sound runs.</summary>
        Play,

        /// <summary>The poses stay away: halt the sound where it is.</summary>
        Stall,

        /// <summary>Interrupted or played out: nothing of this utterance is to be heard.</summary>
        Stop,
    }

    /// <summary>What the player sees at one sample; times are those of poses.</summary>
    internal struct Sight
    {
        /// <summary>Pose wanted now; while there is no sound, where it will start.</summary>
        public long HeadUs;

        /// <summary>The client gave a play head.</summary>
        public bool HasSound;

        /// <summary>Newest pose, or <see cref="Track.Never"/>.</summary>
        public long ReachUs;

        /// <summary>No pose is to be waited for: all came, or the face is not visible.</summary>
        public bool IsDone;

        /// <summary>Interrupted or played out.</summary>
        public bool IsOver;

        /// <summary>For how long the pose at the play head has been due and not here.</summary>
        public long MissingUs;

        /// <summary>Time since the sample before, if the sound played evenly between the two, else 0.</summary>
        public long EvenUs;
        public long NowUs;

        /// <summary>For a microphone, time on the clock that pose 0 belongs to; null for a line.</summary>
        public long? LiveZeroUs;
    }

    /// <summary>
    /// Starts the sound when enough poses are ahead of it, and halts it when they stay away. A hole before the
    /// newest pose is never waited for, since poses come in order. Sound that runs without having been allowed to
    /// is taken as it is. The play head of a microphone never goes back.
    /// </summary>
    public sealed class Gate
    {
        // Protocol §19 (Gate); catching up: the rule for microphones there.
        private const long FirstMarginUs = 60000;
        private const long LeastMarginUs = 40000;
        private const long MostMarginUs = 400000;
        private const long StallGrowthUs = 40000;
        private const long CalmGainUs = 10000;
        private const long CalmUs = 10000000;
        private const long StallUs = 100000;
        private const long CatchUpUs = 250000;

        private long _mostUs = MostMarginUs;
        private long _calmUs;
        private long _liveUs = Track.Never;
        private long _behindUs;

        /// <summary>Of the utterance that was sampled last.</summary>
        public GateState State { get; private set; }

        /// <summary>How far poses must be ahead for the sound to start or to go on.</summary>
        public long MarginUs { get; private set; }

        public Gate()
        {
            MarginUs = FirstMarginUs;
        }

        /// <summary>Take `open.ahead_us`: a margin beyond half of it could never be filled.</summary>
        internal void Limit(long aheadUs)
        {
            _mostUs = Math.Min(MostMarginUs, Math.Max(0, aheadUs) / 2);
            MarginUs = Math.Min(MarginUs, _mostUs);
        }

        /// <summary>Another utterance: wait for its poses, with the margin that calm play has earned.</summary>
        internal void Enter()
        {
            long gains = Math.Min(MostMarginUs / CalmGainUs, _calmUs / CalmUs);
            _calmUs %= CalmUs;
            MarginUs = Math.Max(Math.Min(MarginUs, LeastMarginUs), MarginUs - gains * CalmGainUs);
            State = GateState.Wait;
            _liveUs = Track.Never;
            _behindUs = 0;
        }

        internal void Update(Sight sight)
        {
            if (sight.IsOver) State = GateState.Stop;
            else if (sight.HasSound) Run(sight);
            else Rest(sight);
        }

        /// <summary>A microphone's play head: now − pose 0 − margin, and never back; null in Wait and Stop.</summary>
        internal long? LiveUs(long nowUs, long liveZeroUs)
        {
            if (State == GateState.Wait || State == GateState.Stop) return null;
            if (State != GateState.Stall || _liveUs == Track.Never)
            {
                _liveUs = Math.Max(_liveUs, nowUs - liveZeroUs - MarginUs - _behindUs);
            }
            return _liveUs;
        }

        private bool IsFilled(Sight sight)
        {
            return sight.IsDone || sight.ReachUs >= sight.HeadUs + MarginUs;
        }

        private void Rest(Sight sight)
        {
            if (State == GateState.Play || State == GateState.Stall)
            {
                State = sight.IsDone ? GateState.Stop : GateState.Wait;
            }
            if (State == GateState.Wait && IsFilled(sight)) State = GateState.Start;
        }

        private void Run(Sight sight)
        {
            bool wasStalled = State == GateState.Stall;
            if (wasStalled && !IsFilled(sight)) return;
            if (!wasStalled && IsStarving(sight))
            {
                State = GateState.Stall;
                _calmUs = 0;
                MarginUs = Math.Min(MarginUs + StallGrowthUs, _mostUs);
                return;
            }
            if (!wasStalled) _calmUs += sight.EvenUs;
            State = GateState.Play;
            if (sight.LiveZeroUs.HasValue && (wasStalled || MayCatchUp(sight))) GoOn(sight, sight.LiveZeroUs.Value);
        }

        private static bool IsStarving(Sight sight)
        {
            return sight.MissingUs >= StallUs && !sight.IsDone && sight.ReachUs < sight.HeadUs;
        }

        /// <summary>A microphone has fallen back, and many newer poses are here again.</summary>
        private bool MayCatchUp(Sight sight)
        {
            return _behindUs > 0 && sight.ReachUs > sight.HeadUs + MarginUs + CatchUpUs;
        }

        /// <summary>Let a microphone go on a margin before its newest pose, but not before that is due.</summary>
        private void GoOn(Sight sight, long liveZeroUs)
        {
            long onUs = Math.Max(sight.HeadUs, sight.ReachUs - MarginUs);
            _behindUs = Math.Max(0, sight.NowUs - liveZeroUs - MarginUs - onUs);
        }
    }
}
