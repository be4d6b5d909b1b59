using System;
using System.Collections.Generic;
using A2F.Core;

namespace A2F
{
    /// <summary>
    /// A session that somebody else feeds: its face, its sound. Utterances are numbered anew here, rising whoever speaks.
    /// Client.Watch makes it.
    /// </summary>
    public sealed class Watch : Session
    {
        /// <summary>Longest hole in the sound that is filled with silence, s; after a longer one it begins anew.</summary>
        const int HoleS = 2;

        /// <summary>How much of a line's sound is kept, s: a microphone may be watched for days.</summary>
        const int KeptS = 60;

        readonly HashSet<int> alive = new HashSet<int>();
        readonly Dictionary<int, Line> lines = new Dictionary<int, Line>();
        float[] samples = new float[4800];
        int shift;
        int newest;
        bool hasLeft;

        internal Watch(Client client, int sid, SessionOptions options) : base(client, sid, new Terms(sid, options, true))
        {
        }

        /// <summary>The first sound of a line has come: it is to be played.</summary>
        public event Action<Line> Heard;

        /// <summary>Somebody speaks under the name.</summary>
        public bool IsSpoken
        {
            get { return Opened != null && Opened.Model.Length > 0 && !hasLeft; }
        }

        /// <summary>Rate of the speaker's sound; that asked for while nobody speaks.</summary>
        public override int Rate
        {
            get { return Opened != null && Opened.Audio != null ? Opened.Audio.Rate : base.Rate; }
        }

        /// <summary>Stop what is said up to u (0: all), for everybody; a right of its own.</summary>
        public void InterruptAll(int u = 0)
        {
            Tell(new Interrupt { Sid = Sid, U = u < 1 ? (int?)null : Math.Max(1, u - shift) });
        }

        /// <summary>With the clock: tell where the sound is.</summary>
        public override void Played(PlayHead head)
        {
            if (Terms.Options.OwnsClock && alive.Contains(head.U) && IsConnected)
            {
                Tell(new Played { Sid = Sid, U = head.U - shift, TUs = Math.Max(0, head.TUs), Rate = head.Rate, Paused = head.IsPaused });
            }
        }

        /// <summary>What came of them is heard; no more will.</summary>
        internal override void EndLines(Trouble why)
        {
            foreach (Line line in new List<Line>(lines.Values))
            {
                line.Reel.IsEnded = true;
                line.Close(why);
            }
            lines.Clear();
            alive.Clear();
        }

        internal override void Take(Message message)
        {
            Utterance utterance = message as Utterance;
            Poses poses = message as Poses;
            Audio audio = message as Audio;
            Status status = message as Status;
            if (utterance != null)
            {
                Take(utterance);
                return;
            }
            if (audio != null)
            {
                Hear(audio.U + shift, audio.First, audio.Pcm);
                return;
            }
            if (poses != null)
            {
                poses.U += shift;
            }
            base.Take(message);
            hasLeft = message is Opened ? false : status != null && status.Code == "waiting" ? true : hasLeft;
            Line line;
            if (poses != null && lines.TryGetValue(poses.U, out line))
            {
                line.Arrived(Opened.Fps.TimeUs(poses.I + poses.N - 1));
            }
        }

        void Take(Utterance utterance)
        {
            if (utterance.State == UtteranceState.Started && !Begin(utterance.U))
            {
                return;
            }
            utterance.U += shift;
            base.Take(utterance);
            Line line;
            bool isFinal = utterance.State == UtteranceState.PosesDone || utterance.State == UtteranceState.Interrupted;
            if (lines.TryGetValue(utterance.U, out line))
            {
                line.Reel.IsEnded = line.Reel.IsEnded || utterance.State != UtteranceState.Started;
                line.Tell(StateOf(utterance.State));
            }
            if (isFinal)
            {
                alive.Remove(utterance.U);
                lines.Remove(utterance.U);
            }
        }

        /// <summary>Number an utterance; false when it is known already, as after a lost connection.</summary>
        bool Begin(int u)
        {
            if (alive.Contains(u + shift))
            {
                return false;
            }
            if (u + shift <= newest)
            {
                shift = newest + 1 - u;
            }
            newest = u + shift;
            alive.Add(newest);
            return true;
        }

        /// <summary>Sound has come: what was there before is passed over, a hole is silence.</summary>
        void Hear(int u, long first, ArraySegment<byte> pcm)
        {
            if (Opened == null || Opened.Audio == null)
            {
                return;
            }
            int frames = Pcm.FramesIn(pcm.Count, Opened.Audio);
            if (samples.Length < frames)
            {
                samples = new float[2 * frames];
            }
            int count = Pcm.ReadMono(pcm, Opened.Audio, samples, 0);
            Line line;
            if (!lines.TryGetValue(u, out line))
            {
                line = new Line(u, new Reel(Rate, first));
                if (first > 0)
                {
                    Player.Cue(u, Ticks.FramesToUs(first, Rate));
                }
                line.Tell(LineState.Started);
                lines[u] = line;
                line.Reel.Append(samples, 0, count);
                if (Heard != null)
                {
                    Heard(line);
                }
                return;
            }
            long hole = Math.Min(first - line.Reel.End, (long)HoleS * Rate);
            if (hole > 0)
            {
                line.Reel.Keep(new float[hole]);
            }
            int skip = (int)Math.Min(count, Math.Max(0, -hole));
            line.Reel.Append(samples, skip, count - skip);
            line.Reel.Forget(line.Reel.End - (long)KeptS * line.Reel.Rate);
        }
    }
}
