using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace A2F.Tests
{
    /// <summary>One frame of a file in protocol/vectors, whose format its README tells.</summary>
    internal sealed class Block
    {
        public string Title = "";
        public string From;
        public byte[] Hex;

        /// <summary>Of a frame that is refused: "4400" where it closes, "4422 field" where it does not.</summary>
        public string Close;
        public string Error;
        public bool IsIgnored;
        public bool IsRefused;
        public readonly Dictionary<string, object> Fields = new Dictionary<string, object>();
    }

    internal static class VectorFile
    {
        /// <summary>The blocks with bytes of all files of a folder, in order.</summary>
        public static List<Block> Folder(string root, string folder)
        {
            var blocks = new List<Block>();
            foreach (string path in Paths(root, folder))
            {
                foreach (Block block in Read(path))
                {
                    if (block.From != null && block.Hex != null) blocks.Add(block);
                }
            }
            return blocks;
        }

        public static string[] Paths(string root, string folder)
        {
            string[] paths = Directory.GetFiles(Path.Combine(root, folder), "*.vec");
            Array.Sort(paths, StringComparer.Ordinal);
            return paths;
        }

        public static byte[] FromHex(string text)
        {
            string[] words = text.Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries);
            var bytes = new byte[words.Length];
            for (int k = 0; k < bytes.Length; k++) bytes[k] = byte.Parse(words[k], NumberStyles.HexNumber);
            return bytes;
        }

        private static IEnumerable<Block> Read(string path)
        {
            string name = Path.GetFileNameWithoutExtension(path);
            foreach (string text in File.ReadAllText(path).Split(new[] { "\n\n" }, StringSplitOptions.None))
            {
                var block = new Block();
                foreach (string line in text.Split('\n')) Take(block, line, name);
                yield return block;
            }
        }

        private static void Take(Block block, string line, string file)
        {
            int end = line.IndexOf(' ');
            string word = end < 0 ? line : line.Substring(0, end);
            string rest = end < 0 ? "" : line.Substring(end + 1);
            if (rest.StartsWith("= ", StringComparison.Ordinal)) Place(block.Fields, word, rest.Substring(2));
            else if (word == "#") block.Title = file + ": " + rest;
            else if (word == "from") block.From = rest;
            else if (word == "hex") block.Hex = FromHex(rest);
            else if (word == "close") block.Close = rest;
            else if (word == "error") block.Error = rest;
            else if (word == "ignored") block.IsIgnored = true;
            else if (word == "refused") block.IsRefused = true;
        }

        private static void Place(Dictionary<string, object> fields, string path, string typed)
        {
            object place = fields;
            string[] way = path.Split('.');
            for (int k = 0; k < way.Length; k++)
            {
                string name = Uri.UnescapeDataString(way[k]);
                var list = place as List<object>;
                bool isLast = k == way.Length - 1;
                if (isLast && list != null) list.Add(ValueOf(typed));
                else if (isLast) ((Dictionary<string, object>)place)[name] = ValueOf(typed);
                else place = list != null ? list[int.Parse(name)] : ((Dictionary<string, object>)place)[name];
            }
        }

        private static object ValueOf(string typed)
        {
            int end = typed.IndexOf(' ');
            string type = end < 0 ? typed : typed.Substring(0, end);
            string value = end < 0 ? "" : typed.Substring(end + 1);
            switch (type)
            {
                case "str": return Uri.UnescapeDataString(value);
                case "int": return long.Parse(value, CultureInfo.InvariantCulture);
                case "float": return double.Parse(value, CultureInfo.InvariantCulture);
                case "bool": return value == "true";
                case "bin": return FromHex(value);
                case "map": return new Dictionary<string, object>();
                case "list": return new List<object>();
                default: throw new Mistake("no type " + type);
            }
        }
    }
}
