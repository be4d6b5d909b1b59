namespace A2F
{
    /// <summary>
    /// What the sound of one line is played on: started by the gate, halted where it is, asked where it is. Times are those
    /// of the line.
    /// </summary>
    public interface IVoice
    {
        /// <summary>Let it run from where it stands; again and again harmless.</summary>
        void Start();

        /// <summary>Halt it where it is.</summary>
        void Halt();

        /// <summary>It is over: let go of what it used. Nothing is asked afterwards.</summary>
        void End();

        /// <summary>Play head as heard now, µs; -1 until something of the line was heard.</summary>
        long HeadUs(long nowUs);

        /// <summary>Start was called last, not Halt.</summary>
        bool IsStarted { get; }

        /// <summary>It stands by somebody's will and not for want of poses: pause, the listener's pause, no permission yet.</summary>
        bool IsPaused { get; }

        /// <summary>Play speed, 0.1 … 10; 1 = normal.</summary>
        float Rate { get; }

        /// <summary>All of it was heard; only asked once no more sound comes.</summary>
        bool IsPlayedOut(long nowUs);
    }
}
