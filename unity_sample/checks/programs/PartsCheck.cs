using System;
using System.Collections.Generic;
using A2F;
using A2F.Core;

/// <summary>
/// Parts of the client that need neither server nor engine: `PartsCheck HEAD.bytes [PROGRAM ARGUMENTS]`. Says what does not hold, then
/// how many claims were looked at; PROGRAM is a server to start and end.
/// </summary>
public static class PartsCheck
{
    public static int Main(string[] arguments)
    {
        Resampling();
        ClockOfBlocks();
        Recordings();
        Rigs();
        Gaze();
        Pauses();
        Announcements();
        Reels();
        Endless();
        Handshakes();
        OutsideCheck.Head(arguments[0]);
        if (arguments.Length > 1)
        {
            OutsideCheck.Server(arguments[1], arguments[2]);
            OutsideCheck.Keeper(arguments[1], arguments[2]);
        }
        return Claims.Report();
    }

    static void Resampling()
    {
        foreach (int outputRate in new[] { 16000, 24000, 44100, 48000 })
        {
            const int Rate = 24000;
            Reel reel = new Reel(Rate, 0);
            SincReader reader = new SincReader(reel);
            float[] all = new float[outputRate * 2];
            float[] block = new float[777];
            int count = 0;
            for (int piece = 0; piece < 100; piece++)
            {
                float[] tone = new float[Rate / 100];
                for (int k = 0; k < tone.Length; k++)
                {
                    tone[k] = (float)Math.Sin(2 * Math.PI * 1000 * (piece * tone.Length + k) / Rate);
                }
                reel.Append(tone, 0, tone.Length);
                reel.IsEnded = piece == 99;
                int ready = block.Length;
                while (ready == block.Length)
                {
                    ready = reader.Read(block, block.Length, outputRate);
                    Array.Copy(block, 0, all, count, ready);
                    count += ready;
                }
            }
            double worst = 0;
            for (int k = outputRate / 50; k < outputRate - outputRate / 50; k++)
            {
                worst = Math.Max(worst, Math.Abs(all[k] - Math.Sin(2 * Math.PI * 1000.0 * k / outputRate)));
            }
            Claims.That("a second at " + Rate + " is a second at " + outputRate + ", found " + count, count == outputRate);
            Claims.That("a tone stays that tone within 1 % at " + outputRate + ", found " + worst, worst < 0.01);
        }
        Reel high = new Reel(48000, 0);
        float[] shrill = new float[48000];
        for (int k = 0; k < shrill.Length; k++)
        {
            shrill[k] = (float)Math.Sin(2 * Math.PI * 15000.0 * k / 48000);
        }
        high.Keep(shrill);
        high.IsEnded = true;
        float[] low = new float[16000];
        new SincReader(high).Read(low, low.Length, 16000);
        float peak = 0;
        for (int k = 100; k < 15900; k++)
        {
            peak = Math.Max(peak, Math.Abs(low[k]));
        }
        Claims.That("what a lower rate cannot hold does not fold back, found " + peak, peak < 0.1f);
    }

    static void ClockOfBlocks()
    {
        SoundClock clock = new SoundClock();
        long last = 0;
        double worst = 0;
        bool isRising = true;
        for (long nowUs = 0; nowUs < 5000000; nowUs += 16667)
        {
            double rawUs = Math.Floor(nowUs / 21333.0) * 21333;
            long headUs = clock.Read(rawUs, nowUs, 1, true);
            isRising = isRising && headUs >= last;
            last = headUs;
            worst = nowUs > 1000000 ? Math.Max(worst, Math.Abs(nowUs - 10666 - headUs)) : worst;
        }
        Claims.That("blocks of 21 ms become a play head within 6 ms of even, found " + worst, worst < 6000);
        Claims.That("the play head never goes back", isRising);
        long before = clock.Read(9000000, 5010000, 1, true);
        Claims.That("a jump is taken at once", before == 9000000);
        long stood = clock.Read(9000000, 6000000, 1, false);
        Claims.That("what stands stays", stood == 9000000);
        SoundClock slow = new SoundClock();
        slow.Read(0, 0, 0.5, true);
        long half = 0;
        for (long nowUs = 10000; nowUs <= 1000000; nowUs += 10000)
        {
            half = slow.Read(nowUs / 2, nowUs, 0.5, true);
        }
        Claims.That("half the pitch is half the speed, found " + half, Math.Abs(half - 500000) < 2000);
    }

