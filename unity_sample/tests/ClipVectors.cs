using System;
using System.Collections.Generic;
using A2F.Core;

namespace A2F.Tests
{
    /// <summary>Clip files of protocol/vectors/clips: what stands in them, and what a player shows of them.</summary>
    internal static class ClipVectors
    {
        public static void Run(string root)
        {
            List<Block> blocks = VectorFile.Folder(root, "clips");
            int good = 0;
            foreach (Block block in blocks)
            {
                if (block.IsRefused) Refuse(block);
                else
                {
                    good++;
                    Hold(block);
                    Show(block);
                }
            }
            Check.That("there are clips, and files that are none", () => Check.True(good > 2 && blocks.Count > good + 10, "both"));
            byte[] first = blocks[0].Hex;
            Check.That("a clip is refused wherever it is cut off", () => CutOff(first));
            Check.That("clips play one behind the other in one player", () => OneBehindTheOther(first));
        }

        private static void Hold(Block block)
        {
            Check.That("a clip holds what its vector says: " + block.Title, () =>
            {
                Clip clip = Read(block.Hex);
                Dictionary<string, object> said = block.Fields;
                Check.Equal(Written(clip.Head), Plain.Show(said["head"]));
                Check.Equal(Written(clip.Opened), Plain.Show(said["opened"]));
                Check.Near(clip.RestRow, 0, Reals(said["rest"]));
                var rows = (List<object>)said["rows"];
                Check.Equal(clip.Rows.Length, rows.Count * clip.Opened.Row);
                for (int k = 0; k < rows.Count; k++) Check.Near(clip.Rows, k * clip.Opened.Row, Reals(rows[k]));
                Check.Equal(clip.First, (long)said["first"]);
                Check.Equal(clip.StartUs, (long)said["start_us"]);
                Check.Equal(clip.SoundEndUs, (long)said["sound_end_us"]);
                Check.Equal(clip.EndUs, (long)said["end_us"]);
            });
        }

        private static void Show(Block block)
        {
            Check.That("a player shows of a clip what its vector says: " + block.Title, () =>
            {
                PosePlayer player = Read(block.Hex).Player();
                foreach (object one in (List<object>)block.Fields["samples"])
                {
                    var sample = (Dictionary<string, object>)one;
                    IList<double> wanted = Reals(sample["row"]);
                    float[] row = player.Sample(1, (long)sample["play_us"], (long)sample["now_us"]);
                    Check.Equal(row.Length, wanted.Count);
                    Check.Near(row, 0, wanted);
                    Check.Equal(player.State.ToString().ToLowerInvariant(), (string)sample["state"]);
                }
            });
        }

        private static void Refuse(Block block)
        {
            Check.That("a file that is no clip is refused: " + block.Title, () =>
            {
                Fault fault;
                Clip clip = Clip.Read(block.Hex, out fault);
                Check.True(clip == null && fault != null, "a fault");
                Check.Equal(fault.Code, Codes.BadValue);
            });
        }

        private static void CutOff(byte[] content)
        {
            for (int size = 0; size < content.Length; size++)
            {
                var part = new byte[size];
                Array.Copy(content, part, size);
                Fault fault;
                Check.True(Clip.Read(part, out fault) == null && fault != null, "a fault at " + size);
            }
        }

        private static void OneBehindTheOther(byte[] content)
        {
            Clip clip = Read(content);
            var player = new PosePlayer();
            Check.True(clip.Feed(player, 1), "a clip that is taken");
            player.Sample(1, 0, 0);
            float once = player.Sample(1, 100000, 100000)[0];
            Check.True(clip.Feed(player, 2), "a clip that is taken");
            player.Sample(2, 0, 900000);
            Check.Equal(player.Sample(2, 100000, 1000000)[0], once);
            Check.True(once > 0, "a mouth that moves");
        }

        private static Clip Read(byte[] content)
        {
            Fault fault;
            Clip clip = Clip.Read(content, out fault);
            Check.True(clip != null, "a clip, found " + fault);
            return clip;
        }

        private static string Written(Message message)
        {
            return Plain.Show(Plain.Of(MessageVectors.Write(message).Written));
        }

        private static IList<double> Reals(object list)
        {
            return ((List<object>)list).ConvertAll(value => Convert.ToDouble(value));
        }
    }
}
