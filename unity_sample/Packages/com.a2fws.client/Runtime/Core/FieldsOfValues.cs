using System;

namespace A2F.Core
{
    /// <summary>Fields that are a single value.</summary>
    internal sealed partial class Fields
    {
        /// <summary>An integer of the given range.</summary>
        public long Whole(string name, long value, long least, long most)
        {
            if (IsReading) return WholeAt(Need(name), name, least, most);
            Name(name);
            _out.Integer(value);
            return value;
        }

        public long? MaybeWhole(string name, long? value, long least, long most)
        {
            if (IsReading)
            {
                int token = Find(name);
                return token < 0 ? (long?)null : WholeAt(token, name, least, most);
            }
            return value.HasValue ? Whole(name, value.Value, least, most) : (long?)null;
        }

        /// <summary>An integer that stands for <paramref name="fallback"/> where it is absent.</summary>
        public long WholeOr(string name, long value, long fallback, long least, long most)
        {
            return IsReading && Find(name) < 0 ? fallback : Whole(name, value, least, most);
        }

        /// <summary>A number or time ≥ 0.</summary>
        public long Count(string name, long value)
        {
            return Whole(name, value, 0, Int53);
        }

        public long? MaybeCount(string name, long? value)
        {
            return MaybeWhole(name, value, 0, Int53);
        }

        /// <summary>A number of things that fits into an int, ≥ 0, such as `sid`.</summary>
        public int Small(string name, int value)
        {
            return (int)Whole(name, value, 0, Int31);
        }

        public int? MaybeSmall(string name, int? value)
        {
            return (int?)MaybeWhole(name, value, 0, Int31);
        }

        /// <summary>The same from 1 on, such as `u` and `layout`.</summary>
        public int Positive(string name, int value)
        {
            return (int)Whole(name, value, 1, Int31);
        }

        public int? MaybePositive(string name, int? value)
        {
            return (int?)MaybeWhole(name, value, 1, Int31);
        }

        /// <summary>A finite number within ± 10⁶.</summary>
        public float Real(string name, float value)
        {
            if (IsReading) return (float)NumberAt(Need(name), name, 1e6);
            Name(name);
            _out.Real(value);
            return value;
        }

        public float? MaybeReal(string name, float? value)
        {
            if (IsReading && Find(name) < 0 || !IsReading && !value.HasValue) return null;
            return Real(name, value.GetValueOrDefault());
        }

        public float RealOr(string name, float value, float fallback)
        {
            return IsReading && Find(name) < 0 ? fallback : Real(name, value);
        }

        public bool Flag(string name, bool value)
        {
            if (!IsReading)
            {
                Name(name);
                _out.Flag(value);
                return value;
            }
            int token = Need(name);
            if (token < 0) return false;
            Kind kind = _tape.Tokens[token].Kind;
            if (kind != Kind.True && kind != Kind.False) Fail(Codes.Malformed, name, token, "true or false");
            return kind == Kind.True;
        }

        public bool? MaybeFlag(string name, bool? value)
        {
            if (IsReading && Find(name) < 0 || !IsReading && !value.HasValue) return null;
            return Flag(name, value.GetValueOrDefault());
        }

        public bool FlagOr(string name, bool value, bool fallback)
        {
            return IsReading && Find(name) < 0 ? fallback : Flag(name, value);
        }

        public string Text(string name, string value)
        {
            if (IsReading) return TextAt(Need(name), name);
            if (value == null) Fail(Codes.Malformed, name, "nothing", "text");
            Name(name);
            _out.Text(value ?? "");
            return value;
        }

        public string MaybeText(string name, string value)
        {
            return (IsReading ? Find(name) < 0 : value == null) ? null : Text(name, value);
        }

        public string TextOr(string name, string value, string fallback)
        {
            return IsReading && Find(name) < 0 ? fallback : Text(name, value ?? fallback);
        }

        /// <summary>Which of some words it is.</summary>
        public int OneOf(string name, string[] words, int value)
        {
            if (!IsReading)
            {
                Text(name, value >= 0 && value < words.Length ? words[value] : null);
                return value;
            }
            int token = Need(name);
            if (token < 0) return 0;
            if (_tape.Tokens[token].Kind != Kind.Text) Fail(Codes.Malformed, name, token, "text");
            for (int k = 0; k < words.Length; k++)
            {
                if (_tape.Says(token, words[k])) return k;
            }
            Fail(Codes.BadValue, name, token, string.Join(", ", words));
            return 0;
        }

