#if !UNITY_WEBGL || UNITY_EDITOR
using UnityEngine;

namespace A2F
{
    /// <summary>The one server that this program has started on this machine; it ends with the program.</summary>
    public static class A2FLocalServer
    {
        static LocalServer running;

        /// <summary>Address of the server, once it is ready; else "".</summary>
        public static string Url
        {
            get { return running != null && running.IsRunning ? running.Url : ""; }
        }

        public static bool IsRunning
        {
            get { return running != null && running.IsRunning; }
        }

        /// <summary>The newest of what it wrote for people.</summary>
        public static string Log
        {
            get { return running == null ? "" : running.Log; }
        }

        /// <summary>Start it unless it runs. Gives why that cannot be, or null.</summary>
        public static string Start(string program, string arguments)
        {
            if (IsRunning)
            {
                return null;
            }
            running = new LocalServer();
            string why = running.Start(string.IsNullOrEmpty(program) ? "a2f-ws" : program, arguments ?? "");
            running = why == null ? running : null;
            return why;
        }

        /// <summary>End it.</summary>
        public static void Stop()
        {
            if (running != null)
            {
                running.Dispose();
                running = null;
            }
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        static void Begin()
        {
            Application.quitting -= Stop;
            Application.quitting += Stop;
        }
    }
}
#endif
