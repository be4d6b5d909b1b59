using A2F.Core;
using UnityEngine;

namespace A2F
{
    /// <summary>A line whose poses were computed before (`a2f-ws bake`), as an asset: played without a server.</summary>
    public sealed class A2FClip : ScriptableObject
    {
        [HideInInspector]
        [SerializeField] byte[] content = new byte[0];

        [Tooltip("The sound that it was made of.")]
        [SerializeField] AudioClip sound;

        Clip clip;

        /// <summary>The sound that it was made of; null = it is shown in silence.</summary>
        public AudioClip Sound
        {
            get { return sound; }
            set { sound = value; }
        }

        /// <summary>Take the content of a clip file (.a2fclip). Gives why it is none, or null.</summary>
        public string Load(byte[] file)
        {
            Fault fault;
            clip = Clip.Read(file, out fault);
            content = clip == null ? new byte[0] : file;
            return fault == null ? null : fault.Text;
        }

        /// <summary>The line; null where the asset holds none.</summary>
        public Clip Clip
        {
            get
            {
                Fault fault;
                clip = clip ?? (content.Length > 0 ? Clip.Read(content, out fault) : null);
                return clip;
            }
        }
    }
}
