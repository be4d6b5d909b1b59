using System;
using UnityEngine;

namespace A2F
{
    /// <summary>
    /// Brings the sound of a clip into a line, a second of it a frame: reading and resampling a minute at once would cost some
    /// 50 ms of one frame.
    /// </summary>
    internal sealed class ClipFeeder
    {
        readonly AudioClip clip;
        readonly SoundFeed feed;
        readonly float[] block;
        readonly float[] mono;
        int at;

        public ClipFeeder(AudioClip clip, SoundFeed feed)
        {
            this.clip = clip;
            this.feed = feed;
            mono = new float[Math.Min(clip.samples, clip.frequency)];
            block = new float[mono.Length * clip.channels];
        }

        /// <summary>Put in the next second. False once all is there, or nobody wants it any more.</summary>
        public bool Pour()
        {
            int count = clip ? Math.Min(mono.Length, clip.samples - at) : 0;
            if (count < 1 || feed.Line.State == LineState.Interrupted || !clip.GetData(block, at))
            {
                feed.End();
                return false;
            }
            SoundFeed.ToMono(block, count * clip.channels, clip.channels, mono);
            feed.Add(mono, 0, count);
            at += count;
            if (at >= clip.samples)
            {
                feed.End();
                return false;
            }
            return true;
        }
    }
}
