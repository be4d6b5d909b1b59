using System;

namespace A2F.Core
{
    /// <summary>Messages to frames and back.</summary>
    internal sealed class Codec
    {
        /// <summary>The frequent ones first.</summary>
        private static readonly string[] Ops =
        {
            "poses", "audio", "credit", "played", "utterance", "rest", "status", "ping", "pong", "ok", "error",
            "opened", "closed", "hello", "ready", "geometry",
            "identify", "open", "end", "emotion", "set", "interrupt", "close",
        };

        private static readonly Func<Message>[] Makers =
        {
            () => new Poses(), () => new Audio(), () => new Credit(), () => new Played(), () => new Utterance(),
            () => new Rest(), () => new Status(), () => new Ping(), () => new Pong(), () => new Ok(), () => new Error(),
            () => new Opened(), () => new Closed(), () => new Hello(), () => new Ready(), () => new Geometry(),
            () => new Identify(), () => new Open(), () => new End(), () => new Emotion(), () => new Set(),
            () => new Interrupt(), () => new Close(),
        };

        private readonly Fields _fields = new Fields();
        private readonly Message[] _kept =
        {
            new Poses(), new Audio(), new Credit(), new Played(), null, null, null, new Ping(), new Pong(),
        };

        /// <summary>
        /// Read one message. Null with a fault: 4400 closing where it is none, 4400 for a field that is missing or of
        /// the wrong type, 4422 for a value out of range. Null without: its op is not known.
        /// </summary>
        public Message Decode(byte[] bytes, int offset, int count, out Fault fault)
        {
            Message message = null;
            if (_fields.Begin(bytes, offset, count))
            {
                int k = _fields.Op(Ops);
                if (k >= 0)
                {
                    message = (k < _kept.Length ? _kept[k] : null) ?? Makers[k]();
                    message.Walk(_fields);
                }
            }
            fault = _fields.Fault;
            return fault == null ? message : null;
        }

        /// <summary>Read a message of another kind, which is no part of the protocol's talk; null as above.</summary>
        public T DecodeAs<T>(T message, byte[] bytes, int offset, int count, out Fault fault) where T : Message
        {
            bool isThat = _fields.Begin(bytes, offset, count) && _fields.Op(new[] { message.Op }) == 0;
            if (isThat) message.Walk(_fields);
            fault = _fields.Fault;
            return isThat && fault == null ? message : null;
        }

        public Fault Encode(Message message, FrameWriter into)
        {
            return _fields.Write(message.Op, message, into);
        }
    }
}
