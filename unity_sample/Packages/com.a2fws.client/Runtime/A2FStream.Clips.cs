using System.Collections.Generic;
using UnityEngine;

namespace A2F
{
    /// <summary>Clips on their way into lines, a piece a frame.</summary>
    public sealed partial class A2FStream
    {
        readonly List<ClipFeeder> feeders = new List<ClipFeeder>();

        /// <summary>Put the sound of a readable clip into a line, and end it there: the first second now, the rest frame by frame.</summary>
        internal void Pour(AudioClip clip, SoundFeed feed)
        {
            ClipFeeder feeder = new ClipFeeder(clip, feed);
            if (feeder.Pour())
            {
                feeders.Add(feeder);
            }
        }

        void PourClips()
        {
            for (int k = feeders.Count - 1; k >= 0; k--)
            {
                if (!feeders[k].Pour())
                {
                    feeders.RemoveAt(k);
                }
            }
        }
    }
}
