namespace A2F
{
    /// <summary>Where the sound is: a play head and what it does.</summary>
    public struct PlayHead
    {
        /// <summary>Utterance; 0 = none was told yet.</summary>
        public int U;
        public long TUs;
        public float Rate;
        public bool IsPaused;
    }
}
