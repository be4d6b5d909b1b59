using System;
using System.Collections.Generic;
using A2F.Core;

namespace A2F.Tests
{
    /// <summary>What the player refuses, and what it keeps of too much.</summary>
    internal static class PlayerRules
    {
        public static void Run()
        {
            Check.That("rows of another layout, another length or without sense are refused", Refused);
            Check.That("a number of a layout that stands for two shapes mixes no rows", OneNumberTwoShapes);
            Check.That("poses at impossible times are refused", Impossible);
            Check.That("holes without number are refused", Holes);
            Check.That("utterances without number leave only the newest ones, and the one that shows", ManyUtterances);
            Check.That("the row shown is one array as long as the layout stays", OneArray);
            Check.That("times without sense give a row and no fault", SenselessTimes);
            Check.That("idle life that points outside of a row moves nothing", IdleOutside);
            Check.That("before the server has spoken there is an empty row", Empty);
        }

        /// <summary>A player with two curves and a transform, 50 poses per second, number 3.</summary>
        private static PosePlayer New(int layout = 3)
        {
            var player = new PosePlayer();
            player.Opened(new Layout(layout, 2, 1, new PoseRate(50), IdleRoles.None), 0);
            return player;
        }

        private static float[] Rows(int count, float value = 0.5f)
        {
            var rows = new float[9 * count];
            for (int k = 0; k < rows.Length; k++) rows[k] = k % 9 < 2 ? value : k % 9 == 5 ? 1 : 0;
            return rows;
        }

