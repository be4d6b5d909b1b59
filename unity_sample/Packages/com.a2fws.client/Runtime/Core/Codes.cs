using System.Collections.Generic;

namespace A2F.Core
{
    /// <summary>Whether to try again what ended with a code, protocol §15.</summary>
    public enum Retry
    {
        /// <summary>Never by itself.</summary>
        No,

        /// <summary>Once the cause is put right.</summary>
        Changed,

        /// <summary>After the seconds that were told, or after a pause that grows.</summary>
        Later,

        /// <summary>At once.</summary>
        Yes,
    }

    /// <summary>The one list of codes for refusals, ended sessions and closed sockets, protocol §15.</summary>
    public static class Codes
    {
        public const int Normal = 1000;
        public const int GoingAway = 1001;

        /// <summary>Stands for a connection that ended without a close frame, RFC 6455 §7.1.5.</summary>
        public const int Abnormal = 1006;

        public const int Origin = 1008;
        public const int TooLarge = 1009;
        public const int Malformed = 4400;
        public const int Authentication = 4401;
        public const int Forbidden = 4403;
        public const int Unknown = 4404;
        public const int NoSubprotocol = 4406;
        public const int Timeout = 4408;
        public const int State = 4409;
        public const int Limit = 4413;
        public const int BadValue = 4422;
        public const int Version = 4426;
        public const int Busy = 4429;
        public const int TakenOver = 4490;
        public const int Internal = 4500;
        public const int Draining = 4503;

        private struct Entry
        {
            public readonly Retry Retry;
            public readonly string Meaning;

            public Entry(Retry retry, string meaning)
            {
                Retry = retry;
                Meaning = meaning;
            }
        }

        private static readonly Dictionary<int, Entry> Table = new Dictionary<int, Entry>
        {
            { Normal, new Entry(Retry.No, "It ended as it was asked to.") },
            { GoingAway, new Entry(Retry.Later, "The server has been stopped.") },
            { Origin, new Entry(Retry.No, "The server does not let pages of this origin in; add it to its list.") },
            { TooLarge, new Entry(Retry.Changed, "A message was larger than the server reads.") },
            { Malformed, new Entry(Retry.Changed, "A message could not be read; client and server may be of different makes.") },
            { Authentication, new Entry(Retry.Changed, "The password or token is missing or wrong.") },
            { Forbidden, new Entry(Retry.No, "The token does not grant this.") },
            { Unknown, new Entry(Retry.Changed, "The server knows no model, rig, session or name like that.") },
            { NoSubprotocol, new Entry(Retry.Changed, "Whoever answers there speaks another protocol.") },
            { Timeout, new Entry(Retry.Yes, "The greeting took too long.") },
            { State, new Entry(Retry.Changed, "That cannot be asked for at this moment.") },
            { Limit, new Entry(Retry.Later, "A limit of the server was passed, or its messages were read too slowly.") },
            { BadValue, new Entry(Retry.Changed, "A value is out of range, or the server lacks the feature.") },
            { Version, new Entry(Retry.No, "Package and server are of different versions; update the older one.") },
            { Busy, new Entry(Retry.Later, "The server has no room just now.") },
            { TakenOver, new Entry(Retry.No, "Another connection has taken over, or the operator ended it.") },
            { Internal, new Entry(Retry.Yes, "The server failed; its log tells how.") },
            { Draining, new Entry(Retry.Later, "The server takes nothing new; it is about to stop.") },
        };

        /// <summary>Whether to try again; codes of WebSocket libraries (1002 … 1011) are worth another try later.</summary>
        public static Retry RetryOf(int code)
        {
            Entry entry;
            if (Table.TryGetValue(code, out entry)) return entry.Retry;
            return code >= 4400 && code < 4500 ? Retry.Changed : Retry.Later;
        }

        /// <summary>One sentence for people, or "" for a code that is not in the table.</summary>
        public static string Meaning(int code)
        {
            Entry entry;
            return Table.TryGetValue(code, out entry) ? entry.Meaning : "";
        }

        /// <summary>The seconds in a close reason that ends with "retry in N s"; null where it does not.</summary>
        public static int? PauseS(string reason)
        {
            const string before = "retry in ", behind = " s";
            if (reason == null || !reason.EndsWith(behind, System.StringComparison.Ordinal)) return null;
            int at = reason.LastIndexOf(before, System.StringComparison.Ordinal);
            if (at < 0) return null;
            at += before.Length;
            int seconds = 0;
            for (int k = at; k < reason.Length - behind.Length; k++)
            {
                int digit = reason[k] - '0';
                if (digit < 0 || digit > 9 || seconds > 100000000) return null;
                seconds = 10 * seconds + digit;
            }
            return at < reason.Length - behind.Length ? seconds : (int?)null;
        }
    }
}
