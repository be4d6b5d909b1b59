#if UNITY_WEBGL && !UNITY_EDITOR
using System;
using System.Runtime.InteropServices;
using System.Text;

namespace A2F
{
    /// <summary>WebSocket of the browser, through a2fws.jslib; there are no threads in WebGL.</summary>
    public sealed class WebWire : IWire
    {
        const int ReasonBytes = 512;

        readonly Uri address;
        readonly WireOptions options;
        byte[] buffer = new byte[4096];
        int id;
        bool isOver;
        int code = QueuedWire.Abnormal;
        string reason = "";

        public WebWire(Uri address, WireOptions options)
        {
            this.address = address;
            this.options = options;
        }

        public WireState State
        {
            get
            {
                if (isOver)
                {
                    return WireState.Closed;
                }
                WireState state = (WireState)A2FWebSocketState(id);
                if (state != WireState.Closed)
                {
                    return state;
                }
                if (A2FWebSocketNext(id) >= 0)
                {
                    return WireState.Open;
                }
                Settle();
                return WireState.Closed;
            }
        }

        public int CloseCode
        {
            get { return code; }
        }

        public string CloseReason
        {
            get { return reason; }
        }

        public int UnsentBytes
        {
            get { return A2FWebSocketUnsent(id); }
        }

        public void Open()
        {
            id = A2FWebSocketOpen(address.AbsoluteUri, options.Subprotocol);
        }

        public bool TryReceive(out WireMessage message)
        {
            int count = A2FWebSocketNext(id);
            message = new WireMessage();
            if (count < 0)
            {
                return false;
            }
            if (count > buffer.Length)
            {
                buffer = new byte[count + count / 4];
            }
            A2FWebSocketTake(id, buffer);
            message.Buffer = buffer;
            message.Count = count;
            return true;
        }

        public void Release(WireMessage message)
        {
            // There is one buffer, taken again at the next message.
        }

        public void Send(byte[] data, int offset, int count)
        {
            if (offset == 0)
            {
                A2FWebSocketSend(id, data, count);
                return;
            }
            byte[] copy = new byte[count];
            Buffer.BlockCopy(data, offset, copy, 0, count);
            A2FWebSocketSend(id, copy, count);
        }

        public void Close(int closeCode, string closeReason)
        {
            if (isOver)
            {
                return;
            }
            isOver = true;
            code = closeCode;
            reason = closeReason ?? "";
            A2FWebSocketClose(id, closeCode, reason);
            A2FWebSocketForget(id);
        }

        public void Abort()
        {
            Close(QueuedWire.Abnormal, "ended here");
        }

        void Settle()
        {
            byte[] text = new byte[ReasonBytes];
            isOver = true;
            code = A2FWebSocketCode(id);
            reason = Encoding.UTF8.GetString(text, 0, A2FWebSocketReason(id, text, text.Length));
            A2FWebSocketForget(id);
        }

        [DllImport("__Internal")]
        static extern int A2FWebSocketOpen(string url, string protocol);

        [DllImport("__Internal")]
        static extern int A2FWebSocketState(int id);

        [DllImport("__Internal")]
        static extern int A2FWebSocketNext(int id);

        [DllImport("__Internal")]
        static extern void A2FWebSocketTake(int id, byte[] buffer);

        [DllImport("__Internal")]
        static extern void A2FWebSocketSend(int id, byte[] data, int count);

        [DllImport("__Internal")]
        static extern int A2FWebSocketUnsent(int id);

        [DllImport("__Internal")]
        static extern int A2FWebSocketCode(int id);

        [DllImport("__Internal")]
        static extern int A2FWebSocketReason(int id, byte[] buffer, int most);

        [DllImport("__Internal")]
        static extern void A2FWebSocketClose(int id, int code, string reason);

        [DllImport("__Internal")]
        static extern void A2FWebSocketForget(int id);
    }
}
#endif
