using System.Collections.Generic;
using A2F.Core;
using UnityEngine;

namespace A2F
{
    /// <summary>What shows a face: blend shapes, a VRM, or a thing of one's own. A character may have several.</summary>
    public abstract class A2FTarget : MonoBehaviour
    {
        /// <summary>Names of the curves that it has, as they are spelled there; told to the server as `have`.</summary>
        public abstract void Collect(List<string> names);

        /// <summary>It has bones that only "unity/arkit" or "jaw" turn.</summary>
        public virtual bool HasJawBone
        {
            get { return false; }
        }

        /// <summary>It shows expressions of a VRM.</summary>
        public virtual bool IsVrm
        {
            get { return false; }
        }

        /// <summary>Rows consist of these from now on.</summary>
        public abstract void Bind(IList<string> curves, IList<string> transforms);

        /// <summary>Show a row: curves 0 … 1, then seven floats a transform. Called once a frame, after animation.</summary>
        public abstract void Show(float[] row);

        /// <summary>How many of its own curves are driven since the last Bind.</summary>
        public abstract int Matched { get; }

        /// <summary>How many curves it has.</summary>
        public abstract int Available { get; }
    }
}