    static void Recordings()
    {
        Recording recording = new Recording();
        for (int k = 0; k <= 100; k++)
        {
            recording.Take(new[] { k < 50 ? k / 50f : 2 - k / 50f, 0.3f }, 2 + k / 100f);
        }
        recording.Take(new[] { 9f, 9f }, 2.5f);
        recording.Take(new[] { 9f }, 9);
        List<RecordedKey> ramp = recording.Keys(0, 100, 0.001f);
        Claims.That("a ramp up and down is three keys, found " + ramp.Count, ramp.Count == 3);
        Claims.That("keys begin at 0 and are scaled", ramp[0].Seconds == 0 && Math.Abs(ramp[1].Value - 100) < 0.01f);
        Claims.That("what stands is two keys", recording.Keys(1, 1, 0.001f).Count == 2);
        Claims.That("it is as long as its rows", Math.Abs(recording.Seconds - 1) < 0.001f && recording.Count == 101);
    }

    static void Rigs()
    {
        List<string> sloth = new List<string> { "hair" };
        string[] stems = { "eyeBlink", "eyeSquint", "eyeWide", "mouthSmile", "mouthFrown", "mouthDimple", "mouthStretch", "mouthPress", "browDown", "noseSneer" };
        foreach (string stem in stems)
        {
            sloth.Add("blendShape2." + stem + "_L");
            sloth.Add("blendShape2." + stem + "_R");
        }
        Claims.That("prefixes and sides do not hide ARKit's names", RigChoice.CountArkit(sloth) == 20);
        Claims.That("a head of ARKit's gets its eyes turned", RigChoice.Of(sloth, false, false) == "unity/arkit");
        Claims.That("a VRM with perfect sync is left to the server", RigChoice.Of(sloth, false, true) == "auto");
        Claims.That("visemes are left to the server", RigChoice.Of(new[] { "viseme_aa", "viseme_PP" }, false, false) == "auto");
        Claims.That("names that no server takes stay here", string.Join(" ", RigChoice.Sendable(new[] { "a", "", new string('b', 65), "c\n", "d" })) == "a d");
        Claims.That("no name is no list", RigChoice.Sendable(new string[0]) == null);
        Claims.That("a jaw bone without shapes is a jaw", RigChoice.Of(new string[0], true, false) == "jaw");
    }

    static void Gaze()
    {
        VrmGaze gaze = new VrmGaze();
        gaze.Bind(new[] { "aa", "lookUp", "lookDown", "lookLeft", "lookRight" });
        float[] row = { 0, 0.5f, 0, 0, 1 };
        Claims.That("to the right is + yaw for UniVRM", gaze.IsGiven && Math.Abs(gaze.YawDegrees(row) - 30) < 0.001f);
        Claims.That("up is + pitch for UniVRM", Math.Abs(gaze.PitchDegrees(row) - 15) < 0.001f);
        Claims.That("looks are told apart from other curves", gaze.Has(1) && !gaze.Has(0));
        gaze.Bind(new[] { "aa", "LookUp", "LookDown", "LookLeft" });
        Claims.That("three looks are none", !gaze.IsGiven && !gaze.Has(0));
    }

    static void Pauses()
    {
        Backoff far = new Backoff(false);
        List<int> pauses = new List<int>();
        for (int k = 0; k < 7; k++)
        {
            pauses.Add(far.Next(Codes.Abnormal, null));
        }
        Claims.That("pauses double up to 30 s", string.Join(" ", pauses) == "1000 2000 4000 8000 16000 30000 30000");
        far.Reset();
        Claims.That("a code that says at once is tried at once, once", far.Next(Codes.Internal, null) == 0 && far.Next(Codes.Internal, null) == 2000);
        Claims.That("a wrong password is not tried again", far.Next(Codes.Authentication, null) == -1);
        Claims.That("the server's own pause is kept", far.Next(Codes.Busy, 7) == 7000);
        Backoff here = new Backoff(Backoff.IsHere(new Uri("ws://localhost:8765")));
        int last = 0;
        for (int k = 0; k < 6; k++)
        {
            last = here.Next(Codes.Abnormal, null);
        }
        Claims.That("on this machine no pause is over 4 s", last == 4000);
    }

