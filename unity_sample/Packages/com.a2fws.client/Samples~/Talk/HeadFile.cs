using System;
using System.IO;
using System.Text;

namespace A2F.Samples
{
    /// <summary>A shape of a mesh: the vertices that it moves, and how far (x y z of each).</summary>
    public sealed class HeadShape
    {
        public string Name;
        public int[] Places;
        public float[] Moves;
    }

    /// <summary>A mesh of the head, in Unity's axes, metres.</summary>
    public sealed class HeadPart
    {
        public string Name;
        public float[] Colour;
        public float[] Place;
        public float[] Positions;
        public float[] Normals;
        public int[] Triangles;
        public HeadShape[] Shapes;
    }

    /// <summary>Reads a2f-head.bytes, which make_head.py of the repository writes and describes.</summary>
    public static class HeadFile
    {
        const string Beginning = "a2fhead1";

        public static HeadPart[] Read(byte[] content)
        {
            using (BinaryReader reader = new BinaryReader(new MemoryStream(content)))
            {
                if (Encoding.ASCII.GetString(reader.ReadBytes(Beginning.Length)) != Beginning)
                {
                    throw new InvalidDataException("found another beginning than " + Beginning);
                }
                HeadPart[] parts = new HeadPart[reader.ReadInt32()];
                for (int k = 0; k < parts.Length; k++)
                {
                    parts[k] = Part(reader);
                }
                return parts;
            }
        }

        static HeadPart Part(BinaryReader reader)
        {
            HeadPart part = new HeadPart { Name = Text(reader), Colour = Floats(reader, 3), Place = Floats(reader, 3) };
            int vertices = reader.ReadInt32();
            part.Positions = Floats(reader, 3 * vertices);
            part.Normals = Floats(reader, 3 * vertices);
            part.Triangles = Ints(reader, reader.ReadInt32());
            part.Shapes = new HeadShape[reader.ReadInt32()];
            for (int k = 0; k < part.Shapes.Length; k++)
            {
                HeadShape shape = new HeadShape { Name = Text(reader) };
                int count = reader.ReadInt32();
                shape.Places = Ints(reader, count);
                shape.Moves = Floats(reader, 3 * count);
                part.Shapes[k] = shape;
            }
            return part;
        }

        static string Text(BinaryReader reader)
        {
            return Encoding.UTF8.GetString(reader.ReadBytes(reader.ReadInt32()));
        }

        static float[] Floats(BinaryReader reader, int count)
        {
            float[] all = new float[count];
            byte[] bytes = reader.ReadBytes(4 * count);
            Buffer.BlockCopy(bytes, 0, all, 0, bytes.Length);
            return all;
        }

        static int[] Ints(BinaryReader reader, int count)
        {
            int[] all = new int[count];
            byte[] bytes = reader.ReadBytes(4 * count);
            Buffer.BlockCopy(bytes, 0, all, 0, bytes.Length);
            return all;
        }
    }
}
