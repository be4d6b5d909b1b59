using System;
using System.Collections.Generic;
using UnityEngine;

namespace A2F
{
    /// <summary>Which socket a connection is made with.</summary>
    public enum A2FSocket
    {
        /// <summary>An own one, with the least delay. WebGL always has the browser's.</summary>
        LowLatency,

        /// <summary>System.Net.WebSockets.ClientWebSocket, for where the other one cannot pass.</summary>
        Platform
    }

    /// <summary>
    /// One connection to one server, shared by all characters that name the same address. Made at need, on an object of its own
    /// that outlives scenes; ended with the last character, with play mode and before scripts are loaded anew.
    /// </summary>
    [AddComponentMenu("")]
    [DefaultExecutionOrder(-50)]
    public sealed class A2FConnection : MonoBehaviour
    {
        static readonly Dictionary<string, A2FConnection> All = new Dictionary<string, A2FConnection>();

        int users;
        bool isLocal;

        /// <summary>The program is about to end: nothing is opened any more.</summary>
        internal static bool IsQuitting { get; private set; }

        /// <summary>The connection itself.</summary>
        public Client Client { get; private set; }

        /// <summary>The connection to an address; hand it back with Leave. Null, with why, for an address that is none.</summary>
        public static A2FConnection Join(string url, ClientOptions who, A2FSocket socket, bool trustsAnyCertificate, out string why)
        {
            WireOptions options = new WireOptions { Token = who.Token, TrustsAnyCertificate = trustsAnyCertificate };
            why = options.Refusal(url);
            if (why != null)
            {
                return null;
            }
            bool isLocal = IsLocal(url);
            string key = (isLocal ? "local" : url) + "\n" + who.Password + "\n" + who.Token + "\n" + socket + trustsAnyCertificate;
            A2FConnection found;
            if (!All.TryGetValue(key, out found) || !found || found.Client == null || found.Client.State == ClientState.Closed)
            {
                GameObject home = new GameObject("A2F connection " + url) { hideFlags = HideFlags.HideAndDontSave };
                DontDestroyOnLoad(home);
                found = home.AddComponent<A2FConnection>();
                Uri address = new Uri(url);
                A2FConnection made = found;
                found.isLocal = isLocal;
                found.Client = new Client(address, who, () => Wire(made.Client.Address, options, socket));
                All[key] = found;
            }
            found.users++;
            return found;
        }

        /// <summary>One character less; without any the connection ends.</summary>
        public void Leave()
        {
            users--;
            if (users < 1)
            {
                if (Client != null)
                {
                    Client.Close();
                }
                Destroy(gameObject);
            }
        }

        /// <summary>End all connections now: before scripts are loaded anew, and when the program quits.</summary>
        public static void EndAll()
        {
            foreach (A2FConnection one in new List<A2FConnection>(All.Values))
            {
                if (one && one.Client != null)
                {
                    one.Client.Abort();
                }
            }
            All.Clear();
        }

        /// <summary>Without this, statics would outlive play mode where scripts are not loaded anew.</summary>
        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        static void Begin()
        {
            EndAll();
            IsQuitting = false;
            Application.quitting -= Quit;
            Application.quitting += Quit;
        }

        static void Quit()
        {
            IsQuitting = true;
            EndAll();
        }

        static IWire Wire(Uri address, WireOptions options, A2FSocket socket)
        {
#if UNITY_WEBGL && !UNITY_EDITOR
            return new WebWire(address, options);
#else
            return socket == A2FSocket.Platform ? (IWire)new ClientWebSocketWire(address, options) : new SocketWire(address, options);
#endif
        }

        /// <summary>Whether that is the server that this program has started: it may come back at another address.</summary>
        static bool IsLocal(string url)
        {
#if UNITY_WEBGL && !UNITY_EDITOR
            return false;
#else
            return url == A2FLocalServer.Url;
#endif
        }

        void Update()
        {
            // Scripts that were loaded anew have lost it.
            if (Client == null)
            {
                return;
            }
#if !UNITY_WEBGL || UNITY_EDITOR
            if (isLocal)
            {
                A2FLocalServer.Keep();
                string url = A2FLocalServer.Url;
                if (url.Length > 0 && url != Client.Address.OriginalString)
                {
                    Client.Move(new Uri(url));
                }
            }
#endif
            Client.Tick(A2FClock.NowUs);
        }

        void OnDestroy()
        {
            if (Client != null)
            {
                Client.Abort();
            }
        }
    }
}
