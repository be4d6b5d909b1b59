using System;
using System.Collections.Generic;
using System.Diagnostics;
using A2F;
using UnityEngine;

/// <summary>The components on objects that behave as Unity's are documented to, with frames in real time, against a live server.</summary>
public static class ComponentCheck
{
    const int Rate = 16000;

    public static int Main(string[] words)
    {
        Character one = new Character(words[1], words[0]);
        Dictionary<string, Action<Character>> scenes = new Dictionary<string, Action<Character>>
        {
            { "replaced", Replaced }, { "looped", Looped }, { "twice", Twice }, { "hitch", Hitch }, { "dead", Dead },
            { "listener", Listener }, { "pitch", Pitch }, { "virtual", Virtual }, { "long", Long }, { "record", Record }
        };
        scenes[words[0]](one);
        one.Home.SetActive(false);
        A2FConnection.EndAll();
        return Claims.Report();
    }

    /// <summary>A game plays B where A still sounds: A is cut off, B is said.</summary>
    static void Replaced(Character one)
    {
        one.Source.clip = Sound(4);
        one.Source.Play();
        one.Run(1.2);
        Claims.That("the first clip is said", one.IsSaid(1, 0));
        one.Source.clip = Sound(1);
        one.Source.Play();
        one.Run(0.5);
        Claims.That("the clip that takes its place is said", one.Began.Count == 2);
        one.RunOut();
        Claims.That("both are over", one.Ended.Count == 2 && !one.Stream.IsSpeaking);
        Claims.That("the game's clip played to its end", !one.Source.isPlaying);
    }

    /// <summary>Each round of a loop is another line; the source never stands.</summary>
    static void Looped(Character one)
    {
        one.Source.clip = Sound(1);
        one.Source.loop = true;
        one.Source.Play();
        double stood = 0;
        one.Run(3.5, () => stood += one.Source.isPlaying ? 0 : Engine.Step);
        Claims.That("a loop of 1 s is said three or four times in 3.5 s: " + one.Began.Count, one.Began.Count >= 3 && one.Began.Count <= 4);
        Claims.That("the game's source never waits", stood == 0);
    }

    /// <summary>A tap on the source of A2F Audio leaves alone what the character says itself.</summary>
    static void Twice(Character one)
    {
        one.Stream.Speak(Sound(0.6));
        one.RunOut();
        Claims.That("a spoken clip is said once", one.IsSaid(1, 1));
        one.Stream.Feed(new float[Rate / 2], Rate / 2, Rate);
        one.Stream.End();
        one.RunOut();
        Claims.That("fed sound is said once", one.IsSaid(2, 2));
        one.Source.clip = Sound(0.5);
        one.Source.Play();
        one.RunOut();
        Claims.That("the game's own clip there is said too", one.IsSaid(3, 3));
    }

    /// <summary>A hitch longer than the clip, right behind Play(): the clip is over before it was ever seen to move.</summary>
    static void Hitch(Character one)
    {
        bool isDone = false;
        one.Stream.Speak(Sound(0.4));
        one.Run(2, () =>
        {
            if (!isDone && one.Source.isPlaying)
            {
                isDone = true;
                one.Skip(1);
            }
        });
        Claims.That("the hitch was there", isDone);
        Claims.That("the line is over", one.IsSaid(1, 1));
        one.Stream.Speak(Sound(0.4));
        one.RunOut();
        Claims.That("the next one is said", one.IsSaid(2, 2));
    }

    /// <summary>Sources that never play: no sound on the machine, switched off, destroyed.</summary>
    static void Dead(Character one)
    {
        AudioSource.IsMute = true;
        one.Stream.Speak(Sound(0.4));
        one.RunOut();
        Claims.That("without sound the line goes on by the clock", one.IsSaid(1, 1));
        one.Stream.Feed(new float[Rate / 2], Rate / 2, Rate);
        one.Stream.End();
        one.RunOut();
        Claims.That("so does sound that comes in pieces", one.IsSaid(2, 2));
        AudioSource.IsMute = false;
        Claims.That("the doctor misses the listener", one.Stream.Health.Sound.Contains("no AudioListener"));
        new GameObject("camera").AddComponent<AudioListener>();
        Claims.That("and is content with one: " + one.Stream.Health.Sound, one.Stream.Health.SoundIsRight);
        one.Source.mute = true;
        Claims.That("it sees that the source is muted", one.Stream.Health.Sound.Contains("muted"));
        one.Source.enabled = false;
        Claims.That("and that it is switched off: " + one.Stream.Health.Sound, one.Stream.Health.Sound.Contains("switched off"));
        one.Stream.Speak(Sound(0.4));
        one.RunOut();
        Claims.That("a source that is switched off blocks nothing", one.IsSaid(3, 3));
        one.Source.enabled = true;
        one.Stream.Speak(Sound(2));
        one.Run(0.7);
        one.Source.enabled = false;
        one.RunOut();
        Claims.That("nor one that is switched off while it plays", one.IsSaid(4, 4));
    }

