using System;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Threading;
using System.Threading.Tasks;
using A2F.Core;

namespace A2F.Talk
{
    /// <summary>The WebSocket of .NET, straight to the server.</summary>
    internal sealed class SocketPort : Port
    {
        private readonly Uri _url;
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private ClientWebSocket _socket;
        private Task _opening;
        private Task<WebSocketReceiveResult> _receiving;
        private byte[] _buffer = new byte[1 << 16];
        private int _count;
        private bool _isFresh = true;

        public SocketPort(string url)
        {
            _url = new Uri(url);
        }

        public override long NowUs => _clock.ElapsedTicks * 1000000 / Stopwatch.Frequency;

        public override void Connect()
        {
            _socket = new ClientWebSocket();
            _socket.Options.AddSubProtocol(ClientProtocol.Subprotocol);
            _opening = _socket.ConnectAsync(_url, CancellationToken.None);
            _count = 0;
        }

        public override void Send(ArraySegment<byte> frame)
        {
            if (_socket == null) return;
            try
            {
                _socket.SendAsync(frame, WebSocketMessageType.Binary, true, CancellationToken.None).Wait();
            }
            catch (AggregateException)
            {
                // Whoever receives is told that it is closed.
            }
        }

        public override void Close(int code)
        {
            if (_socket == null) return;
            if (code == Codes.Abnormal) _socket.Abort();
            else _socket.CloseOutputAsync((WebSocketCloseStatus)code, "", CancellationToken.None).Wait();
        }

        public override Event Next(long untilUs)
        {
            if (_opening != null) return Opened();
            if (_socket == null) return Wait(untilUs);
            if (_isFresh) _count = 0;
            while (true)
            {
                int ms = (int)Math.Min(int.MaxValue, Math.Max(0, (untilUs - NowUs) / 1000));
                try
                {
                    if (_receiving == null) Receive();
                    if (!_receiving.Wait(ms)) return new Event { What = Happened.Time };
                    WebSocketReceiveResult result = _receiving.Result;
                    _receiving = null;
                    if (result.MessageType == WebSocketMessageType.Close)
                    {
                        return Closed((int)(result.CloseStatus ?? 0), result.CloseStatusDescription);
                    }
                    _count += result.Count;
                    _isFresh = result.EndOfMessage;
                    if (_isFresh) return new Event { What = Happened.Frame, Bytes = new ArraySegment<byte>(_buffer, 0, _count) };
                }
                catch (Exception error)
                {
                    if (!IsEnd(error)) throw;
                    return Closed(Codes.Abnormal, error.GetBaseException().Message);
                }
            }
        }

        /// <summary>What runtimes say of a socket that was cut, here or there.</summary>
        private static bool IsEnd(Exception error)
        {
            return error is AggregateException || error is InvalidOperationException || error is WebSocketException;
        }

        /// <summary>Nothing happens without a socket but that time passes.</summary>
        private Event Wait(long untilUs)
        {
            Thread.Sleep((int)Math.Min(int.MaxValue, Math.Max(0, (untilUs - NowUs + 999) / 1000)));
            return new Event { What = Happened.Time };
        }

        private Event Opened()
        {
            try
            {
                _opening.Wait();
                return new Event { What = Happened.Opened };
            }
            catch (AggregateException error)
            {
                return Closed(Codes.Abnormal, error.GetBaseException().Message);
            }
            finally
            {
                _opening = null;
            }
        }

        private void Receive()
        {
            if (_count == _buffer.Length) Array.Resize(ref _buffer, 2 * _buffer.Length);
            var room = new ArraySegment<byte>(_buffer, _count, _buffer.Length - _count);
            _receiving = _socket.ReceiveAsync(room, CancellationToken.None);
        }

        private Event Closed(int code, string reason)
        {
            _receiving = null;
            _isFresh = true;
            _socket.Dispose();
            _socket = null;
            return new Event { What = Happened.Closed, Code = code, Reason = reason ?? "" };
        }
    }
}