    static void Announcements()
    {
        Claims.That("the address of an announcement is found", LocalServer.UrlIn("{\"url\": \"ws://127.0.0.1:8765\", \"port\": 8765}") == "ws://127.0.0.1:8765");
        Claims.That("other lines have none", LocalServer.UrlIn("Serving at ws://x") == "" && LocalServer.UrlIn(null) == "" && LocalServer.UrlIn("{\"url\": \"http://x\"}") == "");
    }

    static void Reels()
    {
        Reel reel = new Reel(100, 10);
        reel.Append(new[] { 1f, 2, 3 }, 0, 3);
        reel.Append(new[] { 4f, 5, 6 }, 1, 2);
        float[] got = new float[7];
        int count = reel.Read(9, got, 0, 7);
        Claims.That("a reel reads over its pieces, silence around them", string.Join(" ", got) == "0 1 2 3 5 6 0" && count == 6);
        reel.Forget(13);
        Claims.That("whole pieces are forgotten", reel.First == 13 && reel.End == 15);
        float[] mono = new float[2];
        Claims.That("channels become their mean", SoundFeed.ToMono(new[] { 1f, 0, 0.5f, 0.25f }, 4, 2, mono) == 2 && mono[0] == 0.5f && mono[1] == 0.375f);
    }

    /// <summary>What never ends keeps a few seconds of its sound, with no server to send it to either.</summary>
    static void Endless()
    {
        Uri nowhere = new Uri("ws://127.0.0.1:1");
        foreach (bool isMicrophone in new[] { true, false })
        {
            Client client = new Client(nowhere, new ClientOptions(), () => new SocketWire(nowhere, new WireOptions()));
            Session session = client.Open(new SessionOptions { Rate = 16000, IsMicrophone = isMicrophone });
            long nowUs = 0;
            Playback playback = new Playback(session) { PatienceUs = 0 };
            SoundFeed feed = new SoundFeed(session.Say(), 48000);
            playback.Add(feed.Line, isMicrophone ? (IVoice)new MicrophoneVoice(session.Player, feed.Line) : new SilentVoice(feed.Sound, () => nowUs));
            for (int second = 0; second < 60; second++)
            {
                feed.Add(new float[48000], 0, 48000);
                nowUs += 1000000;
                client.Tick(nowUs);
                playback.Sample(nowUs);
            }
            long kept = (feed.Line.Reel.End - feed.Line.Reel.First) / 16000;
            long heard = (feed.Sound.End - feed.Sound.First) / 48000;
            Claims.That("a minute without a server keeps some seconds, found " + kept + " and " + heard, kept >= 9 && kept < 16 && heard >= 9 && heard < 16);
            client.Abort();
        }
    }

    static void Handshakes()
    {
        Claims.That("the accept of RFC 6455's example", Handshake.Accept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        Handshake hand = new Handshake(new Uri("ws://[::1]:8765/a?b"), "a2f.v1.msgpack", "secret");
        string asked = System.Text.Encoding.ASCII.GetString(hand.Request());
        Claims.That("host and port stand in the request", asked.Contains("Host: [::1]:8765\r\n") && asked.StartsWith("GET /a?b HTTP/1.1\r\n"));
        Claims.That("a token goes with the request", asked.Contains("Authorization: Bearer secret\r\n"));
        string right = "HTTP/1.1 101 Switching Protocols\r\nsec-websocket-accept: " + Handshake.Accept(hand.Key) + "\r\nSec-WebSocket-Protocol: a2f.v1.msgpack";
        Claims.That("the right answer is taken", hand.Refusal(right) == null);
        Claims.That("another protocol is refused", hand.Refusal(right.Replace("msgpack", "json")) != null);
        Claims.That("another key is refused", hand.Refusal(right.Replace("accept: ", "accept: x")) != null);
        Claims.That("extensions are refused", hand.Refusal(right + "\r\nSec-WebSocket-Extensions: permessage-deflate") != null);
        Claims.That("a token cannot bring a header with it", new WireOptions { Token = "a\r\nb: c" }.Refusal("ws://x") != null);
        Claims.That("pages are no servers", new WireOptions().Refusal("http://x") != null && new WireOptions().Refusal("ws://x:1") == null);
    }
}
