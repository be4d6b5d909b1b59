using System.Collections.Generic;
using UnityEngine;

namespace A2F.Samples
{
    /// <summary>
    /// Builds a head, a camera and a light, and lets the head speak. On an empty object of an empty scene it is all there is.
    /// </summary>
    public sealed class TalkScene : MonoBehaviour
    {
        [Tooltip("What it says.")]
        [SerializeField] AudioClip line;

        [Tooltip("Start a server with each Play; else one at ws://localhost:8765 is asked.")]
        [SerializeField] bool startsLocalServer = true;

        [Tooltip("What the head looks like; one that is named here is in the build together with its shader.")]
        [SerializeField] Material skin;

        static readonly string[] Shaders = { "Universal Render Pipeline/Lit", "Standard", "Unlit/Color", "Sprites/Default" };
        static readonly string[] Emotions = { "joy", "anger", "sadness", "amazement", "fear", "disgust" };

        readonly Dictionary<string, float> feelings = new Dictionary<string, float>();
        A2FStream stream;
        A2FMicrophone microphone;

        void Awake()
        {
            GameObject head = new GameObject("Head");
            head.SetActive(false);
            head.transform.SetParent(transform, false);
            foreach (HeadPart part in HeadFile.Read(Resources.Load<TextAsset>("a2f-head").bytes))
            {
                Build(part, head.transform);
            }
            head.AddComponent<A2FFace>();
            head.AddComponent<AudioSource>().playOnAwake = false;
            head.AddComponent<A2FAudio>();
            stream = head.AddComponent<A2FStream>();
            stream.Server.startsLocalServer = startsLocalServer;
            stream.onOpened.AddListener(Say);
            head.SetActive(true);
            View();
        }

        void Say()
        {
            stream.onOpened.RemoveListener(Say);
            if (line)
            {
                stream.Speak(line);
            }
        }

        void OnGUI()
        {
            GUILayout.BeginArea(new Rect(16, 16, 420, 640));
            GUILayout.Label(stream.Health.ToString());
            GUILayout.BeginHorizontal();
            if (line && GUILayout.Button("Say it"))
            {
                stream.Speak(line);
            }
            if (GUILayout.Button("Interrupt"))
            {
                stream.Interrupt();
            }
            if (GUILayout.Button(microphone ? "Microphone off" : "Microphone on"))
            {
                ToggleMicrophone();
            }
            GUILayout.EndHorizontal();
            foreach (string name in Emotions)
            {
                Emotion(name);
            }
            GUILayout.EndArea();
        }

        void Emotion(string name)
        {
            float before;
            feelings.TryGetValue(name, out before);
            GUILayout.BeginHorizontal();
            GUILayout.Label(name, GUILayout.Width(100));
            float after = GUILayout.HorizontalSlider(before, 0, 1);
            GUILayout.EndHorizontal();
            if (after != before)
            {
                feelings[name] = after;
                stream.SetEmotions(feelings, 0.3f);
            }
        }

        void ToggleMicrophone()
        {
            if (microphone)
            {
                Destroy(microphone);
                microphone = null;
                return;
            }
            microphone = stream.gameObject.AddComponent<A2FMicrophone>();
        }

        void Build(HeadPart part, Transform parent)
        {
            GameObject home = new GameObject(part.Name);
            home.transform.SetParent(parent, false);
            home.transform.localPosition = new Vector3(part.Place[0], part.Place[1], part.Place[2]);
            Mesh mesh = new Mesh { name = part.Name };
            mesh.vertices = Vectors(part.Positions);
            mesh.normals = Vectors(part.Normals);
            mesh.subMeshCount = 1;
            mesh.SetTriangles(part.Triangles, 0);
            mesh.RecalculateBounds();
            foreach (HeadShape shape in part.Shapes)
            {
                Vector3[] moves = new Vector3[part.Positions.Length / 3];
                for (int k = 0; k < shape.Places.Length; k++)
                {
                    moves[shape.Places[k]] = new Vector3(shape.Moves[3 * k], shape.Moves[3 * k + 1], shape.Moves[3 * k + 2]);
                }
                mesh.AddBlendShapeFrame(shape.Name, 100, moves, null, null);
            }
            SkinnedMeshRenderer shown = home.AddComponent<SkinnedMeshRenderer>();
            shown.sharedMesh = mesh;
            shown.updateWhenOffscreen = true;
            Material look = Look();
            if (look)
            {
                look.color = new Color(part.Colour[0], part.Colour[1], part.Colour[2]);
                shown.sharedMaterial = look;
            }
        }

        /// <summary>A material of one's own for a part. Builds leave out shaders that nothing in them refers to.</summary>
        Material Look()
        {
            if (skin)
            {
                return new Material(skin);
            }
            foreach (string name in Shaders)
            {
                Shader shader = Shader.Find(name);
                if (shader)
                {
                    return new Material(shader);
                }
            }
            Debug.LogWarning("A2F: found no shader for the head in this build; give Talk Scene a material as Skin", this);
            return null;
        }

        void View()
        {
            Camera view = Camera.main;
            if (!view)
            {
                GameObject home = new GameObject("Camera");
                view = home.AddComponent<Camera>();
                home.AddComponent<AudioListener>();
            }
            view.transform.position = transform.position + new Vector3(0, 0.03f, 0.75f);
            view.transform.LookAt(transform.position + new Vector3(0, 0.01f, 0));
            view.fieldOfView = 28;
            view.nearClipPlane = 0.05f;
            GameObject lamp = new GameObject("Light");
            lamp.transform.rotation = Quaternion.Euler(35, 205, 0);
            lamp.AddComponent<Light>().type = LightType.Directional;
        }

        static Vector3[] Vectors(float[] numbers)
        {
            Vector3[] all = new Vector3[numbers.Length / 3];
            for (int k = 0; k < all.Length; k++)
            {
                all[k] = new Vector3(numbers[3 * k], numbers[3 * k + 1], numbers[3 * k + 2]);
            }
            return all;
        }
    }
}
