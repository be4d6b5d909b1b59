using System;
using System.Collections.Generic;

namespace A2F.Core
{
    /// <summary>How far the greeting is, protocol §4.</summary>
    public enum ProtocolState
    {
        /// <summary>The socket is open; nothing was said.</summary>
        Connected,

        /// <summary>`hello` came.</summary>
        Greeted,

        /// <summary>`identify` went out before `hello` came.</summary>
        Offered,

        /// <summary>Both.</summary>
        Identified,

        /// <summary>`ready` came.</summary>
        Ready,
        Closed,
    }

    /// <summary>
    /// The client's half of one connection: frames in, messages out, and the other way round. Make another one for
    /// another socket. `identify`, `open` and sound may be sent before `hello` came.
    /// </summary>
    public sealed class ClientProtocol
    {
        /// <summary>Version of the protocol, and the WebSocket sub-protocol that says it in msgpack.</summary>
        public const int Version = 1;
        public const string Subprotocol = "a2f.v1.msgpack";

        private static readonly string[] Requests =
        {
            "open", "audio", "end", "emotion", "set", "interrupt", "played", "close", "ping", "pong",
        };

        private static readonly string[] Early = { "error", "status", "ping", "pong" };

        private static readonly string[] Answers =
        {
            "error", "status", "ping", "pong", "opened", "rest", "poses", "audio", "played", "geometry",
            "utterance", "credit", "ok", "closed",
        };

        /// <summary>What may come in a state, and the state after it.</summary>
        private static readonly Row[] Receives =
        {
            new Row(ProtocolState.Connected).To("hello", ProtocolState.Greeted),
            new Row(ProtocolState.Greeted).Stay(Early),
            new Row(ProtocolState.Offered).To("hello", ProtocolState.Identified),
            new Row(ProtocolState.Identified).Stay(Early).To("ready", ProtocolState.Ready),
            new Row(ProtocolState.Ready).Stay(Answers),
            new Row(ProtocolState.Closed),
        };

        /// <summary>What may be said in a state, and the state after it.</summary>
        private static readonly Row[] Sends =
        {
            new Row(ProtocolState.Connected).To("identify", ProtocolState.Offered),
            new Row(ProtocolState.Greeted).Stay("ping", "pong").To("identify", ProtocolState.Identified),
            new Row(ProtocolState.Offered).Stay(Requests),
            new Row(ProtocolState.Identified).Stay(Requests),
            new Row(ProtocolState.Ready).Stay(Requests),
            new Row(ProtocolState.Closed),
        };

        private readonly Codec _codec = new Codec();

        public ProtocolState State { get; private set; }

        /// <summary>
        /// Read a frame of the server's. Null without a fault: a message that is not known here, to be ignored. Bytes
        /// in a message are views of the frame; `poses`, `audio`, `credit`, `played`, `ping` and `pong` are used again
        /// at the next frame.
        /// </summary>
        public Message Receive(byte[] bytes, int offset, int count, out Fault fault)
        {
            Message message = _codec.Decode(bytes, offset, count, out fault);
            if (message == null) return null;
            ProtocolState next;
            if (!Receives[(int)State].Has(message.Op, out next))
            {
                fault = new Fault(Codes.State, "op: found " + message.Op + " while " + State, "op");
                return null;
            }
            var hello = message as Hello;
            if (hello != null && hello.Protocol != Version)
            {
                string text = "hello.protocol: found " + hello.Protocol + ", wanted " + Version;
                fault = new Fault(Codes.Version, text, "protocol", true);
                return null;
            }
            State = next;
            return message;
        }

        /// <summary>Write a message behind what is there. Null, or why nothing was written.</summary>
        public Fault Send(Message message, FrameWriter into)
        {
            if (message == null || into == null) return new Fault(Codes.Malformed, "found no message");
            ProtocolState next;
            if (!Sends[(int)State].Has(message.Op, out next))
            {
                return new Fault(Codes.State, "op: found " + message.Op + " while " + State, "op");
            }
            Fault fault = _codec.Encode(message, into);
            if (fault == null) State = next;
            return fault;
        }

        /// <summary>The socket is closed, or about to be.</summary>
        public void Close()
        {
            State = ProtocolState.Closed;
        }

        private sealed class Row
        {
            private readonly ProtocolState _state;
            private readonly Dictionary<string, ProtocolState> _next =
                new Dictionary<string, ProtocolState>(StringComparer.Ordinal);

            public Row(ProtocolState state)
            {
                _state = state;
            }

            public Row To(string op, ProtocolState next)
            {
                _next[op] = next;
                return this;
            }

            public Row Stay(params string[] ops)
            {
                for (int k = 0; k < ops.Length; k++) _next[ops[k]] = _state;
                return this;
            }

            public bool Has(string op, out ProtocolState next)
            {
                return _next.TryGetValue(op, out next);
            }
        }
    }
}
