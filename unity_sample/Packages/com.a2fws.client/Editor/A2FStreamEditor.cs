using A2F.Core;
using UnityEditor;
using UnityEngine;

namespace A2F.Editing
{
    /// <summary>The doctor, live bars of the curves, and the local server.</summary>
    [CustomEditor(typeof(A2FStream))]
    sealed class A2FStreamEditor : Editor
    {
        const int BarsMost = 80;
        const float Tolerance = 0.002f;

        bool showsBars = true;

        public override bool RequiresConstantRepaint()
        {
            return EditorApplication.isPlaying;
        }

        public override void OnInspectorGUI()
        {
            DrawDefaultInspector();
            A2FStream stream = (A2FStream)target;
            EditorGUILayout.Space();
            EditorGUILayout.LabelField("Doctor", EditorStyles.boldLabel);
            if (!EditorApplication.isPlaying)
            {
                EditorGUILayout.HelpBox("Press Play: server, sound, poses and curves are looked at then.", MessageType.Info);
                return;
            }
            EditorGUILayout.LabelField(stream.Health.ToString(), EditorStyles.wordWrappedLabel);
            Buttons(stream);
            Record(stream);
            Bars(stream);
        }

        void Buttons(A2FStream stream)
        {
            EditorGUILayout.BeginHorizontal();
            AudioClip line = (AudioClip)serializedObject.FindProperty("firstLine").objectReferenceValue;
            if (line && GUILayout.Button("Say it"))
            {
                stream.Speak(line);
            }
            if (GUILayout.Button("Interrupt"))
            {
                stream.Interrupt();
            }
            if (GUILayout.Button("Reopen"))
            {
                stream.Reopen();
            }
            EditorGUILayout.EndHorizontal();
            if (A2FLocalServer.IsRunning && A2FLocalServer.Log.Length > 0)
            {
                EditorGUILayout.HelpBox(A2FLocalServer.Log, MessageType.None);
            }
        }

        void Record(A2FStream stream)
        {
            A2FRecorder recorder = stream.GetComponent<A2FRecorder>();
            string text = recorder ? "Stop at " + recorder.Recording.Seconds.ToString("0.0") + " s and save" : "Record to an animation";
            if (!GUILayout.Button(text))
            {
                return;
            }
            if (!recorder)
            {
                stream.gameObject.AddComponent<A2FRecorder>().hideFlags = HideFlags.DontSave | HideFlags.HideInInspector;
                return;
            }
            Recording recording = recorder.Recording;
            Destroy(recorder);
            A2FAnimation.Save(stream.gameObject, recording, Tolerance);
            GUIUtility.ExitGUI();
        }

        void Bars(A2FStream stream)
        {
            Session session = stream.Session;
            Opened opened = session == null ? null : session.Opened;
            showsBars = EditorGUILayout.Foldout(showsBars, "Curves", true);
            if (!showsBars || opened == null || stream.Row == null || stream.Row.Length < opened.Curves.Length)
            {
                return;
            }
            for (int k = 0; k < opened.Curves.Length && k < BarsMost; k++)
            {
                EditorGUI.ProgressBar(EditorGUILayout.GetControlRect(), Mathf.Clamp01(stream.Row[k]), opened.Curves[k] + "  " + stream.Row[k].ToString("0.00"));
            }
        }
    }
}
