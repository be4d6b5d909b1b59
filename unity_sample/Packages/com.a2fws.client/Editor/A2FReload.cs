using UnityEditor;

namespace A2F.Editing
{
    /// <summary>Ends sockets, their threads and the local server before what runs them goes away.</summary>
    [InitializeOnLoad]
    static class A2FReload
    {
        static A2FReload()
        {
            AssemblyReloadEvents.beforeAssemblyReload += EndAll;
            EditorApplication.quitting += EndAll;
            EditorApplication.playModeStateChanged += state =>
            {
                if (state == PlayModeStateChange.ExitingPlayMode)
                {
                    A2FConnection.EndAll();
                }
            };
        }

        static void EndAll()
        {
            A2FConnection.EndAll();
            A2FLocalServer.Stop();
        }
    }
}
