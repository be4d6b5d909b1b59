using System.Collections.Generic;

namespace A2F
{
    /// <summary>
    /// What the look curves of a VRM say, as UniVRM's angles: + yaw to the right, + pitch up, the other way round than VRM's
    /// specification counts. Source: engines/unity/README.md.
    /// </summary>
    public sealed class VrmGaze
    {
        /// <summary>A curve at 1 turns the eyes so far.</summary>
        const float FullDegrees = 30;

        static readonly string[][] Names =
        {
            new[] { "lookLeft", "LookLeft" },
            new[] { "lookRight", "LookRight" },
            new[] { "lookUp", "LookUp" },
            new[] { "lookDown", "LookDown" }
        };

        readonly int[] places = new int[4];

        /// <summary>The rows have all four.</summary>
        public bool IsGiven { get; private set; }

        /// <summary>Find the four among the curves of the rows.</summary>
        public void Bind(IList<string> curves)
        {
            IsGiven = true;
            for (int k = 0; k < places.Length; k++)
            {
                int at = curves.IndexOf(Names[k][0]);
                places[k] = at < 0 ? curves.IndexOf(Names[k][1]) : at;
                IsGiven = IsGiven && places[k] >= 0;
            }
        }

        /// <summary>Whether a curve is one of them.</summary>
        public bool Has(int curve)
        {
            return IsGiven && System.Array.IndexOf(places, curve) >= 0;
        }

        public float YawDegrees(float[] row)
        {
            return FullDegrees * (row[places[1]] - row[places[0]]);
        }

        public float PitchDegrees(float[] row)
        {
            return FullDegrees * (row[places[2]] - row[places[3]]);
        }
    }
}
