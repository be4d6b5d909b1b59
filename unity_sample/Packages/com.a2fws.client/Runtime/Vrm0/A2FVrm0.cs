using System.Collections.Generic;
using UnityEngine;
using VRM;

namespace A2F
{
    /// <summary>A VRM 0.x of UniVRM: writes its clips all at once, and turns its eyes by VRMLookAtHead where it has that.</summary>
    [AddComponentMenu("A2F/A2F VRM 0.x")]
    [RequireComponent(typeof(VRMBlendShapeProxy))]
    [DisallowMultipleComponent]
    [DefaultExecutionOrder(50)]
    public sealed class A2FVrm0 : A2FTarget
    {
        [Tooltip("Eyes follow what the face looks at; off: the game moves them.")]
        [SerializeField] bool movesEyes = true;

        readonly List<KeyValuePair<BlendShapeKey, int>> keys = new List<KeyValuePair<BlendShapeKey, int>>();
        readonly VrmGaze gaze = new VrmGaze();
        VRMBlendShapeProxy proxy;
        VRMLookAtHead look;

        public override bool IsVrm
        {
            get { return true; }
        }

        public override int Matched
        {
            get { return keys.Count; }
        }

        public override int Available
        {
            get { return Proxy.BlendShapeAvatar.Clips.Count; }
        }

        VRMBlendShapeProxy Proxy
        {
            get
            {
                proxy = proxy ? proxy : GetComponent<VRMBlendShapeProxy>();
                return proxy;
            }
        }

        public override void Collect(List<string> names)
        {
            foreach (BlendShapeClip clip in Proxy.BlendShapeAvatar.Clips)
            {
                string name = clip ? BlendShapeKey.CreateFromClip(clip).Name : "";
                if (!string.IsNullOrEmpty(name))
                {
                    names.Add(name);
                }
            }
        }

        public override void Bind(IList<string> curves, IList<string> transforms)
        {
            keys.Clear();
            gaze.Bind(curves);
            look = GetComponent<VRMLookAtHead>();
            bool turns = movesEyes && look && gaze.IsGiven;
            foreach (BlendShapeClip clip in Proxy.BlendShapeAvatar.Clips)
            {
                BlendShapeKey key = clip ? BlendShapeKey.CreateFromClip(clip) : new BlendShapeKey();
                int curve = clip ? curves.IndexOf(key.Name) : -1;
                if (curve >= 0 && !(turns && gaze.Has(curve)))
                {
                    keys.Add(new KeyValuePair<BlendShapeKey, int>(key, curve));
                }
            }
            if (turns)
            {
                look.Target = null;
            }
        }

        public override void Show(float[] row)
        {
            for (int k = 0; k < keys.Count; k++)
            {
                proxy.AccumulateValue(keys[k].Key, row[keys[k].Value]);
            }
            proxy.Apply();
            if (movesEyes && look && gaze.IsGiven)
            {
                look.RaiseYawPitchChanged(gaze.YawDegrees(row), gaze.PitchDegrees(row));
            }
        }
    }
}
