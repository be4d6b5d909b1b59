using System.Collections.Generic;
using A2F.Core;
using UnityEditor;
using UnityEngine;

namespace A2F.Editing
{
    /// <summary>Animation clips of what a face did, for animators and for the tracks of a timeline.</summary>
    static class A2FAnimation
    {
        const string Menu = "Assets/A2F/Clip to animation of the first face in the scene";
        const float Tolerance = 0.002f;
        const long StepUs = 16667;

        /// <summary>Ask where to, and save a recording as an animation of the meshes below a character.</summary>
        public static void Save(GameObject character, Recording recording, float tolerance)
        {
            string path = recording.Count < 2 ? "" : EditorUtility.SaveFilePanelInProject("Save the animation", character.name + " face", "anim", "Where to?");
            if (string.IsNullOrEmpty(path))
            {
                return;
            }
            AssetDatabase.CreateAsset(Make(character, recording, tolerance), path);
            AssetDatabase.SaveAssets();
        }

        /// <summary>An animation of the blend shapes below a character; bones are left to their own animations.</summary>
        public static AnimationClip Make(GameObject character, Recording recording, float tolerance)
        {
            AnimationClip animation = new AnimationClip { frameRate = 60 };
            foreach (A2FFace face in character.GetComponentsInChildren<A2FFace>(true))
            {
                foreach (A2FShape shape in face.Shapes)
                {
                    AnimationCurve curve = Curve(recording.Keys(shape.Curve, shape.Scale, tolerance));
                    string path = AnimationUtility.CalculateTransformPath(shape.Mesh.transform, character.transform);
                    string name = "blendShape." + shape.Mesh.sharedMesh.GetBlendShapeName(shape.Index);
                    AnimationUtility.SetEditorCurve(animation, EditorCurveBinding.FloatCurve(path, typeof(SkinnedMeshRenderer), name), curve);
                }
            }
            return animation;
        }

        /// <summary>Straight lines between keys: the recording keeps those only that straight lines need.</summary>
        public static AnimationCurve Curve(IList<RecordedKey> keys)
        {
            Keyframe[] all = new Keyframe[keys.Count];
            for (int k = 0; k < all.Length; k++)
            {
                all[k] = new Keyframe(keys[k].Seconds, keys[k].Value, Slope(keys, k - 1), Slope(keys, k));
            }
            AnimationCurve curve = new AnimationCurve(all);
            for (int k = 0; k < all.Length; k++)
            {
                // So that they stay straight when a key is moved by hand.
                AnimationUtility.SetKeyBroken(curve, k, true);
                AnimationUtility.SetKeyLeftTangentMode(curve, k, AnimationUtility.TangentMode.Linear);
                AnimationUtility.SetKeyRightTangentMode(curve, k, AnimationUtility.TangentMode.Linear);
            }
            return curve;
        }

        static float Slope(IList<RecordedKey> keys, int from)
        {
            bool isInside = from >= 0 && from + 1 < keys.Count;
            return isInside ? (keys[from + 1].Value - keys[from].Value) / (keys[from + 1].Seconds - keys[from].Seconds) : 0;
        }

        [MenuItem(Menu, true)]
        static bool CanMake()
        {
            return Selection.activeObject is A2FClip && Character();
        }

        [MenuItem(Menu, false)]
        static void Make()
        {
            A2FClip asset = (A2FClip)Selection.activeObject;
            Clip line = asset.Clip;
            GameObject character = Character();
            if (line == null)
            {
                EditorUtility.DisplayDialog("Clip to animation", "\"" + asset.name + "\" holds no line.", "OK");
                return;
            }
            Recording recording = new Recording();
            PosePlayer player = line.Player();
            for (long us = line.StartUs; us <= line.EndUs; us += StepUs)
            {
                recording.Take(player.Sample(1, us, us - line.StartUs), (us - line.StartUs) / 1e6f);
            }
            foreach (A2FFace face in character.GetComponentsInChildren<A2FFace>(true))
            {
                face.Bind(line.Opened.Curves, line.Opened.Transforms);
            }
            Save(character, recording, Tolerance);
        }

        /// <summary>The first character of the scene that has a face.</summary>
        static GameObject Character()
        {
#if UNITY_2023_1_OR_NEWER
            A2FFace face = Object.FindAnyObjectByType<A2FFace>();
#else
            A2FFace face = Object.FindObjectOfType<A2FFace>();
#endif
            return face ? face.gameObject : null;
        }
    }
}
