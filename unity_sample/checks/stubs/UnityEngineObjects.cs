// Signatures of UnityEngine 2021.3, objects and components, with as much behaviour as the checks of the components need.
// Pages: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/<name>.html
using System;
using System.Collections.Generic;

namespace UnityEngine
{
    // Object.html
    public class Object
    {
        static int made;
        readonly int number = ++made;
        internal bool IsDestroyed;

        public string name { get; set; }
        public HideFlags hideFlags { get; set; }
        public static implicit operator bool(Object exists) { return IsThere(exists); }
        public static void Destroy(Object obj) { Engine.Destroy(obj); }
        public static void Destroy(Object obj, float t) { Engine.Destroy(obj); }
        public static void DestroyImmediate(Object obj) { Engine.Destroy(obj); }
        public static void DontDestroyOnLoad(Object target) { }
        public static T FindObjectOfType<T>() where T : Object { T[] all = FindObjectsOfType<T>(); return all.Length > 0 ? all[0] : null; }
        public static T[] FindObjectsOfType<T>() where T : Object { return Engine.Find<T>(); }
        public static T FindAnyObjectByType<T>() where T : Object { return FindObjectOfType<T>(); }
        public static T Instantiate<T>(T original) where T : Object { return null; }
        public int GetInstanceID() { return number; }
        public static bool operator ==(Object x, Object y) { return IsThere(x) ? ReferenceEquals(x, y) : !IsThere(y); }
        public static bool operator !=(Object x, Object y) { return !(x == y); }
        public override bool Equals(object other) { return ReferenceEquals(this, other); }
        public override int GetHashCode() { return number; }
        static bool IsThere(Object one) { return !ReferenceEquals(one, null) && !one.IsDestroyed; }
    }

    // Component.html, Behaviour.html, MonoBehaviour.html
    public class Component : Object
    {
        internal GameObject Home;

        public GameObject gameObject { get { return Home; } }
        public Transform transform { get { return Home.transform; } }
        public T GetComponent<T>() { return Home.GetComponent<T>(); }
        public T GetComponentInParent<T>() { return Home.GetComponentInParent<T>(); }
        public T GetComponentInChildren<T>() { return Home.GetComponentInChildren<T>(); }
        public T[] GetComponents<T>() { return Home.Own<T>().ToArray(); }
        public T[] GetComponentsInChildren<T>(bool includeInactive) { return Home.GetComponentsInChildren<T>(includeInactive); }
        public T[] GetComponentsInChildren<T>() { return Home.GetComponentsInChildren<T>(false); }
        public bool TryGetComponent<T>(out T component) { component = GetComponent<T>(); return component != null; }
    }

    public class Behaviour : Component
    {
        bool isEnabled = true;

        public bool enabled
        {
            get { return isEnabled; }
            set
            {
                bool was = isActiveAndEnabled;
                isEnabled = value;
                Engine.Switched(this, was);
            }
        }
        public bool isActiveAndEnabled { get { return isEnabled && !IsDestroyed && Home.activeInHierarchy; } }
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
        public static T CreateInstance<T>() where T : ScriptableObject { return Activator.CreateInstance<T>(); }
    }

    // GameObject.html
    public sealed class GameObject : Object
    {
        internal readonly List<Component> Parts = new List<Component>();
        bool isActive = true;

        public GameObject(string name)
        {
            this.name = name;
            Parts.Add(new Transform { Home = this });
            Engine.Objects.Add(this);
        }

        public Transform transform { get { return (Transform)Parts[0]; } }
        public bool activeInHierarchy { get { return isActive && (!transform.parent || transform.parent.gameObject.activeInHierarchy); } }
        public void SetActive(bool value)
        {
            Behaviour[] all = GetComponentsInChildren<Behaviour>(true);
            bool[] were = Array.ConvertAll(all, one => one.isActiveAndEnabled);
            isActive = value;
            for (int k = 0; k < all.Length; k++)
            {
                Engine.Switched(all[k], were[k]);
            }
        }
        public T AddComponent<T>() where T : Component { return (T)AddComponent(typeof(T)); }
        public Component AddComponent(Type componentType)
        {
            foreach (RequireComponent needed in componentType.GetCustomAttributes(typeof(RequireComponent), true))
            {
                if (!Parts.Exists(one => needed.Required.IsInstanceOfType(one)))
                {
                    AddComponent(needed.Required);
                }
            }
            Component made = (Component)Activator.CreateInstance(componentType);
            made.Home = this;
            Parts.Add(made);
            Engine.Switched(made as Behaviour, false);
            return made;
        }
        public T GetComponent<T>() { List<T> own = Own<T>(); return own.Count > 0 ? own[0] : default(T); }
        public T GetComponentInChildren<T>() { T[] all = GetComponentsInChildren<T>(false); return all.Length > 0 ? all[0] : default(T); }
        public T[] GetComponentsInChildren<T>(bool includeInactive)
        {
            List<T> all = new List<T>();
            Gather(all, includeInactive);
            return all.ToArray();
        }
        public T GetComponentInParent<T>()
        {
            List<T> own = Own<T>();
            return own.Count > 0 ? own[0] : transform.parent ? transform.parent.gameObject.GetComponentInParent<T>() : default(T);
        }
        internal List<T> Own<T>()
        {
            List<T> own = new List<T>();
            foreach (Component one in Parts)
            {
                if (one is T && one)
                {
                    own.Add((T)(object)one);
                }
            }
            return own;
        }
        void Gather<T>(List<T> all, bool includeInactive)
        {
            if (isActive || includeInactive)
            {
                all.AddRange(Own<T>());
                foreach (Transform child in transform.Children)
                {
                    child.gameObject.Gather(all, includeInactive);
                }
            }
        }
    }

    // Transform.html
    public class Transform : Component, System.Collections.IEnumerable
    {
        internal readonly List<Transform> Children = new List<Transform>();
        Transform above;

        public Transform parent { get { return above; } set { SetParent(value, true); } }
        public Vector3 position { get; set; }
        public Vector3 localPosition { get; set; }
        public Vector3 localScale { get; set; }
        public Quaternion rotation
        {
            get { return above ? above.rotation * localRotation : localRotation; }
            set { localRotation = above ? Quaternion.Inverse(above.rotation) * value : value; }
        }
        public Quaternion localRotation { get; set; }
        public Transform() { localRotation = Quaternion.identity; }
        public int childCount { get { return Children.Count; } }
        public Transform GetChild(int index) { return Children[index]; }
        public Transform Find(string n) { return Children.Find(one => one.gameObject.name == n); }
        public void SetParent(Transform parent, bool worldPositionStays)
        {
            if (above)
            {
                above.Children.Remove(this);
            }
            above = parent;
            if (above)
            {
                above.Children.Add(this);
            }
        }
        public void LookAt(Vector3 worldPosition) { }
        public System.Collections.IEnumerator GetEnumerator() { return Children.GetEnumerator(); }
    }
}
