using System;
using System.Collections.Generic;
using System.Reflection;

namespace UnityEngine
{
    /// <summary>What the checks of the components have for an engine: objects, frames, and sources whose sound goes on.</summary>
    public static class Engine
    {
        public static readonly List<GameObject> Objects = new List<GameObject>();
        static readonly List<Object> Doomed = new List<Object>();

        /// <summary>Time of the frame, s, and how long ago the one before was.</summary>
        public static double Seconds;
        public static double Step;

        /// <summary>One frame: sound first, then Update and LateUpdate in their order.</summary>
        public static void Frame(double step)
        {
            Step = step;
            Seconds += step;
            foreach (AudioSource one in Find<AudioSource>())
            {
                one.Sound(step);
            }
            Tell("Update");
            Tell("LateUpdate");
            foreach (Object one in Doomed)
            {
                one.IsDestroyed = true;
            }
            Doomed.Clear();
        }

        public static T[] Find<T>() where T : Object
        {
            List<T> all = new List<T>();
            foreach (GameObject one in Objects.ToArray())
            {
                if (one && one.activeInHierarchy)
                {
                    all.AddRange(one.Own<T>());
                }
            }
            return all.ToArray();
        }

        public static void Send(Component to, string message, params object[] arguments)
        {
            MethodInfo found = to.GetType().GetMethod(message, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public);
            if (found == null || found.GetParameters().Length != arguments.Length)
            {
                return;
            }
            try
            {
                found.Invoke(to, arguments);
            }
            catch (TargetInvocationException thrown)
            {
                Console.WriteLine("thrown by " + to.GetType().Name + "." + message + ": " + thrown.InnerException);
            }
        }

        internal static void Switched(Behaviour one, bool wasOn)
        {
            if (one != null && one.isActiveAndEnabled != wasOn)
            {
                Send(one, wasOn ? "OnDisable" : "OnEnable");
            }
        }

        internal static void Destroy(Object one)
        {
            GameObject whole = one as GameObject;
            foreach (Behaviour part in whole ? whole.GetComponentsInChildren<Behaviour>(true) : new Behaviour[0])
            {
                part.enabled = false;
                Send(part, "OnDestroy");
                Doomed.Add(part);
            }
            Behaviour alone = one as Behaviour;
            if (alone)
            {
                alone.enabled = false;
                Send(alone, "OnDestroy");
            }
            Doomed.Add(one);
        }

        static void Tell(string message)
        {
            List<MonoBehaviour> all = new List<MonoBehaviour>(Find<MonoBehaviour>());
            List<MonoBehaviour> sorted = new List<MonoBehaviour>(all);
            sorted.Sort((x, y) => Order(x) != Order(y) ? Order(x).CompareTo(Order(y)) : all.IndexOf(x).CompareTo(all.IndexOf(y)));
            foreach (MonoBehaviour one in sorted)
            {
                if (one && one.isActiveAndEnabled)
                {
                    Send(one, message);
                }
            }
        }

        static int Order(MonoBehaviour one)
        {
            object[] found = one.GetType().GetCustomAttributes(typeof(DefaultExecutionOrder), true);
            return found.Length > 0 ? ((DefaultExecutionOrder)found[0]).Order : 0;
        }
    }
}
