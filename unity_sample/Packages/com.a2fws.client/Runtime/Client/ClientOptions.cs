namespace A2F
{
    /// <summary>What a client says of itself.</summary>
    public sealed class ClientOptions
    {
        /// <summary>"name/version" of the program, for the server's log.</summary>
        public string Name = "com.a2fws.client/0.1.0";

        /// <summary>The server's password; never sent, only proven.</summary>
        public string Password;

        /// <summary>Bearer token; sent, so to wss:// only, or on this machine.</summary>
        public string Token;

        /// <summary>Connect again after a loss.</summary>
        public bool Reconnects = true;
    }

    public enum ClientState
    {
        Connecting,
        Ready,

        /// <summary>A pause before the next try.</summary>
        Waiting,
        Closed
    }
}
