using System;
using System.Collections.Generic;
using UnityEditor;
using UnityEngine;

namespace A2F.Editing
{
    /// <summary>GameObject ▸ A2F ▸ Make it talk: adds what a character needs, by what it has.</summary>
    static class A2FMenu
    {
        const string Path = "GameObject/A2F/Make it talk";
        const string Hello = "Packages/com.a2fws.client/Runtime/Sounds/hello.wav";
        const string Title = "Make it talk";

        [MenuItem(Path, false, 20)]
        static void MakeItTalk(MenuCommand command)
        {
            GameObject character = (command.context as GameObject) ?? Selection.activeGameObject;
            if (!character)
            {
                EditorUtility.DisplayDialog(Title, "Select a character first: the object that its meshes are below.", "OK");
                return;
            }
            Undo.SetCurrentGroupName(Title);
            string found = AddTarget(character);
            if (!character.GetComponentInChildren<A2FAudio>())
            {
                AddSound(character);
            }
            A2FStream stream = character.GetComponent<A2FStream>();
            stream = stream ? stream : Undo.AddComponent<A2FStream>(character);
            bool starts = EditorUtility.DisplayDialog(Title, found + "\n\nIs there a server already? Else one is started on this machine with "
                + "each Play; that needs the program a2f-ws.", "Start one for me", "I have one");
            SerializedObject fields = new SerializedObject(stream);
            fields.FindProperty("firstLine").objectReferenceValue = AssetDatabase.LoadAssetAtPath<AudioClip>(Hello);
            fields.FindProperty("server").FindPropertyRelative("startsLocalServer").boolValue = starts;
            fields.ApplyModifiedProperties();
            Selection.activeGameObject = character;
        }

        [MenuItem(Path, true)]
        static bool CanTalk()
        {
            return Selection.activeGameObject;
        }

        /// <summary>A source of its own; one that the game plays clips on is left to the game.</summary>
        static void AddSound(GameObject character)
        {
            GameObject home = character;
            if (character.GetComponent<AudioSource>())
            {
                home = new GameObject("Voice");
                Undo.RegisterCreatedObjectUndo(home, Title);
                home.transform.SetParent(character.transform, false);
            }
            AudioSource source = Undo.AddComponent<AudioSource>(home);
            source.playOnAwake = false;
            Undo.AddComponent<A2FAudio>(home);
        }

        /// <summary>Add what shows the face; one line for people of what was found.</summary>
        static string AddTarget(GameObject character)
        {
            if (character.GetComponentInChildren<A2FTarget>())
            {
                return "It has a face already.";
            }
            MonoBehaviour vrm1 = Find(character, "Vrm10Instance");
            MonoBehaviour vrm0 = Find(character, "VRMBlendShapeProxy");
            if (vrm1 || vrm0)
            {
                return AddVrm((vrm1 ? vrm1 : vrm0).gameObject, vrm1 ? "A2FVrm1" : "A2FVrm0", vrm1 ? "A2F_VRM1" : "A2F_VRM0");
            }
            A2FFace face = Undo.AddComponent<A2FFace>(character);
            face.FindBones();
            List<string> names = new List<string>();
            face.Collect(names);
            int arkit = RigChoice.CountArkit(names);
            return names.Count == 0 ? "Its meshes have no blend shapes: name a jaw bone in A2F Face."
                : arkit > 0 ? "Its meshes have " + names.Count + " blend shapes, " + arkit + " of ARKit's 52."
                : "Its meshes have " + names.Count + " blend shapes; the server finds out which rig fits.";
        }

        static string AddVrm(GameObject home, string component, string define)
        {
            foreach (Type type in TypeCache.GetTypesDerivedFrom<A2FTarget>())
            {
                if (type.Name == component)
                {
                    Undo.AddComponent(home, type);
                    return "It is a VRM: its expressions show the face.";
                }
            }
            // UniVRM came as a .unitypackage, which package versions do not tell of.
            BuildTargetGroup group = EditorUserBuildSettings.selectedBuildTargetGroup;
#if UNITY_2021_2_OR_NEWER
            UnityEditor.Build.NamedBuildTarget target = UnityEditor.Build.NamedBuildTarget.FromBuildTargetGroup(group);
            string defines = PlayerSettings.GetScriptingDefineSymbols(target);
#else
            string defines = PlayerSettings.GetScriptingDefineSymbolsForGroup(group);
#endif
            if (!(";" + defines + ";").Contains(";" + define + ";"))
            {
                defines = defines.Length > 0 ? defines + ";" + define : define;
#if UNITY_2021_2_OR_NEWER
                PlayerSettings.SetScriptingDefineSymbols(target, defines);
#else
                PlayerSettings.SetScriptingDefineSymbolsForGroup(group, defines);
#endif
            }
            return "It is a VRM: " + define + " was set. Choose this menu again once scripts are compiled.";
        }

        static MonoBehaviour Find(GameObject character, string type)
        {
            foreach (MonoBehaviour one in character.GetComponentsInChildren<MonoBehaviour>(true))
            {
                if (one && one.GetType().Name == type)
                {
                    return one;
                }
            }
            return null;
        }
    }
}
