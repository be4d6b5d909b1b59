using UnityEditor;
using UnityEditor.SceneManagement;
using UnityEngine;

namespace A2F.Samples
{
    /// <summary>Window ▸ A2F ▸ Open the talking head: an empty scene with the sample in it.</summary>
    static class TalkMenu
    {
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
            scene.ApplyModifiedProperties();
        }
    }
}
