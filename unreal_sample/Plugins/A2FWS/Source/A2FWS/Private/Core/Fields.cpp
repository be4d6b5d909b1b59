#include "Fields.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "Bits.h"

namespace a2f {

namespace {

constexpr std::size_t kShownBytes = 60;
/** Floats are whole numbers of the wire only below this. */
constexpr double kWholeMost = 9007199254740992.0;
/** Stands for all that takes more than 63 bits. */
constexpr double kHugeMost = 18446744073709551616.0;

std::string ShowNumber(double number) {
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", number);
  return text;
}

/** The beginning of a text of whoever sent it, cut between two characters. */
std::string Shorten(std::string_view text) {
  std::size_t size = (std::min)(text.size(), kShownBytes);
  while (size > 0 && size < text.size() && (text[size] & 0xc0) == 0x80) --size;
  return std::string(text.substr(0, size));
}

std::string Show(const Plain& plain) {
  switch (plain.kind) {
    case Kind::kNil: return "nil";
    case Kind::kFlag: return plain.flag ? "true" : "false";
    case Kind::kWhole: return std::to_string(plain.whole);
    case Kind::kHuge: return "a number beyond 63 bits";
    case Kind::kReal: return ShowNumber(plain.real);
    case Kind::kText: return '"' + Shorten(plain.Text()) + '"';
    case Kind::kBin: return std::to_string(plain.bytes.size) + " bytes";
    case Kind::kList: return "a list";
    case Kind::kMap: break;
  }
  return "a map";
}

std::string ShowRange(double least, double most) {
  return ShowNumber(least) + " to " + ShowNumber(most);
}

std::size_t CountCharacters(Bytes text) {
  const auto begins = [](std::uint8_t byte) { return (byte & 0xc0) != 0x80; };
  return static_cast<std::size_t>(std::count_if(text.data, text.data + text.size, begins));
}

}  // namespace

void Reading::Enter(std::string_view name, std::uint32_t index) {
  if (depth < steps.size()) steps[depth] = {name, index};
  ++depth;
}

bool Reading::Fail(int code, const std::string& found, const std::string& wanted) {
  if (has_failed) return false;
  has_failed = true;
  std::string path;
  for (std::size_t k = 0; k < (std::min)(depth, steps.size()); ++k) {
    if (k > 0) path += '.';
    if (steps[k].name.data()) path += Shorten(steps[k].name);
    else path += std::to_string(steps[k].index);
  }
  fault->code = code;
  fault->closes = false;
  fault->message = path + ": found " + found + ", wanted " + wanted;
  fault->field = std::move(path);
  return false;
}

bool Reading::Fail(int code, const Plain& found, const std::string& wanted) {
  return has_failed ? false : Fail(code, Show(found), wanted);
}

bool Reading::Read(Cursor& at, std::int64_t& value, const WholeRule& rule) {
  Plain plain;
  if (!at.Next(plain)) return Fail(kMistyped, "nothing", "an integer");
  const bool is_whole_real = plain.kind == Kind::kReal && IsFinite(BitsOf(plain.real)) &&
                             std::abs(plain.real) < kWholeMost &&
                             std::floor(plain.real) == plain.real;
  if (is_whole_real) value = static_cast<std::int64_t>(plain.real);
  else if (plain.kind == Kind::kWhole) value = plain.whole;
  else if (plain.kind != Kind::kHuge) return Fail(kMistyped, plain, "an integer");
  if (plain.kind == Kind::kHuge || value < rule.least || value > rule.most) {
    return Fail(kBadValue, plain, std::to_string(rule.least) + " to " + std::to_string(rule.most));
  }
  return true;
}

bool Reading::Read(Cursor& at, std::int32_t& value, const WholeRule& rule) {
  std::int64_t wide = 0;
  if (!Read(at, wide, rule)) return false;
  value = static_cast<std::int32_t>(wide);
  return true;
}

bool Reading::Read(Cursor& at, double& value, const RealRule& rule) {
  Plain plain;
  if (!at.Next(plain)) return Fail(kMistyped, "nothing", "a number");
  if (plain.kind == Kind::kReal) value = plain.real;
  else if (plain.kind == Kind::kWhole) value = static_cast<double>(plain.whole);
  else if (plain.kind == Kind::kHuge) value = kHugeMost;
  else return Fail(kMistyped, plain, "a number");
  if (IsFinite(BitsOf(value)) && value >= rule.least && value <= rule.most) return true;
  return Fail(kBadValue, plain, ShowRange(rule.least, rule.most));
}

bool Reading::Read(Cursor& at, double& value, const FigureRule&) {
  return Read(at, value, RealRule{-kWholeMost, kWholeMost});
}

bool Reading::Read(Cursor& at, std::string& value, const TextRule& rule) {
  Plain plain;
  if (!at.Next(plain)) return Fail(kMistyped, "nothing", "text");
  if (plain.kind != Kind::kText) return Fail(kMistyped, plain, "text");
  const std::size_t count = CountCharacters(plain.bytes);
  if (count < rule.least || count > rule.most) {
    return Fail(kBadValue, plain, "text of another length");
  }
  value.assign(plain.Text());
  return true;
}

bool Reading::Read(Cursor& at, bool& value, const FlagRule&) {
  Plain plain;
  if (!at.Next(plain)) return Fail(kMistyped, "nothing", "true or false");
  if (plain.kind != Kind::kFlag) return Fail(kMistyped, plain, "true or false");
  value = plain.flag;
  return true;
}

bool Reading::Read(Cursor& at, Bytes& value, const BinRule& rule) {
  Plain plain;
  if (!at.Next(plain)) return Fail(kMistyped, "nothing", "bytes");
  if (plain.kind != Kind::kBin) return Fail(kMistyped, plain, "bytes");
  if (rule.size > 0 && plain.bytes.size != rule.size) {
    return Fail(kBadValue, plain, std::to_string(rule.size) + " bytes");
  }
  value = plain.bytes;
  return true;
}

bool Reading::Read(Cursor& at, std::array<std::uint8_t, 32>& value, const BinRule&) {
  Bytes bytes;
  if (!Read(at, bytes, BinRule{value.size()})) return false;
  std::copy(bytes.data, bytes.data + value.size(), value.begin());
  return true;
}

bool Reading::Read(Cursor& at, Bytes& value, const AnyMapRule&) {
  Cursor whole = at;
  Plain plain;
  if (!at.Next(plain)) return Fail(kMistyped, "nothing", "a map");
  if (plain.kind != Kind::kMap) return Fail(kMistyped, plain, "a map");
  at = whole;
  if (!at.Skip()) return Fail(kMistyped, "less than told", "a map");
  value = {whole.At(), static_cast<std::size_t>(at.At() - whole.At())};
  return true;
}

bool Reading::Read(Cursor& at, PoseRate& value, const RateRule&) {
  Cursor peek = at;
  Plain plain;
  value = {};
  if (peek.Next(plain) && plain.kind == Kind::kList) {
    if (!ReadPair(at)) return false;
    value.is_list = true;
    std::int32_t* const parts[] = {&value.num, &value.den};
    for (std::uint32_t k = 0; k < 2; ++k) {
      Enter({}, k);
      if (!Read(at, *parts[k], WholeRule{1, kInt31})) return false;
      Leave();
    }
  } else if (!Read(at, value.num, WholeRule{1, kInt31})) {
    return false;
  }
  const std::int64_t num = value.num;
  if (num >= 10 * std::int64_t{value.den} && num <= 240 * std::int64_t{value.den}) return true;
  return Fail(kBadValue, plain, "10 to 240 per second");
}

bool Reading::ReadWord(Cursor& at, std::size_t& value, const WordRule& rule) {
  Plain plain;
  if (!at.Next(plain)) return Fail(kMistyped, "nothing", "text");
  if (plain.kind != Kind::kText) return Fail(kMistyped, plain, "text");
  for (value = 0; value < rule.count; ++value) {
    if (plain.Text() == rule.words[value]) return true;
  }
  std::string wanted = rule.words[0];
  for (std::size_t k = 1; k < rule.count; ++k) wanted += std::string(", ") + rule.words[k];
  return Fail(kBadValue, plain, wanted);
}

bool Reading::ReadPair(Cursor& at) {
  std::uint32_t count = 0;
  if (!ReadHead(at, Kind::kList, count)) return false;
  return count == 2 || Fail(kBadValue, std::to_string(count) + " entries", "2 entries");
}

bool Reading::Read(Cursor& at, std::array<std::int32_t, 2>& value, const PairRule& rule) {
  if (!ReadPair(at)) return false;
  for (std::uint32_t k = 0; k < 2; ++k) {
    Enter({}, k);
    if (!Read(at, value[k], rule.entry)) return false;
    Leave();
  }
  return true;
}

bool Reading::Read(Cursor& at, IdlePlace& value, const PlaceRule&) {
  if (!ReadPair(at)) return false;
  Enter({}, 0);
  if (!Read(at, value.index, WholeRule{0, kInt31})) return false;
  Leave();
  Enter({}, 1);
  if (!Read(at, value.gain, RealRule{-1e6, 1e6})) return false;
  Leave();
  return true;
}

bool Reading::ReadHead(Cursor& at, Kind kind, std::uint32_t& count) {
  const char* const wanted = kind == Kind::kList ? "a list" : "a map";
  Plain plain;
  if (!at.Next(plain)) return Fail(kMistyped, "nothing", wanted);
  if (plain.kind != kind) return Fail(kMistyped, plain, wanted);
  count = plain.count;
  return true;
}

bool FieldReader::Find(std::string_view name, Cursor& at) {
  for (std::uint32_t tried = 0; tried < count_; ++tried) {
    if (passed_ == count_) {
      next_ = first_;
      passed_ = 0;
    }
    Plain key;
    if (!next_.Next(key)) return false;
    at = next_;
    if (!next_.Skip()) return false;
    ++passed_;
    if (key.kind != Kind::kText || key.Text() != name) continue;
    Cursor peek = at;
    Plain plain;
    return peek.Next(plain) && plain.kind != Kind::kNil;
  }
  return false;
}

void FieldReader::Refuse(int code, const char* name, const std::string& found,
                         const std::string& wanted) {
  if (reading_.has_failed) return;
  reading_.Enter(name);
  reading_.Fail(code, found, wanted);
  reading_.Leave();
}

bool FieldReader::PassPairs(Cursor& at, std::uint32_t count) {
  for (std::uint64_t left = 2 * std::uint64_t{count}; left > 0; --left) {
    if (!at.Skip()) return false;
  }
  return true;
}

bool FieldReader::PassNil(Cursor& at) {
  Cursor peek = at;
  Plain plain;
  if (!peek.Next(plain) || plain.kind != Kind::kNil) return false;
  at = peek;
  return true;
}

}  // namespace a2f
