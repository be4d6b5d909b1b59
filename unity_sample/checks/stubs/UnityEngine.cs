// Signatures of UnityEngine 2021.3. Pages: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/<name>.html
using System;
using System.Collections.Generic;

namespace UnityEngine
{
    // Object.html, HideFlags.html
    public class Object
    {
        public string name { get; set; }
        public HideFlags hideFlags { get; set; }
        public static implicit operator bool(Object exists) { return exists != null; }
        public static void Destroy(Object obj) { }
        public static void Destroy(Object obj, float t) { }
        public static void DestroyImmediate(Object obj) { }
        public static void DontDestroyOnLoad(Object target) { }
        public static T FindObjectOfType<T>() where T : Object { return null; }
        public static T[] FindObjectsOfType<T>() where T : Object { return null; }
        public static T Instantiate<T>(T original) where T : Object { return null; }
        public int GetInstanceID() { return 0; }
        public static bool operator ==(Object x, Object y) { return false; }
        public static bool operator !=(Object x, Object y) { return false; }
        public override bool Equals(object other) { return false; }
        public override int GetHashCode() { return 0; }
    }

    [Flags]
    public enum HideFlags { None = 0, HideInHierarchy = 1, HideInInspector = 2, DontSaveInEditor = 4, NotEditable = 8, DontSaveInBuild = 16, DontSave = 52, HideAndDontSave = 61 }

    // Component.html, Behaviour.html, MonoBehaviour.html
    public class Component : Object
    {
        public GameObject gameObject { get { return null; } }
        public Transform transform { get { return null; } }
        public T GetComponent<T>() { return default(T); }
        public T GetComponentInParent<T>() { return default(T); }
        public T GetComponentInChildren<T>() { return default(T); }
        public T[] GetComponents<T>() { return null; }
        public T[] GetComponentsInChildren<T>(bool includeInactive) { return null; }
        public T[] GetComponentsInChildren<T>() { return null; }
        public bool TryGetComponent<T>(out T component) { component = default(T); return false; }
    }

    public class Behaviour : Component
    {
        public bool enabled { get; set; }
        public bool isActiveAndEnabled { get { return false; } }
    }

    public class MonoBehaviour : Behaviour
    {
        public Coroutine StartCoroutine(System.Collections.IEnumerator routine) { return null; }
        public void StopAllCoroutines() { }
    }

    // Coroutine.html, YieldInstruction.html
    public class YieldInstruction { }
    public sealed class Coroutine : YieldInstruction { }

    // ScriptableObject.html
    public class ScriptableObject : Object
    {
        public static T CreateInstance<T>() where T : ScriptableObject { return null; }
    }

    // GameObject.html, PrimitiveType.html
    public sealed class GameObject : Object
    {
        public GameObject(string name) { }
        public Transform transform { get { return null; } }
        public bool activeInHierarchy { get { return false; } }
        public void SetActive(bool value) { }
        public T AddComponent<T>() where T : Component { return null; }
        public Component AddComponent(Type componentType) { return null; }
        public T GetComponent<T>() { return default(T); }
        public T GetComponentInChildren<T>() { return default(T); }
        public T[] GetComponentsInChildren<T>(bool includeInactive) { return null; }
        public T GetComponentInParent<T>() { return default(T); }
    }

    // Transform.html
    public class Transform : Component, System.Collections.IEnumerable
    {
        public Transform parent { get; set; }
        public Vector3 position { get; set; }
        public Vector3 localPosition { get; set; }
        public Vector3 localScale { get; set; }
        public Quaternion rotation { get; set; }
        public Quaternion localRotation { get; set; }
        public int childCount { get { return 0; } }
        public Transform GetChild(int index) { return null; }
        public Transform Find(string n) { return null; }
        public void SetParent(Transform parent, bool worldPositionStays) { }
        public void LookAt(Vector3 worldPosition) { }
        public System.Collections.IEnumerator GetEnumerator() { return null; }
    }

    // Vector3.html, Vector2.html, Quaternion.html, Color.html, Mathf.html
    public struct Vector2 { public float x, y; public Vector2(float x, float y) { this.x = x; this.y = y; } }
    public struct Vector3
    {
        public float x, y, z;
        public Vector3(float x, float y, float z) { this.x = x; this.y = y; this.z = z; }
        public static Vector3 zero { get { return new Vector3(); } }
        public static Vector3 one { get { return new Vector3(); } }
        public static Vector3 operator +(Vector3 a, Vector3 b) { return a; }
        public static Vector3 operator -(Vector3 a, Vector3 b) { return a; }
        public static Vector3 operator *(Vector3 a, float d) { return a; }
    }

    public struct Quaternion
    {
        public float x, y, z, w;
        public Quaternion(float x, float y, float z, float w) { this.x = x; this.y = y; this.z = z; this.w = w; }
        public static Quaternion identity { get { return new Quaternion(); } }
        public static Quaternion Euler(float x, float y, float z) { return identity; }
        public static Quaternion AngleAxis(float angle, Vector3 axis) { return identity; }
        public static Quaternion Inverse(Quaternion rotation) { return identity; }
        public static Quaternion operator *(Quaternion lhs, Quaternion rhs) { return lhs; }
        public static Vector3 operator *(Quaternion rotation, Vector3 point) { return point; }
    }

