using System;
using System.Text;
using A2F.Core;

namespace A2F
{
    /// <summary>The rows of a session as the server tells them, handed to the player that shows them.</summary>
    internal sealed class View
    {
        readonly PosePlayer player;
        readonly long aheadUs;
        int layout;
        string meaning = "";

        public View(PosePlayer player, long aheadUs)
        {
            this.player = player;
            this.aheadUs = aheadUs;
        }

        /// <summary>The newest; null before the first.</summary>
        public Opened Opened { get; private set; }

        /// <summary>Poses that have come.</summary>
        public long PosesCount { get; private set; }

        public void Take(Opened opened)
        {
            Opened = opened;
            player.LookAheadUs = opened.LookAheadUs;
            // Rows that mean the same keep their number in the player: what it has stays usable.
            string next = Meaning(opened);
            if (next != meaning)
            {
                meaning = next;
                player.Opened(opened, ++layout, aheadUs);
            }
        }

        public void Take(Rest rest)
        {
            if (Opened != null && rest.Layout == Opened.Layout)
            {
                player.Rest(layout, rest.Data);
            }
        }

        /// <summary>Take poses but for the first ones.</summary>
        public void Take(Poses poses, int skip)
        {
            int bytes = 4 * Opened.Row * skip;
            if (bytes > poses.Data.Count)
            {
                return;
            }
            ArraySegment<byte> data = new ArraySegment<byte>(poses.Data.Array, poses.Data.Offset + bytes, poses.Data.Count - bytes);
            PosesCount += player.Poses(poses.U, layout, poses.I + skip, data) ? poses.N - skip : 0;
        }

        /// <summary>Take over the figures of a `status`.</summary>
        public void Take(Status status)
        {
            double lookAheadUs;
            if (status.Code == "rate" && status.Counters.TryGetValue("look_ahead_us", out lookAheadUs) && Opened != null)
            {
                Opened.LookAheadUs = player.LookAheadUs = (long)lookAheadUs;
            }
        }

        static string Meaning(Opened opened)
        {
            StringBuilder text = new StringBuilder();
            text.Append(opened.Model).Append('\n').Append(opened.Rig).Append('\n').Append(opened.Fps);
            foreach (string name in opened.Curves)
            {
                text.Append('\n').Append(name);
            }
            text.Append("\n\n");
            foreach (string name in opened.Transforms)
            {
                text.Append('\n').Append(name);
            }
            foreach (var place in opened.Idle)
            {
                text.Append('\n').Append(place.Key).Append(' ').Append(place.Value.Index).Append(' ').Append(place.Value.Gain);
            }
            return text.ToString();
        }
    }
}
