// Signatures of UnityEngine 2021.3. Pages: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/<name>.html
using System;
using System.Collections.Generic;

namespace UnityEngine
{
    [Flags]
    public enum HideFlags { None = 0, HideInHierarchy = 1, HideInInspector = 2, DontSaveInEditor = 4, NotEditable = 8, DontSaveInBuild = 16, DontSave = 52, HideAndDontSave = 61 }

    // Vector3.html, Vector2.html, Quaternion.html, Color.html, Mathf.html
    public struct Vector2 { public float x, y; public Vector2(float x, float y) { this.x = x; this.y = y; } }
    public struct Vector3
    {
        public float x, y, z;
        public Vector3(float x, float y, float z) { this.x = x; this.y = y; this.z = z; }
        public static Vector3 zero { get { return new Vector3(); } }
        public static Vector3 one { get { return new Vector3(1, 1, 1); } }
        public static Vector3 operator +(Vector3 a, Vector3 b) { return new Vector3(a.x + b.x, a.y + b.y, a.z + b.z); }
        public static Vector3 operator -(Vector3 a, Vector3 b) { return new Vector3(a.x - b.x, a.y - b.y, a.z - b.z); }
        public static Vector3 operator *(Vector3 a, float d) { return new Vector3(a.x * d, a.y * d, a.z * d); }
        public static bool operator ==(Vector3 a, Vector3 b) { return a.x == b.x && a.y == b.y && a.z == b.z; }
        public static bool operator !=(Vector3 a, Vector3 b) { return !(a == b); }
        public override bool Equals(object other) { return other is Vector3 && this == (Vector3)other; }
        public override int GetHashCode() { return 0; }
    }

    public struct Quaternion
    {
        public float x, y, z, w;
        public Quaternion(float x, float y, float z, float w) { this.x = x; this.y = y; this.z = z; this.w = w; }
        public static Quaternion identity { get { return new Quaternion(0, 0, 0, 1); } }
        public static Quaternion Euler(float x, float y, float z)
        {
            return AngleAxis(y, new Vector3(0, 1, 0)) * AngleAxis(x, new Vector3(1, 0, 0)) * AngleAxis(z, new Vector3(0, 0, 1));
        }
        public static Quaternion AngleAxis(float angle, Vector3 axis)
        {
            double half = angle * Math.PI / 360;
            float s = (float)Math.Sin(half);
            return new Quaternion(axis.x * s, axis.y * s, axis.z * s, (float)Math.Cos(half));
        }
        public static Quaternion Inverse(Quaternion q) { return new Quaternion(-q.x, -q.y, -q.z, q.w); }
        public static Quaternion operator *(Quaternion a, Quaternion b)
        {
            return new Quaternion(a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y, a.w * b.y + a.y * b.w + a.z * b.x - a.x * b.z,
                a.w * b.z + a.z * b.w + a.x * b.y - a.y * b.x, a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z);
        }
        public static Vector3 operator *(Quaternion q, Vector3 v)
        {
            Quaternion r = q * new Quaternion(v.x, v.y, v.z, 0) * Inverse(q);
            return new Vector3(r.x, r.y, r.z);
        }
        public static float Angle(Quaternion a, Quaternion b)
        {
            double dot = Math.Min(1, Math.Abs(a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w));
            return (float)(Math.Acos(dot) * 360 / Math.PI);
        }
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
        public static float Clamp(float value, float min, float max) { return Math.Min(max, Math.Max(min, value)); }
        public static float Clamp01(float value) { return Clamp(value, 0, 1); }
        public static int Clamp(int value, int min, int max) { return Math.Min(max, Math.Max(min, value)); }
        public static float Max(float a, float b) { return Math.Max(a, b); }
        public static float Abs(float f) { return Math.Abs(f); }
        public static float Sqrt(float f) { return (float)Math.Sqrt(f); }
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
        public static bool isPlaying { get { return true; } }
        public static bool isEditor { get { return false; } }
        public static bool runInBackground { get; set; }
        public static string persistentDataPath { get { return System.IO.Path.GetTempPath(); } }
        public static string productName { get { return "checks"; } }
        public static string version { get { return "1"; } }
        public static event Action quitting;
        internal static void Raise() { quitting(); }
    }

    // Time.html
    public static class Time
    {
        public static double realtimeSinceStartupAsDouble { get { return Engine.Seconds; } }
        public static float unscaledDeltaTime { get { return (float)Engine.Step; } }
        public static float time { get { return (float)Engine.Seconds; } }
    }

    // Debug.html
    public static class Debug
    {
        public static void Log(object message, Object context) { }
        public static void LogWarning(object message, Object context) { Console.WriteLine("warning " + message); }
        public static void LogError(object message, Object context) { Console.WriteLine("error " + message); }
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
    public sealed class DefaultExecutionOrder : Attribute { public readonly int Order; public DefaultExecutionOrder(int order) { Order = order; } }
    public sealed class HelpURLAttribute : Attribute { public HelpURLAttribute(string url) { } }
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public sealed class RequireComponent : Attribute { public readonly Type Required; public RequireComponent(Type requiredComponent) { Required = requiredComponent; } }
    public sealed class ContextMenu : Attribute { public ContextMenu(string itemName) { } }

    // RuntimeInitializeOnLoadMethodAttribute.html, RuntimeInitializeLoadType.html
    public class RuntimeInitializeOnLoadMethodAttribute : Attribute { public RuntimeInitializeOnLoadMethodAttribute(RuntimeInitializeLoadType loadType) { } }
    public enum RuntimeInitializeLoadType { AfterSceneLoad, BeforeSceneLoad, AfterAssembliesLoaded, BeforeSplashScreen, SubsystemRegistration }

    namespace Events
    {
        // Events.UnityEvent.html, Events.UnityEvent_1.html
        public delegate void UnityAction();
        public delegate void UnityAction<T0>(T0 arg0);
        public class UnityEvent
        {
            UnityAction calls = () => { };
            public void Invoke() { calls(); }
            public void AddListener(UnityAction call) { calls += call; }
            public void RemoveListener(UnityAction call) { calls -= call; }
        }
        public class UnityEvent<T0>
        {
            UnityAction<T0> calls = arg0 => { };
            public void Invoke(T0 arg0) { calls(arg0); }
            public void AddListener(UnityAction<T0> call) { calls += call; }
        }
    }

    namespace Scripting
    {
        // Scripting.PreserveAttribute.html
        public class PreserveAttribute : Attribute { }
    }
}