        private static void Refused()
        {
            PosePlayer player = New();
            Check.True(player.Poses(1, 3, 0, Rows(4), 0, 4), "whole rows");
            Check.True(!player.Poses(1, 4, 0, Rows(4), 0, 4), "no rows of another layout");
            Check.True(!player.Poses(1, 3, 0, Rows(4), 1, 4), "no rows beyond the array");
            Check.True(!player.Poses(1, 3, 0, Rows(4), -1, 1) && !player.Poses(1, 3, 0, null, 0, 1), "no rows outside of it");
            Check.True(!player.Poses(1, 3, 0, new ArraySegment<byte>(new byte[35])), "no part of a row");
            Check.True(player.Poses(1, 3, 4, new ArraySegment<byte>(new byte[72])), "whole rows as bytes");
            foreach (float wild in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            {
                float[] rows = Rows(2);
                rows[10] = wild;
                Check.True(!player.Poses(1, 3, 0, rows, 0, 2) && !player.Rest(3, new[] { 0, 0, 0, 0, 0, 1, 0, 0, wild }), "no " + wild);
            }
            Check.True(!player.Rest(3, new float[8]) && !player.Rest(3, default(ArraySegment<byte>)), "no rest row that is too short");
            Check.True(player.Rest(3, new float[9]), "a rest row");
            Check.Equal(player.Rows, 6);
            player.Interrupt(1);
            Check.True(!player.Poses(1, 3, 0, Rows(4), 0, 4), "no rows of an utterance that is interrupted");
            Check.Equal(player.Rows, 0);
        }

        private static void OneNumberTwoShapes()
        {
            PosePlayer player = New();
            player.Poses(1, 3, 0, Rows(4), 0, 4);
            player.Sample(1, 0, 0);
            player.Opened(new Layout(3, 1, 0, new PoseRate(50), IdleRoles.None), 0);
            Check.True(player.Rest(3, new[] { 0.25f }), "a rest row of the new shape");
            Check.True(player.Poses(1, 3, 2, new[] { 0.75f, 1f }, 0, 2), "rows of the new shape");
            Check.Equal(player.Sample(1, 20000, 20000).Length, 9);
            Check.Equal(player.Sample(1, 60000, 60000)[0], 1f);
            player.Sample(0, null, 70000);
            Check.Equal(player.Sample(0, null, 220000)[0], 0.25f);
        }

        private static void Impossible()
        {
            PosePlayer player = New();
            foreach (long i in new[] { -1, long.MinValue, long.MaxValue, 1L << 53, 1L << 50 })
            {
                Check.True(!player.Poses(1, 3, i, Rows(1), 0, 1), "no pose " + i);
            }
            Check.Equal(player.Rows, 0);
        }

        private static void Holes()
        {
            PosePlayer player = New();
            int taken = 0;
            for (int k = 0; k < 1000; k++) taken += player.Poses(1, 3, 20 * k, Rows(1), 0, 1) ? 1 : 0;
            Check.True(taken == 64 && player.Rows == 64, "64 rows, found " + taken);
            Check.True(player.Poses(1, 3, 1, Rows(1), 0, 1), "a row that makes no hole");
        }

        private static void ManyUtterances()
        {
            PosePlayer player = New();
            player.Poses(5, 3, 0, Rows(2), 0, 2);
            player.Sample(5, 0, 0);
            for (int u = 6; u < 500; u++) player.Poses(u, 3, 0, Rows(1), 0, 1);
            Check.Equal(player.Rows, 65);
            Check.Equal(player.Sample(5, 0, 80000)[0], 0.5f);
            player.Sample(499, 0, 90000);
            Check.Equal(player.Rows, 1);
        }

        private static void OneArray()
        {
            PosePlayer player = New();
            player.Poses(1, 3, 0, Rows(20), 0, 20);
            float[] first = player.Sample(1, 0, 0);
            for (int k = 1; k < 10; k++) Check.True(ReferenceEquals(player.Sample(1, k * 7000, k * 7000), first), "the same array");
            player.Opened(new Layout(4, 3, 0, new PoseRate(50), IdleRoles.None), 0);
            player.Rest(4, new float[3]);
            Check.Equal(player.Sample(0, null, 100000).Length, 3);
            Check.Equal(player.Layout.Id, 4);
        }

        private static void SenselessTimes()
        {
            var times = new[] { long.MinValue, -1, 0, 1, 1L << 53, long.MaxValue };
            var rates = new[] { 0, 1, -1, double.NaN, double.PositiveInfinity, 1e-300 };
            foreach (double rate in rates)
            {
                PosePlayer player = New();
                player.Rate = rate;
                player.Poses(1, 3, 0, Rows(5), 0, 5);
                player.Listen(1, long.MinValue);
                foreach (long now in times)
                {
                    foreach (long play in times) Check.Equal(player.Sample(1, play, now).Length, 9);
                    player.Live(1, now);
                    player.AvOffsetUs = now;
                    player.Sample(1, null, now);
                }
            }
        }

        private static void IdleOutside()
        {
            var amounts = new float[Idle.Amounts];
            for (int k = 0; k < amounts.Length; k++) amounts[k] = 0.5f;
            var places = new Dictionary<string, IdlePlace>
            {
                { "blinkLeft", new IdlePlace(4, 1) }, { "breath", new IdlePlace(int.MaxValue, 1) },
                { "head", new IdlePlace(1, 1) }, { "squintLeft", new IdlePlace(-1, 1) }, { "unknown", new IdlePlace(0, 1) },
            };
            var row = new float[] { 1, 2, 3, 4 };
            Idle.Apply(row, amounts, IdleRoles.Of(places), row);
            Check.Near(row, 0, new List<double> { 1, 2, 3, 4 });
            Idle.Apply(row, new float[3], IdleRoles.Of(places), row);
            Idle.Offsets(1, 5, IdleLevel.Alive, new float[3]);
            Idle.Offsets(1, long.MinValue, IdleLevel.Alive, amounts);
            Check.True(!float.IsNaN(amounts[0]), "amounts at any time");
        }

        private static void Empty()
        {
            var player = new PosePlayer();
            Check.Equal(player.Sample(0, null, 0).Length, 0);
            Check.Equal(player.Sample(1, 5, 10).Length, 0);
            Check.Equal(player.State, GateState.Play);
            player.Opened(new Layout(1, 2, 1, new PoseRate(50), IdleRoles.None), 0);
            Check.Equal(player.Sample(0, null, 20)[5], 1f);
        }
    }
}
