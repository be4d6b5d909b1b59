using System;
using System.Collections.Generic;
using A2F.Core;

namespace A2F.Tests
{
    /// <summary>States of a connection, and the borders of frames.</summary>
    internal static class ProtocolRules
    {
        private static readonly Message[] FromServer =
        {
            new Hello { Protocol = 1 }, new Ready(), new Error { Code = 4400 }, new Status(), new Ping(), new Pong(), new Opened(),
            new Rest(), Poses(1), new Audio { U = 1 }, new Played { U = 1 }, new Geometry { U = 1 }, new Utterance { U = 1 },
            new Credit { U = 1 }, new Ok { Re = 1 }, new Closed { Code = 1000 },
        };

        private static readonly Message[] FromClient =
        {
            new Identify(), new Open(), new Audio { U = 1 }, new End { U = 1 }, new Emotion(), new Set(), new Interrupt(),
            new Played { U = 1 }, new Close(), new Ping(), new Pong(),
        };

        public static void Run()
        {
            ((Opened)FromServer[6]).Layout = ((Rest)FromServer[7]).Layout = 1;
            Check.That("in each state just that may come which the protocol says", Coming);
            Check.That("in each state just that may be said which the protocol says", Saying);
            Check.That("identify, open and sound may go out before hello came", Early);
            Check.That("another version of the protocol ends the connection", OtherVersion);
            Check.That("a message that may not come is refused and harms nothing", TooEarly);
            Check.That("frequent messages are used again, others are kept by whoever has them", UsedAgain);
            Check.That("messages are written one behind the other, with room in front", HeadRoom);
            Check.That("a message that cannot be written leaves nothing behind", NothingLeft);
            Check.That("a long message is written in one piece", Long);
            Check.That("eight levels, 4096 entries and 16384 values are taken, and no more", Bounds);
            Check.That("a key twice is found among thousands", ManyKeys);
            Check.That("a frame that lies outside of its buffer is refused", Outside);
        }

        private static void Coming()
        {
            const string early = "error status ping pong";
            const string all = early + " opened rest poses audio played geometry utterance credit ok closed";
            CheckComing(ProtocolState.Connected, "hello");
            CheckComing(ProtocolState.Greeted, early);
            CheckComing(ProtocolState.Offered, "hello");
            CheckComing(ProtocolState.Identified, early + " ready");
            CheckComing(ProtocolState.Ready, all);
            CheckComing(ProtocolState.Closed, "");
        }

        private static void CheckComing(ProtocolState state, string wanted)
        {
            var taken = new List<string>();
            foreach (Message message in FromServer)
            {
                FrameWriter frame = MessageVectors.Write(message);
                Fault fault;
                ArraySegment<byte> bytes = frame.Written;
                Message found = In(state).Receive(bytes.Array, bytes.Offset, bytes.Count, out fault);
                if (found != null) taken.Add(found.Op);
                else Check.True(fault.Code == Codes.State && !fault.Closes, "4409, found " + fault + " for " + message.Op);
            }
            Check.Equal(Sorted(taken), Sorted(new List<string>(wanted.Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries))));
        }

        private static void Saying()
        {
            const string all = "open audio end emotion set interrupt played close ping pong";
            CheckSaying(ProtocolState.Connected, "identify");
            CheckSaying(ProtocolState.Greeted, "identify ping pong");
            CheckSaying(ProtocolState.Offered, all);
            CheckSaying(ProtocolState.Identified, all);
            CheckSaying(ProtocolState.Ready, all);
            CheckSaying(ProtocolState.Closed, "");
        }

