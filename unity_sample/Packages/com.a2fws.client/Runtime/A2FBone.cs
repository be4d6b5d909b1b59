using System.Collections.Generic;
using UnityEngine;

namespace A2F
{
    /// <summary>
    /// A bone that a transform of a row turns. Rows turn in the axes of the character; a bone turns in those of its parent, so
    /// each turn is taken there first.
    /// </summary>
    public sealed class A2FBone
    {
        readonly Transform bone;
        readonly Quaternion rest;
        readonly Vector3 restPosition;
        readonly Quaternion toParent;
        readonly Quaternion fromParent;
        readonly int place;

        A2FBone(Transform bone, Transform character, int place)
        {
            this.bone = bone;
            this.place = place;
            rest = bone.localRotation;
            restPosition = bone.localPosition;
            Quaternion parent = bone.parent ? bone.parent.rotation : Quaternion.identity;
            toParent = Quaternion.Inverse(parent) * character.rotation;
            fromParent = Quaternion.Inverse(toParent);
        }

        /// <summary>The bone for a transform of the rows; null where there is no such transform, or no bone.</summary>
        /// <param name="character">What faces +Z with the face at rest.</param>
        public static A2FBone Of(Transform bone, Transform character, string name, IList<string> curves, IList<string> transforms)
        {
            int index = bone ? transforms.IndexOf(name) : -1;
            return index < 0 ? null : new A2FBone(bone, character, curves.Count + 7 * index);
        }

        /// <summary>Turn it as a row says.</summary>
        /// <param name="isAnimated">Something else sets the bone every frame: turn it from there, not from rest.</param>
        public void Show(float[] row, float amount, bool isAnimated)
        {
            Quaternion turn = new Quaternion(amount * row[place], amount * row[place + 1], amount * row[place + 2], row[place + 3]);
            if (amount < 1)
            {
                turn = Whole(turn);
            }
            Quaternion own = toParent * turn * fromParent;
            bone.localRotation = own * (isAnimated ? bone.localRotation : rest);
            Vector3 moved = new Vector3(row[place + 4], row[place + 5], row[place + 6]);
            if (!isAnimated && (moved.x != 0 || moved.y != 0 || moved.z != 0))
            {
                bone.localPosition = restPosition + toParent * (moved * amount);
            }
        }

        /// <summary>As it was when it was bound.</summary>
        public void Reset()
        {
            if (bone)
            {
                bone.localRotation = rest;
                bone.localPosition = restPosition;
            }
        }

        static Quaternion Whole(Quaternion q)
        {
            float length = Mathf.Sqrt(q.x * q.x + q.y * q.y + q.z * q.z + q.w * q.w);
            return length > 0 ? new Quaternion(q.x / length, q.y / length, q.z / length, q.w / length) : Quaternion.identity;
        }
    }
}
