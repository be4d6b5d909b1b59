using A2F.Core;

namespace A2F
{
    /// <summary>How lines begin, are halted, end and give way to the next.</summary>
    public sealed partial class Playback
    {
        void Obey(long? headUs, long nowUs)
        {
            Line line = decks[0].Line;
            IVoice voice = decks[0].Voice;
            bool isHeard = line.Reel.IsEnded && headUs.HasValue && voice.IsPlayedOut(nowUs);
            if (line.State == LineState.Interrupted || (line.State == LineState.Failed && voice is MicrophoneVoice))
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

        /// <summary>The line waits for its first poses, or for more that nobody is there to send.</summary>
        bool IsPatienceOver(long nowUs)
        {
            bool isHeld = state == GateState.Wait || (state == GateState.Stall && session != null && !session.IsOpen);
            heldUs = !isHeld || IsPaused || heldUs < 0 ? nowUs : heldUs;
            return nowUs - heldUs > PatienceUs;
        }

        /// <summary>After a jump the sound stands until poses have come, or the gate has seen that they do not.</summary>
        bool IsMissing(Line line, long headUs)
        {
            return player.IsVisible && !line.IsOver && line.PosesUs <= headUs;
        }

        void Enter()
        {
            isOver = isForced = false;
            heldUs = -1;
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
            if (isOver)
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
            if (session == null || deck.Line.State == LineState.Failed)
            {
                // Nobody takes it: what was heard is of no more use.
                deck.Line.Forget(us);
                return;
            }
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
    }
}
