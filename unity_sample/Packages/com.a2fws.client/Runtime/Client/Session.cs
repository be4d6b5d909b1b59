using System;
using System.Collections.Generic;
using A2F.Core;

namespace A2F
{
    /// <summary>One talking head: speaks lines and moves the face; survives the loss of its connection. Client.Open makes it.</summary>
    public partial class Session
    {
        /// <summary>Number on its connection.</summary>
        public readonly int Sid;

        /// <summary>Shows its poses.</summary>
        public readonly PosePlayer Player;

        internal readonly Terms Terms;

        readonly Client client;
        readonly Sender sender;
        readonly View view;
        readonly Backoff backoff;
        Link link;
        Link pending;
        long nowUs;
        long reopenUs = -1;
        int newest;
        bool isClosing;

        internal Session(Client client, int sid, SessionOptions options) : this(client, sid, new Terms(sid, options, false))
        {
        }

        internal Session(Client client, int sid, Terms terms)
        {
            this.client = client;
            Sid = sid;
            Player = terms.Options.Player ?? new PosePlayer();
            Terms = terms;
            sender = new Sender(sid, terms.Options.Rate, terms.Options.IsMicrophone);
            view = new View(Player, terms.Options.AheadUs);
            backoff = new Backoff(Backoff.IsHere(client.Address));
        }

        /// <summary>The server has settled what rows consist of, for the first time or anew.</summary>
        public event Action<Opened> WasOpened;

        public event Action<Utterance> Uttered;

        public event Action<Status> StatusTold;

        /// <summary>What the server refused.</summary>
        public event Action<Trouble> Complained;

        /// <summary>Nothing more will come; why.</summary>
        public event Action<Trouble> WasClosed;

        /// <summary>What the server has settled, the newest; null before the first.</summary>
        public Opened Opened
        {
            get { return view.Opened; }
        }

        /// <summary>The server has it, now.</summary>
        public bool IsOpen
        {
            get { return link != null; }
        }

        public bool IsClosed { get; private set; }

        /// <summary>Poses that have come.</summary>
        public long PosesCount
        {
            get { return view.PosesCount; }
        }

        /// <summary>The session's connection.</summary>
        public Client Client
        {
            get { return client; }
        }

        /// <summary>Sample frames per second of its sound.</summary>
        public virtual int Rate
        {
            get { return Terms.Options.Rate; }
        }

        /// <summary>Begin a line; lines are sent, and spoken, in this order. Its sound is put on its reel, and ended there.</summary>
        public Line Say()
        {
            Line line = new Line(newest + 1, new Reel(Rate, 0));
            Say(line);
            return line;
        }

        /// <summary>Lines up to this one are over already, without the session.</summary>
        internal void NumberAbove(int u)
        {
            newest = Math.Max(newest, u);
        }

        /// <summary>Take over a line that was begun before the session was there; its number is above all earlier ones.</summary>
        internal void Say(Line line)
        {
            newest = Math.Max(newest, line.U);
            if (IsClosed)
            {
                line.Fail(new Trouble(Codes.Normal, "the session is closed"));
            }
            else
            {
                sender.Add(line, Opened == null ? 0 : Opened.CreditUs);
            }
        }

        /// <summary>Move the emotion to values, 0 … 1 by name; an absent name is 0.</summary>
        public void SetEmotion(Dictionary<string, float> values, long transitionUs = 300000)
        {
            Emotion message = new Emotion { Sid = Sid, Values = new Dictionary<string, float>(values), TransitionUs = transitionUs };
            Terms.Feel(message);
            Tell(message);
        }

        /// <summary>Change what is not null; model, rig, have and fps only while no utterance is alive.</summary>
        public void Change(Set message)
        {
            message.Sid = Sid;
            if (message.Visible.HasValue)
            {
                Player.IsVisible = message.Visible.Value;
            }
            Terms.Change(message);
            Tell(message);
        }

        /// <summary>Drop what is said up to u (0: all) now, sent or not.</summary>
        /// <param name="heardUs">What was heard of it; -1 = unknown.</param>
        public void Interrupt(int u = 0, long heardUs = -1)
        {
            int last = u < 1 ? newest : u;
            if (last < 1)
            {
                return;
            }
            Player.Interrupt(last);
            if (sender.Halt(last) && link != null)
            {
                Tell(new Interrupt { Sid = Sid, U = last, TUs = heardUs < 0 ? (long?)null : heardUs });
            }
        }

        /// <summary>Tell where the sound is; at least four times a second while it runs, and at changes.</summary>
        public virtual void Played(PlayHead head)
        {
            if (sender.Hear(head) && link != null)
            {
                link.SendPlayed(Sid, head);
            }
        }

        /// <summary>Interrupt everything and end the session.</summary>
        public void Close()
        {
            if (IsClosed)
            {
                return;
            }
            isClosing = true;
            if (link != null)
            {
                link.Send(new Close { Sid = Sid });
            }
            End(new Trouble(Codes.Normal, "as asked"));
        }
    }
}
