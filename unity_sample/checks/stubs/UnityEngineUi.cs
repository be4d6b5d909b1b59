// Signatures of UnityEngine 2021.3, IMGUI. Pages: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/<name>.html
namespace UnityEngine
{
    // GUILayoutOption.html, GUIStyle.html, GUISkin.html
    public sealed class GUILayoutOption { }
    public sealed class GUIStyle { }

    // GUIUtility.html
    public class GUIUtility { public static void ExitGUI() { } }

    // GUILayout.html
    public class GUILayout
    {
        public static void Label(string text, params GUILayoutOption[] options) { }
        public static bool Button(string text, params GUILayoutOption[] options) { return false; }
        public static bool Toggle(bool value, string text, params GUILayoutOption[] options) { return false; }
        public static float HorizontalSlider(float value, float leftValue, float rightValue, params GUILayoutOption[] options) { return 0; }
        public static string TextField(string text, params GUILayoutOption[] options) { return null; }
        public static void BeginArea(Rect screenRect) { }
        public static void EndArea() { }
        public static void BeginHorizontal(params GUILayoutOption[] options) { }
        public static void EndHorizontal() { }
        public static void Space(float pixels) { }
        public static GUILayoutOption Width(float width) { return null; }
    }
}
