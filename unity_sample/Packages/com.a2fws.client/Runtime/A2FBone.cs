using System.Collections.Generic;
using UnityEngine;

namespace A2F
{
    /// <summary>
    /// A bone that a transform of a row turns. Rows turn in the axes of the character; a bone turns in those of its parent, so
    /// each turn is taken there first. Rest is how it stands when this is made, so make it before an animation has moved it.
    /// </summary>
    public sealed class A2FBone
    {
        readonly Transform bone;
        readonly Quaternion rest;
        readonly Vector3 restPosition;
        readonly Quaternion toParent;
        readonly Quaternion fromParent;
        int place = -1;
        bool isTurned;
        Quaternion before;
        Quaternion written;

        /// <param name="character">What faces +Z with the face at rest.</param>
        public A2FBone(Transform bone, Transform character)
        {
            this.bone = bone;
            rest = bone.localRotation;
            restPosition = bone.localPosition;
            Quaternion parent = bone.parent ? bone.parent.rotation : Quaternion.identity;
            toParent = Quaternion.Inverse(parent) * character.rotation;
            fromParent = Quaternion.Inverse(toParent);
        }

        /// <summary>The bone; null or gone where somebody has destroyed it.</summary>
        public Transform Bone
        {
            get { return bone; }
        }

        /// <summary>Find its place in rows; without one it is left alone.</summary>
        public void Bind(string name, IList<string> curves, IList<string> transforms)
        {
            int index = transforms.IndexOf(name);
            place = index < 0 ? -1 : curves.Count + 7 * index;
        }

        /// <summary>Turn it as a row says.</summary>
        /// <param name="isAnimated">Something else sets the bone: turn it from there, not from rest.</param>
        public void Show(float[] row, float amount, bool isAnimated)
        {
            if (!bone || place < 0 || place + 7 > row.Length)
            {
                return;
            }
            Quaternion turn = new Quaternion(amount * row[place], amount * row[place + 1], amount * row[place + 2], row[place + 3]);
            if (amount < 1)
            {
                turn = Whole(turn);
            }
            if (isAnimated && !(isTurned && IsSame(bone.localRotation, written)))
            {
                // The animation has written it; else it still has the turn of the frame before, which must not add up.
                before = bone.localRotation;
            }
            bone.localRotation = toParent * turn * fromParent * (isAnimated ? before : rest);
            // Unity may have rounded it.
            written = bone.localRotation;
            isTurned = isAnimated;
            Vector3 moved = new Vector3(row[place + 4], row[place + 5], row[place + 6]);
            if (!isAnimated && (moved.x != 0 || moved.y != 0 || moved.z != 0))
            {
                bone.localPosition = restPosition + toParent * (moved * amount);
            }
        }

        /// <summary>As it was when this was made; under an animation, as that has set it.</summary>
        public void Reset()
        {
            if (!bone || place < 0)
            {
                return;
            }
            bool isAnimated = isTurned && IsSame(bone.localRotation, written);
            bone.localRotation = isAnimated ? before : isTurned ? bone.localRotation : rest;
            bone.localPosition = isTurned ? bone.localPosition : restPosition;
            isTurned = false;
        }

        static bool IsSame(Quaternion a, Quaternion b)
        {
            return a.x == b.x && a.y == b.y && a.z == b.z && a.w == b.w;
        }

        static Quaternion Whole(Quaternion q)
        {
            float length = Mathf.Sqrt(q.x * q.x + q.y * q.y + q.z * q.z + q.w * q.w);
            return length > 0 ? new Quaternion(q.x / length, q.y / length, q.z / length, q.w / length) : Quaternion.identity;
        }
    }
}
