// Signatures of UnityEngine 2021.3, meshes and motion. Pages: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/<name>.html
using System;

namespace UnityEngine
{
    // Mesh.html, SkinnedMeshRenderer.html, Renderer.html, Material.html, Shader.html
    public sealed class Mesh : Object
    {
        public Mesh() { }
        public int blendShapeCount { get { return 0; } }
        public string GetBlendShapeName(int shapeIndex) { return null; }
        public int GetBlendShapeIndex(string blendShapeName) { return 0; }
        public int GetBlendShapeFrameCount(int shapeIndex) { return 0; }
        public float GetBlendShapeFrameWeight(int shapeIndex, int frameIndex) { return 0; }
        public void AddBlendShapeFrame(string shapeName, float frameWeight, Vector3[] deltaVertices, Vector3[] deltaNormals, Vector3[] deltaTangents) { }
        public Vector3[] vertices { get; set; }
        public Vector3[] normals { get; set; }
        public Rendering.IndexFormat indexFormat { get; set; }
        public int subMeshCount { get; set; }
        public void SetTriangles(int[] triangles, int submesh) { }
        public void RecalculateNormals() { }
        public void RecalculateBounds() { }
    }

    public class Renderer : Component
    {
        public bool isVisible { get { return false; } }
        public Material sharedMaterial { get; set; }
        public Material[] sharedMaterials { get; set; }
    }

    public class SkinnedMeshRenderer : Renderer
    {
        public Mesh sharedMesh { get; set; }
        public float GetBlendShapeWeight(int index) { return 0; }
        public void SetBlendShapeWeight(int index, float value) { }
        public bool updateWhenOffscreen { get; set; }
    }

    public class Material : Object
    {
        public Material(Shader shader) { }
        public Material(Material source) { }
        public Color color { get; set; }
    }

    public sealed class Shader : Object
    {
        public static Shader Find(string name) { return null; }
    }

    namespace Rendering
    {
        // Rendering.IndexFormat.html
        public enum IndexFormat { UInt16, UInt32 }

        // Rendering.RenderPipelineAsset.html, Rendering.GraphicsSettings.html
        public abstract class RenderPipelineAsset : ScriptableObject { public virtual Material defaultMaterial { get { return null; } } }
        public sealed class GraphicsSettings { public static RenderPipelineAsset currentRenderPipeline { get { return null; } } }
    }

    // Camera.html, Light.html, LightType.html
    public sealed class Camera : Behaviour
    {
        public static Camera main { get { return null; } }
        public float fieldOfView { get; set; }
        public float nearClipPlane { get; set; }
        public Color backgroundColor { get; set; }
        public CameraClearFlags clearFlags { get; set; }
    }

    public enum CameraClearFlags { Skybox = 1, SolidColor = 2, Depth = 3, Nothing = 4 }

    public sealed class Light : Behaviour
    {
        public LightType type { get; set; }
        public float intensity { get; set; }
    }

    public enum LightType { Spot = 0, Directional = 1, Point = 2 }

    // Animator.html, HumanBodyBones.html
    public class Animator : Behaviour
    {
        public readonly System.Collections.Generic.Dictionary<HumanBodyBones, Transform> Bones = new System.Collections.Generic.Dictionary<HumanBodyBones, Transform>();
        public RuntimeAnimatorController runtimeAnimatorController { get; set; }
        public bool isHuman { get { return Bones.Count > 0; } }
        public Transform GetBoneTransform(HumanBodyBones humanBoneId) { Transform bone; Bones.TryGetValue(humanBoneId, out bone); return bone; }
    }

    // RuntimeAnimatorController.html
    public class RuntimeAnimatorController : Object { }

    public enum HumanBodyBones { Hips = 0, Neck = 9, Head = 10, LeftEye = 21, RightEye = 22, Jaw = 23 }

    // AnimationClip.html, AnimationCurve.html, Keyframe.html
    public sealed class AnimationClip : Object
    {
        public AnimationClip() { }
        public float frameRate { get; set; }
        public void SetCurve(string relativePath, Type type, string propertyName, AnimationCurve curve) { }
        public void EnsureQuaternionContinuity() { }
    }

    public class AnimationCurve
    {
        readonly System.Collections.Generic.List<Keyframe> all;
        public AnimationCurve(params Keyframe[] keys) { all = new System.Collections.Generic.List<Keyframe>(keys); }

        /// <summary>The documented behaviour: such a key is smooth.</summary>
        public int AddKey(float time, float value)
        {
            all.Add(new Keyframe(time, value));
            for (int k = 0; k < all.Count; k++)
            {
                Keyframe a = all[Math.Max(0, k - 1)], b = all[Math.Min(all.Count - 1, k + 1)], key = all[k];
                key.inTangent = key.outTangent = b.time > a.time ? (b.value - a.value) / (b.time - a.time) : 0;
                all[k] = key;
            }
            return all.Count - 1;
        }
        public int length { get { return all.Count; } }
        public float Evaluate(float time)
        {
            int k = all.FindLastIndex(one => one.time <= time);
            if (k < 0 || k == all.Count - 1)
            {
                return all[Math.Max(k, 0)].value;
            }
            Keyframe a = all[k], b = all[k + 1];
            float d = b.time - a.time, t = (time - a.time) / d;
            float x = t * t * (3 - 2 * t);
            return a.value * (1 - x) + b.value * x + d * (a.outTangent * t * (1 - t) * (1 - t) - b.inTangent * t * t * (1 - t));
        }
    }

    public struct Keyframe
    {
        public Keyframe(float time, float value) : this(time, value, 0, 0) { }
        public Keyframe(float time, float value, float inTangent, float outTangent) : this()
        {
            this.time = time;
            this.value = value;
            this.inTangent = inTangent;
            this.outTangent = outTangent;
        }
        public float time { get; set; }
        public float value { get; set; }
        public float inTangent { get; set; }
        public float outTangent { get; set; }
    }
}
