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
        public bool isHuman { get { return false; } }
        public Transform GetBoneTransform(HumanBodyBones humanBoneId) { return null; }
    }

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
        public AnimationCurve(params Keyframe[] keys) { }
        public int AddKey(float time, float value) { return 0; }
        public int length { get { return 0; } }
    }

    public struct Keyframe { public Keyframe(float time, float value) { } }
}
