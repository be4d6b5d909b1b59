using System;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace A2F
{
    /// <summary>How a socket comes to be a WebSocket: address, connection, TLS, handshake. It blocks; what fails throws.</summary>
    internal sealed class Dialer
    {
        readonly Uri address;
        readonly WireOptions options;
        readonly Func<Socket, bool> hold;

        /// <param name="hold">Is given each socket before it connects; false = nobody wants it any more.</param>
        public Dialer(Uri address, WireOptions options, Func<Socket, bool> hold)
        {
            this.address = address;
            this.options = options;
            this.hold = hold;
        }

        /// <summary>Connect to the first address that answers, IPv4 before IPv6: a refusal takes a second on some systems.</summary>
        public Stream Connect()
        {
            IPAddress literal;
            IPAddress[] found = IPAddress.TryParse(address.DnsSafeHost, out literal)
                ? new[] { literal }
                : Dns.GetHostAddresses(address.DnsSafeHost);
            Array.Sort(found, (a, b) => a.AddressFamily.CompareTo(b.AddressFamily));
            Exception last = new SocketException((int)SocketError.HostNotFound);
            foreach (IPAddress one in found)
            {
                try
                {
                    return Secure(Dial(one));
                }
                catch (SocketException error)
                {
                    last = error;
                }
            }
            throw last;
        }

        /// <summary>Shake hands; bytes of frames that came with the answer are moved to the front of the buffer.</summary>
        public int Greet(Stream opened, byte[] buffer)
        {
            Handshake handshake = new Handshake(address, options.Subprotocol, options.Token);
            byte[] request = handshake.Request();
            opened.ReadTimeout = options.ConnectMs;
            opened.Write(request, 0, request.Length);
            opened.Flush();
            int count = 0;
            int end = -1;
            while (end < 0)
            {
                int read = count < Handshake.AnswerBytesMost ? opened.Read(buffer, count, Handshake.AnswerBytesMost - count) : 0;
                if (read <= 0)
                {
                    throw new IOException("no whole answer to the handshake came");
                }
                count += read;
                end = Encoding.ASCII.GetString(buffer, 0, count).IndexOf("\r\n\r\n", StringComparison.Ordinal);
            }
            string refusal = handshake.Refusal(Encoding.ASCII.GetString(buffer, 0, end));
            if (refusal != null)
            {
                throw new IOException(refusal);
            }
            opened.ReadTimeout = Timeout.Infinite;
            Buffer.BlockCopy(buffer, end + 4, buffer, 0, count - end - 4);
            return count - end - 4;
        }

        Socket Dial(IPAddress one)
        {
            Socket dialled = new Socket(one.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            if (!hold(dialled))
            {
                dialled.Close();
                throw new ObjectDisposedException("the wire");
            }
            IAsyncResult asked = dialled.BeginConnect(new IPEndPoint(one, address.Port), null, null);
            if (!asked.AsyncWaitHandle.WaitOne(options.ConnectMs))
            {
                dialled.Close();
                throw new SocketException((int)SocketError.TimedOut);
            }
            dialled.EndConnect(asked);
            return dialled;
        }

        Stream Secure(Socket dialled)
        {
            NetworkStream plain = new NetworkStream(dialled, true);
            if (address.Scheme != "wss")
            {
                return plain;
            }
            plain.ReadTimeout = options.ConnectMs;
            SslStream secure = options.TrustsAnyCertificate
                ? new SslStream(plain, false, (sender, certificate, chain, errors) => true)
                : new SslStream(plain, false);
            secure.AuthenticateAsClient(address.DnsSafeHost, null, System.Security.Authentication.SslProtocols.Tls12, false);
            return secure;
        }
    }
}
