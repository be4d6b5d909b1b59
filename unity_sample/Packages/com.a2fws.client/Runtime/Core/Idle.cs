using System;

namespace A2F.Core
{
    /// <summary>How much life a face has of its own.</summary>
    public enum IdleLevel
    {
        Off,
        Blink,
        Alive,
    }

    /// <summary>
    /// Life without server, sound or network: blinks, gaze, breath and small motion of the head. The numbers and where
    /// they come from stand in a2f_ws/player/idle.py; all languages agree on them.
    /// </summary>
    public static class Idle
    {
        /// <summary>Roles of `opened.idle` in the order of the amounts; "head" has the last three.</summary>
        public static readonly string[] Roles =
        {
            "blinkLeft", "blinkRight", "squintLeft", "squintRight",
            "lookUpLeft", "lookUpRight", "lookDownLeft", "lookDownRight",
            "lookInLeft", "lookInRight", "lookOutLeft", "lookOutRight",
            "breath", "head",
        };

        /// <summary>Length of an array of amounts.</summary>
        public const int Amounts = Head + 3;

        private const int Squint = 2;
        private const int Breath = 12;
        private const int Head = 13;
        private const double FullLookDeg = 30;

        /// <summary>
        /// The amount of every role, from nothing but a seed, a time and a level: 13 amounts 0 … 1, then the rotation
        /// of the head about x, y and z in radians.
        /// </summary>
        /// <param name="seed">Any number of the character's own.</param>
        /// <param name="nowUs">Any steady clock ≥ 0, µs.</param>
        /// <param name="into">At least <see cref="Amounts"/> long.</param>
        public static void Offsets(uint seed, long nowUs, IdleLevel level, float[] into)
        {
            if (into == null || into.Length < Amounts) return;
            Array.Clear(into, 0, Amounts);
            if (level == IdleLevel.Off) return;
            long us = Math.Max(0, nowUs);
            double shut = Shut(seed, us);
            double squint = 0.1 * shut;
            if (level == IdleLevel.Alive)
            {
                squint += 0.03 * (1 + Noise.Wander(seed, 8, us, 6000000));
                Look(seed, us, into);
                into[Breath] = (float)Chest(seed, us);
                for (uint axis = 0; axis < 3; axis++)
                {
                    into[Head + axis] = (float)(0.03 * Noise.Wander(seed, 40 + axis, us, 2700000)
                        + 0.006 * Noise.Wander(seed, 44 + axis, us, 900000));
                }
            }
            into[0] = into[1] = (float)shut;
            into[Squint] = into[Squint + 1] = (float)squint;
        }

        /// <summary>
        /// A row with idle life added. A curve becomes row + gain · amount, held between 0 and gain; a row that lies
        /// outside already stays where it is. A blink is scaled by what the row's own blink and squint of that eye
        /// leave open. The rotation vector of the head times its gain is multiplied in from the left.
        /// </summary>
        /// <param name="into">Gets the row; may be the same array.</param>
        public static void Apply(float[] row, float[] amounts, IdleRoles roles, float[] into)
        {
            if (row == null || into == null || into.Length < row.Length) return;
            if (into != row) Array.Copy(row, into, row.Length);
            if (amounts == null || amounts.Length < Amounts || roles == null) return;
            double left = OpenShare(row, roles, 0), right = OpenShare(row, roles, 1);
            IdlePlace place;
            for (int k = 0; k < Head; k++)
            {
                if (!roles.Has(k, row.Length, 1, out place)) continue;
                double share = k == 0 ? left : k == 1 ? right : 1;
                double gain = place.Gain, before = into[place.Index];
                double after = before + gain * share * amounts[k];
                double least = Math.Min(Math.Min(0, gain), before), most = Math.Max(Math.Max(0, gain), before);
                into[place.Index] = (float)Math.Min(Math.Max(after, least), most);
            }
            if (roles.Has(Head, row.Length, 4, out place)) Turn(into, place, amounts);
        }

        /// <summary>What blink and squint of an eye leave open, 0 … 1.</summary>
        private static double OpenShare(float[] row, IdleRoles roles, int eye)
        {
            double share = 1;
            for (int role = eye; role <= Squint + eye; role += Squint)
            {
                IdlePlace place;
                if (roles.Has(role, row.Length, 1, out place) && place.Gain != 0) share -= row[place.Index] / place.Gain;
            }
            return Math.Min(Math.Max(share, 0), 1);
        }

