using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;

namespace A2F
{
    /// <summary>The request that turns HTTP into WebSocket, and what a right answer to it is. Source: RFC 6455 §4.</summary>
    public sealed class Handshake
    {
        /// <summary>An answer that is longer is none.</summary>
        public const int AnswerBytesMost = 16384;

        const string Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

        readonly Uri address;
        readonly string subprotocol;
        readonly string token;
        readonly string key;

        /// <param name="token">Sent as Authorization: Bearer; null = none.</param>
        public Handshake(Uri address, string subprotocol, string token)
        {
            this.address = address;
            this.subprotocol = subprotocol;
            this.token = token;
            byte[] bytes = new byte[16];
            using (RandomNumberGenerator random = RandomNumberGenerator.Create())
            {
                random.GetBytes(bytes);
            }
            key = Convert.ToBase64String(bytes);
        }

        /// <summary>The key that is sent, base64.</summary>
        public string Key
        {
            get { return key; }
        }

        /// <summary>The request, ready to be written.</summary>
        public byte[] Request()
        {
            string host = address.HostNameType == UriHostNameType.IPv6 ? "[" + address.DnsSafeHost + "]" : address.DnsSafeHost;
            StringBuilder text = new StringBuilder();
            text.Append("GET ").Append(address.PathAndQuery).Append(" HTTP/1.1\r\n");
            text.Append("Host: ").Append(host);
            if (!address.IsDefaultPort || address.Port != (address.Scheme == "wss" ? 443 : 80))
            {
                text.Append(':').Append(address.Port);
            }
            text.Append("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n");
            text.Append("Sec-WebSocket-Key: ").Append(key).Append("\r\n");
            text.Append("Sec-WebSocket-Protocol: ").Append(subprotocol).Append("\r\n");
            if (!string.IsNullOrEmpty(token))
            {
                text.Append("Authorization: Bearer ").Append(token).Append("\r\n");
            }
            return Encoding.ASCII.GetBytes(text.Append("\r\n").ToString());
        }

        /// <summary>Why an answer (status line and headers) is not right; null when it is.</summary>
        public string Refusal(string answer)
        {
            string[] lines = answer.Split(new[] { "\r\n" }, StringSplitOptions.RemoveEmptyEntries);
            string status = lines.Length > 0 ? lines[0] : "";
            if (!status.StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
            {
                return "found \"" + status + "\", wanted a WebSocket server's HTTP/1.1 101";
            }
            Dictionary<string, string> headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            for (int k = 1; k < lines.Length; k++)
            {
                int colon = lines[k].IndexOf(':');
                if (colon > 0)
                {
                    headers[lines[k].Substring(0, colon).Trim()] = lines[k].Substring(colon + 1).Trim();
                }
            }
            string accept;
            if (!headers.TryGetValue("Sec-WebSocket-Accept", out accept) || accept != Accept(key))
            {
                return "found no Sec-WebSocket-Accept that belongs to the key: a proxy answers in place of the server";
            }
            string chosen;
            headers.TryGetValue("Sec-WebSocket-Protocol", out chosen);
            if (chosen != null && chosen != subprotocol)
            {
                return "found the sub-protocol " + chosen + ", wanted " + subprotocol;
            }
            return headers.ContainsKey("Sec-WebSocket-Extensions") ? "found an extension, wanted none" : null;
        }

        /// <summary>What a server answers to a key.</summary>
        public static string Accept(string key)
        {
            using (SHA1 sha = SHA1.Create())
            {
                return Convert.ToBase64String(sha.ComputeHash(Encoding.ASCII.GetBytes(key + Guid)));
            }
        }
    }
}
