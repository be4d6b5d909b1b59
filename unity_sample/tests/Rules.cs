using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using A2F.Core;

namespace A2F.Tests
{
    /// <summary>What the core promises beyond the vectors: numbers, codes, sound, proof.</summary>
    internal static class Rules
    {
        public static void Run(string root)
        {
            Check.That("the example of obs-websocket gives its authentication string", Example);
            Check.That("a server that asks for no proof gets none", NoProof);
            Check.That("digests are those of another implementation, whatever the length", Digests);
            Check.That("text of a password counts as UTF-8", PasswordText);
            Check.That("codes are tried again as the table of the protocol says", () => RetriesAsTold(root));
            Check.That("a pause is read where a reason ends with one, and nowhere else", Pauses);
            Check.That("products beyond 64 bits are divided exactly", LongDivision);
            Check.That("the pose at a time is the last one that is due, at every rate", PosesAtTimes);
            Check.That("what no long holds becomes the largest", Saturation);
            Check.That("UTF-8 is judged as by another implementation", Utf8AsElsewhere);
            Check.That("samples become 16-bit and float bytes, held within their range", SamplesToBytes);
            Check.That("all four formats are read as they are meant", BytesToSamples);
            Check.That("channels are averaged, and what is left of a frame is passed over", Channels);
            Check.That("sound that does not fit is not written", NoRoom);
            ProtocolRules.Run();
            PlayerRules.Run();
            ValueRules.Run();
        }

        private static void Example()
        {
            string proof = Proof.Of(
                "supersecretpassword",
                "lM1GncleQOaCu9lT1yeUZhFYnqhsLLP1G5lAGo3ixaI=",
                "+IxH4CnCiqpX1rM9scsNynZzbOe4KhDeYcTNS3PDaeY=");
            Check.Equal(proof, "1Ct943GAT+6YQUUX47Ia/ncufilbe6+oD6lY+5kaCu4=");
        }

        private static void NoProof()
        {
            Check.Equal(Proof.Of("secret", new Auth()), null);
            Check.Equal(Proof.Of(null, new Auth { Salt = "s", Challenge = "c" }), null);
            Check.Equal(Proof.Of("p", new Auth { Salt = "s", Challenge = "c" }), Proof.Of("p", "s", "c"));
        }

        private static void Digests()
        {
            using (SHA256 other = SHA256.Create())
            {
                for (int length = 0; length < 200; length++)
                {
                    var bytes = new byte[length + 3];
                    for (int k = 0; k < bytes.Length; k++) bytes[k] = (byte)(k * 151 + length * 7);
                    var found = new ArraySegment<byte>(Proof.Sha256(bytes, 3, length));
                    Check.SameBytes(found, other.ComputeHash(bytes, 3, length));
                }
            }
        }

        private static void PasswordText()
        {
            using (SHA256 other = SHA256.Create())
            {
                Func<string, string> once = text => Convert.ToBase64String(other.ComputeHash(Encoding.UTF8.GetBytes(text)));
                Check.Equal(Proof.Of("pässword 鍵", "s", "c"), once(once("pässword 鍵s") + "c"));
            }
        }

        private static void RetriesAsTold(string root)
        {
            int told = 0;
            foreach (string line in File.ReadAllLines(Path.Combine(root, "..", "README.md")))
            {
                string[] cells = line.Split('|');
                int code;
                if (cells.Length != 6 || !int.TryParse(cells[1].Trim(), out code)) continue;
                told++;
                Check.Equal(code + " " + Codes.RetryOf(code).ToString().ToLowerInvariant(), code + " " + cells[3].Trim());
                Check.True(Codes.Meaning(code).EndsWith("."), "a sentence for " + code);
            }
            Check.True(told > 15, "the table");
            Check.Equal(Codes.RetryOf(1011), Retry.Later);
            Check.Equal(Codes.RetryOf(4499), Retry.Changed);
            Check.Equal(Codes.Meaning(1011), "");
        }

        private static void Pauses()
        {
            Check.Equal(Codes.PauseS("no room; retry in 12 s"), 12);
            foreach (string none in new[] { null, "", "retry in  s", "retry in 12 s.", "retry in x s", "in 3 s", "retry in 99999999999 s" })
            {
                Check.Equal(Codes.PauseS(none), null);
            }
        }

        private static void LongDivision()
        {
            var random = new Random(1);
            for (int k = 0; k < 20000; k++)
            {
                long a = random.Next() * 1L << random.Next(22), b = random.Next(1, 1 << 30), c = random.Next(1, 1 << 30);
                decimal exact = decimal.Floor((decimal)a * b / c);
                // The quotient of decimals may be rounded up to a whole number.
                if (exact * c > (decimal)a * b) exact -= 1;
                Check.Equal((decimal)Ticks.MulDiv(a, b, c), Math.Min(exact, long.MaxValue));
                decimal up = exact * c == (decimal)a * b ? exact : exact + 1;
                Check.Equal((decimal)Ticks.MulDivUp(a, b, c), Math.Min(up, long.MaxValue));
            }
        }

        private static void PosesAtTimes()
        {
            var rates = new[] { new PoseRate(10), new PoseRate(60), new PoseRate(30000, 1001), new PoseRate(2147483647, 9000001), new PoseRate(240) };
            var random = new Random(2);
            foreach (PoseRate rate in rates)
            {
                for (int k = 0; k < 2000; k++)
                {
                    long i = k < 1000 ? k : (long)(random.NextDouble() * 8e10);
                    long us = rate.TimeUs(i);
                    Check.Equal(rate.PoseAt(us), i);
                    Check.Equal(rate.PoseAt(rate.TimeUs(i + 1) - 1), i);
                }
            }
            Check.Equal(new PoseRate(30000, 1001).TimeUs(3), 100100);
            Check.Equal(Ticks.UsToFrames(Ticks.FramesToUs(16000, 16000), 16000), 16000);
        }

