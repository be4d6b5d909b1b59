using System;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading;

namespace A2F
{
    /// <summary>
    /// A server on this machine, started by this program and ended with it: `a2f-ws serve --port 0 --announce
    /// --exit-with-stdin` prints one line of JSON with its address once clients can connect.
    /// </summary>
    public sealed class LocalServer : IDisposable
    {
        const int EndMs = 3000;
        const int ListenedMs = 500;
        const int LogCharsMost = 8000;

        readonly object gate = new object();
        readonly StringBuilder log = new StringBuilder();
        Process process;
        Thread[] listeners = new Thread[0];
        string url = "";

        /// <summary>Address for clients of this machine; "" until it is announced.</summary>
        public string Url
        {
            get
            {
                lock (gate)
                {
                    return url;
                }
            }
        }

        /// <summary>The newest of what it wrote for people.</summary>
        public string Log
        {
            get
            {
                lock (gate)
                {
                    return log.ToString();
                }
            }
        }

        public bool IsRunning
        {
            get { return process != null && !process.HasExited; }
        }

        /// <summary>The exit code, once it has ended by itself; null before.</summary>
        public int? ExitCode
        {
            get { return process != null && process.HasExited ? process.ExitCode : (int?)null; }
        }

        /// <summary>Start it. Gives why that cannot be, or null.</summary>
        /// <param name="program">"a2f-ws", or a path; "python -m a2f_ws" where arguments begin with more.</param>
        /// <param name="arguments">Further arguments, such as "--model NAME".</param>
        public string Start(string program, string arguments)
        {
            ProcessStartInfo start = new ProcessStartInfo
            {
                FileName = program,
                Arguments = arguments + " serve --port 0 --announce --exit-with-stdin --log-level warning",
                UseShellExecute = false,
                CreateNoWindow = true,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true
            };
            try
            {
                process = new Process { StartInfo = start };
                process.Start();
                listeners = new[] { Listen(process.StandardOutput, Take), Listen(process.StandardError, Note) };
                return null;
            }
            catch (Exception error)
            {
                // Missing programs, rights and platforms without processes end in different kinds of exception.
                process = null;
                return "found no program \"" + program + "\" that can be started, wanted a2f-ws: " + error.Message;
            }
        }

        /// <summary>Address in an announcement; "" when a line is none.</summary>
        public static string UrlIn(string line)
        {
            const string Key = "\"url\"";
            int at = line == null ? -1 : line.IndexOf(Key, StringComparison.Ordinal);
            int open = at < 0 ? -1 : line.IndexOf('"', at + Key.Length);
            int close = open < 0 ? -1 : line.IndexOf('"', open + 1);
            string found = close < 0 ? "" : line.Substring(open + 1, close - open - 1);
            return found.StartsWith("ws://", StringComparison.Ordinal) || found.StartsWith("wss://", StringComparison.Ordinal) ? found : "";
        }

        /// <summary>End it now, one that does nothing any more.</summary>
        public void Kill()
        {
            try
            {
                process.Kill();
            }
            catch (Exception error) when (error is InvalidOperationException || error is System.ComponentModel.Win32Exception)
            {
                Note("it had ended already");
            }
        }

        /// <summary>End it: it goes when its stdin does, and is killed where it does not.</summary>
        public void Dispose()
        {
            Process ending = process;
            process = null;
            if (ending == null)
            {
                return;
            }
            try
            {
                ending.StandardInput.Close();
                if (!ending.WaitForExit(EndMs))
                {
                    ending.Kill();
                }
            }
            catch (Exception error) when (error is InvalidOperationException || error is IOException)
            {
                Note("it had ended already");
            }
            // Mono aborts when a pipe is closed under a read; one that something else still holds open is left to it.
            if (Array.TrueForAll(listeners, one => one.Join(ListenedMs)))
            {
                ending.Dispose();
            }
        }

        static Thread Listen(TextReader from, Action<string> heard)
        {
            Thread thread = new Thread(() => ReadAll(from, heard)) { IsBackground = true, Name = "A2F local server" };
            thread.Start();
            return thread;
        }

        static void ReadAll(TextReader from, Action<string> heard)
        {
            try
            {
                for (string line = from.ReadLine(); line != null; line = from.ReadLine())
                {
                    heard(line);
                }
            }
            catch (Exception error) when (error is ObjectDisposedException || error is IOException)
            {
                heard("");
            }
        }

        void Take(string line)
        {
            string found = UrlIn(line);
            lock (gate)
            {
                if (found.Length > 0)
                {
                    url = found;
                }
            }
        }

        void Note(string line)
        {
            if (string.IsNullOrEmpty(line))
            {
                return;
            }
            lock (gate)
            {
                log.Append(line).Append('\n');
                if (log.Length > LogCharsMost)
                {
                    log.Remove(0, log.Length - LogCharsMost);
                }
            }
        }
    }
}
