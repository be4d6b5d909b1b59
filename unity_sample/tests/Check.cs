using System;
using System.Collections.Generic;

namespace A2F.Tests
{
    /// <summary>Runs what has to hold, tells what does not, and counts both.</summary>
    internal static class Check
    {
        private static int _passed;
        private static readonly List<string> Failed = new List<string>();

        public static int Failures => Failed.Count;

        /// <summary>A test is a sentence and what fails where it is not true.</summary>
        public static void That(string sentence, Action holds)
        {
            try
            {
                holds();
                _passed++;
            }
            catch (Exception error)
            {
                Failed.Add(sentence);
                string why = error is Mistake ? error.Message : error.ToString();
                Console.WriteLine("FAILED " + sentence + ": " + why);
            }
        }

        public static void Summary(string group)
        {
            Console.WriteLine(group + ": " + _passed + " passed, " + Failed.Count + " failed");
        }

        public static void Equal<T>(T found, T wanted)
        {
            if (!EqualityComparer<T>.Default.Equals(found, wanted)) throw new Mistake("found " + found + ", wanted " + wanted);
        }

        public static void True(bool holds, string wanted)
        {
            if (!holds) throw new Mistake("wanted " + wanted);
        }

        public static void Near(float[] found, int start, IList<double> wanted)
        {
            for (int k = 0; k < wanted.Count; k++)
            {
                double off = Math.Abs(found[start + k] - wanted[k]);
                if (!(off <= 1e-5)) throw new Mistake("at " + k + " found " + found[start + k] + ", wanted " + wanted[k]);
            }
        }

        public static void SameBytes(ArraySegment<byte> found, byte[] wanted)
        {
            bool isSame = found.Count == wanted.Length;
            for (int k = 0; isSame && k < wanted.Length; k++) isSame = found.Array[found.Offset + k] == wanted[k];
            if (isSame) return;
            string shown = BitConverter.ToString(found.Array, found.Offset, found.Count);
            throw new Mistake("found " + shown + ", wanted " + BitConverter.ToString(wanted));
        }
    }

    internal sealed class Mistake : Exception
    {
        public Mistake(string message) : base(message)
        {
        }
    }
}
