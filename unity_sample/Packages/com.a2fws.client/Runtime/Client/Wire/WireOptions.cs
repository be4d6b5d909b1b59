using System;

namespace A2F
{
    /// <summary>What all kinds of wire are told.</summary>
    public sealed class WireOptions
    {
        public string Subprotocol = "a2f.v1.msgpack";

        /// <summary>Bearer token that is sent with the request; null = none, or shown later.</summary>
        public string Token;

        /// <summary>Longest message that is taken, bytes.</summary>
        public int MessageBytesMost = 16 * 1024 * 1024;

        /// <summary>Longest wait for a connection and its handshake, ms.</summary>
        public int ConnectMs = 5000;

        /// <summary>Take any certificate: for a server of one's own with a self-signed one. Never for others.</summary>
        public bool TrustsAnyCertificate;

        /// <summary>Why an address or these options cannot be used; null when they can.</summary>
        public string Refusal(string address)
        {
            Uri uri;
            if (!Uri.TryCreate(address, UriKind.Absolute, out uri) || (uri.Scheme != "ws" && uri.Scheme != "wss"))
            {
                return "found the address \"" + address + "\", wanted one such as ws://localhost:8765";
            }
            foreach (char letter in Token ?? "")
            {
                if (letter <= ' ' || letter > '~')
                {
                    return "found a token with a character that no token has";
                }
            }
            return null;
        }
    }
}