        private static void CheckSaying(ProtocolState state, string wanted)
        {
            var said = new List<string>();
            foreach (Message message in FromClient)
            {
                if (In(state).Send(message, new FrameWriter()) == null) said.Add(message.Op);
            }
            Check.Equal(Sorted(said), Sorted(new List<string>(wanted.Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries))));
        }

        private static string Sorted(List<string> words)
        {
            words.Sort(StringComparer.Ordinal);
            return string.Join(" ", words.ToArray());
        }

        /// <summary>A connection that has come to a state on the usual way.</summary>
        private static ClientProtocol In(ProtocolState state)
        {
            var protocol = new ClientProtocol();
            if (state == ProtocolState.Greeted || state == ProtocolState.Identified || state == ProtocolState.Ready) Take(protocol, FromServer[0]);
            if (state != ProtocolState.Connected && state != ProtocolState.Greeted) protocol.Send(new Identify(), new FrameWriter());
            if (state == ProtocolState.Ready) Take(protocol, new Ready());
            if (state == ProtocolState.Closed) protocol.Close();
            Check.Equal(protocol.State, state);
            return protocol;
        }

        private static Message Take(ClientProtocol protocol, Message message)
        {
            ArraySegment<byte> bytes = MessageVectors.Write(message).Written;
            Fault fault;
            Message found = protocol.Receive(bytes.Array, bytes.Offset, bytes.Count, out fault);
            Check.True(found != null, "a message, found " + fault);
            return found;
        }

        private static void Early()
        {
            var protocol = new ClientProtocol();
            var into = new FrameWriter();
            Check.Equal(protocol.Send(new Identify(), into), null);
            Check.Equal(protocol.Send(new Open { Sid = 1 }, into), null);
            Check.Equal(protocol.Send(new Audio { Sid = 1, U = 1 }, into), null);
            Take(protocol, FromServer[0]);
            Take(protocol, new Ready());
            Check.Equal(protocol.State, ProtocolState.Ready);
        }

        private static void OtherVersion()
        {
            ArraySegment<byte> bytes = MessageVectors.Write(new Hello { Protocol = 2 }).Written;
            Fault fault;
            Check.Equal(new ClientProtocol().Receive(bytes.Array, bytes.Offset, bytes.Count, out fault), null);
            Check.True(fault.Closes && fault.Code == Codes.Version, "4426, found " + fault);
        }

        private static void TooEarly()
        {
            ClientProtocol protocol = In(ProtocolState.Greeted);
            ArraySegment<byte> bytes = MessageVectors.Write(Poses(1)).Written;
            Fault fault;
            protocol.Receive(bytes.Array, bytes.Offset, bytes.Count, out fault);
            Check.True(!fault.Closes && fault.Code == Codes.State, "4409, found " + fault);
            Check.Equal(protocol.State, ProtocolState.Greeted);
        }

        private static void UsedAgain()
        {
            ClientProtocol protocol = In(ProtocolState.Ready);
            Message poses = Take(protocol, Poses(1)), opened = Take(protocol, FromServer[6]);
            Check.True(ReferenceEquals(poses, Take(protocol, Poses(2))), "one object for all poses");
            Check.Equal(((Poses)poses).U, 2);
            Check.True(!ReferenceEquals(opened, Take(protocol, FromServer[6])), "another object for another opened");
        }

        private static void HeadRoom()
        {
            ClientProtocol protocol = In(ProtocolState.Ready);
            var into = new FrameWriter(16);
            into.Clear(14);
            protocol.Send(new Ping { T = 5 }, into);
            int end = into.Count;
            Check.Equal(into.Start, 14);
            Check.SameBytes(into.Written, new byte[] { 0x82, 0xa2, 0x6f, 0x70, 0xa4, 0x70, 0x69, 0x6e, 0x67, 0xa1, 0x74, 5 });
            protocol.Send(new Ping { T = 5 }, into);
            Check.Equal(into.Count, end + end - 14);
            into.Clear();
            Check.Equal(into.Written.Count, 0);
        }

        private static void NothingLeft()
        {
            ClientProtocol protocol = In(ProtocolState.Ready);
            var into = new FrameWriter();
            protocol.Send(new Ping { T = 5 }, into);
            int before = into.Count;
            var table = new Dictionary<string, object> { { "title", new DateTime(1) } };
            Check.True(protocol.Send(new Open { Table = table }, into).Field == "table", "the table is at fault");
            Check.True(protocol.Send(new Set { Fps = new PoseRate(9) }, into).Field == "fps", "the rate is at fault");
            Check.True(protocol.Send(new Open { Rig = null }, into).Field == "rig", "the rig is at fault");
            Check.Equal(into.Count, before);
        }

        private static void Long()
        {
            var pcm = new byte[300000];
            for (int k = 0; k < pcm.Length; k++) pcm[k] = (byte)(k * 7);
            ClientProtocol protocol = In(ProtocolState.Ready);
            var audio = new Audio { Sid = 1, U = 1, First = 1L << 40, Pcm = new ArraySegment<byte>(pcm, 1, 299998) };
            var found = (Audio)Take(protocol, audio);
            Check.Equal(found.First, 1L << 40);
            Check.Equal(found.Pcm.Count, 299998);
            Check.Equal(found.Pcm.Array[found.Pcm.Offset + 299997], pcm[299998]);
        }

        private static void Bounds()
        {
            Check.Equal(Scan(Nested(8)), null);
            Check.True(Scan(Nested(9)) != null, "a fault at nine levels");
            Check.Equal(Scan(Many(4096)), null);
            Check.True(Scan(Many(4097)) != null, "a fault at 4097 entries");
            // Itself, three lists of 4096 and one that brings it to the number.
            Check.Equal(Scan(Many(4096, 4096, 4096, 16384 - 5 - 3 * 4096)), null);
            Check.True(Scan(Many(4096, 4096, 4096, 16384 - 4 - 3 * 4096)) != null, "a fault at 16385 values");
            Check.True(Scan(new byte[] { 0xdd, 0xff, 0xff, 0xff, 0xff }) != null, "a fault where nothing stands behind a length");
        }

        private static string Scan(byte[] bytes)
        {
            return new Tape().Scan(bytes, 0, bytes.Length);
        }

        private static byte[] Nested(int levels)
        {
            var bytes = new byte[levels];
            for (int k = 0; k < levels - 1; k++) bytes[k] = 0x91;
            bytes[levels - 1] = 0x90;
            return bytes;
        }

        /// <summary>A list of numbers, or a list of such lists.</summary>
        private static byte[] Many(params int[] counts)
        {
            var bytes = new List<byte>();
            if (counts.Length > 1) bytes.Add((byte)(0x90 + counts.Length));
            foreach (int count in counts)
            {
                bytes.AddRange(new byte[] { 0xdc, (byte)(count >> 8), (byte)count });
                bytes.AddRange(new byte[count]);
            }
            return bytes.ToArray();
        }

        private static void ManyKeys()
        {
            var counters = new Dictionary<string, double>();
            for (int k = 0; k < 4000; k++) counters["key " + k] = k;
            byte[] frame = Copy(MessageVectors.Write(new Status { Counters = counters }).Written);
            Check.Equal(Scan(frame), null);
            // "key 3999" becomes a second "key 3998".
            int at = frame.Length - 1;
            while (frame[at] != '9' || frame[at - 1] != '9' || frame[at - 2] != '9' || frame[at - 3] != '3') at--;
            frame[at] = (byte)'8';
            Check.True((Scan(frame) ?? "").Contains("key 3998"), "the key that is there twice");
        }

        private static byte[] Copy(ArraySegment<byte> bytes)
        {
            var copy = new byte[bytes.Count];
            Array.Copy(bytes.Array, bytes.Offset, copy, 0, copy.Length);
            return copy;
        }

        private static void Outside()
        {
            foreach (int[] place in new[] { new[] { -1, 2 }, new[] { 0, 5 }, new[] { 3, 2 }, new[] { int.MaxValue, 1 }, new[] { 1, -1 } })
            {
                Fault fault;
                Check.Equal(new ClientProtocol().Receive(new byte[4], place[0], place[1], out fault), null);
                Check.True(fault.Closes, "a fault");
            }
            Fault none;
            Check.Equal(new ClientProtocol().Receive(null, 0, 0, out none), null);
            Check.True(none.Closes, "a fault");
        }

        private static Poses Poses(int u)
        {
            return new Poses { U = u, Layout = 1, N = 1, Data = new ArraySegment<byte>(new byte[8]) };
        }
    }
}
