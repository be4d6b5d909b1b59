using System;
using System.Net.WebSockets;
using System.Threading;
using System.Threading.Tasks;

namespace A2F
{
    /// <summary>WebSocket of the platform: where a proxy or a platform's rules want it. Slower by what Nagle's algorithm takes.</summary>
    public sealed class ClientWebSocketWire : QueuedWire
    {
        const int CloseMs = 1000;
        const int PollMs = 20;

        readonly Uri address;
        readonly WireOptions options;
        readonly ClientWebSocket socket = new ClientWebSocket();
        readonly CancellationTokenSource ending = new CancellationTokenSource();
        readonly Mailbox outbox = new Mailbox();
        readonly SemaphoreSlim waiting = new SemaphoreSlim(0);
        Task running;
        Task leaving;
        int isSending;

        public ClientWebSocketWire(Uri address, WireOptions options)
        {
            this.address = address;
            this.options = options;
        }

        public override int UnsentBytes
        {
            get { return outbox.Bytes + isSending; }
        }

        /// <summary>Something of it still runs.</summary>
        public bool HasTasks
        {
            get { return (running != null && !running.IsCompleted) || (leaving != null && !leaving.IsCompleted); }
        }

        public override void Open()
        {
            running = Task.Run(() => Run());
        }

        public override void Send(byte[] data, int offset, int count)
        {
            if (State == WireState.Open)
            {
                outbox.Put(data, offset, count);
                waiting.Release();
            }
        }

        public override void Close(int code, string reason)
        {
            if (Finish(code, reason))
            {
                leaving = Task.Run(() => Leave(code, reason));
            }
        }

        public override void Abort()
        {
            Finish(Abnormal, "ended here");
            ending.Cancel();
            socket.Abort();
        }

        async Task Run()
        {
            try
            {
                socket.Options.AddSubProtocol(options.Subprotocol);
                if (!string.IsNullOrEmpty(options.Token))
                {
                    socket.Options.SetRequestHeader("Authorization", "Bearer " + options.Token);
                }
                using (CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(ending.Token))
                {
                    late.CancelAfter(options.ConnectMs);
                    await socket.ConnectAsync(address, late.Token).ConfigureAwait(false);
                }
                if (!Begin())
                {
                    return;
                }
                Task writing = Write();
                await Read().ConfigureAwait(false);
                ending.Cancel();
                await writing.ConfigureAwait(false);
            }
            catch (Exception error)
            {
                // The task is nobody's: whatever ends it ends the wire.
                Finish(Abnormal, Told(error));
                ending.Cancel();
            }
        }

        async Task Read()
        {
            byte[] buffer = new byte[65536];
            int count = 0;
            while (true)
            {
                if (count == buffer.Length)
                {
                    if (count >= options.MessageBytesMost)
                    {
                        Close(1009, "found a message over " + options.MessageBytesMost + " bytes");
                        return;
                    }
                    Array.Resize(ref buffer, Math.Min(2 * count, options.MessageBytesMost));
                }
                ArraySegment<byte> room = new ArraySegment<byte>(buffer, count, buffer.Length - count);
                WebSocketReceiveResult found = await socket.ReceiveAsync(room, ending.Token).ConfigureAwait(false);
                if (found.MessageType != WebSocketMessageType.Binary)
                {
                    bool isText = found.MessageType == WebSocketMessageType.Text;
                    int code = isText ? 4400 : (int)(found.CloseStatus ?? WebSocketCloseStatus.Empty);
                    string reason = isText ? "found a text frame, wanted binary ones" : found.CloseStatusDescription;
                    Finish(code, reason);
                    await Leave(isText ? code : 1000, "").ConfigureAwait(false);
                    return;
                }
                count += found.Count;
                if (found.EndOfMessage)
                {
                    Inbox.Put(buffer, 0, count);
                    count = 0;
                }
            }
        }

        async Task Write()
        {
            try
            {
                while (true)
                {
                    await waiting.WaitAsync(ending.Token).ConfigureAwait(false);
                    WireMessage next;
                    if (outbox.TryTake(out next))
                    {
                        isSending = next.Count;
                        ArraySegment<byte> bytes = new ArraySegment<byte>(next.Buffer, 0, next.Count);
                        await socket.SendAsync(bytes, WebSocketMessageType.Binary, true, ending.Token).ConfigureAwait(false);
                        isSending = 0;
                        outbox.Return(next);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                isSending = 0;
            }
        }

        async Task Leave(int code, string reason)
        {
            try
            {
                using (CancellationTokenSource late = new CancellationTokenSource(CloseMs))
                {
                    await socket.CloseOutputAsync((WebSocketCloseStatus)code, reason ?? "", late.Token).ConfigureAwait(false);
                    while (socket.State == WebSocketState.CloseSent || socket.State == WebSocketState.CloseReceived)
                    {
                        await Task.Delay(PollMs, late.Token).ConfigureAwait(false);
                    }
                }
            }
            catch (Exception error)
            {
                // It is over either way; what the library says of it is of use to nobody.
                Finish(Abnormal, Told(error));
            }
            ending.Cancel();
            socket.Abort();
        }
    }
}
