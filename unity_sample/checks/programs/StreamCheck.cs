using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Reflection;
using System.Threading;
using A2F;
using UnityEngine;

/// <summary>
/// A character over its life: early, switched off, reopened, without a server, with one that dies: `StreamCheck SCENE URL PROGRAM
/// ARGUMENTS`. The program is a server to start.
/// </summary>
public static class StreamCheck
{
    const int Rate = 16000;
    const string Nowhere = "ws://127.0.0.1:9";

    public static int Main(string[] words)
    {
        Dictionary<string, Action> scenes = new Dictionary<string, Action>
        {
            { "early", Early }, { "nowhere", () => Unheard(Nowhere, true) }, { "refused", () => Unheard(words[1], false) },
            { "chained", Chained }, { "hidden", Hidden }, { "reopened", () => Reopened(words[1]) }, { "killed", () => Killed(words[1]) },
            { "microphone", Microphones }, { "dying", () => Dying(words[2]) }, { "local", () => Local(words[2], words[3]) }
        };
        scenes[words[0]]();
        A2FConnection.EndAll();
        A2FLocalServer.Stop();
        return Claims.Report();
    }

    /// <summary>What is said before the first frame, and while a server starts, is said later.</summary>
    static void Early()
    {
        Actor one = new Actor(Nowhere);
        Line early = one.Stream.Speak(Sound(0.3));
        Claims.That("a line before the component wakes is a line", early != null);
        one.Home.SetActive(true);
        one.RunUntil(() => one.Ended.Count == 1, 8);
        Claims.That("and heard without a server, found " + one, one.Ended.Count == 1);
        one.Home.SetActive(false);
        Claims.That("one that is switched off says so", one.Stream.Speak(Sound(0.3)) == null && one.Troubles.Exists(text => text.Contains("disabled")));
    }

    /// <summary>No server, or one that ends the session for good: lines are heard all the same, and in order.</summary>
    static void Unheard(string url, bool mayWait)
    {
        Actor one = new Actor(url);
        one.Stream.Rig = mayWait ? "arkit" : "no such rig";
        one.Home.SetActive(true);
        one.RunUntil(() => one.Stream.Session.IsClosed, mayWait ? 0.1 : 10);
        Claims.That("the session has ended for good: " + !mayWait, one.Stream.Session.IsClosed == !mayWait);
        one.Stream.Speak(Sound(0.4));
        one.Stream.Speak(Sound(0.4));
        one.RunUntil(() => one.Ended.Count == 2, 10);
        one.Run(mayWait ? 3.5 : 0.5);
        Claims.That("both lines were heard to their end: " + one, one.Ended.Count == 2 && !one.Stream.IsSpeaking && one.HeardS > 0.7);
        Claims.That("the same trouble is told once, found " + string.Join("; ", one.Troubles), one.Troubles.Count == 1);
    }

    /// <summary>One more line is said whenever one ends: those that wait are said too.</summary>
    static void Chained()
    {
        Actor one = new Actor(Nowhere);
        one.Home.SetActive(true);
        bool isSaid = false;
        one.Stream.onLineEnded.AddListener(u =>
        {
            if (!isSaid)
            {
                isSaid = true;
                one.Stream.Speak(Sound(0.1));
            }
        });
        for (int k = 0; k < 3; k++)
        {
            one.Stream.Speak(Sound(0.1));
        }
        one.RunUntil(() => one.Ended.Count == 4, 15);
        Claims.That("four lines in their order: " + one, string.Join(" ", one.Ended) == "1 2 3 4");
    }

    /// <summary>Listeners switch the character off in the middle of everything.</summary>
    static void Hidden()
    {
        foreach (string at in new[] { "began", "ended", "trouble" })
        {
            Actor one = new Actor(Nowhere);
            Action hide = () => one.Home.SetActive(false);
            one.Home.SetActive(true);
            if (at == "trouble")
            {
                one.Stream.onTrouble.AddListener(text => hide());
            }
            else
            {
                (at == "began" ? one.Stream.onLineBegan : one.Stream.onLineEnded).AddListener(u => hide());
            }
            one.Stream.Speak(Sound(0.1));
            one.RunUntil(() => one.Stream.Playback == null, 8);
            Claims.That("hidden when a line " + at, one.Stream.Playback == null && one.Stream.Session == null);
            one.Home.SetActive(true);
            Claims.That("and there again", one.Stream.Playback != null);
            UnityEngine.Object.Destroy(one.Home);
            one.Run(0.1);
        }
    }

