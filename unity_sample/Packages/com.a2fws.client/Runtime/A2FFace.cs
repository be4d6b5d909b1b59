using System.Collections.Generic;
using UnityEngine;

namespace A2F
{
    /// <summary>One shape of one mesh, and the curve that it shows.</summary>
    public struct A2FShape
    {
        public SkinnedMeshRenderer Mesh;
        public int Index;

        /// <summary>Place in a row.</summary>
        public int Curve;

        /// <summary>What the mesh calls full.</summary>
        public float Scale;
    }

    /// <summary>
    /// A head of blend shapes: writes every mesh below this object that has one of the curves, each in the range that the mesh
    /// was imported with, and turns head, eyes and jaw where bones are given.
    /// </summary>
    [AddComponentMenu("A2F/A2F Face")]
    [DefaultExecutionOrder(50)]
    public sealed class A2FFace : A2FTarget
    {
        [Tooltip("Meshes to write; empty: all below this object that have blend shapes.")]
        [SerializeField] SkinnedMeshRenderer[] meshes = new SkinnedMeshRenderer[0];

        [Tooltip("Turned by idle life; empty: the head of a humanoid Animator, if there is one.")]
        [SerializeField] Transform head;

        [Tooltip("Turned by what the face looks at; empty: the eyes of a humanoid Animator.")]
        [SerializeField] Transform leftEye;
        [SerializeField] Transform rightEye;

        [Tooltip("For heads without shapes: opened by speech.")]
        [SerializeField] Transform jaw;

        [Tooltip("How much of the head's motion is shown.")]
        [Range(0, 1)]
        [SerializeField] float headMotion = 1;

        [Tooltip("An animation moves head and eyes every frame: add to it instead of to their rest.")]
        [SerializeField] bool addsToAnimation;

        readonly List<A2FShape> shapes = new List<A2FShape>();
        static readonly string[] Names = { "head", "leftEye", "rightEye", "jaw" };

        readonly A2FBone[] bones = new A2FBone[Names.Length];
        readonly List<string> driven = new List<string>();
        int available;
        int matched;

        /// <summary>Names of the curves that are driven, as of the last Bind; for the inspector.</summary>
        public IList<string> Driven
        {
            get { return driven; }
        }

        /// <summary>What is written, as of the last Bind.</summary>
        public IList<A2FShape> Shapes
        {
            get { return shapes; }
        }

        public override int Matched
        {
            get { return matched; }
        }

        public override int Available
        {
            get { return available; }
        }

        public override bool HasJawBone
        {
            get { return jaw; }
        }

        /// <summary>Meshes that are written.</summary>
        public IList<SkinnedMeshRenderer> Meshes
        {
            get
            {
                return meshes != null && meshes.Length > 0 ? meshes : GetComponentsInChildren<SkinnedMeshRenderer>(true);
            }
        }

        /// <summary>Fill in bones of a humanoid Animator where none are given; one with a controller is taken to move them.</summary>
        public void FindBones()
        {
            Animator animator = GetComponentInChildren<Animator>();
            if (!animator || !animator.isHuman)
            {
                return;
            }
            addsToAnimation = addsToAnimation || (!head && animator.runtimeAnimatorController);
            head = head ? head : animator.GetBoneTransform(HumanBodyBones.Head);
            leftEye = leftEye ? leftEye : animator.GetBoneTransform(HumanBodyBones.LeftEye);
            rightEye = rightEye ? rightEye : animator.GetBoneTransform(HumanBodyBones.RightEye);
        }

        public override void Collect(List<string> names)
        {
            HashSet<string> seen = new HashSet<string>(names);
            available = 0;
            foreach (SkinnedMeshRenderer one in Meshes)
            {
                Mesh mesh = one ? one.sharedMesh : null;
                for (int k = 0; mesh && k < mesh.blendShapeCount; k++)
                {
                    string name = mesh.GetBlendShapeName(k);
                    if (seen.Add(name))
                    {
                        names.Add(name);
                        available++;
                    }
                }
            }
            if (available == 0 && jaw)
            {
                names.Add("jaw");
            }
        }

        public override void Bind(IList<string> curves, IList<string> transforms)
        {
            shapes.Clear();
            driven.Clear();
            Dictionary<string, int> places = new Dictionary<string, int>();
            for (int k = 0; k < curves.Count; k++)
            {
                places[curves[k]] = k;
            }
            HashSet<string> names = new HashSet<string>();
            foreach (SkinnedMeshRenderer one in Meshes)
            {
                Mesh mesh = one ? one.sharedMesh : null;
                for (int k = 0; mesh && k < mesh.blendShapeCount; k++)
                {
                    int curve;
                    string name = mesh.GetBlendShapeName(k);
                    if (places.TryGetValue(name, out curve))
                    {
                        // 100 for most FBX files, 1 for glTF: the mesh knows.
                        float full = mesh.GetBlendShapeFrameWeight(k, mesh.GetBlendShapeFrameCount(k) - 1);
                        shapes.Add(new A2FShape { Mesh = one, Index = k, Curve = curve, Scale = full });
                        names.Add(name);
                    }
                }
            }
            driven.AddRange(names);
            matched = names.Count;
            BindBones(curves, transforms);
        }

        public override void Show(float[] row)
        {
            for (int k = 0; k < shapes.Count; k++)
            {
                A2FShape shape = shapes[k];
                if (shape.Mesh && shape.Curve < row.Length)
                {
                    shape.Mesh.SetBlendShapeWeight(shape.Index, row[shape.Curve] * shape.Scale);
                }
            }
            for (int k = 0; k < bones.Length; k++)
            {
                if (bones[k] != null)
                {
                    bones[k].Show(row, headMotion, addsToAnimation);
                }
            }
        }

        /// <summary>Rest is here, before an animation has moved anything.</summary>
        void OnEnable()
        {
            FindBones();
            TakeBones();
        }

        void BindBones(IList<string> curves, IList<string> transforms)
        {
            FindBones();
            TakeBones();
            for (int k = 0; k < bones.Length; k++)
            {
                if (bones[k] != null)
                {
                    bones[k].Reset();
                    bones[k].Bind(Names[k], curves, transforms);
                }
            }
        }

        /// <summary>A bone that is known keeps the rest that it had when it was first seen.</summary>
        void TakeBones()
        {
            Transform[] wanted = { head, leftEye, rightEye, jaw };
            for (int k = 0; k < bones.Length; k++)
            {
                if (!wanted[k])
                {
                    bones[k] = null;
                }
                else if (bones[k] == null || bones[k].Bone != wanted[k])
                {
                    bones[k] = new A2FBone(wanted[k], transform);
                }
            }
        }
    }
}
