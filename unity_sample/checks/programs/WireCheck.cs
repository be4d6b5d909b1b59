using System;
using System.Diagnostics;
using System.Threading;
using A2F;

/// <summary>
/// Drives a wire against a server and tells on stdout what came: `WireCheck socket|platform echo|listen|abort URL [any]`.
/// </summary>
public static class WireCheck
{
    const int LimitMs = 10000;

    public static int Main(string[] arguments)
    {
        WireOptions options = new WireOptions { TrustsAnyCertificate = arguments.Length > 3, ConnectMs = 3000, MessageBytesMost = 4 * 1024 * 1024 };
        Uri address = new Uri(arguments[2]);
        IWire wire = arguments[0] == "socket" ? (IWire)new SocketWire(address, options) : new ClientWebSocketWire(address, options);
        wire.Open();
        switch (arguments[1])
        {
            case "echo":
                return Echo(wire);
            case "abort":
                return Abort(wire);
            default:
                return Listen(wire);
        }
    }

    /// <summary>Send messages of many lengths, expect each one back, close.</summary>
    static int Echo(IWire wire)
    {
        Await(wire, WireState.Open);
        foreach (int size in new[] { 0, 1, 125, 126, 127, 65535, 65536, 300000, 1048576 })
        {
            byte[] sent = new byte[size + 3];
            for (int k = 0; k < sent.Length; k++)
            {
                sent[k] = (byte)(k * 31 + size);
            }
            wire.Send(sent, 3, size);
            WireMessage got = Next(wire);
            bool isSame = got.Count == size;
            for (int k = 0; isSame && k < size; k++)
            {
                isSame = got.Buffer[k] == sent[k + 3];
            }
            wire.Release(got);
            Console.WriteLine("echo " + size + " " + isSame);
        }
        wire.Close(4000, "that was all");
        Console.WriteLine("closed " + wire.State + " " + wire.CloseCode);
        return Ended(wire);
    }

    /// <summary>Tell what comes until the end.</summary>
    static int Listen(IWire wire)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < LimitMs)
        {
            WireState state = wire.State;
            WireMessage got;
            while (wire.TryReceive(out got))
            {
                long sum = 0;
                for (int k = 0; k < got.Count; k++)
                {
                    sum += got.Buffer[k];
                }
                wire.Release(got);
                Console.WriteLine("message " + got.Count + " " + sum);
            }
            if (state == WireState.Closed)
            {
                Console.WriteLine("closed " + wire.CloseCode + " " + wire.CloseReason);
                return Ended(wire);
            }
            Thread.Sleep(2);
        }
        Console.WriteLine("nothing ended");
        return 1;
    }

    /// <summary>End it while it connects.</summary>
    static int Abort(IWire wire)
    {
        Thread.Sleep(300);
        wire.Abort();
        Console.WriteLine("closed " + wire.State + " " + wire.CloseCode);
        return Ended(wire);
    }

    static int Ended(IWire wire)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (Runs(wire) && watch.ElapsedMilliseconds < 3000)
        {
            Thread.Sleep(5);
        }
        Console.WriteLine("threads " + Runs(wire));
        return 0;
    }

    static bool Runs(IWire wire)
    {
        SocketWire own = wire as SocketWire;
        ClientWebSocketWire platform = wire as ClientWebSocketWire;
        return own != null ? own.HasThreads : platform.HasTasks;
    }

    static void Await(IWire wire, WireState wanted)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (wire.State != wanted && watch.ElapsedMilliseconds < LimitMs)
        {
            Thread.Sleep(2);
        }
        Console.WriteLine("state " + wire.State);
    }

    static WireMessage Next(IWire wire)
    {
        Stopwatch watch = Stopwatch.StartNew();
        WireMessage got;
        while (!wire.TryReceive(out got) && watch.ElapsedMilliseconds < LimitMs)
        {
            Thread.Sleep(1);
        }
        return got;
    }
}