        public int OneOfOr(string name, string[] words, int value, int fallback)
        {
            return IsReading && Find(name) < 0 ? fallback : OneOf(name, words, value);
        }

        /// <summary>Bytes; what is read is a view of the frame. <paramref name="count"/> 0 = any number.</summary>
        public ArraySegment<byte> Bytes(string name, ArraySegment<byte> value, int count = 0)
        {
            if (!IsReading)
            {
                Name(name);
                _out.Binary(value);
                return value;
            }
            int token = Need(name);
            if (token < 0) return default(ArraySegment<byte>);
            if (_tape.Tokens[token].Kind != Kind.Bytes) Fail(Codes.Malformed, name, token, "bytes");
            else if (count > 0 && _tape.Tokens[token].Count != count) Fail(Codes.BadValue, name, token, count + " bytes");
            return Fault == null ? _tape.BytesOf(token) : default(ArraySegment<byte>);
        }

        public ArraySegment<byte>? MaybeBytes(string name, ArraySegment<byte>? value, int count = 0)
        {
            if (IsReading && Find(name) < 0 || !IsReading && !value.HasValue) return null;
            return Bytes(name, value.GetValueOrDefault(), count);
        }

        /// <summary>Poses per second: an integer or [numerator, denominator].</summary>
        public PoseRate Rate(string name, PoseRate value)
        {
            if (!IsReading)
            {
                if (!value.IsValid) Fail(Codes.BadValue, name, value.ToString(), "10 to 240 per second");
                Name(name);
                if (value.IsQuotient) _out.List(2);
                _out.Integer(value.Num);
                if (value.IsQuotient) _out.Integer(value.Den);
                return value;
            }
            int token = Need(name);
            if (token < 0) return default(PoseRate);
            PoseRate rate = _tape.Tokens[token].Kind == Kind.List ? Quotient(token, name)
                : new PoseRate((int)WholeAt(token, name, 1, Int31));
            if (!rate.IsValid) Fail(Codes.BadValue, name, token, "10 to 240 per second");
            return rate;
        }

        public PoseRate? MaybeRate(string name, PoseRate? value)
        {
            if (IsReading && Find(name) < 0 || !IsReading && !value.HasValue) return null;
            return Rate(name, value.GetValueOrDefault());
        }

        private PoseRate Quotient(int token, string name)
        {
            if (!HasEntries(token, name, 2)) return default(PoseRate);
            Enter(name);
            long num = WholeAt(token + 1, "0", 1, Int31);
            long den = WholeAt(_tape.Tokens[token + 1].Next, "1", 1, Int31);
            Leave();
            return new PoseRate((int)num, (int)den);
        }

        /// <summary>True for a list of that many entries.</summary>
        private bool HasEntries(int token, string name, int count)
        {
            if (_tape.Tokens[token].Kind != Kind.List) Fail(Codes.Malformed, name, token, "a list");
            else if (_tape.Tokens[token].Count != count) Fail(Codes.BadValue, name, token, count + " entries");
            return Fault == null;
        }

        /// <summary>An integer; a real without a fraction counts as one.</summary>
        private long WholeAt(int token, string name, long least, long most)
        {
            if (token < 0) return least;
            Token found = _tape.Tokens[token];
            if (found.Kind == Kind.Integer && found.Bits >= least && found.Bits <= most) return found.Bits;
            double value = found.Kind == Kind.Integer || found.Kind == Kind.Real ? _tape.NumberOf(token) : double.NaN;
            if (double.IsInfinity(value) || !(Math.Floor(value) == value)) Fail(Codes.Malformed, name, token, "an integer");
            else if (value < least || value > most) Fail(Codes.BadValue, name, token, least + " to " + most);
            return Fault == null ? (long)value : least;
        }

        private double NumberAt(int token, string name, double most)
        {
            if (token < 0) return 0;
            Kind kind = _tape.Tokens[token].Kind;
            if (kind != Kind.Integer && kind != Kind.Real)
            {
                Fail(Codes.Malformed, name, token, "a number");
                return 0;
            }
            double value = _tape.NumberOf(token);
            if (value >= -most && value <= most) return value;
            Fail(Codes.BadValue, name, token, "-" + most + " to " + most);
            return 0;
        }

        private string TextAt(int token, string name)
        {
            if (token < 0) return "";
            if (_tape.Tokens[token].Kind == Kind.Text) return _tape.TextOf(token);
            Fail(Codes.Malformed, name, token, "text");
            return "";
        }
    }
}
