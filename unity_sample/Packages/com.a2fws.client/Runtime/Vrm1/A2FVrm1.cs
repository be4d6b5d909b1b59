using System.Collections.Generic;
using UnityEngine;
using UniVRM10;

namespace A2F
{
    /// <summary>
    /// A VRM 1.0 of UniVRM: writes its expressions before UniVRM applies them in LateUpdate, and leaves what they override to it.
    /// What the rig says of looks goes to LookAt, for models with eye bones and with expressions alike.
    /// </summary>
    [AddComponentMenu("A2F/A2F VRM 1.0")]
    [RequireComponent(typeof(Vrm10Instance))]
    [DisallowMultipleComponent]
    [DefaultExecutionOrder(50)]
    public sealed class A2FVrm1 : A2FTarget
    {
        [Tooltip("Eyes follow what the face looks at; off: the game moves them.")]
        [SerializeField] bool movesEyes = true;

        readonly List<KeyValuePair<ExpressionKey, int>> keys = new List<KeyValuePair<ExpressionKey, int>>();
        readonly VrmGaze gaze = new VrmGaze();
        Vrm10Instance vrm;

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
            get { return Vrm.Runtime.Expression.ExpressionKeys.Count; }
        }

        Vrm10Instance Vrm
        {
            get
            {
                vrm = vrm ? vrm : GetComponent<Vrm10Instance>();
                return vrm;
            }
        }

        public override void Collect(List<string> names)
        {
            foreach (ExpressionKey key in Vrm.Runtime.Expression.ExpressionKeys)
            {
                names.Add(key.Name);
            }
        }

        public override void Bind(IList<string> curves, IList<string> transforms)
        {
            keys.Clear();
            gaze.Bind(curves);
            foreach (ExpressionKey key in Vrm.Runtime.Expression.ExpressionKeys)
            {
                int curve = curves.IndexOf(key.Name);
                // Looks come from LookAt, which would add to them.
                if (curve >= 0 && !(movesEyes && gaze.Has(curve)))
                {
                    keys.Add(new KeyValuePair<ExpressionKey, int>(key, curve));
                }
            }
            if (movesEyes && gaze.IsGiven)
            {
                Vrm.LookAtTargetType = VRM10ObjectLookAt.LookAtTargetTypes.YawPitchValue;
            }
        }

        public override void Show(float[] row)
        {
            for (int k = 0; k < keys.Count; k++)
            {
                vrm.Runtime.Expression.SetWeight(keys[k].Key, row[keys[k].Value]);
            }
            if (movesEyes && gaze.IsGiven)
            {
                vrm.Runtime.LookAt.SetYawPitchManually(gaze.YawDegrees(row), gaze.PitchDegrees(row));
            }
        }
    }
}
