using UnityEngine;

namespace A2F
{
    /// <summary>Keeps what a character does, frame by frame, whether or not its inspector is open. Put there by the inspector.</summary>
    [AddComponentMenu("")]
    [RequireComponent(typeof(A2FStream))]
    [DefaultExecutionOrder(60)]
    public sealed class A2FRecorder : MonoBehaviour
    {
        A2FStream stream;

        /// <summary>What was recorded so far.</summary>
        public readonly Recording Recording = new Recording();

        void OnEnable()
        {
            stream = GetComponent<A2FStream>();
        }

        void LateUpdate()
        {
            if (stream && stream.Row != null && stream.Row.Length > 0)
            {
                Recording.Take(stream.Row, Time.time);
            }
        }
    }
}