    /// <summary>Begun anew in the middle of a line that comes in pieces: what comes afterwards is heard.</summary>
    static void Reopened(string url)
    {
        Actor one = new Actor(url);
        one.Stream.IsVisible = false;
        one.Home.SetActive(true);
        one.RunUntil(() => one.Stream.Session.IsOpen, 10);
        Claims.That("hidden before there was a session, hidden in it", !one.Stream.Session.Player.IsVisible);
        one.Stream.IsVisible = true;
        one.Stream.Feed(new float[Rate / 2], Rate / 2, Rate);
        one.Run(0.3);
        one.Stream.IsVisible = false;
        one.Stream.IsPaused = true;
        one.Stream.Reopen();
        one.Run(0.5);
        Claims.That("still hidden and paused", !one.Stream.Session.Player.IsVisible && one.Stream.Playback.IsPaused);
        one.Stream.IsVisible = true;
        one.Stream.IsPaused = false;
        int ended = one.Ended.Count;
        one.Stream.Feed(new float[Rate / 2], Rate / 2, Rate);
        one.Stream.End();
        Claims.That("what comes afterwards is a line", one.Stream.IsSpeaking);
        one.RunUntil(() => !one.Stream.IsSpeaking, 10);
        Claims.That("and is heard: " + one, one.Ended.Count == ended + 1 && !one.Stream.IsSpeaking);
    }

    /// <summary>Whoever runs this kills the server in the middle of a line: it is heard to its end.</summary>
    static void Killed(string url)
    {
        Actor one = new Actor(url);
        one.Home.SetActive(true);
        one.Stream.Speak(Sound(4));
        Stopwatch watch = Stopwatch.StartNew();
        while ((one.Stream.Playback.HeadUs(A2FClock.NowUs) ?? 0) < 500000 && watch.ElapsedMilliseconds < 8000)
        {
            one.Run(0.05);
        }
        Console.WriteLine("now");
        one.RunUntil(() => one.Ended.Count == 1, 20);
        Claims.That("the line is over, and all of it was heard: " + one, one.Ended.Count == 1 && one.HeardS > 3.4);
    }

    /// <summary>A microphone's session has the feelings of the inspector; none is opened for a character that is off.</summary>
    static void Microphones()
    {
        Actor one = new Actor(Nowhere);
        Field(one.Stream, "emotion").SetValue(one.Stream, new[] { new A2FAmount("joy", 1) });
        A2FMicrophone microphone = one.Home.AddComponent<A2FMicrophone>();
        one.Stream.enabled = false;
        one.Home.SetActive(true);
        Claims.That("no session of a character that is off", one.Stream.Session == null && one.Stream.Playback == null);
        one.Stream.enabled = true;
        object terms = Field(one.Stream.Session, "Terms").GetValue(one.Stream.Session);
        SessionOptions options = (SessionOptions)terms.GetType().GetField("Options").GetValue(terms);
        Claims.That("joy is asked for with a microphone", options.IsMicrophone && options.Emotion != null && options.Emotion["joy"] == 1);
        microphone.enabled = false;
        terms = Field(one.Stream.Session, "Terms").GetValue(one.Stream.Session);
        Claims.That("and lines again without it", !((SessionOptions)terms.GetType().GetField("Options").GetValue(terms)).IsMicrophone);
    }

    /// <summary>A server program that dies at once: few processes, the reason told, lines heard.</summary>
    static void Dying(string program)
    {
        string notes = Path.GetTempFileName();
        Actor one = new Actor(Nowhere);
        one.Stream.Server.startsLocalServer = true;
        one.Stream.Server.program = program;
        one.Stream.Server.arguments = "-c \"open(r'" + notes + "','a').write('x'); import sys; sys.exit('no such network')\"";
        one.Home.SetActive(true);
        Line line = one.Stream.Speak(Sound(0.3));
        Claims.That("a line while the server starts is a line", line != null);
        one.Run(3);
        long starts = new FileInfo(notes).Length;
        Claims.That("started once or twice in 3 s, found " + starts, starts >= 1 && starts <= 3);
        Claims.That("why is told: " + string.Join("; ", one.Troubles), one.Troubles.Exists(text => text.Contains("exit code 1") && text.Contains("no such network")));
        Claims.That("the doctor knows: " + one.Stream.Health.Server, !one.Stream.Health.ServerIsRight);
        one.RunUntil(() => one.Ended.Count == 1, 8);
        Claims.That("the line was heard: " + one, one.Ended.Count == 1);
        File.Delete(notes);
    }

