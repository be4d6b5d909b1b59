// Signatures of UnityEditor 2021.3. Pages: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/<name>.html
using System;
using UnityEngine;

namespace UnityEditor
{
    // Editor.html, CustomEditor.html, CanEditMultipleObjects.html
    public class Editor : ScriptableObject
    {
        public UnityEngine.Object target { get; set; }
        public SerializedObject serializedObject { get { return null; } }
        public virtual void OnInspectorGUI() { }
        public virtual bool RequiresConstantRepaint() { return false; }
        public bool DrawDefaultInspector() { return false; }
        public void Repaint() { }
    }

    public sealed class CustomEditor : Attribute { public CustomEditor(Type inspectedType) { } public CustomEditor(Type inspectedType, bool editorForChildClasses) { } }

    // SerializedObject.html, SerializedProperty.html
    public class SerializedObject
    {
        public SerializedObject(UnityEngine.Object obj) { }
        public SerializedProperty FindProperty(string propertyPath) { return null; }
        public bool ApplyModifiedProperties() { return false; }
        public void Update() { }
    }

    public class SerializedProperty
    {
        public UnityEngine.Object objectReferenceValue { get; set; }
        public string stringValue { get; set; }
        public bool boolValue { get; set; }
        public SerializedProperty FindPropertyRelative(string relativePropertyPath) { return null; }
    }

    // Types that the glue does not use, and whose names it must not stumble over.
    public sealed class Menu { }
    public sealed class Help { }
    public sealed class Tools { }
    public sealed class Handles { }
    public static class Progress { }
    public class AnimationClipSettings { }
    public sealed class AudioImporter { }

