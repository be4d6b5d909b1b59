using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using A2F;
using UnityEngine;

/// <summary>An object that speaks, and what was heard of its lines.</summary>
public sealed class Character
{
    public readonly GameObject Home = new GameObject("character");
    public readonly List<int> Began = new List<int>();
    public readonly List<int> Ended = new List<int>();
    public readonly AudioSource Source;
    public readonly A2FStream Stream;

    public Character(string url, string scene)
    {
        Home.SetActive(false);
        Source = Home.AddComponent<AudioSource>();
        Home.AddComponent<Mouth>();
        if (scene != "replaced" && scene != "looped")
        {
            Home.AddComponent<A2FAudio>();
        }
        Stream = Home.AddComponent<A2FStream>();
        Stream.Server.url = url;
        Stream.Rig = "arkit";
        Stream.onLineBegan.AddListener(Began.Add);
        Stream.onLineEnded.AddListener(Ended.Add);
        if (scene == "replaced" || scene == "looped" || scene == "twice")
        {
            Home.AddComponent<A2FTap>();
        }
        Home.SetActive(true);
        for (int k = 0; k < 300 && (Stream.Session == null || Stream.Session.Opened == null); k++)
        {
            Run(0.016);
        }
        Claims.That("a session is opened", Stream.Session != null && Stream.Session.Opened != null);
    }

    public bool IsSaid(int began, int ended)
    {
        return Began.Count == began && Ended.Count == ended && Stream.IsSpeaking == (began > ended);
    }

    /// <summary>Frames in real time.</summary>
    public void Run(double seconds, Action each = null)
    {
        Stopwatch watch = Stopwatch.StartNew();
        double last = 0;
        while (last < seconds)
        {
            Thread.Sleep(16);
            double now = watch.Elapsed.TotalSeconds;
            Engine.Frame(now - last);
            last = now;
            if (each != null)
            {
                each();
            }
        }
    }

    /// <summary>Frames until nothing is said any more, and a few for what might come behind it.</summary>
    public void RunOut()
    {
        Until(() => !Stream.IsSpeaking && Began.Count > 0);
        Run(0.4);
    }

    /// <summary>Frames until a place of the line is heard, µs.</summary>
    public void RunTo(long us)
    {
        Until(() => Stream.Playback.HeadUs(A2FClock.NowUs) > us);
    }

    void Until(Func<bool> isSo)
    {
        Run(0.2);
        for (int k = 0; k < 300 && !isSo(); k++)
        {
            Run(0.016);
        }
    }

    /// <summary>Nothing is asked for a while, but the sound goes on.</summary>
    public void Skip(double seconds)
    {
        Source.Sound(seconds);
    }
}

/// <summary>A face that only has names.</summary>
public sealed class Mouth : A2FTarget
{
    public override void Collect(List<string> names) { names.Add("jawOpen"); names.Add("mouthClose"); }
    public override void Bind(IList<string> curves, IList<string> transforms) { }
    public override void Show(float[] row) { }
    public override int Matched { get { return 2; } }
    public override int Available { get { return 2; } }
}
