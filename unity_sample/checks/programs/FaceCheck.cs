using System;
using System.Collections.Generic;
using System.Reflection;
using A2F;
using UnityEditor;
using UnityEngine;

/// <summary>Bones under animations, and the curves of recorded animations, by value.</summary>
public static class FaceCheck
{
    static readonly string[] None = new string[0];
    static readonly string[] Head = { "head" };

    public static int Main()
    {
        Bones();
        Rest();
        Humanoid();
        Lines();
        return Claims.Report();
    }

    /// <summary>A bone that is written every frame, and one that is no more.</summary>
    static void Bones()
    {
        Transform bone = new GameObject("head").transform;
        A2FBone turned = new A2FBone(bone, new GameObject("character").transform);
        turned.Bind("head", None, Head);
        float[] row = Row(10);
        for (int k = 0; k < 5; k++)
        {
            bone.localRotation = Turn(20 + k);
            turned.Show(row, 1, true);
        }
        Claims.That("it adds to what the animation has written", IsAt(bone, 34));
        turned.Show(row, 1, true);
        turned.Show(row, 1, true);
        Claims.That("turns do not add up where nobody writes the bone", IsAt(bone, 34));
        turned.Reset();
        Claims.That("given back as the animation has set it", IsAt(bone, 24));
        UnityEngine.Object.Destroy(bone.gameObject);
        UnityEngine.Object.Destroy(bone);
        Engine.Frame(0.01);
        turned.Show(row, 1, true);
        turned.Reset();
        Claims.That("a bone that is gone is left alone", !bone);
    }

    /// <summary>Rest is the pose at which the face is enabled, not that at which the session opens.</summary>
    static void Rest()
    {
        Scene scene = new Scene(false);
        scene.Home.SetActive(true);
        scene.Bone.localRotation = Turn(30);
        scene.Face.Bind(None, Head);
        scene.Face.Show(Row(0));
        Claims.That("a head without a controller goes to its rest", IsAt(scene.Bone, 0));
    }

    /// <summary>The head of a humanoid goes on with its animation.</summary>
    static void Humanoid()
    {
        Scene scene = new Scene(true);
        scene.Home.SetActive(true);
        scene.Face.Bind(None, Head);
        scene.Bone.localRotation = Turn(30);
        scene.Face.Show(Row(5));
        Claims.That("a head under a controller is not frozen", IsAt(scene.Bone, 35));
    }

    /// <summary>Between the keys of an animation are straight lines.</summary>
    static void Lines()
    {
        Recording recording = new Recording();
        for (int k = 0; k <= 120; k++)
        {
            recording.Take(new[] { k <= 60 ? 0 : Math.Min(1, (k - 60) / 6f) }, k / 60f);
        }
        List<RecordedKey> keys = recording.Keys(0, 100, 0.002f);
        Type animation = Array.Find(Assembly.Load("A2F.Editor").GetTypes(), one => one.Name == "A2FAnimation");
        MethodInfo make = animation.GetMethod("Curve", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic);
        AnimationCurve curve = (AnimationCurve)make.Invoke(null, new object[] { keys });
        double off = 0;
        for (int k = 0; k <= 1200; k++)
        {
            double shown = curve.Evaluate(k / 600f);
            double wanted = k <= 600 ? 0 : Math.Min(100, (k - 600) / 60.0 * 100);
            off = Math.Max(off, Math.Abs(shown - wanted));
        }
        Claims.That("keys are few: " + keys.Count, keys.Count < 8);
        Claims.That("the curve is where the recording was, off by " + off, off < 0.5);
    }

    static float[] Row(float degrees)
    {
        Quaternion turn = Turn(degrees);
        return new[] { turn.x, turn.y, turn.z, turn.w, 0, 0, 0 };
    }

    static Quaternion Turn(float degrees)
    {
        return Quaternion.AngleAxis(degrees, new Vector3(1, 0, 0));
    }

    static bool IsAt(Transform bone, float degrees)
    {
        return Quaternion.Angle(bone.localRotation, Turn(degrees)) < 0.1f;
    }

    /// <summary>A character with an Animator that has a head.</summary>
    sealed class Scene
    {
        public readonly GameObject Home = new GameObject("character");
        public readonly Transform Bone = new GameObject("head").transform;
        public readonly A2FFace Face;

        public Scene(bool hasController)
        {
            Home.SetActive(false);
            Bone.SetParent(Home.transform, false);
            Animator animator = Home.AddComponent<Animator>();
            animator.Bones[HumanBodyBones.Head] = Bone;
            animator.runtimeAnimatorController = hasController ? new RuntimeAnimatorController() : null;
            Face = Home.AddComponent<A2FFace>();
        }
    }
}
