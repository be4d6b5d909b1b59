using UnityEditor;
using UnityEditor.SceneManagement;
using UnityEngine;
using UnityEngine.Rendering;

namespace A2F.Samples
{
    /// <summary>Window ▸ A2F ▸ Open the talking head: an empty scene with the sample in it.</summary>
    static class TalkMenu
    {
        /// <summary>What the render pipeline calls its default; named by the scene, it comes into a build.</summary>
        static Material Skin()
        {
            RenderPipelineAsset pipeline = GraphicsSettings.currentRenderPipeline;
            return pipeline ? pipeline.defaultMaterial : AssetDatabase.GetBuiltinExtraResource<Material>("Default-Material.mat");
        }

        [MenuItem("Window/A2F/Open the talking head")]
        static void Open()
        {
            if (!EditorSceneManager.SaveCurrentModifiedScenesIfUserWantsTo())
            {
                return;
            }
            EditorSceneManager.NewScene(NewSceneSetup.EmptyScene, NewSceneMode.Single);
            SerializedObject scene = new SerializedObject(new GameObject("Talking head").AddComponent<TalkScene>());
            scene.FindProperty("line").objectReferenceValue =
                AssetDatabase.LoadAssetAtPath<AudioClip>("Packages/com.a2fws.client/Runtime/Sounds/hello.wav");
            scene.FindProperty("skin").objectReferenceValue = Skin();
            scene.ApplyModifiedProperties();
        }
    }
}
