using System;
using System.Collections.Generic;
using UnityEngine;

namespace A2F
{
    /// <summary>How a character reaches its server.</summary>
    [Serializable]
    public sealed class A2FServerSettings
    {
        [Tooltip("Where the server listens; characters with the same address share one connection.")]
        public string url = "ws://localhost:8765";

        [Tooltip("Is never sent, only proven. Better set from code than kept in a scene.")]
        public string password = "";

        [Tooltip("Is sent as it is: to wss:// addresses, or on this machine.")]
        public string token = "";

        public A2FSocket socket = A2FSocket.LowLatency;

        [Tooltip("Take any certificate: for a server of your own with a self-signed one.")]
        public bool trustsAnyCertificate;

        [Tooltip("Start a server on this machine where none is named above. Needs the program a2f-ws.")]
        public bool startsLocalServer;

        [Tooltip("The program to start: a2f-ws, or a path to it.")]
        public string program = "a2f-ws";

        [Tooltip("Arguments before `serve`, as `-m a2f_ws` where the program is python.")]
        public string arguments = "";
    }

    /// <summary>One emotion, or one face parameter.</summary>
    [Serializable]
    public struct A2FAmount
    {
        public string name;
        public float value;

        public A2FAmount(string name, float value)
        {
            this.name = name;
            this.value = value;
        }

        /// <summary>Put amounts into a dictionary where it has none of that name.</summary>
        public static void Put(IList<A2FAmount> amounts, Dictionary<string, float> into)
        {
            for (int k = 0; amounts != null && k < amounts.Count; k++)
            {
                if (!string.IsNullOrEmpty(amounts[k].name) && !into.ContainsKey(amounts[k].name))
                {
                    into[amounts[k].name] = amounts[k].value;
                }
            }
        }
    }

    /// <summary>What is right and what is not, for the inspector and for a screen of one's own.</summary>
    public struct A2FHealth
    {
        public bool ServerIsRight;
        public string Server;
        public bool SoundIsRight;
        public string Sound;
        public bool PosesAreRight;
        public string Poses;
        public bool CurvesAreRight;
        public string Curves;

        public override string ToString()
        {
            return Sign(ServerIsRight) + "server: " + Server + "\n" + Sign(SoundIsRight) + "sound: " + Sound + "\n"
                + Sign(PosesAreRight) + "poses: " + Poses + "\n" + Sign(CurvesAreRight) + "curves: " + Curves;
        }

        static string Sign(bool isRight)
        {
            return isRight ? "\u2713 " : "\u2717 ";
        }
    }
}
