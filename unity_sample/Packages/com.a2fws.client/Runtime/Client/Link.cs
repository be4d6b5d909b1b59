using System;
using System.Collections.Generic;
using A2F.Core;

namespace A2F
{
    /// <summary>Who is told what a link receives.</summary>
    internal interface ILinkOwner
    {
        /// <summary>Every message, before whoever waits for it as an answer.</summary>
        void Take(Link link, Message message);

        /// <summary>A message that was refused here, without harm to the connection.</summary>
        void Refused(Fault fault);

        /// <summary>Once, when nothing comes any more.</summary>
        void Gone(Link link, int code, string reason);
    }

    /// <summary>One connection: messages out, messages in, and which answer belongs to which request.</summary>
    internal sealed class Link
    {
        /// <summary>Longest wait for the greeting (protocol §4), and most bytes that wait in the socket.</summary>
        const long GreetUs = 5000000;
        const int FullBytes = 512 * 1024;

        readonly IWire wire;
        readonly ILinkOwner owner;
        readonly ClientOptions options;
        readonly ClientProtocol protocol = new ClientProtocol();
        readonly FrameWriter frame = new FrameWriter(16384);
        readonly Dictionary<long, Action<Message, Trouble>> waiting = new Dictionary<long, Action<Message, Trouble>>();
        readonly Audio audio = new Audio();
        readonly Played played = new Played();
        byte[] pcm = new byte[0];
        long ids;
        long openedUs = -1;
        bool isGreeted;
        bool isIdentified;
        bool isOver;

        public Link(IWire wire, ClientOptions options, ILinkOwner owner)
        {
            this.wire = wire;
            this.options = options;
            this.owner = owner;
            wire.Open();
        }

        /// <summary>When the last message came, µs of the client's clock.</summary>
        public long HeardUs { get; private set; }

        public long BytesIn { get; private set; }

        public long BytesOut { get; private set; }

        /// <summary>More is waiting in the socket than should; ask again later.</summary>
        public bool IsFull
        {
            get { return wire.UnsentBytes > FullBytes; }
        }

        /// <summary>Take what came since the last time.</summary>
        public void Tick(long nowUs)
        {
            WireState state = wire.State;
            if (openedUs < 0)
            {
                openedUs = nowUs;
            }
            if (state == WireState.Open && !isIdentified && string.IsNullOrEmpty(options.Password))
            {
                Identify(null);
            }
            WireMessage got;
            while (!isOver && wire.TryReceive(out got))
            {
                HeardUs = nowUs;
                BytesIn += got.Count;
                Receive(got);
                wire.Release(got);
            }
            if (state == WireState.Closed)
            {
                End(wire.CloseCode, wire.CloseReason);
            }
            else if (!isGreeted && nowUs - openedUs > GreetUs)
            {
                Drop(Codes.Timeout, "");
            }
        }

        /// <summary>Write a message; nothing happens when the connection is over.</summary>
        public void Send(Message message)
        {
            if (isOver || wire.State != WireState.Open)
            {
                return;
            }
            frame.Clear();
            Fault fault = protocol.Send(message, frame);
            if (fault != null)
            {
                owner.Refused(fault);
                return;
            }
            BytesOut += frame.Written.Count;
            wire.Send(frame.Written.Array, frame.Written.Offset, frame.Written.Count);
        }

        /// <summary>Send a request; the answer comes later, or the trouble that there is none.</summary>
        public void Ask(Message request, Action<Message, Trouble> answer)
        {
            if (isOver)
            {
                answer(null, new Trouble(Codes.Abnormal, "not connected"));
                return;
            }
            request.Id = ++ids;
            waiting[ids] = answer;
            Send(request);
        }

        /// <summary>Send samples as 16-bit integers.</summary>
        public void SendAudio(int sid, int u, long first, float[] samples, int count)
        {
            if (pcm.Length < 2 * count)
            {
                pcm = new byte[2 * count];
            }
            Pcm.Write(samples, 0, count, SampleFormat.S16le, pcm, 0);
            audio.Sid = sid;
            audio.U = u;
            audio.First = first;
            audio.Pcm = new ArraySegment<byte>(pcm, 0, 2 * count);
            Send(audio);
        }

        public void SendEnd(int sid, int u)
        {
            Send(new End { Sid = sid, U = u });
        }

        public void SendPlayed(int sid, PlayHead head)
        {
            played.Sid = sid;
            played.U = head.U;
            played.TUs = Math.Max(0, head.TUs);
            played.Rate = Math.Min(10f, Math.Max(0.1f, head.Rate));
            played.Paused = head.IsPaused;
            Send(played);
        }

        /// <summary>End the connection here; the owner is told that code at once.</summary>
        public void Drop(int code, string reason)
        {
            End(code, reason);
            wire.Close(code == Codes.Normal || code >= 3000 ? code : 4000, reason);
        }

        /// <summary>End everything now, threads included; nobody is told.</summary>
        public void Abort()
        {
            isOver = true;
            waiting.Clear();
            wire.Abort();
        }

        void Receive(WireMessage got)
        {
            Fault fault;
            Message message = protocol.Receive(got.Buffer, 0, got.Count, out fault);
            if (fault != null && fault.Closes)
            {
                Drop(fault.Code, fault.Text);
            }
            else if (fault != null)
            {
                owner.Refused(fault);
            }
            else if (message != null)
            {
                Take(message);
            }
        }

        void Take(Message message)
        {
            Hello hello = message as Hello;
            Ping ping = message as Ping;
            if (hello != null && !isIdentified && !string.IsNullOrEmpty(options.Password))
            {
                Identify(hello.Auth);
            }
            if (ping != null)
            {
                Send(new Pong { T = ping.T, Re = ping.Id });
                return;
            }
            isGreeted = isGreeted || message is Ready;
            Action<Message, Trouble> answer = null;
            Error error = message as Error;
            if (message.Re.HasValue && waiting.TryGetValue(message.Re.Value, out answer))
            {
                waiting.Remove(message.Re.Value);
            }
            if (answer == null || error == null)
            {
                owner.Take(this, message);
            }
            if (answer != null)
            {
                answer(error == null ? message : null, error == null ? null : TroubleOf(error));
            }
        }

        /// <summary>What a refusal says.</summary>
        public static Trouble TroubleOf(Error error)
        {
            return new Trouble(error.Code, error.Text, error.Field, error.RetryS.HasValue ? 1000 * error.RetryS.Value : -1);
        }

        void Identify(Auth auth)
        {
            isIdentified = true;
            Identify message = new Identify { Client = options.Name, Token = string.IsNullOrEmpty(options.Token) ? null : options.Token };
            if (auth != null && auth.Kind == "challenge")
            {
                message.Proof = Proof.Of(options.Password, auth.Salt, auth.Challenge);
            }
            Send(message);
        }

        void End(int code, string reason)
        {
            if (isOver)
            {
                return;
            }
            isOver = true;
            owner.Gone(this, code, reason);
            Trouble why = new Trouble(code, "the connection ended before the answer came");
            List<Action<Message, Trouble>> left = new List<Action<Message, Trouble>>(waiting.Values);
            waiting.Clear();
            foreach (Action<Message, Trouble> answer in left)
            {
                answer(null, why);
            }
        }
    }
}
