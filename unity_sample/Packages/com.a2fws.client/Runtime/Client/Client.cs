using System;
using System.Collections.Generic;
using A2F.Core;

namespace A2F
{
    /// <summary>
    /// One connection that keeps itself up, and the sessions on it. It owns no clock and no thread: whoever has it calls Tick,
    /// once a frame, and is told everything from there.
    /// </summary>
    public sealed class Client : ILinkOwner
    {
        const long LastingUs = 10000000;

        readonly ClientOptions options;
        readonly Func<IWire> wires;
        readonly Backoff backoff;
        readonly Pulse pulse = new Pulse();
        readonly Dictionary<int, Session> sessions = new Dictionary<int, Session>();
        readonly List<Session> turn = new List<Session>();
        Link link;
        long nowUs;
        long readyUs;
        long retryUs;

        /// <param name="wires">Makes a wire to the address, for every try another one.</param>
        public Client(Uri address, ClientOptions options, Func<IWire> wires)
        {
            Address = address;
            this.options = options;
            this.wires = wires;
            backoff = new Backoff(Backoff.IsHere(address));
        }

        /// <summary>Where the server is.</summary>
        public Uri Address { get; private set; }

        public event Action<ClientState> StateChanged;

        /// <summary>What is wrong with the connection, or a complaint of the server's about no session.</summary>
        public event Action<Trouble> Complained;

        public ClientState State { get; private set; }

        /// <summary>What the server tells about itself, the newest; null before the first.</summary>
        public Hello Hello { get; private set; }

        /// <summary>Why it is not ready; null while all is well.</summary>
        public Trouble Trouble { get; private set; }

        /// <summary>Time to the server and back, µs; -1 before the first answer.</summary>
        public long RoundTripUs { get; private set; }

        /// <summary>How many times another run of the server was met than before.</summary>
        public int Restarts { get; private set; }

        /// <summary>Sessions that are open or on their way.</summary>
        public int Sessions
        {
            get { return sessions.Count; }
        }

        /// <summary>Open a session; it says by itself when it is open, or why it cannot be.</summary>
        public Session Open(SessionOptions terms)
        {
            return Add(new Session(this, FreeSid(), terms));
        }

        /// <summary>Follow the session that speaks under a name, now or later.</summary>
        public Watch Watch(SessionOptions terms)
        {
            return (Watch)Add(new Watch(this, FreeSid(), terms));
        }

        /// <summary>Take what came, send what is due, connect where that is due.</summary>
        public void Tick(long clockUs)
        {
            nowUs = Math.Max(nowUs, clockUs);
            if (State == ClientState.Closed)
            {
                return;
            }
            if (link == null && nowUs >= retryUs)
            {
                Become(ClientState.Connecting);
                link = new Link(wires(), options, this);
            }
            if (link != null)
            {
                link.Tick(nowUs);
            }
            if (State == ClientState.Ready && link != null)
            {
                pulse.Tick(link, nowUs);
            }
            turn.Clear();
            turn.AddRange(sessions.Values);
            foreach (Session session in turn)
            {
                session.Tick(nowUs);
            }
        }

        /// <summary>The server is found elsewhere now, as one that was started again: the next wire leads there.</summary>
        public void Move(Uri address)
        {
            Address = address;
            Retry();
        }

        /// <summary>Try again now instead of at the end of the pause.</summary>
        public void Retry()
        {
            retryUs = 0;
        }

        /// <summary>End the connection for good; all sessions end.</summary>
        public void Close()
        {
            Link ending = link;
            link = null;
            if (ending != null)
            {
                ending.Drop(Codes.Normal, "");
            }
            Finish(null, new Trouble(Codes.Normal, "the client is closed"));
        }

        /// <summary>As Close, at once: threads have ended when it returns.</summary>
        public void Abort()
        {
            Link ending = link;
            link = null;
            if (ending != null)
            {
                ending.Abort();
            }
            Finish(null, new Trouble(Codes.Normal, "the client is closed"));
        }

        internal void Forget(int sid)
        {
            sessions.Remove(sid);
        }

        void ILinkOwner.Take(Link from, Message message)
        {
            Hello hello = message as Hello;
            Pong pong = message as Pong;
            if (hello != null)
            {
                Restarts += Hello != null && Hello.Instance != hello.Instance ? 1 : 0;
                Hello = hello;
            }
            else if (message is Ready)
            {
                Greeted(from);
            }
            else if (pong != null)
            {
                RoundTripUs = nowUs - pong.T;
            }
            else
            {
                Hand(message);
            }
        }

        void ILinkOwner.Refused(Fault fault)
        {
            Complain(new Trouble(fault.Code, fault.Text, fault.Field));
        }

        void ILinkOwner.Gone(Link gone, int code, string reason)
        {
            if (link != gone)
            {
                return;
            }
            link = null;
            bool wasReady = State == ClientState.Ready;
            if (wasReady && nowUs - readyUs > LastingUs)
            {
                backoff.Reset();
            }
            string text = Trouble.Explain(code, reason, Address.ToString(), wasReady);
            int pauseMs = options.Reconnects ? backoff.Next(code, Codes.PauseS(reason)) : -1;
            Trouble trouble = new Trouble(code, text, "", pauseMs);
            if (pauseMs < 0)
            {
                Finish(trouble, trouble);
                return;
            }
            Trouble = trouble;
            RoundTripUs = -1;
            retryUs = nowUs + 1000L * pauseMs;
            foreach (Session session in new List<Session>(sessions.Values))
            {
                session.Detach();
            }
            Become(ClientState.Waiting);
            Complain(trouble);
        }

        Session Add(Session session)
        {
            sessions[session.Sid] = session;
            if (link != null && State == ClientState.Ready)
            {
                session.Attach(link);
            }
            else if (State == ClientState.Closed)
            {
                session.End(Trouble ?? new Trouble(Codes.Normal, "the client is closed"));
            }
            return session;
        }

        int FreeSid()
        {
            int sid = 1;
            while (sessions.ContainsKey(sid))
            {
                sid++;
            }
            return sid;
        }

        void Hand(Message message)
        {
            Session session;
            Error error = message as Error;
            if (message.Session.HasValue && sessions.TryGetValue(message.Session.Value, out session))
            {
                session.Take(message);
            }
            else if (error != null)
            {
                Complain(Link.TroubleOf(error));
            }
        }

        void Greeted(Link ready)
        {
            Trouble = null;
            readyUs = nowUs;
            pulse.Reset();
            Become(ClientState.Ready);
            foreach (Session session in new List<Session>(sessions.Values))
            {
                session.Attach(ready);
            }
        }

        void Finish(Trouble told, Trouble why)
        {
            if (State == ClientState.Closed)
            {
                return;
            }
            Trouble = told;
            foreach (Session session in new List<Session>(sessions.Values))
            {
                session.End(why);
            }
            Become(ClientState.Closed);
            if (told != null)
            {
                Complain(told);
            }
        }

        void Complain(Trouble trouble)
        {
            if (Complained != null)
            {
                Complained(trouble);
            }
        }

        void Become(ClientState state)
        {
            if (State == state)
            {
                return;
            }
            State = state;
            if (StateChanged != null)
            {
                StateChanged(state);
            }
        }
    }
}
