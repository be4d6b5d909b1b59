using System;
using System.Collections.Generic;
using A2F.Core;

namespace A2F
{
    /// <summary>What connections and the server do to a session.</summary>
    public partial class Session
    {
        internal void Tick(long clockUs)
        {
            nowUs = clockUs;
            if (reopenUs >= 0 && nowUs >= reopenUs && pending != null)
            {
                reopenUs = -1;
                Attach(pending);
            }
            sender.Pump();
        }

        /// <summary>A connection is ready: take up what was going on, or open it afresh.</summary>
        internal void Attach(Link ready)
        {
            Attach(ready, Opened == null ? null : Opened.Resume);
        }

        /// <summary>The connection is lost; another one may come.</summary>
        internal void Detach()
        {
            pending = null;
            link = null;
            sender.Lose();
        }

        internal void End(Trouble why)
        {
            if (IsClosed)
            {
                return;
            }
            IsClosed = true;
            Detach();
            EndLines(why);
            client.Forget(Sid);
            if (WasClosed != null)
            {
                WasClosed(why);
            }
        }

        /// <summary>Nothing more of its lines comes.</summary>
        internal virtual void EndLines(Trouble why)
        {
            sender.End(why);
        }

        /// <summary>Take over what the server says.</summary>
        internal virtual void Take(Message message)
        {
            Opened opened = message as Opened;
            Poses poses = message as Poses;
            Rest rest = message as Rest;
            Utterance utterance = message as Utterance;
            if (opened != null)
            {
                view.Take(opened);
                Raise(WasOpened, opened);
            }
            else if (poses != null)
            {
                Take(poses);
            }
            else if (rest != null)
            {
                view.Take(rest);
            }
            else if (utterance != null)
            {
                Player.Utterance(utterance.U, utterance.State, utterance.Poses, utterance.TUs);
                sender.Tell(utterance.U, StateOf(utterance.State));
                Raise(Uttered, utterance);
            }
            else
            {
                TakeSeldom(message);
            }
        }

        /// <summary>How far a line is, in the words of the server.</summary>
        internal static LineState StateOf(UtteranceState state)
        {
            switch (state)
            {
                case UtteranceState.Started:
                    return LineState.Started;
                case UtteranceState.AudioDone:
                    return LineState.AudioDone;
                case UtteranceState.PosesDone:
                    return LineState.PosesDone;
                default:
                    return LineState.Interrupted;
            }
        }

        internal void Tell(Message request)
        {
            if (link != null)
            {
                link.Ask(request, Answered);
            }
        }

        protected bool IsConnected
        {
            get { return link != null; }
        }

        void TakeSeldom(Message message)
        {
            Credit credit = message as Credit;
            Status status = message as Status;
            Error error = message as Error;
            Closed closed = message as Closed;
            if (credit != null)
            {
                sender.Allow(credit.U, credit.ToUs);
            }
            else if (status != null)
            {
                view.Take(status);
                Raise(StatusTold, status);
            }
            else if (error != null)
            {
                Trouble why = Link.TroubleOf(error);
                sender.Refused(why);
                Raise(Complained, why);
            }
            else if (closed != null && !isClosing && link != null && !Reopens(closed.Code, closed.RetryS))
            {
                End(new Trouble(closed.Code, closed.Reason));
            }
        }

        void Take(Poses poses)
        {
            if (Opened == null || poses.Layout != Opened.Layout)
            {
                return;
            }
            int skip = sender.Arrived(poses.U, poses.I, poses.N, Opened.Fps, Opened.CreditUs);
            if (skip < poses.N)
            {
                view.Take(poses, skip);
            }
        }

        void Attach(Link ready, string resume)
        {
            if (IsClosed)
            {
                return;
            }
            pending = ready;
            ready.Ask(Terms.Opening(sender.Head, resume), (answer, why) => Settle(ready, resume, why));
        }

        void Settle(Link ready, string resume, Trouble why)
        {
            if (pending != ready || IsClosed)
            {
                return;
            }
            if (why == null)
            {
                Resume(ready);
            }
            else if (resume != null)
            {
                Attach(ready, null);
            }
            else if (why.Code != Codes.Abnormal && !Reopens(why.Code, why.RetryInMs < 0 ? (int?)null : why.RetryInMs / 1000))
            {
                End(why);
            }
        }

        /// <summary>Try again after a pause, where the code says so.</summary>
        bool Reopens(int code, int? retryS)
        {
            int pauseMs = backoff.Next(code, retryS);
            if (pauseMs < 0)
            {
                return false;
            }
            Link again = link ?? pending;
            Detach();
            pending = again;
            reopenUs = nowUs + 1000L * pauseMs;
            Raise(Complained, new Trouble(code, Codes.Meaning(code), "", pauseMs));
            return true;
        }

        /// <summary>The server knows the session: tell what is in force and take up the lines.</summary>
        void Resume(Link ready)
        {
            backoff.Reset();
            if (client.Hello != null)
            {
                sender.Most = (int)client.Hello.Limit("utterances", sender.Most);
            }
            link = ready;
            List<Line> taken = Return.GoOn(sender.Lines, Opened, sender.Head, Terms.Options.IsMicrophone, ready);
            foreach (Message message in Terms.Rest(sender.Head))
            {
                Tell(message);
            }
            foreach (Line line in taken)
            {
                Player.Cue(line.U, line.FromUs);
            }
            sender.Link = ready;
            sender.Pump();
        }

        void Answered(Message answer, Trouble why)
        {
            if (why != null && why.Code < Codes.Malformed)
            {
                return;
            }
            Raise(Complained, why);
        }

        static void Raise<T>(Action<T> told, T what) where T : class
        {
            if (told != null && what != null)
            {
                told(what);
            }
        }
    }
}
