/** What the fields of messages are made of: types and ranges, read and written alike. */
#pragma once

#include <type_traits>

#include "Messages.h"
#include "Msgpack.h"

namespace a2f {

/** An integer in a range; one that comes as a float without a fraction counts. */
struct WholeRule {
  std::int64_t least;
  std::int64_t most;
};
/** A finite number, written as a float. */
struct RealRule {
  double least;
  double most;
};
/** A finite number for people, written as an integer where it is one. */
struct FigureRule {};
/** Text of so many characters. */
struct TextRule {
  std::size_t least = 0;
  std::size_t most = static_cast<std::size_t>(-1);
};
struct FlagRule {};
/** One of some words, which are the values of an enum in their order. */
struct WordRule {
  const char* const* words;
  std::size_t count;
};
/** Bytes, exactly so many where `size` is not 0. */
struct BinRule {
  std::size_t size = 0;
};
/** Poses per second: an integer or [numerator, denominator]. */
struct RateRule {};
/** [lowest, highest]. */
struct PairRule {
  WholeRule entry;
};
/** A role of idle life: [index into the row, gain]. */
struct PlaceRule {};
/** A map inside of a message, with fields of its own. */
struct PartRule {};
/** Whatever map it is, as it stands. */
struct AnyMapRule {};
template <class Rule>
struct ListRule {
  Rule entry;
};
/** A map from names of the user's, of at least `least` characters, to values. */
template <class Rule>
struct MapRule {
  Rule entry;
  std::size_t least = 0;
};

/** How far reading has come: the way to the value at hand, and the first fault. */
struct Reading {
  struct Step {
    std::string_view name;
    std::uint32_t index = 0;
  };
  /** A step for each level of nesting that a description may have, with room to spare. */
  std::array<Step, 8> steps;
  std::size_t depth = 0;
  Fault* fault = nullptr;
  bool has_failed = false;

  void Enter(std::string_view name, std::uint32_t index = 0);
  void Leave() { --depth; }
  /** Note the first fault, at the value at hand; false for the caller to hand on. */
  bool Fail(int code, const std::string& found, const std::string& wanted);
  bool Fail(int code, const Plain& found, const std::string& wanted);

  bool Read(Cursor& at, std::int64_t& value, const WholeRule& rule);
  bool Read(Cursor& at, std::int32_t& value, const WholeRule& rule);
  bool Read(Cursor& at, double& value, const RealRule& rule);
  bool Read(Cursor& at, double& value, const FigureRule& rule);
  bool Read(Cursor& at, std::string& value, const TextRule& rule);
  bool Read(Cursor& at, bool& value, const FlagRule& rule);
  bool Read(Cursor& at, Bytes& value, const BinRule& rule);
  bool Read(Cursor& at, std::array<std::uint8_t, 32>& value, const BinRule& rule);
  bool Read(Cursor& at, Bytes& value, const AnyMapRule& rule);
  bool Read(Cursor& at, PoseRate& value, const RateRule& rule);
  bool Read(Cursor& at, std::array<std::int32_t, 2>& value, const PairRule& rule);
  bool Read(Cursor& at, IdlePlace& value, const PlaceRule& rule);
  bool ReadWord(Cursor& at, std::size_t& value, const WordRule& rule);
  /** The head of a list of two entries, and of any list or map. */
  bool ReadPair(Cursor& at);
  bool ReadHead(Cursor& at, Kind kind, std::uint32_t& count);
};

constexpr int kMistyped = 4400;
constexpr int kBadValue = 4422;
/** Reads the fields of one map. `Describe(reader, message)` names them all. */
class FieldReader {
 public:
  static constexpr bool kReads = true;

  /** Begin behind the head of a map of `count` pairs. */
  FieldReader(Reading& reading, Cursor first, std::uint32_t count)
      : reading_(reading), first_(first), next_(first), count_(count) {}

  template <class T, class Rule>
  void Need(const char* name, T& value, const Rule& rule) {
    Take(name, value, rule, true);
  }
  /** A field that keeps what it has when it is absent. */
  template <class T, class Rule>
  void Or(const char* name, T& value, const Rule& rule) {
    Take(name, value, rule, false);
  }
  template <class T, class Rule>
  void May(const char* name, std::optional<T>& value, const Rule& rule) {
    Cursor at;
    if (reading_.has_failed || !Find(name, at)) return;
    value.emplace();
    Take(name, *value, rule, false);
  }
  /** Refuse a message whose fields do not fit together. */
  void Refuse(int code, const char* name, const std::string& found, const std::string& wanted);
  bool HasFailed() const { return reading_.has_failed; }
  /** Where a field's value is; false when it is absent or nil. */
  bool Find(std::string_view name, Cursor& at);

 private:
  template <class T, class Rule>
  void Take(const char* name, T& value, const Rule& rule, bool is_needed) {
    if (reading_.has_failed) return;
    Cursor at;
    const bool is_there = Find(name, at);
    reading_.Enter(name);
    if (is_there) Value(at, value, rule);
    else if (is_needed) reading_.Fail(kMistyped, "nothing", "a value");
    reading_.Leave();
  }

