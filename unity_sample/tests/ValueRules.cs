using System;
using System.Collections.Generic;
using A2F.Core;

namespace A2F.Tests
{
    /// <summary>Ends of ranges, and where a fault is said to be.</summary>
    internal static class ValueRules
    {
        public static void Run()
        {
            Check.That("integers are written in their shortest form, and read in every", Integers);
            Check.That("a fault deep inside of a message is told with its whole path", Paths);
            Check.That("what may be nothing is read as nothing", Zeros);
            Check.That("a rig table keeps everything that msgpack can say", Tables);
            Check.That("a head is turned from the left, by a unit quaternion however far", UnitTurn);
            Check.That("a row stays finite whatever idle life does to it", StaysFinite);
            Check.That("jumps and silence earn no smaller margin, even play does", Calm);
            Check.That("a clip with a part beyond 4 MiB is refused", LargePart);
            Check.That("sound without arrays, or before them, is not written", NoArrays);
        }

        private static void Integers()
        {
            var forms = new Dictionary<long, string>
            {
                { 0, "00" }, { 127, "7F" }, { 128, "CC-80" }, { 255, "CC-FF" }, { 256, "CD-01-00" }, { 65535, "CD-FF-FF" },
                { 65536, "CE-00-01-00-00" }, { 0xffffffff, "CE-FF-FF-FF-FF" }, { 0x100000000, "CF-00-00-00-01-00-00-00-00" },
                { (1L << 53) - 1, "CF-00-1F-FF-FF-FF-FF-FF-FF" }, { -1, "FF" }, { -32, "E0" }, { -33, "D3-FF-FF-FF-FF-FF-FF-FF-DF" },
            };
            foreach (KeyValuePair<long, string> form in forms)
            {
                var into = new FrameWriter();
                into.Integer(form.Key);
                Check.Equal(BitConverter.ToString(into.Bytes, 0, into.Count), form.Value);
            }
            foreach (string other in new[] { "D0-05", "D1-00-05", "D2-00-00-00-05", "CD-00-05", "CA-40-A0-00-00", "CB-40-14-00-00-00-00-00-00" })
            {
                Check.Equal(PingWith(other), 5L);
            }
            foreach (string wrong in new[] { "FF", "CB-7F-F0-00-00-00-00-00-00", "CB-3F-E0-00-00-00-00-00-00", "CF-00-20-00-00-00-00-00-00", "A1-35" })
            {
                Check.Equal(PingWith(wrong), null);
            }
        }

        /// <summary>`t` of a ping whose bytes these are; null where it is refused.</summary>
        private static long? PingWith(string hex)
        {
            byte[] frame = VectorFile.FromHex("82 a2 6f 70 a4 70 69 6e 67 a1 74 " + hex.Replace('-', ' '));
            Fault fault;
            var ping = (Ping)new Codec().Decode(frame, 0, frame.Length, out fault);
            if (ping == null) Check.Equal(fault.Field, "t");
            return ping == null ? (long?)null : ping.T;
        }

        private static void Paths()
        {
            var hello = new Hello { Protocol = 1, Models = new[] { new ModelInfo(), new ModelInfo { Params = new[] { new ParamInfo { Min = 2e6f } } } } };
            Check.Equal(FaultOf(hello).Field, "models.1.params.0.min");
            var opened = new Opened { Layout = 1, Idle = { { "blinkLeft", new IdlePlace(0, 1) }, { "head", new IdlePlace(-1, 1) } } };
            Check.Equal(FaultOf(opened).Field, "idle.head.0");
            Check.Equal(FaultOf(new Status { Counters = { { "late.us", 1e300 } } }).Field, "counters.late.us");
        }

        private static Fault FaultOf(Message message)
        {
            ArraySegment<byte> bytes = MessageVectors.Write(message).Written;
            Fault fault;
            Check.Equal(new Codec().Decode(bytes.Array, bytes.Offset, bytes.Count, out fault), null);
            Check.True(!fault.Closes, "a message that is refused without harm");
            return fault;
        }

        private static void Zeros()
        {
            var hello = new Hello { Protocol = 1, Limits = { { "sessions", 0 } }, Models = new[] { new ModelInfo { Params = new[] { new ParamInfo() } } } };
            var read = (Hello)MessageVectors.Read(Bytes(hello));
            Check.Equal(read.Limit("sessions", 64), 0);
            Check.Equal(read.Limit("utterances", 8), 8);
            Check.Equal(read.Models[0].Params[0].Max, 0f);
            Check.True(!read.Has("resume"), "no capability");
        }

        private static byte[] Bytes(Message message)
        {
            ArraySegment<byte> written = MessageVectors.Write(message).Written;
            var bytes = new byte[written.Count];
            Array.Copy(written.Array, written.Offset, bytes, 0, bytes.Length);
            return bytes;
        }