    /// <summary>A server of one's own that crashes comes back, at another address, and the character with it.</summary>
    static void Local(string program, string arguments)
    {
        Actor one = new Actor(Nowhere);
        one.Stream.Server.startsLocalServer = true;
        one.Stream.Server.program = program;
        one.Stream.Server.arguments = arguments;
        one.Home.SetActive(true);
        one.Stream.Speak(Sound(0.3));
        one.RunUntil(() => one.Stream.Session != null && one.Stream.Session.IsOpen, 20);
        string first = A2FLocalServer.Url;
        Session session = one.Stream.Session;
        Claims.That("the session is open at " + first, session != null && session.IsOpen && first.Length > 0);
        one.RunUntil(() => !one.Stream.IsSpeaking, 5);
        Line next = one.Stream.Speak(Sound(0.5));
        one.RunUntil(() => next.IsOver, 8);
        Claims.That("what was heard before there was a session counts: " + next.U + " " + next.State, next.U == 2 && next.State == LineState.PosesDone);
        one.RunUntil(() => !one.Stream.IsSpeaking, 5);
        object keeper = typeof(A2FLocalServer).GetField("keeper", BindingFlags.Static | BindingFlags.NonPublic).GetValue(null);
        ((LocalServer)Field(keeper, "server").GetValue(keeper)).Kill();
        one.RunUntil(() => !session.IsOpen, 5);
        one.RunUntil(() => session.IsOpen, 20);
        Claims.That("the same session is open again at " + A2FLocalServer.Url, session.IsOpen && session == one.Stream.Session && A2FLocalServer.Url != first);
    }

    static FieldInfo Field(object of, string name)
    {
        for (Type type = of.GetType(); type != null; type = type.BaseType)
        {
            FieldInfo found = type.GetField(name, BindingFlags.Instance | BindingFlags.NonPublic);
            if (found != null)
            {
                return found;
            }
        }
        throw new MissingFieldException(of.GetType().Name, name);
    }

    static AudioClip Sound(double seconds)
    {
        return AudioClip.Create("clip of " + seconds + " s", (int)(seconds * Rate), 1, Rate, false);
    }

    /// <summary>An object that speaks, and what was told of it. Its patience is half a second.</summary>
    sealed class Actor
    {
        public readonly GameObject Home = new GameObject("actor");
        public readonly List<int> Ended = new List<int>();
        public readonly List<string> Troubles = new List<string>();
        public readonly A2FStream Stream;
        public double HeardS;

        readonly AudioSource source;
        int began;

        public Actor(string url)
        {
            Home.SetActive(false);
            source = Home.AddComponent<AudioSource>();
            Home.AddComponent<A2FAudio>();
            Stream = Home.AddComponent<A2FStream>();
            Stream.Server.url = url;
            Stream.Rig = "arkit";
            Field(Stream, "patienceSeconds").SetValue(Stream, 0.5f);
            Stream.onLineBegan.AddListener(u => began++);
            Stream.onLineEnded.AddListener(Ended.Add);
            Stream.onTrouble.AddListener(Troubles.Add);
        }

        public void Run(double seconds)
        {
            RunUntil(() => false, seconds);
        }

        public void RunUntil(Func<bool> isOver, double seconds)
        {
            Stopwatch watch = Stopwatch.StartNew();
            double last = 0;
            while (last < seconds && !isOver())
            {
                Thread.Sleep(16);
                double now = watch.Elapsed.TotalSeconds;
                HeardS += source && source.isPlaying ? now - last : 0;
                Engine.Frame(now - last);
                last = now;
            }
        }

        public override string ToString()
        {
            return began + " began, " + string.Join(" ", Ended) + " ended, heard " + HeardS + " s";
        }
    }
}
