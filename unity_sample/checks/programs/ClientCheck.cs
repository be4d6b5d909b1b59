using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;
using A2F;
using A2F.Core;

/// <summary>
/// The client against a live server, without an engine: `ClientCheck SCENE URL SOUND.f32 RATE`. SOUND is mono float32. Tells on
/// stdout what happened, one line each.
/// </summary>
public static class ClientCheck
{
    static readonly Stopwatch Watch = Stopwatch.StartNew();
    static Client client;
    static float[] sound;
    static int rate;

    public static int Main(string[] arguments)
    {
        byte[] bytes = File.ReadAllBytes(arguments[2]);
        sound = new float[bytes.Length / 4];
        Buffer.BlockCopy(bytes, 0, sound, 0, 4 * sound.Length);
        rate = int.Parse(arguments[3]);
        client = Connect(arguments[1]);
        switch (arguments[0])
        {
            case "speak":
                Speak();
                break;
            case "restart":
                Restart();
                break;
            case "watch":
                Follow();
                break;
            case "alone":
                Alone();
                break;
            case "microphone":
                Listen();
                break;
            default:
                Refused();
                break;
        }
        client.Abort();
        return 0;
    }

    static Client Connect(string url)
    {
        Uri address = new Uri(url);
        Client made = new Client(address, new ClientOptions(), () => new SocketWire(address, new WireOptions()));
        made.StateChanged += state => Console.WriteLine("state " + state);
        made.Complained += trouble => Console.WriteLine("complaint " + trouble);
        return made;
    }

    /// <summary>Two characters speak at once; the first is interrupted and speaks again at once.</summary>
    static void Speak()
    {
        Face first = new Face(client, "first", (string[])null);
        Face second = new Face(client, "second", new[] { "jawOpen", "blendShape2.mouthSmile_L", "hair" });
        first.Say();
        second.Say();
        Run(1.2, first, second);
        long bytes = long.MaxValue;
        for (int k = 0; k < 4; k++)
        {
            bytes = Math.Min(bytes, Bytes(0.2, first, second));
        }
        Console.WriteLine("steady_bytes " + bytes);
        first.Playback.Interrupt(NowUs());
        first.Say();
        RunUntil(() => first.Over == 2 && second.Over == 1, first, second);
        Run(0.6, first, second);
        first.Report();
        second.Report();
        Console.WriteLine("sessions " + client.Sessions);
        first.Session.Close();
        Console.WriteLine("sessions " + client.Sessions);
    }

    /// <summary>What the main thread left to the garbage collector; buffers still grow once in a while at the beginning.</summary>
    static long Bytes(double seconds, params Face[] faces)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(seconds, faces);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>A line during which whoever runs this restarts the server.</summary>
    static void Restart()
    {
        Face face = new Face(client, "first", (string[])null);
        face.Say();
        Run(1.0, face);
        Console.WriteLine("now");
        RunUntil(() => face.Over == 1, face);
        face.Report();
        Console.WriteLine("restarts " + client.Restarts);
    }

    /// <summary>One speaks under a name, the other one watches.</summary>
    static void Follow()
    {
        // Others may play the same scene on the same server.
        string name = "hero " + Process.GetCurrentProcess().Id;
        SessionOptions terms = new SessionOptions { Name = name, Have = new[] { "jawOpen" } };
        Watch watch = client.Watch(terms);
        Face face = new Face(client, "watched", watch);
        watch.Heard += line => face.Play(line, line.Reel);
        Run(0.5, face);
        Console.WriteLine("spoken " + watch.IsSpoken);
        Face speaker = new Face(client, "speaker", client.Open(new SessionOptions { Rig = "arkit", Name = name, Rate = 16000 }));
        speaker.Say();
        RunUntil(() => face.Over == 1 && speaker.Over == 1, face, speaker);
        face.Report();
        speaker.Report();
        Console.WriteLine("heard " + face.LastLine.Reel.End);
    }

    /// <summary>An open microphone: sound comes in pieces of 20 ms.</summary>
    static void Listen()
    {
        Session session = client.Open(new SessionOptions { Rig = "arkit", Rate = 16000, IsMicrophone = true });
        session.Complained += trouble => Console.WriteLine("complaint " + trouble);
        // A busy server may want it to come again later.
        RunUntil(() => session.IsOpen);
        Playback playback = new Playback(session) { Level = IdleLevel.Off };
        Line line = session.Say();
        SoundFeed feed = new SoundFeed(line, rate);
        MicrophoneVoice voice = new MicrophoneVoice(session.Player, line);
        playback.Add(line, voice);
        long startUs = NowUs();
        int piece = rate / 50;
        float peak = 0;
        long last = -1;
        for (int at = 0; at + piece <= sound.Length && at < 3 * rate; at += piece)
        {
            while (NowUs() - startUs < (long)(at + piece) * 1000000 / rate)
            {
                Step(session, playback, ref peak);
            }
            feed.Add(sound, at, piece);
            voice.Captured(feed.Sound.End, rate, NowUs());
            long head = playback.HeadUs(NowUs()) ?? -1;
            Console.Write(head < last ? "back\n" : "");
            last = head;
        }
        Console.WriteLine("microphone open " + (peak > 0.1f) + " state " + playback.State + " behind " + (NowUs() - startUs - last < 1000000));
    }

