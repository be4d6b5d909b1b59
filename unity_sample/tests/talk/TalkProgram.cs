using System;

namespace A2F.Talk
{
    internal static class TalkProgram
    {
        /// <summary>
        /// talk.exe pump|ws://HOST:PORT SCENE SOUND FOLDER [PASSWORD]: play a scene with 16-bit mono sound of 16 kHz, and
        /// write what came into a folder.
        /// </summary>
        private static int Main(string[] words)
        {
            if (words.Length < 4)
            {
                Console.Error.WriteLine("talk.exe pump|URL SCENE SOUND FOLDER [PASSWORD]");
                return 2;
            }
            Port port = words[0] == "pump" ? (Port)new PumpPort() : new SocketPort(words[0]);
            using (var log = new Log(words[3]))
            {
                var talker = new Talker(port, words.Length > 4 ? words[4] : null);
                new Scenes(talker, log, words[2], words[3]).Play(words[1]);
            }
            return 0;
        }
    }
}