    // MenuItem.html, MenuCommand.html
    [AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
    public sealed class MenuItem : Attribute
    {
        public MenuItem(string itemName) { }
        public MenuItem(string itemName, bool isValidateFunction) { }
        public MenuItem(string itemName, bool isValidateFunction, int priority) { }
    }

    public sealed class MenuCommand { public UnityEngine.Object context; }

    // Selection.html, Undo.html
    public sealed class Selection { public static GameObject activeGameObject { get; set; } public static UnityEngine.Object activeObject { get; set; } }
    public class Undo
    {
        public static T AddComponent<T>(GameObject gameObject) where T : Component { return null; }
        public static Component AddComponent(GameObject gameObject, Type type) { return null; }
        public static void RegisterCreatedObjectUndo(UnityEngine.Object objectToUndo, string name) { }
        public static void SetCurrentGroupName(string name) { }
    }

    // EditorGUILayout.html, EditorGUI.html, EditorStyles.html, MessageType.html
    public sealed class EditorGUILayout
    {
        public static void LabelField(string label, params GUILayoutOption[] options) { }
        public static void LabelField(string label, string label2, params GUILayoutOption[] options) { }
        public static void LabelField(string label, GUIStyle style, params GUILayoutOption[] options) { }
        public static void HelpBox(string message, MessageType type) { }
        public static bool Foldout(bool foldout, string content, bool toggleOnLabelClick) { return false; }
        public static Rect GetControlRect(params GUILayoutOption[] options) { return new Rect(); }
        public static void Space() { }
        public static void BeginHorizontal(params GUILayoutOption[] options) { }
        public static void EndHorizontal() { }
    }

    public sealed class EditorGUI { public static void ProgressBar(Rect position, float value, string text) { } }
    public sealed class EditorStyles { public static GUIStyle boldLabel { get { return null; } } public static GUIStyle wordWrappedLabel { get { return null; } } }
    public enum MessageType { None, Info, Warning, Error }

    // EditorApplication.html, PlayModeStateChange.html, AssemblyReloadEvents.html, InitializeOnLoadAttribute.html
    public sealed class EditorApplication
    {
        public static bool isPlaying { get; set; }
        public delegate void CallbackFunction();
        public static CallbackFunction update;
        public static event Action quitting;
        public static event Action<PlayModeStateChange> playModeStateChanged;
        internal static void Raise() { quitting(); playModeStateChanged(0); }
    }

    public enum PlayModeStateChange { EnteredEditMode, ExitingEditMode, EnteredPlayMode, ExitingPlayMode }

    public static class AssemblyReloadEvents
    {
        public delegate void AssemblyReloadCallback();
        public static event AssemblyReloadCallback beforeAssemblyReload;
        internal static void Raise() { beforeAssemblyReload(); }
    }

    public class InitializeOnLoadAttribute : Attribute { }
    public class InitializeOnLoadMethodAttribute : Attribute { }

    // EditorUtility.html, EditorPrefs.html, SessionState.html
    public sealed class EditorUtility
    {
        public static bool DisplayDialog(string title, string message, string ok) { return false; }
        public static bool DisplayDialog(string title, string message, string ok, string cancel) { return false; }
        public static string SaveFilePanelInProject(string title, string defaultName, string extension, string message) { return null; }
        public static void SetDirty(UnityEngine.Object target) { }
    }

    public class EditorPrefs
    {
        public static string GetString(string key, string defaultValue) { return null; }
        public static void SetString(string key, string value) { }
    }

    // AssetDatabase.html
    public sealed class AssetDatabase
    {
        public static T LoadAssetAtPath<T>(string assetPath) where T : UnityEngine.Object { return null; }
        public static T GetBuiltinExtraResource<T>(string path) where T : UnityEngine.Object { return null; }
        public static void CreateAsset(UnityEngine.Object asset, string path) { }
        public static void SaveAssets() { }
        public static string GUIDToAssetPath(string guid) { return null; }
        public static string GetAssetPath(UnityEngine.Object assetObject) { return null; }
    }

    // AnimationUtility.html, EditorCurveBinding.html
    public sealed class AnimationUtility
    {
        public static void SetEditorCurve(AnimationClip clip, EditorCurveBinding binding, AnimationCurve curve) { }
        public enum TangentMode { Free, Auto, Linear, Constant, ClampedAuto }
        public static void SetKeyBroken(AnimationCurve curve, int index, bool broken) { }
        public static void SetKeyLeftTangentMode(AnimationCurve curve, int index, TangentMode tangentMode) { }
        public static void SetKeyRightTangentMode(AnimationCurve curve, int index, TangentMode tangentMode) { }
        public static string CalculateTransformPath(Transform targetTransform, Transform root) { return null; }
    }

    public struct EditorCurveBinding
    {
        public static EditorCurveBinding FloatCurve(string inPath, Type inType, string inPropertyName) { return new EditorCurveBinding(); }
    }

    // TypeCache.html
    public static class TypeCache
    {
        public struct TypeCollection : System.Collections.Generic.IEnumerable<Type>
        {
            public System.Collections.Generic.IEnumerator<Type> GetEnumerator() { return null; }
            System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() { return null; }
        }
        public static TypeCollection GetTypesDerivedFrom<T>() { return new TypeCollection(); }
    }

    // PlayerSettings.html, Build.NamedBuildTarget.html, BuildTargetGroup.html, EditorUserBuildSettings.html
    public sealed class PlayerSettings
    {
        public static string GetScriptingDefineSymbols(Build.NamedBuildTarget buildTarget) { return null; }
        public static void SetScriptingDefineSymbols(Build.NamedBuildTarget buildTarget, string defines) { }
        public static string GetScriptingDefineSymbolsForGroup(BuildTargetGroup targetGroup) { return null; }
        public static void SetScriptingDefineSymbolsForGroup(BuildTargetGroup targetGroup, string defines) { }
    }

    namespace Build
    {
        public struct NamedBuildTarget
        {
            public static NamedBuildTarget FromBuildTargetGroup(BuildTargetGroup buildTargetGroup) { return new NamedBuildTarget(); }
        }
    }

    public enum BuildTargetGroup { Unknown = 0, Standalone = 1 }
    public class EditorUserBuildSettings { public static BuildTargetGroup selectedBuildTargetGroup { get; set; } }
}

namespace UnityEditor.AssetImporters
{
    // AssetImporters.ScriptedImporter.html, AssetImporters.AssetImportContext.html
    public abstract class ScriptedImporter : UnityEngine.Object { public abstract void OnImportAsset(AssetImportContext ctx); }
    public class ScriptedImporterAttribute : Attribute { public ScriptedImporterAttribute(int version, string ext) { } }
    public class AssetImportContext
    {
        public string assetPath { get { return null; } }
        public void AddObjectToAsset(string identifier, UnityEngine.Object obj) { }
        public void SetMainObject(UnityEngine.Object obj) { }
        public void LogImportError(string msg, UnityEngine.Object obj) { }
        public void DependsOnSourceAsset(string path) { }
    }
}

namespace UnityEditor.SceneManagement
{
    // SceneManagement.EditorSceneManager.html, NewSceneSetup.html, NewSceneMode.html
    public sealed class EditorSceneManager
    {
        public static bool SaveCurrentModifiedScenesIfUserWantsTo() { return false; }
        public static UnityEngine.SceneManagement.Scene NewScene(NewSceneSetup setup, NewSceneMode mode) { return new UnityEngine.SceneManagement.Scene(); }
    }

    public enum NewSceneSetup { EmptyScene, DefaultGameObjects }
    public enum NewSceneMode { Single, Additive }
}

namespace UnityEngine.SceneManagement
{
    // SceneManagement.Scene.html
    public struct Scene { }
}
