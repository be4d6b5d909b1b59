using System;

namespace A2F.Tests
{
    /// <summary>How many bytes a talking head leaves to the garbage collector.</summary>
    internal static class Allocation
    {
        private const int Poses = 1000;

        /// <summary>Beside its three messages of state, an utterance leaves nothing; one of them is below this.</summary>
        private const int StateBytes = 160;

        public static void Run()
        {
            Check.That("the counter of bytes counts", Counts);
            Check.That("a thousand poses leave no byte to the garbage collector", Steadily);
            Check.That("an utterance leaves nothing but its messages of state", Utterances);
            Check.That("blends and idle life leave no byte", Blends);
            Check.That("no collection comes while a head talks for a minute", Collections);
        }

        private static void Counts()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            var kept = new byte[1 << 20];
            long counted = GC.GetAllocatedBytesForCurrentThread() - before;
            GC.KeepAlive(kept);
            Check.True(counted >= 1 << 20 && counted < 2 << 20, "about a MiB, found " + counted);
        }

        private static void Steadily()
        {
            Steady head = Warm();
            long bytes = Of(() => Talk(head));
            Console.WriteLine("allocation: " + bytes + " bytes per " + Poses + " poses");
            Check.Equal(bytes, 0);
        }

        private static void Utterances()
        {
            Steady head = Warm();
            Line(head);
            Line(head);
            long bytes = Of(() => Lines(head));
            Console.WriteLine("allocation: " + bytes / 20 + " bytes per utterance of 120 poses");
            Check.True(bytes <= 20 * 3 * StateBytes, "three small messages each, found " + bytes + " for 20");
        }

        private static void Lines(Steady head)
        {
            for (int k = 0; k < 20; k++) Line(head);
        }

        private static void Line(Steady head)
        {
            head.Next();
            for (int k = 0; k < 120 / Steady.PerMessage; k++) head.Go();
            head.End();
            for (int k = 0; k < 20; k++) head.Frame();
        }

        private static void Blends()
        {
            Steady head = Warm();
            Flicker(head);
            Check.Equal(Of(() => Flicker(head)), 0);
        }

        private static void Flicker(Steady head)
        {
            for (int k = 0; k < 200; k++)
            {
                head.Blended(k / 7 % 2 == 0);
                head.Life();
            }
        }

        private static void Collections()
        {
            Steady head = Warm();
            int before = GC.CollectionCount(0);
            for (int k = 0; k < 4; k++) Talk(head);
            Check.Equal(GC.CollectionCount(0), before);
        }

        private static Steady Warm()
        {
            var head = new Steady();
            head.Next();
            Talk(head);
            return head;
        }

        private static void Talk(Steady head)
        {
            for (int k = 0; k < Poses / Steady.PerMessage; k++) head.Go();
        }

        private static long Of(Action work)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
