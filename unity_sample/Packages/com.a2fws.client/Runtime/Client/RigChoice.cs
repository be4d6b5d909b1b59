using System;
using System.Collections.Generic;

namespace A2F
{
    /// <summary>Which rig to ask for, from what a head has. The server matches the names; this only knows what it cannot.</summary>
    public static class RigChoice
    {
        /// <summary>So many of ARKit's 52 names make a head one of ARKit's.</summary>
        const int EnoughOfArkit = 20;

        /// <summary>Protocol §14.</summary>
        const int NameChars = 64;
        const int NamesMost = 1024;

        static readonly HashSet<string> Arkit = new HashSet<string>
        {
            "eyeblinkleft", "eyelookdownleft", "eyelookinleft", "eyelookoutleft", "eyelookupleft", "eyesquintleft", "eyewideleft",
            "eyeblinkright", "eyelookdownright", "eyelookinright", "eyelookoutright", "eyelookupright", "eyesquintright",
            "eyewideright", "jawforward", "jawleft", "jawright", "jawopen", "mouthclose", "mouthfunnel", "mouthpucker", "mouthleft",
            "mouthright", "mouthsmileleft", "mouthsmileright", "mouthfrownleft", "mouthfrownright", "mouthdimpleleft",
            "mouthdimpleright", "mouthstretchleft", "mouthstretchright", "mouthrolllower", "mouthrollupper", "mouthshruglower",
            "mouthshrugupper", "mouthpressleft", "mouthpressright", "mouthlowerdownleft", "mouthlowerdownright",
            "mouthupperupleft", "mouthupperupright", "browdownleft", "browdownright", "browinnerup", "browouterupleft",
            "browouterupright", "cheekpuff", "cheeksquintleft", "cheeksquintright", "nosesneerleft", "nosesneerright", "tongueout"
        };

        /// <summary>
        /// "unity/arkit" for a head with ARKit's shapes and eye bones, which "auto" does not turn in Unity's axes; "jaw" for one
        /// that has a jaw bone and no shapes; else "auto".
        /// </summary>
        /// <param name="isVrm">Expressions of a VRM: "auto" knows these best.</param>
        public static string Of(ICollection<string> names, bool hasJawBone, bool isVrm)
        {
            if (names.Count == 0 && hasJawBone)
            {
                return "jaw";
            }
            return !isVrm && CountArkit(names) >= EnoughOfArkit ? "unity/arkit" : "auto";
        }

        /// <summary>Those names that a server takes in `have`: 1 … 64 characters that can be printed, 1,024 of them. Null = none.</summary>
        public static string[] Sendable(IEnumerable<string> names)
        {
            List<string> all = new List<string>();
            foreach (string name in names)
            {
                bool isPlain = name.Length > 0 && name.Length <= NameChars;
                for (int k = 0; isPlain && k < name.Length; k++)
                {
                    isPlain = !char.IsControl(name[k]);
                }
                if (isPlain && all.Count < NamesMost)
                {
                    all.Add(name);
                }
            }
            return all.Count == 0 ? null : all.ToArray();
        }

        /// <summary>How many of ARKit's 52 are among some names, however they are spelled.</summary>
        public static int CountArkit(IEnumerable<string> names)
        {
            HashSet<string> found = new HashSet<string>();
            foreach (string name in names)
            {
                string plain = Plain(name);
                if (Arkit.Contains(plain))
                {
                    found.Add(plain);
                }
            }
            return found.Count;
        }

        /// <summary>The rig "jaw" in Unity's axes, to be sent along: its transform turns a jaw bone.</summary>
        public static Dictionary<string, object> JawTable()
        {
            return new Dictionary<string, object>
            {
                { "title", "One jaw bone, in Unity" },
                { "source", "engines/jaw.toml; axes of Unity" },
                { "extends", "jaw" },
                { "space", new Dictionary<string, object> { { "handedness", "left" } } }
            };
        }

        /// <summary>A name without prefix, case and separators, with its side spelled out.</summary>
        static string Plain(string name)
        {
            string text = name.Substring(name.LastIndexOf('.') + 1);
            if (text.EndsWith("_L", StringComparison.OrdinalIgnoreCase))
            {
                text = text.Substring(0, text.Length - 2) + "Left";
            }
            else if (text.EndsWith("_R", StringComparison.OrdinalIgnoreCase))
            {
                text = text.Substring(0, text.Length - 2) + "Right";
            }
            return text.Replace("_", "").Replace(" ", "").ToLowerInvariant();
        }
    }
}
