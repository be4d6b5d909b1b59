using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using A2F.Core;

namespace A2F.Tests
{
    /// <summary>One scenario of protocol/vectors/playback on a player of its own.</summary>
    internal sealed class PlaybackVectors
    {
        private readonly PosePlayer _player = new PosePlayer();
        private readonly Dictionary<string, IdlePlace> _roles = new Dictionary<string, IdlePlace>();
        private readonly Dictionary<int, int> _widths = new Dictionary<int, int>();
        private List<object> _answer;
        private int _answers;

        public static void Run(string root)
        {
            string[] paths = VectorFile.Paths(root, "playback");
            foreach (string path in paths)
            {
                string scenario = path;
                string name = Path.GetFileNameWithoutExtension(path);
                Check.That("the face is the one that every client shows: " + name, () => new PlaybackVectors().Replay(scenario));
            }
            Check.That("there are scenarios to replay", () => Check.True(paths.Length > 30, "more than 30"));
        }

        private void Replay(string path)
        {
            int number = 0;
            foreach (string line in File.ReadAllText(path).Split('\n'))
            {
                number++;
                if (line.Length == 0 || line[0] == '#') continue;
                string[] words = line.Split(' ');
                if (line[0] == '=') Compare(words, number);
                else Step(long.Parse(words[0]), words[1], Behind(words, 2));
            }
            Check.True(_answers > 0, "answers in the file");
        }

        private void Compare(string[] wanted, int number)
        {
            _answers++;
            bool isSame = _answer != null && _answer.Count == wanted.Length - 1;
            for (int k = 0; isSame && k < _answer.Count; k++) isSame = IsSame(_answer[k], wanted[k + 1]);
            string found = _answer == null ? "nothing" : string.Join(" ", _answer.ConvertAll(Text).ToArray());
            if (!isSame) throw new Mistake("line " + number + ": found " + found + ", wanted " + string.Join(" ", wanted));
        }

        private static bool IsSame(object found, string wanted)
        {
            if (!(found is float)) return Text(found) == wanted;
            return Math.Abs((float)found - Real(wanted)) <= 1e-5;
        }

        private static string Text(object value)
        {
            return Convert.ToString(value, CultureInfo.InvariantCulture);
        }

        private void Step(long nowUs, string verb, string[] words)
        {
            switch (verb)
            {
                case "opened": Opened(words); break;
                case "rest": Taken(_player.Rest(Number(words[0]), Floats(words, 1)), words[0]); break;
                case "poses": Poses(words); break;
                case "ramp": Ramp(words); break;
                case "utterance":
                    _player.Utterance(Number(words[0]), StateOf(words[1]), Number(words[2]), long.Parse(words[3]));
                    break;
                case "interrupt": _player.Interrupt(Number(words[0])); break;
                case "cue": _player.Cue(Number(words[0]), long.Parse(words[1])); break;
                case "listen": _player.Listen(Number(words[0]), long.Parse(words[1])); break;
                case "pace":
                    _player.Rate = Real(words[0]);
                    _player.IsPaused = words[1] == "1";
                    break;
                case "visible": _player.IsVisible = words[0] == "1"; break;
                case "av_offset_us": _player.AvOffsetUs = long.Parse(words[0]); break;
                case "keep_us": _player.KeepUs = words[0] == "all" ? PosePlayer.KeepAll : long.Parse(words[0]); break;
                case "role": _roles[words[0]] = new IdlePlace(Number(words[1]), (float)Real(words[2])); break;
                default: _answer = Ask(nowUs, verb, words); break;
            }
        }

        private List<object> Ask(long nowUs, string verb, string[] words)
        {
            var amounts = new float[Idle.Amounts];
            switch (verb)
            {
                case "sample": return Sample(nowUs, Number(words[0]), words[1]);
                case "live": return new List<object> { _player.Live(Number(words[0]), nowUs) ?? (object)"-" };
                case "margin": return new List<object> { _player.Gate.MarginUs };
                case "rows": return new List<object> { _player.Rows };
                case "offsets":
                    Idle.Offsets(uint.Parse(words[0]), nowUs, LevelOf(words[1]), amounts);
                    return new List<float>(amounts).ConvertAll(value => (object)value);
                case "apply":
                    Idle.Offsets(uint.Parse(words[0]), nowUs, LevelOf(words[1]), amounts);
                    return Apply(Floats(words, 2), amounts);
                default: throw new Mistake("no verb " + verb);
            }
        }