        /// <summary>The small quaternion (x/2, y/2, z/2, 1), normalised, times that of the row.</summary>
        private static void Turn(float[] row, IdlePlace place, float[] amounts)
        {
            double x = 0.5 * place.Gain * amounts[Head];
            double y = 0.5 * place.Gain * amounts[Head + 1];
            double z = 0.5 * place.Gain * amounts[Head + 2];
            double w = 1 / Math.Sqrt(x * x + y * y + z * z + 1);
            x *= w;
            y *= w;
            z *= w;
            int at = place.Index;
            double a = row[at], b = row[at + 1], c = row[at + 2], d = row[at + 3];
            row[at] = Held(w * a + x * d + y * c - z * b);
            row[at + 1] = Held(w * b - x * c + y * d + z * a);
            row[at + 2] = Held(w * c + x * b - y * a + z * d);
            row[at + 3] = Held(w * d - x * a - y * b - z * c);
        }

        /// <summary>Rows stay finite, whatever a server sends.</summary>
        private static float Held(double value)
        {
            return (float)Math.Min(Math.Max(value, -float.MaxValue), float.MaxValue);
        }

        /// <summary>Gaze: + to the character's left and up; a look weight of 1 is 30°.</summary>
        private static void Look(uint seed, long us, float[] into)
        {
            double left = AngleDeg(seed, 0, us, 6) / FullLookDeg;
            double up = AngleDeg(seed, 1, us, 3) / FullLookDeg;
            into[4] = into[5] = (float)Math.Max(up, 0);
            into[6] = into[7] = (float)Math.Max(-up, 0);
            into[8] = into[11] = (float)Math.Max(-left, 0);
            into[9] = into[10] = (float)Math.Max(left, 0);
        }

        private static double AngleDeg(uint seed, uint axis, long us, double reachDeg)
        {
            double look = Noise.Leap(seed, 17 + axis, 16, us, 1900000, 40000);
            double flick = Noise.Leap(seed, 25 + axis, 24, us, 600000, 20000);
            return reachDeg * look + 0.4 * flick + Noise.Wander(seed, 19 + axis, us, 3000000);
        }

        /// <summary>One blink in a slot of 4 s, at times none or two.</summary>
        private static double Shut(uint seed, long nowUs)
        {
            long slot, atUs = Within(seed, 1, nowUs, 4000000, 3200000, out slot);
            double kind = Noise.Unit(seed, 2, slot);
            if (kind < 0.1) return 0;
            double length = 0.85 + 0.3 * Noise.Unit(seed, 3, slot);
            double depth = 0.94 + 0.06 * Noise.Unit(seed, 4, slot);
            double shut = Lid(atUs / length);
            if (kind >= 0.9)
            {
                long againUs = 300000 + (long)(Noise.Unit(seed, 5, slot) * 150000);
                shut = Math.Max(shut, Lid((atUs - againUs) / length));
            }
            return depth * shut;
        }

        /// <summary>How far a lid is closed after it began to: 75 ms down, 20 ms shut, 150 ms up.</summary>
        private static double Lid(double us)
        {
            return us < 75000 ? Noise.Ease(us / 75000) : Noise.Settle((us - 95000) / 150000);
        }

        /// <summary>1.5 s in, 2.1 s out.</summary>
        private static double Chest(uint seed, long nowUs)
        {
            long slot, atUs = Within(seed, 32, nowUs, 4200000, 400000, out slot);
            double depth = 0.7 + 0.3 * Noise.Unit(seed, 33, slot);
            return depth * (atUs < 1500000 ? Noise.Ease(atUs / 1500000.0) : Noise.Settle((atUs - 1500000) / 2100000.0));
        }

        /// <summary>Time since the event of the slot that a moment lies in.</summary>
        private static long Within(uint seed, uint role, long nowUs, long slotUs, long slackUs, out long slot)
        {
            long us = nowUs + Noise.PhaseUs(seed, role, slotUs);
            slot = us / slotUs;
            return us - slot * slotUs - (long)(Noise.Unit(seed, role, slot) * slackUs);
        }
    }
}