    public struct Color
    {
        public float r, g, b, a;
        public Color(float r, float g, float b) { this.r = r; this.g = g; this.b = b; a = 1; }
        public Color(float r, float g, float b, float a) { this.r = r; this.g = g; this.b = b; this.a = a; }
        public static Color white { get { return new Color(); } }
    }

    public struct Mathf
    {
        public static float Clamp(float value, float min, float max) { return value; }
        public static float Clamp01(float value) { return value; }
        public static int Clamp(int value, int min, int max) { return value; }
        public static float Max(float a, float b) { return a; }
        public static float Abs(float f) { return f; }
        public static float Sqrt(float f) { return f; }
        public const float Rad2Deg = 57.29578f;
    }

    // Rect.html
    public struct Rect
    {
        public Rect(float x, float y, float width, float height) { this.x = x; this.y = y; this.width = width; this.height = height; }
        public float x { get; set; }
        public float y { get; set; }
        public float width { get; set; }
        public float height { get; set; }
    }

    // TextAsset.html, Resources.html
    public class TextAsset : Object
    {
        public byte[] bytes { get { return null; } }
        public string text { get { return null; } }
    }

    public sealed class Resources
    {
        public static T Load<T>(string path) where T : Object { return null; }
    }

    // Application.html, RuntimePlatform.html
    public static class Application
    {
        public static bool isPlaying { get { return false; } }
        public static bool isEditor { get { return false; } }
        public static bool runInBackground { get; set; }
        public static string persistentDataPath { get { return null; } }
        public static string productName { get { return null; } }
        public static string version { get { return null; } }
        public static event Action quitting;
        internal static void Raise() { quitting(); }
    }

    // Time.html
    public static class Time
    {
        public static double realtimeSinceStartupAsDouble { get { return 0; } }
        public static float unscaledDeltaTime { get { return 0; } }
        public static float time { get { return 0; } }
    }

    // Debug.html
    public static class Debug
    {
        public static void Log(object message, Object context) { }
        public static void LogWarning(object message, Object context) { }
        public static void LogError(object message, Object context) { }
    }

    // Types that the glue does not use, and whose names it must not stumble over.
    public sealed class Ping { }
    public struct Pose { }
    public class Motion : Object { }
    public class Event { }
    public class Cursor { }
    public class Display { }
    public class Screen { }
    public class Random { }
    public class Font : Object { }
    public class Gradient { }
    public class Sprite : Object { }
    public class Texture : Object { }
    public class Avatar : Object { }
    public class Cache { }
    public class Caching { }
    public class Compass { }
    public class Gyroscope { }
    public class Logger { }
    public struct Bounds { }
    public struct Hash128 { }
    public struct Plane { }
    public struct Ray { }
    public struct Touch { }
    public struct Resolution { }
    public enum Space { World, Self }

    // Input.html, KeyCode.html
    public static class Input
    {
        public static bool GetKeyDown(KeyCode key) { return false; }
    }

    public enum KeyCode { None = 0, Space = 32 }

    // SerializeField.html, TooltipAttribute.html, RangeAttribute.html, HeaderAttribute.html, AddComponentMenu.html …
    public sealed class SerializeField : Attribute { }
    public sealed class HideInInspector : Attribute { }
    public abstract class PropertyAttribute : Attribute { }
    public class TooltipAttribute : PropertyAttribute { public TooltipAttribute(string tooltip) { } }
    public sealed class RangeAttribute : PropertyAttribute { public RangeAttribute(float min, float max) { } }
    public sealed class MinAttribute : PropertyAttribute { public MinAttribute(float min) { } }
    public class HeaderAttribute : PropertyAttribute { public HeaderAttribute(string header) { } }
    public sealed class AddComponentMenu : Attribute { public AddComponentMenu(string menuName) { } }
    public sealed class DisallowMultipleComponent : Attribute { }
    public sealed class DefaultExecutionOrder : Attribute { public DefaultExecutionOrder(int order) { } }
    public sealed class HelpURLAttribute : Attribute { public HelpURLAttribute(string url) { } }
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public sealed class RequireComponent : Attribute { public RequireComponent(Type requiredComponent) { } }
    public sealed class ContextMenu : Attribute { public ContextMenu(string itemName) { } }

    // RuntimeInitializeOnLoadMethodAttribute.html, RuntimeInitializeLoadType.html
    public class RuntimeInitializeOnLoadMethodAttribute : Attribute { public RuntimeInitializeOnLoadMethodAttribute(RuntimeInitializeLoadType loadType) { } }
    public enum RuntimeInitializeLoadType { AfterSceneLoad, BeforeSceneLoad, AfterAssembliesLoaded, BeforeSplashScreen, SubsystemRegistration }

    namespace Events
    {
        // Events.UnityEvent.html, Events.UnityEvent_1.html
        public delegate void UnityAction();
        public delegate void UnityAction<T0>(T0 arg0);
        public class UnityEvent { public void Invoke() { } public void AddListener(UnityAction call) { } public void RemoveListener(UnityAction call) { } }
        public class UnityEvent<T0> { public void Invoke(T0 arg0) { } public void AddListener(UnityAction<T0> call) { } }
    }

    namespace Scripting
    {
        // Scripting.PreserveAttribute.html
        public class PreserveAttribute : Attribute { }
    }
}
