using System;
using System.Collections.Generic;
using A2F.Core;

namespace A2F
{
    /// <summary>Plays the lines of one session one after the other, and gives the row to show in time with what is heard.</summary>
    public sealed partial class Playback
    {
        /// <summary>How often the server is told where the sound is.</summary>
        const long TellUs = 240000;

        struct Deck
        {
            public Line Line;
            public IVoice Voice;
        }

        readonly PosePlayer player;
        Session session;
        readonly List<Deck> decks = new List<Deck>();
        readonly float[] offsets = new float[Idle.Amounts];
        float[] row = new float[0];
        GateState state = GateState.Wait;
        bool isOver = true;
        bool isToldDue;
        bool isForced;
        long heldUs = -1;
        int toldU;
        int newest;
        bool toldStanding;
        long toldUs;

        public Playback(Session session) : this(session.Player)
        {
            Join(session);
        }

        /// <summary>For clips, which know all their poses, and before there is a session: nobody is told anything.</summary>
        public Playback(PosePlayer player)
        {
            this.player = player;
        }

        /// <summary>Another line is played.</summary>
        public event Action<Line> Began;

        /// <summary>A line was played out or interrupted.</summary>
        public event Action<Line> Ended;

        /// <summary>A line waits so long for its first poses, then it is heard without: a game is not mute for want of a server.</summary>
        public long PatienceUs = long.MaxValue;

        /// <summary>How much idle life.</summary>
        public IdleLevel Level = IdleLevel.Alive;

        /// <summary>The character's own number, so that two do not blink together.</summary>
        public uint Seed;

        /// <summary>The line that is played, or was last; null before the first.</summary>
        public Line Line
        {
            get { return decks.Count > 0 ? decks[0].Line : null; }
        }

        public GateState State
        {
            get { return state; }
        }

        /// <summary>Sound is heard, or is about to be.</summary>
        public bool IsSpeaking
        {
            get { return !isOver; }
        }

        /// <summary>Stopped by the game; see also the voice's own pauses.</summary>
        public bool IsPaused { get; set; }

        /// <summary>How often the sound had to wait for poses.</summary>
        public int Stalls { get; private set; }

        /// <summary>Time of the pose aimed at by the last Sample − play head, µs; null at rest.</summary>
        public long? SkewUs { get; private set; }

        /// <summary>Layout of the row that Sample gave last.</summary>
        public Layout Layout
        {
            get { return player.Layout; }
        }

        /// <summary>The lines so far, and those to come, are this session's, which has the same player.</summary>
        public void Join(Session own)
        {
            session = own;
            own.NumberAbove(newest);
            foreach (Deck deck in decks)
            {
                if (!isOver || deck.Line != decks[0].Line)
                {
                    own.Say(deck.Line);
                }
            }
            // The server has begun it, perhaps a new one that knows nothing of the sound yet.
            own.Uttered += utterance => isToldDue = isToldDue || utterance.State == UtteranceState.Started;
        }

        /// <summary>Let a line be heard when those before it are over and enough of its poses are here.</summary>
        public void Add(Line line, IVoice voice)
        {
            // Others may wait where a listener says one more as a line ends.
            if (isOver && decks.Count == 1)
            {
                decks.Clear();
            }
            newest = Math.Max(newest, line.U);
            decks.Add(new Deck { Line = line, Voice = voice });
            if (decks.Count == 1)
            {
                Enter();
            }
        }

        /// <summary>Drop the line that is played and those that wait; the face eases to rest.</summary>
        public void Interrupt(long nowUs)
        {
            if (decks.Count == 0)
            {
                Drop(0, -1);
                return;
            }
            Deck first = decks[0];
            Line last = decks[decks.Count - 1].Line;
            long heardUs = isOver || first.Line != last ? -1 : first.Voice.HeadUs(nowUs);
            for (int k = 1; k < decks.Count; k++)
            {
                decks[k].Voice.End();
            }
            decks.RemoveRange(1, decks.Count - 1);
            if (!isOver)
            {
                End();
            }
            Drop(last.U, heardUs);
        }

        /// <summary>The row to show now, idle life added: this object's own array, good until the next call. Once a frame.</summary>
        public float[] Sample(long nowUs)
        {
            long? headUs = HeadUs(nowUs);
            bool isPaused = IsPaused;
            if (!isOver)
            {
                isPaused = isPaused || decks[0].Voice.IsPaused;
                player.Rate = decks[0].Voice.Rate;
            }
            player.IsPaused = isPaused;
            float[] shown = player.Sample(decks.Count > 0 ? decks[0].Line.U : 0, headUs, nowUs);
            SkewUs = player.ShownUs.HasValue && headUs.HasValue ? player.ShownUs + player.AvOffsetUs - headUs : null;
            if (player.State != state)
            {
                state = player.State;
                Stalls += state == GateState.Stall ? 1 : 0;
            }
            if (!isOver)
            {
                isForced = isForced || decks[0].Line.State == LineState.Failed || IsPatienceOver(nowUs);
                Obey(headUs, nowUs);
            }
            Tell(nowUs);
            return WithIdle(shown, nowUs);
        }

        /// <summary>Play head of the line as heard now, µs; null while none of it is heard.</summary>
        public long? HeadUs(long nowUs)
        {
            long headUs = isOver ? -1 : decks[0].Voice.HeadUs(nowUs);
            return headUs < 0 ? (long?)null : headUs;
        }

        /// <summary>Let go of all voices; the session stays as it is.</summary>
        public void Stop()
        {
            foreach (Deck deck in decks)
            {
                if (!isOver || deck.Line != decks[0].Line)
                {
                    deck.Voice.End();
                }
            }
            decks.Clear();
            isOver = true;
        }

        float[] WithIdle(float[] shown, long nowUs)
        {
            if (row.Length != shown.Length)
            {
                row = new float[shown.Length];
            }
            Idle.Offsets(Seed, nowUs, Level, offsets);
            Idle.Apply(shown, offsets, player.Layout.Idle, row);
            return row;
        }
    }
}
