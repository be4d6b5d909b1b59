using System.IO;
using UnityEditor.AssetImporters;
using UnityEngine;

namespace A2F.Editing
{
    /// <summary>Makes an A2FClip of a clip file (`a2f-ws bake`) that lies in the project.</summary>
    [ScriptedImporter(1, "a2fclip")]
    sealed class A2FClipImporter : ScriptedImporter
    {
        [Tooltip("The sound that it was made of.")]
        [SerializeField] AudioClip sound;

        public override void OnImportAsset(AssetImportContext context)
        {
            A2FClip clip = ScriptableObject.CreateInstance<A2FClip>();
            string why = clip.Load(File.ReadAllBytes(context.assetPath));
            clip.Sound = sound;
            if (why != null)
            {
                context.LogImportError(context.assetPath + ": " + why, clip);
            }
            context.AddObjectToAsset("clip", clip);
            context.SetMainObject(clip);
        }
    }
}
