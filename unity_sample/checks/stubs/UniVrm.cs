// Signatures of UniVRM that the glue uses.
using System.Collections.Generic;
using UnityEngine;

namespace UniVRM10
{
    // https://github.com/vrm-c/UniVRM/blob/master/Packages/VRM10/Runtime/Components/Vrm10Instance/Vrm10Instance.cs
    public class Vrm10Instance : MonoBehaviour
    {
        public Vrm10Runtime Runtime { get { return null; } }
        public VRM10ObjectLookAt.LookAtTargetTypes LookAtTargetType;
    }

    // https://github.com/vrm-c/UniVRM/blob/master/Packages/VRM10/Runtime/Components/VRM10Object/VRM10ObjectLookAt.cs
    public class VRM10ObjectLookAt
    {
        public enum LookAtTargetTypes { SpecifiedTransform, YawPitchValue }
    }

    // https://github.com/vrm-c/UniVRM/blob/master/Packages/VRM10/Runtime/Components/Vrm10Runtime/Vrm10Runtime.cs
    public class Vrm10Runtime
    {
        public Vrm10RuntimeExpression Expression { get { return null; } }
        public Vrm10RuntimeLookAt LookAt { get { return null; } }
    }

    // https://github.com/vrm-c/UniVRM/blob/master/docs/vrm1/api_update.md
    public sealed class Vrm10RuntimeExpression
    {
        public IReadOnlyList<ExpressionKey> ExpressionKeys { get { return null; } }
        public void SetWeight(ExpressionKey expressionKey, float weight) { }
    }

    // https://github.com/vrm-c/UniVRM/blob/master/Packages/VRM10/Runtime/Components/LookAt/Vrm10RuntimeLookAt.cs
    public sealed class Vrm10RuntimeLookAt
    {
        public void SetYawPitchManually(float yaw, float pitch) { }
    }

    // https://github.com/vrm-c/UniVRM/blob/master/Packages/VRM10/Runtime/Components/Expression/ExpressionKey.cs
    public struct ExpressionKey
    {
        public string Name { get { return null; } }
    }
}

namespace VRM
{
    // https://github.com/vrm-c/UniVRM/blob/master/docfx/articles/ja/vrm0/0_58_blendshape.md
    public class VRMBlendShapeProxy : MonoBehaviour
    {
        public BlendShapeAvatar BlendShapeAvatar;
        public void AccumulateValue(BlendShapeKey key, float value) { }
        public void Apply() { }
    }

    // https://github.com/vrm-c/UniVRM/blob/master/Packages/VRM/Runtime/BlendShape/BlendShapeAvatar.cs
    public class BlendShapeAvatar : ScriptableObject
    {
        public List<BlendShapeClip> Clips;
    }

    public class BlendShapeClip : ScriptableObject { }

    // https://github.com/vrm-c/UniVRM/blob/master/Packages/VRM/Runtime/BlendShape/BlendShapeKey.cs
    public struct BlendShapeKey
    {
        public string Name { get { return null; } }
        public static BlendShapeKey CreateFromClip(BlendShapeClip clip) { return new BlendShapeKey(); }
    }

    // https://github.com/vrm-c/UniVRM/blob/master/Packages/VRM/Runtime/LookAt/VRMLookAtHead.cs
    public class VRMLookAtHead : MonoBehaviour
    {
        public Transform Target;
        public void RaiseYawPitchChanged(float yaw, float pitch) { }
    }
}
