using System;
using System.Collections.Generic;

namespace A2F.Core
{
    /// <summary>Where a role of idle life goes.</summary>
    public struct IdlePlace
    {
        /// <summary>Index into the row; for "head" the first of a transform's seven floats.</summary>
        public readonly int Index;

        /// <summary>What an amount of 1 is in the curve's own range.</summary>
        public readonly float Gain;

        public IdlePlace(int index, float gain)
        {
            Index = index;
            Gain = gain;
        }
    }

    /// <summary>`opened.idle` by the order of <see cref="Idle.Roles"/>, so that no frame looks up a name.</summary>
    public sealed class IdleRoles
    {
        /// <summary>Nothing moves.</summary>
        public static readonly IdleRoles None = new IdleRoles();

        private readonly IdlePlace[] _places = new IdlePlace[Idle.Roles.Length];
        private readonly bool[] _has = new bool[Idle.Roles.Length];

        /// <summary>Roles by name; names that are not known are left out.</summary>
        public static IdleRoles Of(Dictionary<string, IdlePlace> byName)
        {
            var roles = new IdleRoles();
            for (int k = 0; byName != null && k < Idle.Roles.Length; k++)
            {
                roles._has[k] = byName.TryGetValue(Idle.Roles[k], out roles._places[k]);
            }
            return roles;
        }

        /// <summary>Where a role goes; false where the rig lacks it, or has no such place in its rows.</summary>
        /// <param name="floats">How many floats of the row it needs.</param>
        internal bool Has(int role, int row, int floats, out IdlePlace place)
        {
            place = _places[role];
            return _has[role] && place.Index >= 0 && place.Index <= row - floats;
        }
    }

    /// <summary>What one `opened` says about the rows that follow it.</summary>
    public sealed class Layout
    {
        /// <summary>Floats of a transform: quaternion x y z w, position x y z.</summary>
        public const int Transform = 7;
        private const int Quaternion = 4;

        /// <summary>Number of the layout; 0 is the empty one before the first `opened`.</summary>
        public readonly int Id;
        public readonly int Curves;
        public readonly int Transforms;

        /// <summary>Floats of a row: curves + 7 · transforms.</summary>
        public readonly int Row;
        public readonly PoseRate Rate;
        public readonly IdleRoles Idle;

        public Layout(int id, int curves, int transforms, PoseRate rate, IdleRoles idle)
        {
            Id = id;
            Curves = Math.Max(0, curves);
            Transforms = Math.Max(0, transforms);
            Row = Curves + Transform * Transforms;
            Rate = rate.IsValid ? rate : new PoseRate(60);
            Idle = idle ?? IdleRoles.None;
        }

        /// <summary>Rows of one mean the same in the other; a number that is used for two shapes does not count.</summary>
        internal bool IsSame(Layout other)
        {
            return Id == other.Id && Curves == other.Curves && Transforms == other.Transforms && Rate.Equals(other.Rate);
        }

        /// <summary>Curves 0, transforms without rotation and displacement.</summary>
        public void Neutral(float[] into)
        {
            Array.Clear(into, 0, Row);
            for (int at = Curves + Quaternion - 1; at < Row; at += Transform) into[at] = 1;
        }

        /// <summary>
        /// The row between a (share 0) and b (share 1). Curves and positions are linear; quaternions are linear on
        /// the shorter arc, then normalised, on a's side. Reckoned in double, so that every runtime says the same.
        /// </summary>
        internal void Mix(float[] a, int aAt, float[] b, int bAt, double share, float[] into)
        {
            for (int k = 0; k < Row; k++)
            {
                double from = a[aAt + k];
                into[k] = (float)(from + (b[bAt + k] - from) * share);
            }
            for (int k = Curves; k < Row; k += Transform) Turn(a, aAt + k, b, bAt + k, share, into, k);
        }

        private static void Turn(float[] a, int aAt, float[] b, int bAt, double share, float[] into, int at)
        {
            double dot = 0;
            for (int k = 0; k < Quaternion; k++) dot += (double)a[aAt + k] * b[bAt + k];
            double side = dot < 0 ? -1 : 1;
            double square = 0;
            for (int k = 0; k < Quaternion; k++)
            {
                double turn = a[aAt + k] + (side * b[bAt + k] - a[aAt + k]) * share;
                square += turn * turn;
            }
            double length = square > 0 ? Math.Sqrt(square) : 1;
            for (int k = 0; k < Quaternion; k++)
            {
                double turn = a[aAt + k] + (side * b[bAt + k] - a[aAt + k]) * share;
                into[at + k] = (float)(turn / length);
            }
        }
    }
}
