using System;
using System.Collections.Generic;
using A2F.Core;

namespace A2F.Talk
{
    /// <summary>One client: a connection that is made again when it is lost, and the heads on it.</summary>
    internal sealed class Talker
    {
        private const long LimitUs = 30000000;
        private const long PauseUs = 100000;

        private readonly Port _port;
        private readonly string _password;
        private readonly FrameWriter _out = new FrameWriter();
        private readonly List<Head> _heads = new List<Head>();
        private ClientProtocol _protocol;
        private bool _isOpen;
        private bool _isRefused;

        public Hello Hello { get; private set; }

        public Talker(Port port, string password)
        {
            _port = port;
            _password = password;
        }

        public long NowUs => _port.NowUs;

        public bool IsReady => _protocol != null && _protocol.State == ProtocolState.Ready;

        /// <summary>Connect and greet; a server that is away is tried again.</summary>
        public void Connect()
        {
            long giveUpUs = NowUs + LimitUs;
            for (Dial(); !IsReady; Step(giveUpUs))
            {
                if (NowUs >= giveUpUs) throw new TimeoutException("no server");
                if (!_isRefused) continue;
                long againUs = NowUs + PauseUs;
                while (NowUs < againUs) Step(againUs);
                Dial();
            }
        }

        public Head Open(Open request, Log log)
        {
            var head = new Head(request, log);
            _heads.Add(head);
            Send(request);
            Until(() => head.Opened != null);
            return head;
        }

        /// <summary>Take all heads up on this connection: with their tokens, else afresh.</summary>
        public void TakeUp(string[] tokens)
        {
            for (int k = 0; k < _heads.Count; k++)
            {
                Head head = _heads[k];
                head.Refusal = 0;
                head.Request.Resume = tokens[k];
                Send(head.Request);
                Until(() => head.Opened != null || head.Refusal != 0);
                if (head.Opened != null) continue;
                if (head.Refusal != Codes.Unknown) throw new InvalidOperationException("refused: " + head.Refusal);
                head.Request.Resume = null;
                Send(head.Request);
                Until(() => head.Opened != null);
            }
        }

        /// <summary>Cut the connection without a word.</summary>
        public void Cut()
        {
            _port.Close(Codes.Abnormal);
            Until(() => !_isOpen);
        }

        public void Close()
        {
            _port.Close(Codes.Normal);
            Until(() => !_isOpen);
        }

        /// <summary>Go on until something is true.</summary>
        public void Until(Func<bool> isTrue)
        {
            long giveUpUs = NowUs + LimitUs;
            while (!isTrue())
            {
                if (NowUs >= giveUpUs) throw new TimeoutException("waited too long");
                Step(giveUpUs);
            }
        }

        /// <summary>Send what may be sent, and take one thing that happens, not beyond a time.</summary>
        public void Step(long untilUs)
        {
            if (_isOpen && IsReady)
            {
                foreach (Head head in _heads)
                {
                    if (head.Opened != null) head.Pump(Send);
                }
            }
            Event found = _port.Next(untilUs);
            if (found.What == Happened.Opened) Greet();
            else if (found.What == Happened.Frame) Take(found.Bytes);
            else if (found.What == Happened.Closed) Lose(found);
        }

        public void Send(Message message)
        {
            _out.Clear();
            Fault fault = _protocol.Send(message, _out);
            if (fault != null) throw new InvalidOperationException(fault.ToString());
            _port.Send(_out.Written);
        }

        private void Dial()
        {
            _isRefused = false;
            _protocol = new ClientProtocol();
            _port.Connect();
        }

        private void Greet()
        {
            _isOpen = true;
            if (_password == null) Send(new Identify { Client = "talk/1" });
        }

        private void Lose(Event why)
        {
            _isOpen = false;
            _isRefused = true;
            _protocol.Close();
            foreach (Head head in _heads) head.Part();
            Console.Error.WriteLine("closed: " + why.Code + " " + why.Reason + " " + Codes.Meaning(why.Code));
            Retry retry = Codes.RetryOf(why.Code);
            if (why.Code != Codes.Normal && (retry == Retry.No || retry == Retry.Changed))
            {
                throw new InvalidOperationException("closed for good: " + why.Code);
            }
        }

        private void Take(ArraySegment<byte> frame)
        {
            Fault fault;
            Message message = _protocol.Receive(frame.Array, frame.Offset, frame.Count, out fault);
            if (fault != null) throw new InvalidOperationException(fault.ToString());
            var hello = message as Hello;
            if (hello != null) TakeHello(hello);
            if (message == null || !message.Session.HasValue) return;
            foreach (Head head in _heads)
            {
                if (head.Sid == message.Session.Value) head.Take(message);
            }
        }

        private void TakeHello(Hello hello)
        {
            Hello = hello;
            if (_password == null) return;
            Send(new Identify { Client = "talk/1", Proof = Proof.Of(_password, hello.Auth) });
        }
    }
}
