using System;
using System.Collections.Generic;
using A2F.Core;

namespace A2F.Tests
{
    /// <summary>Frames of protocol/vectors: read, written again, refused.</summary>
    internal static class MessageVectors
    {
        public static void Run(string root)
        {
            List<Block> generated = VectorFile.Folder(root, "");
            List<Block> accepted = VectorFile.Folder(root, "accept");
            List<Block> rejected = VectorFile.Folder(root, "reject");
            int ofServer = 0;
            foreach (Block block in generated) RoundTrip(block);
            foreach (Block block in accepted) Accept(block);
            foreach (Block block in rejected)
            {
                if (block.From == "server") ofServer++;
                if (block.From == "server" || block.Close != null) Reject(block);
            }
            Check.That("the vectors hold frames of every kind, so nothing here runs over nothing", () =>
            {
                Check.True(generated.Count > 40, "more than 40 generated frames");
                Check.True(accepted.Count > 15, "more than 15 other legal frames");
                Check.True(rejected.Count > 40 && ofServer > 10, "many frames to refuse");
            });
        }

        private static void RoundTrip(Block block)
        {
            Check.That("bytes become a message and the message the same bytes: " + block.Title, () =>
            {
                Message message = Read(block.Hex);
                Check.Equal((string)block.Fields["op"], message.Op);
                FrameWriter written = Write(message);
                Check.SameBytes(written.Written, block.Hex);
                Check.Equal(Plain.Show(Plain.Of(written.Written)), Plain.Show(block.Fields));
            });
        }

        private static void Accept(Block block)
        {
            Check.That("another legal form is read as the same message: " + block.Title, () =>
            {
                if (block.IsIgnored)
                {
                    Fault fault;
                    Message found = new Codec().Decode(block.Hex, 0, block.Hex.Length, out fault);
                    Check.True(found == null && fault == null, "a message that is ignored, found " + (fault ?? (object)found));
                    return;
                }
                FrameWriter written = Write(Read(block.Hex));
                Check.Equal(Plain.Show(Plain.Of(written.Written)), Plain.Show(block.Fields));
            });
        }

        private static void Reject(Block block)
        {
            Check.That("a frame that is none is refused with code and field: " + block.Title, () =>
            {
                Fault fault;
                Message found = new Codec().Decode(block.Hex, 0, block.Hex.Length, out fault);
                Check.True(found == null && fault != null, "a fault");
                Check.Equal(fault.Closes, block.Close != null);
                Check.Equal(fault.Closes ? fault.Code.ToString() : fault.Code + " " + fault.Field, block.Close ?? block.Error);
            });
        }

        public static Message Read(byte[] bytes)
        {
            Fault fault;
            Message message = new Codec().Decode(bytes, 0, bytes.Length, out fault);
            Check.True(message != null, "a message, found " + fault);
            return message;
        }

        public static FrameWriter Write(Message message)
        {
            var into = new FrameWriter();
            into.Clear(5);
            Fault fault = new Codec().Encode(message, into);
            Check.True(fault == null, "no fault, found " + fault);
            return into;
        }
    }
}
