using System;
using System.IO;
using A2F.Core;

namespace A2F.Talk
{
    /// <summary>
    /// What came, in files: rows.bin (per row sid, u, index and number of floats as int32, then the floats), told.txt
    /// (one line per thing told), heard.pcm.
    /// </summary>
    internal sealed class Log : IDisposable
    {
        private readonly BinaryWriter _rows;
        private readonly StreamWriter _told;
        private readonly FileStream _heard;

        public Log(string folder)
        {
            _rows = new BinaryWriter(File.Create(Path.Combine(folder, "rows.bin")));
            _told = new StreamWriter(Path.Combine(folder, "told.txt")) { AutoFlush = true };
            _heard = File.Create(Path.Combine(folder, "heard.pcm"));
        }

        public void Keep(Poses poses, int row)
        {
            for (int k = 0; k < poses.N; k++)
            {
                _rows.Write(poses.Sid);
                _rows.Write(poses.U);
                _rows.Write((int)poses.I + k);
                _rows.Write(row);
                _rows.Write(poses.Data.Array, poses.Data.Offset + 4 * row * k, 4 * row);
            }
        }

        public void Tell(int sid, params string[] words)
        {
            _told.WriteLine(sid + " " + string.Join(" ", words));
        }

        public void Hear(Audio audio)
        {
            _heard.Write(audio.Pcm.Array, audio.Pcm.Offset, audio.Pcm.Count);
        }

        public void Dispose()
        {
            _rows.Dispose();
            _told.Dispose();
            _heard.Dispose();
        }
    }
}