        private List<object> Sample(long nowUs, int u, string word)
        {
            long? playUs = word == "-" ? null : word == "live" ? _player.Live(u, nowUs) : long.Parse(word);
            float[] row = _player.Sample(u, playUs, nowUs);
            Check.Equal(row.Length, _player.Layout.Row);
            var answer = new List<object> { _player.State.ToString().ToLowerInvariant(), _player.Layout.Id };
            answer.AddRange(new List<float>(row).ConvertAll(value => (object)value));
            return answer;
        }

        /// <summary>Into another array and in place: both give the same.</summary>
        private List<object> Apply(float[] row, float[] amounts)
        {
            IdleRoles roles = IdleRoles.Of(_roles);
            var into = new float[row.Length];
            Idle.Apply(row, amounts, roles, into);
            Idle.Apply(row, amounts, roles, row);
            for (int k = 0; k < row.Length; k++) Check.Equal(row[k], into[k]);
            return new List<float>(into).ConvertAll(value => (object)value);
        }

        private void Opened(string[] words)
        {
            int layout = Number(words[0]), curves = Number(words[1]), transforms = Number(words[2]);
            _widths[layout] = curves + 7 * transforms;
            var message = new Opened
            {
                Layout = layout,
                Curves = new string[curves],
                Transforms = new string[transforms],
                Fps = new PoseRate(Number(words[3]), Number(words[4])),
                LookAheadUs = long.Parse(words[5]),
            };
            _player.Opened(message, long.Parse(words[6]));
        }

        private void Poses(string[] words)
        {
            float[] rows = Floats(words, 3);
            int layout = Number(words[1]);
            _player.Poses(Number(words[0]), layout, long.Parse(words[2]), rows, 0, rows.Length / _widths[layout]);
        }

        /// <summary>As bytes, which is how rows come.</summary>
        private void Ramp(string[] words)
        {
            int layout = Number(words[1]), n = Number(words[3]), width = _widths[layout];
            float[] two = Floats(words, 4);
            var rows = new float[n * width];
            for (int k = 0; k < rows.Length; k++) rows[k] = two[k % width] + k / width * two[width + k % width];
            var bytes = new byte[4 * rows.Length + 2];
            Buffer.BlockCopy(rows, 0, bytes, 2, 4 * rows.Length);
            var data = new ArraySegment<byte>(bytes, 2, 4 * rows.Length);
            _player.Poses(Number(words[0]), layout, long.Parse(words[2]), data);
        }

        private void Taken(bool isTaken, string layout)
        {
            Check.True(isTaken || Number(layout) != _player.Layout.Id, "a rest row that is taken");
        }

        private static UtteranceState StateOf(string word)
        {
            return (UtteranceState)Array.IndexOf(Words.UtteranceStates, word);
        }

        private static IdleLevel LevelOf(string word)
        {
            return word == "off" ? IdleLevel.Off : word == "blink" ? IdleLevel.Blink : IdleLevel.Alive;
        }

        private static int Number(string word)
        {
            return int.Parse(word, CultureInfo.InvariantCulture);
        }

        private static double Real(string word)
        {
            return double.Parse(word, CultureInfo.InvariantCulture);
        }

        private static float[] Floats(string[] words, int from)
        {
            var floats = new float[words.Length - from];
            for (int k = 0; k < floats.Length; k++) floats[k] = (float)Real(words[from + k]);
            return floats;
        }

        private static string[] Behind(string[] words, int from)
        {
            var behind = new string[words.Length - from];
            Array.Copy(words, from, behind, 0, behind.Length);
            return behind;
        }
    }
}