        private static void Tables()
        {
            var inner = new Dictionary<string, object> { { "raw", new byte[] { 1, 2, 3 } }, { "none", null }, { "yes", true }, { "n", -5L } };
            var list = new List<object> { 1.5, "text", inner, new List<object>() };
            var open = new Open { Rig = "own", Table = new Dictionary<string, object> { { "title", "Own" }, { "list", list }, { "f", 1f }, { "i", 7 } } };
            var read = (Open)MessageVectors.Read(Bytes(open));
            Check.Equal(Plain.Show(read.Table), Plain.Show(new Dictionary<string, object>
            {
                { "title", "Own" }, { "list", list }, { "f", 1.0 }, { "i", 7L },
            }));
        }

        private static void UnitTurn()
        {
            var roles = IdleRoles.Of(new Dictionary<string, IdlePlace> { { "head", new IdlePlace(0, 2) } });
            var amounts = new float[Idle.Amounts];
            amounts[13] = 0.9f;
            amounts[14] = -0.4f;
            amounts[15] = 0.7f;
            var row = new float[] { 0, 0, 0, 1, 0, 0, 0 };
            Idle.Apply(row, amounts, roles, row);
            double w = 1 / Math.Sqrt(0.81 + 0.16 + 0.49 + 1);
            Check.Near(row, 0, new List<double> { 0.9 * w, -0.4 * w, 0.7 * w, w });
            // Vector parts: w·b + d·a + a × b; the rest: w·d − a · b.
            double ax = 0.9 * w, ay = -0.4 * w, az = 0.7 * w, bx = 0.2, by = -0.6, bz = 0.3, d = Math.Sqrt(0.51);
            row = new float[] { (float)bx, (float)by, (float)bz, (float)d };
            Idle.Apply(row, amounts, roles, row);
            Check.Near(row, 0, new List<double>
            {
                w * bx + d * ax + (ay * bz - az * by),
                w * by + d * ay + (az * bx - ax * bz),
                w * bz + d * az + (ax * by - ay * bx),
                w * d - (ax * bx + ay * by + az * bz),
            });
        }

        private static void StaysFinite()
        {
            var roles = IdleRoles.Of(new Dictionary<string, IdlePlace> { { "head", new IdlePlace(1, 1) }, { "blinkLeft", new IdlePlace(0, -1e6f) } });
            var amounts = new float[Idle.Amounts];
            for (int k = 0; k < amounts.Length; k++) amounts[k] = 1;
            var row = new[] { -float.MaxValue, float.MaxValue, float.MaxValue, -float.MaxValue, float.MaxValue };
            for (int k = 0; k < 3; k++) Idle.Apply(row, amounts, roles, row);
            foreach (float value in row) Check.True(!float.IsNaN(value) && !float.IsInfinity(value), "finite values");
        }

        private static void Calm()
        {
            var player = new PosePlayer();
            player.Opened(new Layout(1, 1, 0, new PoseRate(10), IdleRoles.None), 0);
            long nowUs = 0, playUs = 0;
            for (int u = 1; u <= 3; u++)
            {
                player.Poses(u, 1, 0, new float[300], 0, 300);
                player.Sample(u, playUs = 0, nowUs += 1000);
                for (int k = 0; k < 150; k++)
                {
                    nowUs += 100000;
                    playUs = u == 1 ? (k % 2 == 0 ? 900000 : 0) : playUs + 100000;
                    player.Sample(u, u == 2 && k % 2 == 0 ? (long?)null : playUs, nowUs);
                }
                Check.Equal(player.Gate.MarginUs, 60000);
            }
            player.Sample(4, null, nowUs);
            Check.Equal(player.Gate.MarginUs, 50000);
        }

        private static void LargePart()
        {
            var content = new byte[14 + (4 << 20) + 1];
            Buffer.BlockCopy(new byte[] { 0xa8, 0x61, 0x32, 0x66, 0x63, 0x6c, 0x69, 0x70, 0x31, 0xc6, 0, 0x40, 0, 1 }, 0, content, 0, 14);
            Fault fault;
            Check.Equal(Clip.Read(content, out fault), null);
            Check.True(fault.Text.Contains("4194304 at most"), "the limit, found " + fault.Text);
            Check.Equal(Clip.Read(null, out fault), null);
        }

        private static void NoArrays()
        {
            var bytes = new byte[8];
            Check.Equal(Pcm.Write(null, 0, 0, SampleFormat.S16le, bytes, 0), 0);
            Check.Equal(Pcm.Write(new float[2], 0, 2, SampleFormat.S16le, null, 0), 0);
            Check.Equal(Pcm.Write(new float[2], -1, 2, SampleFormat.S16le, bytes, 0), 0);
            Check.Equal(Pcm.Write(new float[2], 0, -2, SampleFormat.S16le, bytes, 0), 0);
            Check.Equal(Pcm.Write(new float[2], 0, 2, SampleFormat.S16le, bytes, -1), 0);
            Check.Equal(Pcm.ReadMono(default(ArraySegment<byte>), new AudioFormat(), new float[2], 0), 0);
        }
    }
}
