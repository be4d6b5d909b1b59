using System;
using System.Globalization;

namespace A2F.Tests
{
    internal static class Program
    {
        /// <summary>checks.exe GROUP [ARGUMENTS]; ends with 1 where something does not hold.</summary>
        private static int Main(string[] words)
        {
            string group = words.Length > 0 ? words[0] : "";
            string root = words.Length > 1 ? words[1] : "";
            switch (group)
            {
                case "messages": MessageVectors.Run(root); break;
                case "playback": PlaybackVectors.Run(root); break;
                case "clips": ClipVectors.Run(root); break;
                case "rules": Rules.Run(root); break;
                case "fuzz": Fuzz.Run(root, double.Parse(words[2], CultureInfo.InvariantCulture), int.Parse(words[3])); break;
                case "allocation": Allocation.Run(); break;
                case "bench":
                    Bench.Run();
                    return 0;
                default:
                    Console.Error.WriteLine("checks.exe messages|playback|clips|rules FOLDER, fuzz FOLDER SECONDS SEED, allocation, bench");
                    return 2;
            }
            Check.Summary(group);
            return Check.Failures > 0 ? 1 : 0;
        }
    }
}