        private static void Saturation()
        {
            Check.Equal(new PoseRate(10).TimeUs(long.MaxValue), long.MaxValue);
            Check.Equal(Ticks.MulDiv(long.MaxValue, long.MaxValue, 1), long.MaxValue);
            Check.Equal(Ticks.MulDiv(5, 5, 0) + Ticks.MulDivUp(5, 5, 0) + Ticks.MulDivUp(5, 0, 5) + Ticks.MulDivUp(0, 5, 5), 0);
            Check.Equal(default(PoseRate).TimeUs(7) + default(PoseRate).PoseAt(7), 0);
        }

        private static void Utf8AsElsewhere()
        {
            var random = new Random(3);
            var strict = new UTF8Encoding(false, true);
            var starts = new byte[] { 0x41, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff, 0x80, 0xbf };
            int valid = 0;
            for (int k = 0; k < 40000; k++)
            {
                var bytes = new byte[random.Next(1, 5)];
                for (int at = 0; at < bytes.Length; at++)
                {
                    bytes[at] = at == 0 ? starts[random.Next(starts.Length)] : (byte)(random.Next(4) == 0 ? random.Next(256) : 0x80 + random.Next(64));
                }
                bool isValid = Utf8.IsValid(bytes, 0, bytes.Length);
                if (isValid) valid++;
                Check.True(isValid == IsTaken(strict, bytes), "one judgement of " + BitConverter.ToString(bytes));
            }
            Check.True(valid > 500, "valid ones among them");
        }

        private static bool IsTaken(Encoding strict, byte[] bytes)
        {
            try
            {
                strict.GetString(bytes);
                return true;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }

        private static void SamplesToBytes()
        {
            var samples = new[] { 9f, 0f, 0.5f, 1f, -1f, 2f, -2f, float.NaN, 0.00001526f, -0.00001525f };
            var bytes = new byte[64];
            Check.Equal(Pcm.Write(samples, 1, 9, SampleFormat.S16le, bytes, 2), 18);
            var wanted = new short[] { 0, 16384, 32767, -32768, 32767, -32768, 0, 1, 0 };
            for (int k = 0; k < wanted.Length; k++) Check.Equal(BitConverter.ToInt16(bytes, 2 + 2 * k), wanted[k]);
            Check.Equal(Pcm.Write(new[] { 0.25f, 99f, -99f, float.NaN }, 0, 4, SampleFormat.F32le, bytes, 0), 16);
            var floats = new[] { 0.25f, 16f, -16f, 0f };
            for (int k = 0; k < floats.Length; k++) Check.Equal(BitConverter.ToSingle(bytes, 4 * k), floats[k]);
        }

        private static void BytesToSamples()
        {
            Check.Equal(One(SampleFormat.S16le, 0x00, 0xc0), -0.5f);
            Check.Equal(One(SampleFormat.F32le, 0, 0, 0x80, 0x3e), 0.25f);
            // ITU-T G.711, tables 2a and 1a: both ends and both sides of zero.
            Check.Equal(32768 * One(SampleFormat.Ulaw, 0xff), 0f);
            Check.Equal(32768 * One(SampleFormat.Ulaw, 0x80), 32124f);
            Check.Equal(32768 * One(SampleFormat.Ulaw, 0x00), -32124f);
            Check.Equal(32768 * One(SampleFormat.Alaw, 0xd5), 8f);
            Check.Equal(32768 * One(SampleFormat.Alaw, 0x55), -8f);
            Check.Equal(32768 * One(SampleFormat.Alaw, 0xaa), 32256f);
            Check.Equal(32768 * One(SampleFormat.Alaw, 0x2a), -32256f);
        }

        private static float One(SampleFormat format, params byte[] bytes)
        {
            var into = new float[1];
            var audio = new AudioFormat { Format = format };
            Check.Equal(Pcm.ReadMono(new ArraySegment<byte>(bytes), audio, into, 0), 1);
            return into[0];
        }

        private static void Channels()
        {
            var bytes = new byte[] { 0, 0, 0, 64, 0, 64, 0, 64, 0 };
            var audio = new AudioFormat { Format = SampleFormat.S16le, Channels = 2 };
            var into = new float[4];
            Check.Equal(Pcm.ReadMono(new ArraySegment<byte>(bytes), audio, into, 1), 2);
            Check.Near(into, 0, new List<double> { 0, 0.25, 0.5, 0 });
            Check.Equal(Pcm.ReadMono(new ArraySegment<byte>(bytes), audio, into, 3), 1);
        }

        private static void NoRoom()
        {
            var bytes = new byte[7];
            Check.Equal(Pcm.Write(new float[4], 0, 4, SampleFormat.S16le, bytes, 0), 0);
            Check.Equal(Pcm.Write(new float[4], 2, 3, SampleFormat.S16le, bytes, 0), 0);
            Check.Equal(Pcm.Write(new float[4], 0, 2, SampleFormat.Ulaw, bytes, 0), 0);
            Check.Equal(Pcm.Write(new float[4], 0, 3, SampleFormat.S16le, bytes, 1), 6);
        }
    }
}
