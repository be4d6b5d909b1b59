using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;
using A2F;
using A2F.Samples;

/// <summary>Parts of the client that need a file, or a program of this machine.</summary>
public static class OutsideCheck
{
    public static void Head(string path)
    {
        HeadPart[] parts = HeadFile.Read(File.ReadAllBytes(path));
        HashSet<string> names = new HashSet<string>();
        bool isWhole = true;
        foreach (HeadPart part in parts)
        {
            foreach (HeadShape shape in part.Shapes)
            {
                names.Add(shape.Name);
                isWhole = isWhole && shape.Moves.Length == 3 * shape.Places.Length;
                foreach (int place in shape.Places)
                {
                    isWhole = isWhole && place >= 0 && 3 * place < part.Positions.Length;
                }
            }
            foreach (int corner in part.Triangles)
            {
                isWhole = isWhole && corner >= 0 && 3 * corner < part.Positions.Length;
            }
        }
        Claims.That("the head has 68 shapes, found " + names.Count, names.Count == 68);
        Claims.That("all of ARKit's 52 are there", RigChoice.CountArkit(names) == 52);
        Claims.That("shapes and triangles lie within their meshes", isWhole);
        Claims.That("the left eye is at the character's left, -x in Unity", Array.Find(parts, part => part.Name == "LeftEye").Place[0] < 0);
    }

    public static void Server(string program, string arguments)
    {
        LocalServer none = new LocalServer();
        string why = none.Start("no-such-program-a2f", "");
        Claims.That("a program that is not there is told by name", why != null && why.Contains("no-such-program-a2f") && !none.IsRunning);
        LocalServer server = new LocalServer();
        Claims.That("a server is started", server.Start(program, arguments) == null);
        Stopwatch watch = Stopwatch.StartNew();
        while (server.Url.Length == 0 && watch.ElapsedMilliseconds < 20000)
        {
            Thread.Sleep(20);
        }
        Claims.That("its address is announced, found \"" + server.Url + "\"", server.Url.StartsWith("ws://"));
        using (SocketWireProbe probe = new SocketWireProbe(server.Url))
        {
            Claims.That("and answers", probe.Opens());
        }
        server.Dispose();
        using (SocketWireProbe probe = new SocketWireProbe("ws://127.0.0.1:1"))
        {
            Claims.That("where nobody is nothing opens", !probe.Opens());
        }
        Claims.That("it has ended", !server.IsRunning);
    }

    /// <summary>Programs that end at once, one that does nothing, one that serves.</summary>
    public static void Keeper(string program, string arguments)
    {
        string notes = Path.GetTempFileName();
        ServerKeeper dying = new ServerKeeper(program, "-c \"open(r'" + notes + "','a').write('x'); import sys; sys.exit('no such network')\"");
        Run(dying, 2500000);
        Claims.That("one that dies is started again after a pause only, found " + dying.Starts, dying.Starts >= 1 && dying.Starts <= 3);
        Claims.That("every start was one process", new FileInfo(notes).Length <= dying.Starts);
        Claims.That("why is told with the exit code and its last words, found " + dying.Trouble,
            dying.Trouble.Contains("exit code 1") && dying.Trouble.Contains("no such network") && dying.Url.Length == 0);
        File.Delete(notes);
        ServerKeeper hanging = new ServerKeeper(program, "-c \"import time; time.sleep(60)\"") { PatienceUs = 300000 };
        Run(hanging, 600000);
        Claims.That("one that hangs is given up, found " + hanging.Trouble, hanging.Trouble.Contains("no address") && !hanging.IsRunning);
        ServerKeeper missing = new ServerKeeper("no-such-program-a2f", "");
        missing.Keep(0);
        missing.Keep(1000);
        Claims.That("one that is not there is not looked for every frame", missing.Starts == 1 && missing.Trouble.Contains("no-such-program-a2f"));
        ServerKeeper lasting = new ServerKeeper(program, arguments);
        Stopwatch watch = Stopwatch.StartNew();
        while (lasting.Url.Length == 0 && watch.ElapsedMilliseconds < 20000)
        {
            lasting.Keep(1000 * watch.ElapsedMilliseconds);
            Thread.Sleep(20);
        }
        Claims.That("one that announces its address has it", lasting.Url.StartsWith("ws://") && lasting.Trouble.Length == 0);
        lasting.Dispose();
        Claims.That("and ends with its keeper", !lasting.IsRunning && lasting.Url.Length == 0);
    }

    /// <summary>Keep one for a while, at steps of real time.</summary>
    static void Run(ServerKeeper keeper, long toUs)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (1000 * watch.ElapsedMilliseconds < toUs)
        {
            keeper.Keep(1000 * watch.ElapsedMilliseconds);
            Thread.Sleep(10);
        }
    }

    /// <summary>Whether a socket opens.</summary>
    sealed class SocketWireProbe : IDisposable
    {
        readonly SocketWire wire;

        public SocketWireProbe(string url)
        {
            wire = new SocketWire(new Uri(url), new WireOptions());
            wire.Open();
        }

        public bool Opens()
        {
            Stopwatch watch = Stopwatch.StartNew();
            while (wire.State == WireState.Connecting && watch.ElapsedMilliseconds < 5000)
            {
                Thread.Sleep(5);
            }
            return wire.State == WireState.Open;
        }

        public void Dispose()
        {
            wire.Abort();
        }
    }
}
