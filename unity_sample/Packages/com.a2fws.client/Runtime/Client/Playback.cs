using System;
using System.Collections.Generic;
using A2F.Core;

namespace A2F
{
    /// <summary>Plays the lines of one session one after the other, and gives the row to show in time with what is heard.</summary>
    public sealed class Playback
    {
        /// <summary>How often the server is told where the sound is.</summary>
        const long TellUs = 240000;

        struct Deck
        {
            public Line Line;
            public IVoice Voice;
        }

        readonly Session session;
        readonly PosePlayer player;
        readonly List<Deck> decks = new List<Deck>();
        readonly float[] offsets = new float[Idle.Amounts];
        float[] row = new float[0];
        GateState state = GateState.Wait;
        bool isOver = true;
        bool isToldDue;
        bool isForced;
        long enteredUs = -1;
        int toldU;
        bool toldStanding;
        long toldUs;

        public Playback(Session session) : this(session.Player)
        {
            this.session = session;
            // The server has begun it, perhaps a new one that knows nothing of the sound yet.
            session.Uttered += utterance => isToldDue = isToldDue || utterance.State == UtteranceState.Started;
        }

        /// <summary>For clips, which know all their poses: nobody is told anything.</summary>
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

        /// <summary>Let a line be heard when those before it are over and enough of its poses are here.</summary>
        public void Add(Line line, IVoice voice)
        {
            if (isOver)
            {
                decks.Clear();
            }
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
                enteredUs = enteredUs < 0 ? nowUs : enteredUs;
                isForced = isForced || (state == GateState.Wait && !IsPaused && nowUs - enteredUs > PatienceUs);
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

        void Obey(long? headUs, long nowUs)
        {
            Line line = decks[0].Line;
            IVoice voice = decks[0].Voice;
            bool isHeard = line.Reel.IsEnded && headUs.HasValue && voice.IsPlayedOut(nowUs);
            if (line.State == LineState.Interrupted || line.State == LineState.Failed)
            {
                End();
            }
            else if (isForced && isHeard)
            {
                // Nobody was there to say that it is over.
                Drop(line.U, -1);
                End();
            }
            else if (state == GateState.Stop || (decks.Count > 1 && isHeard && !IsPaused))
            {
                End();
            }
            else if (IsPaused || (!isForced && (state == GateState.Stall || state == GateState.Wait)))
            {
                voice.Halt();
            }
            else if (isForced || !headUs.HasValue || !IsMissing(line, headUs.Value))
            {
                voice.Start();
            }
        }

        /// <summary>After a jump the sound stands until poses have come, or the gate has seen that they do not.</summary>
        bool IsMissing(Line line, long headUs)
        {
            return player.IsVisible && !line.IsOver && line.PosesUs <= headUs;
        }

        void Enter()
        {
            isOver = isForced = false;
            enteredUs = -1;
            if (Began != null)
            {
                Began(decks[0].Line);
            }
        }

        /// <summary>The line is over: on to the next one, if there is one.</summary>
        void End()
        {
            Deck over = decks[0];
            isOver = true;
            over.Voice.End();
            if (Ended != null)
            {
                Ended(over.Line);
            }
            if (decks.Count > 1 && decks[0].Line == over.Line)
            {
                decks.RemoveAt(0);
                Enter();
            }
        }

        /// <summary>Tell the server where the sound is: four times a second, and at changes.</summary>
        void Tell(long nowUs)
        {
            if (isOver || session == null)
            {
                return;
            }
            Deck deck = decks[0];
            long headUs = deck.Voice.HeadUs(nowUs);
            bool isStanding = headUs < 0 || !deck.Voice.IsStarted || player.IsPaused;
            bool isSame = toldU == deck.Line.U && toldStanding == isStanding;
            if (!isToldDue && isSame && nowUs - toldUs < TellUs)
            {
                return;
            }
            isToldDue = false;
            toldU = deck.Line.U;
            toldStanding = isStanding;
            toldUs = nowUs;
            long us = headUs < 0 ? Ticks.FramesToUs(deck.Line.Reel.First, deck.Line.Reel.Rate) : headUs;
            session.Played(new PlayHead { U = deck.Line.U, TUs = us, Rate = deck.Voice.Rate, IsPaused = isStanding });
        }

        void Drop(int u, long heardUs)
        {
            if (session != null)
            {
                session.Interrupt(u, heardUs);
            }
            else if (u > 0)
            {
                player.Interrupt(u);
            }
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
