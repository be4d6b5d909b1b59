using System;

namespace A2F.Core
{
    /// <summary>A message, or a map inside of one: it names its fields once, for reading and for writing.</summary>
    public abstract class Body
    {
        /// <summary>Hand every field to <paramref name="f"/> and keep what comes back.</summary>
        internal abstract void Walk(Fields f);
    }

    /// <summary>
    /// Goes through the fields of a message. Writing, each is written and given back as it was; reading, each is
    /// given back as the frame has it. The first fault stays, and whatever comes after it is left alone.
    /// </summary>
    internal sealed partial class Fields
    {
        public const int Int31 = int.MaxValue;
        public const long Int53 = (1L << 53) - 1;

        private readonly Tape _tape = new Tape();
        private readonly Step[] _path = new Step[Tape.DepthMax + 2];
        private FrameWriter _out;
        private int _map;
        private int _written;
        private int _depth;

        /// <summary>What is wrong; null while nothing is.</summary>
        public Fault Fault { get; private set; }

        public bool IsReading => _out == null;

        /// <summary>Begin to read a frame; false where it is no message at all.</summary>
        public bool Begin(byte[] bytes, int offset, int count)
        {
            _out = null;
            _map = _depth = 0;
            Fault = null;
            string wrong = _tape.Scan(bytes, offset, count);
            if (wrong == null && _tape.Tokens[0].Kind != Kind.Map) wrong = "found " + _tape.Show(0) + ", wanted one map";
            if (wrong != null) Fault = new Fault(Codes.Malformed, "not a message: " + wrong, null, true);
            return Fault == null;
        }

        /// <summary>Which of some names `op` is; −1 where it is none of them, or where there is a fault.</summary>
        public int Op(string[] names)
        {
            int op = _tape.Find(0, "op");
            if (op < 0 || _tape.Tokens[op].Kind != Kind.Text) Fail(Codes.Malformed, "op", op, "text");
            else
            {
                for (int k = 0; k < names.Length; k++)
                {
                    if (_tape.Says(op, names[k])) return k;
                }
            }
            return -1;
        }

        /// <summary>Write a message behind what is there already; a fault leaves nothing of it behind.</summary>
        public Fault Write(string op, Body body, FrameWriter into)
        {
            _out = into;
            _depth = _written = 0;
            Fault = null;
            int before = into.Count;
            int map = into.BeginMap();
            Text("op", op);
            body.Walk(this);
            into.EndMap(map, _written);
            if (Fault != null) into.CutTo(before);
            _out = null;
            return Fault;
        }

        /// <summary>Refuse a message whose fields do not fit together.</summary>
        public void Refuse(string name, long found, string wanted)
        {
            Fail(Codes.BadValue, name, found.ToString(), wanted);
        }

        /// <summary>Token of a field that is present, −1 for one that is absent.</summary>
        private int Find(string name)
        {
            return Fault == null ? _tape.Find(_map, name) : -1;
        }

        /// <summary>The same for one that has to be there.</summary>
        private int Need(string name)
        {
            int token = Find(name);
            if (token < 0) Fail(Codes.Malformed, name, "nothing", "a value");
            return token;
        }

        private void Name(string name)
        {
            _out.Text(name);
            _written++;
        }

        private void Fail(int code, string name, int token, string wanted)
        {
            if (Fault == null) Fail(code, name, _tape.Show(token), wanted);
        }

        /// <param name="name">Of the field; null for the entry of a list or map that was entered last.</param>
        private void Fail(int code, string name, string found, string wanted)
        {
            if (Fault != null) return;
            string path = "";
            for (int k = 0; k < Math.Min(_depth, _path.Length); k++)
            {
                path += (k > 0 ? "." : "") + (_path[k].Name ?? _path[k].Index.ToString());
            }
            if (name != null) path += (_depth > 0 ? "." : "") + name;
            Fault = new Fault(code, path + ": found " + found + ", wanted " + wanted, path);
        }

        private void Enter(string name, int index = 0)
        {
            if (_depth < _path.Length)
            {
                _path[_depth].Name = name;
                _path[_depth].Index = index;
            }
            _depth++;
        }

        private void Leave(int steps = 1)
        {
            _depth -= steps;
        }

        private struct Step
        {
            public string Name;
            public int Index;
        }
    }
}
