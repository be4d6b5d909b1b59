#if !UNITY_WEBGL || UNITY_EDITOR
using UnityEngine;

namespace A2F
{
    /// <summary>The one server that this program has started on this machine; it ends with the program.</summary>
    public static class A2FLocalServer
    {
        static ServerKeeper keeper;
#if !ENABLE_IL2CPP || UNITY_EDITOR
        static string started = "";
#endif

        /// <summary>Address of the server while it is ready; else "". Another one after it had to be started again.</summary>
        public static string Url
        {
            get { return keeper == null ? "" : keeper.Url; }
        }

        public static bool IsRunning
        {
            get { return keeper != null && keeper.IsRunning; }
        }

        /// <summary>Why it does not run; "" while all is well.</summary>
        public static string Trouble
        {
            get { return keeper == null ? "" : keeper.Trouble; }
        }

        /// <summary>The newest of what it wrote for people.</summary>
        public static string Log
        {
            get { return keeper == null ? "" : keeper.Log; }
        }

        /// <summary>Start it unless it runs or is to be started again later. Gives why it does not run, or null.</summary>
        public static string Start(string program, string arguments)
        {
#if ENABLE_IL2CPP && !UNITY_EDITOR
            return "a player built with IL2CPP cannot start programs, wanted the scripting backend Mono or a server that runs already";
#else
            string wanted = program + "\n" + arguments;
            if (keeper != null && !keeper.IsRunning && wanted != started)
            {
                Stop();
            }
            started = keeper == null ? wanted : started;
            keeper = keeper ?? new ServerKeeper(string.IsNullOrEmpty(program) ? "a2f-ws" : program, arguments ?? "");
            keeper.Keep(A2FClock.NowUs);
            return keeper.Trouble.Length == 0 ? null : keeper.Trouble;
#endif
        }

        /// <summary>Start it again where it has ended; called by the connection that needs it.</summary>
        internal static void Keep()
        {
            if (keeper != null)
            {
                keeper.Keep(A2FClock.NowUs);
            }
        }

        /// <summary>End it.</summary>
        public static void Stop()
        {
            if (keeper != null)
            {
                keeper.Dispose();
                keeper = null;
            }
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        static void Begin()
        {
            Stop();
            Application.quitting -= Stop;
            Application.quitting += Stop;
        }
    }
}
#endif