  template <class T, class Rule>
  bool Value(Cursor& at, T& value, const Rule& rule) {
    return reading_.Read(at, value, rule);
  }
  template <class T>
  bool Value(Cursor& at, T& value, const WordRule& rule) {
    std::size_t word = 0;
    if (!reading_.ReadWord(at, word, rule)) return false;
    value = static_cast<T>(word);
    return true;
  }
  template <class T>
  bool Value(Cursor& at, T& value, const PartRule&) {
    std::uint32_t count = 0;
    if (!reading_.ReadHead(at, Kind::kMap, count)) return false;
    FieldReader inner(reading_, at, count);
    Describe(inner, value);
    return !reading_.has_failed && PassPairs(at, count);
  }
  template <class T, class Rule>
  bool Value(Cursor& at, std::vector<T>& list, const ListRule<Rule>& rule) {
    std::uint32_t count = 0;
    if (!reading_.ReadHead(at, Kind::kList, count)) return false;
    list.clear();
    list.reserve(count < kEntriesMost ? count : kEntriesMost);
    for (std::uint32_t k = 0; k < count; ++k) {
      reading_.Enter({}, k);
      list.emplace_back();
      if (!Value(at, list.back(), rule.entry)) return false;
      reading_.Leave();
    }
    return true;
  }
  template <class T, class Rule>
  bool Value(Cursor& at, std::vector<std::pair<std::string, T>>& map, const MapRule<Rule>& rule) {
    std::uint32_t count = 0;
    if (!reading_.ReadHead(at, Kind::kMap, count)) return false;
    map.clear();
    for (std::uint32_t k = 0; k < count; ++k) {
      std::string key;
      if (!reading_.Read(at, key, TextRule{rule.least})) return false;
      if (PassNil(at)) continue;
      map.emplace_back(std::move(key), T{});
      reading_.Enter(map.back().first);
      if (!Value(at, map.back().second, rule.entry)) return false;
      reading_.Leave();
    }
    return true;
  }

  static bool PassPairs(Cursor& at, std::uint32_t count);
  static bool PassNil(Cursor& at);

  Reading& reading_;
  Cursor first_;
  /** Writers keep the order of the description: the next field is looked for behind the last. */
  Cursor next_;
  std::uint32_t passed_ = 0;
  std::uint32_t count_;
};

/** Counts the fields that have a value, for the head of their map. */
class FieldCounter {
 public:
  static constexpr bool kReads = false;

  template <class T, class Rule>
  void Need(const char*, const T&, const Rule&) { ++count; }
  template <class T, class Rule>
  void Or(const char*, const T&, const Rule&) { ++count; }
  template <class T, class Rule>
  void May(const char*, const std::optional<T>& value, const Rule&) { count += value ? 1 : 0; }

  std::uint32_t count = 0;
};

/** Writes the fields that have a value. */
class FieldWriter {
 public:
  static constexpr bool kReads = false;

  explicit FieldWriter(Packer& packer) : packer_(packer) {}

  template <class T, class Rule>
  void Need(const char* name, const T& value, const Rule& rule) {
    packer_.Text(name);
    Value(value, rule);
  }
  template <class T, class Rule>
  void Or(const char* name, const T& value, const Rule& rule) { Need(name, value, rule); }
  template <class T, class Rule>
  void May(const char* name, const std::optional<T>& value, const Rule& rule) {
    if (value) Need(name, *value, rule);
  }

 private:
  void Value(std::int64_t value, const WholeRule&) { packer_.Whole(value); }
  void Value(double value, const RealRule&) { packer_.Real(value); }
  void Value(double value, const FigureRule&) { packer_.Figure(value); }
  void Value(const std::string& value, const TextRule&) { packer_.Text(value); }
  void Value(bool value, const FlagRule&) { packer_.Flag(value); }
  void Value(Bytes value, const BinRule&) { packer_.Bin(value); }
  void Value(Bytes value, const AnyMapRule&) { packer_.Raw(value); }
  void Value(const std::array<std::uint8_t, 32>& value, const BinRule&) {
    packer_.Bin({value.data(), value.size()});
  }
  void Value(const PoseRate& value, const RateRule&) {
    if (value.is_list) packer_.List(2);
    packer_.Whole(value.num);
    if (value.is_list) packer_.Whole(value.den);
  }
  void Value(const std::array<std::int32_t, 2>& value, const PairRule&) {
    packer_.List(2);
    for (const std::int32_t one : value) packer_.Whole(one);
  }
  void Value(const IdlePlace& value, const PlaceRule&) {
    packer_.List(2);
    packer_.Whole(value.index);
    packer_.Real(value.gain);
  }
  template <class T>
  void Value(const T& value, const WordRule& rule) {
    packer_.Text(rule.words[static_cast<std::size_t>(value)]);
  }
  template <class T>
  void Value(const T& value, const PartRule&) {
    FieldCounter counter;
    Describe(counter, value);
    packer_.Map(counter.count);
    Describe(*this, value);
  }
  template <class T, class Rule>
  void Value(const std::vector<T>& list, const ListRule<Rule>& rule) {
    packer_.List(static_cast<std::uint32_t>(list.size()));
    for (const T& entry : list) Value(entry, rule.entry);
  }
  template <class T, class Rule>
  void Value(const std::vector<std::pair<std::string, T>>& map, const MapRule<Rule>& rule) {
    packer_.Map(static_cast<std::uint32_t>(map.size()));
    for (const auto& [name, value] : map) {
      packer_.Text(name);
      Value(value, rule.entry);
    }
  }

  Packer& packer_;
};

/** What a description is given: a message to fill or one to read from. */
template <class Form, class T>
using Described = std::conditional_t<Form::kReads, T, const T>;

}  // namespace a2f
