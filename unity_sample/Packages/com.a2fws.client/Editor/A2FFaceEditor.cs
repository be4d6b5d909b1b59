using System.Collections.Generic;
using UnityEditor;

namespace A2F.Editing
{
    /// <summary>Which shapes of a head are the face's: guessed while editing, as the server has matched them while playing.</summary>
    [CustomEditor(typeof(A2FFace))]
    sealed class A2FFaceEditor : Editor
    {
        bool isOpen;

        public override void OnInspectorGUI()
        {
            DrawDefaultInspector();
            A2FFace face = (A2FFace)target;
            List<string> names = new List<string>();
            face.Collect(names);
            EditorGUILayout.Space();
            int arkit = RigChoice.CountArkit(names);
            string found = names.Count + " shapes on " + face.Meshes.Count + " meshes, " + arkit + " of ARKit's 52";
            if (EditorApplication.isPlaying && face.Matched > 0)
            {
                found += "; the server drives " + face.Matched;
            }
            EditorGUILayout.HelpBox(found, names.Count > 0 ? MessageType.Info : MessageType.Warning);
            isOpen = EditorGUILayout.Foldout(isOpen, "Shapes", true);
            for (int k = 0; isOpen && k < names.Count; k++)
            {
                EditorGUILayout.LabelField(names[k], face.Driven.Contains(names[k]) ? "driven" : "");
            }
        }
    }
}