    /// <summary>The listener's pause holds clips and streamed sound, and nothing of them is lost.</summary>
    static void Listener(Character one)
    {
        one.Stream.Speak(Sound(1));
        one.Run(0.7);
        AudioListener.pause = true;
        one.Run(1.5);
        Claims.That("a clip stands with the listener", one.IsSaid(1, 0) && one.Stream.Session.Player.IsPaused);
        AudioListener.pause = false;
        one.RunOut();
        Claims.That("and goes on with it", one.IsSaid(1, 1));
        one.Stream.Feed(new float[Rate], Rate, Rate);
        one.Stream.End();
        one.Run(0.7);
        AudioListener.pause = true;
        one.Run(1.5);
        Claims.That("streamed sound stands with the listener", one.IsSaid(2, 1));
        AudioSource.AsksWhileHeld = true;
        long? before = one.Stream.Playback.HeadUs(A2FClock.NowUs);
        one.Run(0.7);
        Claims.That("even where its filter is asked for more", one.Stream.Playback.HeadUs(A2FClock.NowUs) == before);
        AudioSource.AsksWhileHeld = false;
        AudioListener.pause = false;
        one.RunOut();
        Claims.That("and goes on as well", one.IsSaid(2, 2));
        one.Stream.Speak(Sound(1));
        one.Run(0.7);
        one.Source.Pause();
        one.Run(1);
        Claims.That("a clip stands while the game halts its source", one.IsSaid(3, 2) && one.Stream.Session.Player.IsPaused);
        one.Source.UnPause();
        one.RunOut();
        Claims.That("and goes on after it", one.IsSaid(3, 3));
        one.Stream.Feed(new float[Rate], Rate, Rate);
        one.Stream.End();
        one.Run(0.7);
        one.Source.Pause();
        one.Run(1);
        Claims.That("so does streamed sound", one.IsSaid(4, 3));
        one.Source.UnPause();
        one.RunOut();
        Claims.That("to its end", one.IsSaid(4, 4));
    }

    /// <summary>A pitch that is changed while streamed sound plays changes its speed at once.</summary>
    static void Pitch(Character one)
    {
        one.Stream.Feed(new float[4 * Rate], 4 * Rate, Rate);
        one.Stream.End();
        one.RunTo(300000);
        long? before = one.Stream.Playback.HeadUs(A2FClock.NowUs);
        one.Source.pitch = 2;
        one.Run(1);
        long passedUs = (one.Stream.Playback.HeadUs(A2FClock.NowUs) ?? 0) - (before ?? 0);
        Claims.That("a second at pitch 2 is two of the line: " + passedUs, before.HasValue && passedUs > 1400000 && passedUs < 2200000);
    }

    /// <summary>A source that the mixer leaves out for a while: the line goes on, and what is heard afterwards is what is seen.</summary>
    static void Virtual(Character one)
    {
        float[] ramp = new float[4 * Rate];
        for (int k = 0; k < ramp.Length; k++)
        {
            ramp[k] = (float)k / ramp.Length;
        }
        one.Stream.Feed(ramp, ramp.Length, Rate);
        one.Stream.End();
        one.RunTo(300000);
        long fromUs = one.Stream.Playback.HeadUs(A2FClock.NowUs) ?? 0;
        one.Source.IsVirtual = true;
        one.Run(1.2);
        long passedUs = (one.Stream.Playback.HeadUs(A2FClock.NowUs) ?? 0) - fromUs;
        Claims.That("the line goes on: " + passedUs, passedUs > 600000);
        one.Source.IsVirtual = false;
        one.Run(0.5);
        double heardUs = 4e6 * one.Source.Heard[one.Source.Heard.Count - 1];
        double seenUs = one.Stream.Playback.HeadUs(A2FClock.NowUs) ?? 0;
        Claims.That("sound and face are together again: " + heardUs + ", " + seenUs, Math.Abs(heardUs - seenUs) < 100000);
    }

    /// <summary>A clip of a minute is brought to the session's rate over many frames, and all of it.</summary>
    static void Long(Character one)
    {
        AudioClip clip = AudioClip.Create("long", 60 * 44100, 1, 44100, false);
        one.Stream.Speak(AudioClip.Create("short", 44100, 1, 44100, false));
        one.Run(2.5);
        Stopwatch watch = Stopwatch.StartNew();
        Line line = one.Stream.Speak(clip);
        Claims.That("speaking returns before all is resampled", !line.Reel.IsEnded && line.Reel.EndUs > 500000);
        Console.WriteLine("took " + watch.Elapsed.TotalMilliseconds + " ms");
        one.Run(2.5);
        Claims.That("a moment later all is there: " + line.Reel.EndUs, line.Reel.IsEnded && Math.Abs(line.Reel.EndUs - 60000000) < 1000);
        one.Stream.Speak(clip);
        one.Stream.Interrupt();
        one.Run(0.5);
        Claims.That("interrupted all the same", !one.Stream.IsSpeaking);
    }

    /// <summary>A recording goes on while nobody looks at the inspector.</summary>
    static void Record(Character one)
    {
        A2FRecorder recorder = one.Stream.gameObject.AddComponent<A2FRecorder>();
        one.Stream.Speak(Sound(0.5));
        one.Run(1);
        Claims.That("a row a frame: " + recorder.Recording.Count, recorder.Recording.Count > 15 && recorder.Recording.Seconds > 0.8);
    }

    static AudioClip Sound(double seconds)
    {
        int samples = (int)(seconds * Rate);
        float[] data = new float[samples];
        for (int k = 0; k < samples; k++)
        {
            data[k] = (float)(0.2 * Math.Sin(0.05 * k));
        }
        AudioClip clip = AudioClip.Create("clip of " + seconds + " s", samples, 1, Rate, false);
        clip.SetData(data, 0);
        return clip;
    }
}
