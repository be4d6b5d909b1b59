using System;
using A2F.Core;

namespace A2F
{
    /// <summary>
    /// Keeps a server on this machine going: one that ends is started again, after pauses that grow where it ends soon; one that
    /// says nothing is given up. It owns no clock: whoever has it calls Keep.
    /// </summary>
    public sealed class ServerKeeper : IDisposable
    {
        const long LastingUs = 10000000;
        const int TailChars = 400;

        /// <summary>What a program wrote last may be read so long after its end.</summary>
        const long LastWordsUs = 200000;

        readonly string program;
        readonly string arguments;
        readonly Backoff backoff = new Backoff(false);
        LocalServer server;
        long startedUs;
        long endedUs = -1;
        long retryUs;

        /// <param name="program">As in LocalServer.Start, with its arguments.</param>
        public ServerKeeper(string program, string arguments)
        {
            this.program = program;
            this.arguments = arguments;
            Url = "";
            Trouble = "";
            Log = "";
        }

        /// <summary>It has so long to announce its address, µs: a first start may have to read models.</summary>
        public long PatienceUs = 30000000;

        /// <summary>Its address while it runs; "" before it is announced, and when it has ended.</summary>
        public string Url { get; private set; }

        /// <summary>Why there is none and what comes next; "" while it runs, or is starting for the first time.</summary>
        public string Trouble { get; private set; }

        /// <summary>The newest of what it wrote for people, also after its end.</summary>
        public string Log { get; private set; }

        /// <summary>How many times it was started.</summary>
        public int Starts { get; private set; }

        public bool IsRunning
        {
            get { return server != null && server.IsRunning; }
        }

        /// <summary>See how it is, and start it where that is due. Once a frame is often enough.</summary>
        public void Keep(long nowUs)
        {
            if (server == null)
            {
                Start(nowUs);
                return;
            }
            Log = server.Log;
            int? code = server.ExitCode;
            if (code.HasValue && endedUs < 0)
            {
                endedUs = nowUs;
                Url = "";
            }
            else if (code.HasValue && nowUs - endedUs > LastWordsUs)
            {
                string what = server.Url.Length > 0 ? "ended" : "ended before it could be reached";
                Fail(what + ", exit code " + code.Value, nowUs);
            }
            else if (!code.HasValue && server.Url.Length > 0)
            {
                Url = server.Url;
                Trouble = "";
            }
            else if (!code.HasValue && nowUs - startedUs > PatienceUs)
            {
                server.Kill();
                Fail("has announced no address in " + PatienceUs / 1000000 + " s", nowUs);
            }
        }

        /// <summary>End it for good.</summary>
        public void Dispose()
        {
            retryUs = long.MaxValue;
            Url = "";
            if (server != null)
            {
                server.Dispose();
                server = null;
            }
        }

        void Start(long nowUs)
        {
            if (nowUs < retryUs)
            {
                return;
            }
            Starts++;
            Url = "";
            startedUs = nowUs;
            endedUs = -1;
            server = new LocalServer();
            string why = server.Start(program, arguments);
            if (why != null)
            {
                server = null;
                Pause(why, nowUs);
            }
        }

        void Fail(string what, long nowUs)
        {
            if (server.Url.Length > 0 && nowUs - startedUs > LastingUs)
            {
                backoff.Reset();
            }
            server.Dispose();
            server = null;
            string tail = Log.Trim();
            tail = tail.Length > TailChars ? "… " + tail.Substring(tail.Length - TailChars) : tail;
            Pause("the server program \"" + program + "\" " + what + (tail.Length > 0 ? ": " + tail : ""), nowUs);
        }

        void Pause(string why, long nowUs)
        {
            Url = "";
            Trouble = why;
            retryUs = nowUs + 1000L * backoff.Next(Codes.Abnormal, null);
        }
    }
}