    /// <summary>Nobody is there: the line is heard all the same, once patience is over, and the next one too.</summary>
    static void Alone()
    {
        Face face = new Face(client, "first", (string[])null);
        face.Playback.PatienceUs = 300000;
        face.Say();
        face.Say();
        RunUntil(() => face.Over == 2, face);
        face.Report();
        Console.WriteLine("alive " + face.Playback.IsSpeaking + " waited " + (NowUs() > 2 * (300000 + 1000000L * sound.Length / rate)));
    }

    static void Refused()
    {
        Session session = client.Open(new SessionOptions { Have = new[] { "hair", "shoes" } });
        session.WasClosed += why => Console.WriteLine("closed " + why.Code + " " + why.Field);
        RunUntil(() => session.IsClosed);
    }

    static void Step(Session session, Playback playback, ref float peak)
    {
        client.Tick(NowUs());
        float[] row = playback.Sample(NowUs());
        if (session.Opened != null && row.Length > 0)
        {
            peak = Math.Max(peak, row[Array.IndexOf(session.Opened.Curves, "jawOpen")]);
        }
        Thread.Sleep(4);
    }

    static void Run(double seconds, params Face[] faces)
    {
        long untilUs = NowUs() + (long)(seconds * 1e6);
        while (NowUs() < untilUs)
        {
            Turn(faces);
        }
    }

    static void RunUntil(Func<bool> isOver, params Face[] faces)
    {
        long untilUs = NowUs() + 25000000;
        while (!isOver() && NowUs() < untilUs)
        {
            Turn(faces);
        }
        Console.Write(isOver() ? "" : "it took too long\n");
    }

    static void Turn(Face[] faces)
    {
        client.Tick(NowUs());
        foreach (Face face in faces)
        {
            face.Sample();
        }
        Thread.Sleep(5);
    }

    static long NowUs()
    {
        return Watch.ElapsedTicks * 1000000 / Stopwatch.Frequency;
    }

    /// <summary>A head without a mesh: how far its jaw opened, how far from its sound it was.</summary>
    sealed class Face
    {
        public readonly Session Session;
        public readonly Playback Playback;
        public int Over;
        public Line LastLine;

        readonly string name;
        readonly List<LineState> states = new List<LineState>();
        float peak;
        float last;
        long skewUs;

        public Face(Client client, string name, string[] have)
            : this(client, name, client.Open(new SessionOptions { Rig = have == null ? "unity/arkit" : "auto", Have = have, Rate = 16000 }))
        {
        }

        public Face(Client client, string name, Session session)
        {
            this.name = name;
            Session = session;
            Playback = new Playback(session) { Level = IdleLevel.Off };
            Playback.Ended += line =>
            {
                Over++;
                states.Add(line.State);
            };
            session.Complained += trouble => Console.WriteLine(name + " complaint " + trouble);
        }

        public void Say()
        {
            Line line = Session.Say();
            SoundFeed feed = new SoundFeed(line, rate);
            feed.Add(sound, 0, sound.Length);
            feed.End();
            Play(line, feed.Sound);
        }

        public void Play(Line line, Reel reel)
        {
            LastLine = line;
            Playback.Add(line, new SilentVoice(reel, NowUs));
        }

        public void Sample()
        {
            float[] row = Playback.Sample(NowUs());
            if (Session.Opened == null || row.Length == 0)
            {
                return;
            }
            last = row[Array.IndexOf(Session.Opened.Curves, "jawOpen")];
            peak = Math.Max(peak, last);
            skewUs = Math.Max(skewUs, Math.Abs(Playback.SkewUs ?? 0));
        }

        public void Report()
        {
            string rig = Session.Opened == null ? "none" : Session.Opened.Rig + " " + Session.Opened.Curves.Length;
            Console.WriteLine(name + " " + rig + " lines " + string.Join(",", states) + " opened " + (peak > 0.15f)
                + " closed " + (last < 0.1f) + " stalls " + Playback.Stalls + " skew_ms " + skewUs / 1000);
        }
    }
}
