/** msgpack: checking whole frames, reading single values, writing. */
#pragma once

#include <string_view>
#include <vector>

#include "Bytes.h"

namespace a2f {

/** Bounds of a message (protocol section 2): entries of one list or map, nesting, values in all. */
constexpr std::uint32_t kEntriesMost = 4096;
constexpr int kDepthMost = 8;
constexpr std::uint32_t kValuesMost = 16384;

enum class Kind : std::uint8_t { kNil, kFlag, kWhole, kHuge, kReal, kText, kBin, kList, kMap };

/** One value; of a list or map only how many entries follow. */
struct Plain {
  Kind kind = Kind::kNil;
  bool flag = false;
  /** kWhole: the number. kHuge is a whole number beyond 63 bits. */
  std::int64_t whole = 0;
  double real = 0.0;
  /** kText and kBin: a view of the frame. */
  Bytes bytes;
  /** kList: entries, kMap: pairs. */
  std::uint32_t count = 0;

  std::string_view Text() const {
    return {reinterpret_cast<const char*>(bytes.data), bytes.size};
  }
};

/** Goes through bytes value by value and never beyond their end. */
class Cursor {
 public:
  Cursor() = default;
  explicit Cursor(Bytes bytes) : at_(bytes.data), end_(bytes.data + bytes.size) {}

  /** Read one value, of a list or map its head only. False: cut off, or a type that is not known. */
  bool Next(Plain& plain);
  /** Pass a value with everything in it; of a checked frame always true. */
  bool Skip();
  bool IsAtEnd() const { return at_ == end_; }
  const std::uint8_t* At() const { return at_; }
  std::size_t Left() const { return static_cast<std::size_t>(end_ - at_); }

 private:
  bool Take(std::size_t count, const std::uint8_t*& from);
  bool Number(std::size_t count, std::uint64_t& number);
  bool Sized(std::size_t count, Kind kind, Plain& plain);
  bool Long(std::uint8_t tag, Plain& plain);
  bool Run(std::uint64_t size, Kind kind, Plain& plain);

  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
};

/** Says whether bytes are one sound map; keeps its memory for the next frame. */
class FrameCheck {
 public:
  /**
   * Nothing wrong: null. Else why the bytes are no message: cut off, bytes behind it, not one map,
   * a key twice or no text, no UTF-8, an extension type, too many entries or values, too deep.
   */
  const char* Look(Bytes frame);

 private:
  const char* Value(Cursor& cursor, int depth);
  const char* Map(Cursor& cursor, std::uint32_t count, int depth);
  bool HasTwins(std::size_t from);

  std::vector<std::string_view> keys_;
  std::uint32_t values_ = 0;
};

/** True for text in UTF-8 without surrogates and overlong forms. */
bool IsUtf8(Bytes text);

/** Writes values in their shortest form; `out` is appended to. */
class Packer {
 public:
  explicit Packer(std::vector<std::uint8_t>& out) : out_(out) {}

  void Nil() { Byte(0xc0); }
  void Flag(bool flag) { Byte(flag ? 0xc3 : 0xc2); }
  void Whole(std::int64_t number);
  /** A float 64. */
  void Real(double number);
  /** A whole number where it is one, else a float. */
  void Figure(double number);
  void Text(std::string_view text);
  void Bin(Bytes bytes);
  /** Followed by that many values. */
  void List(std::uint32_t count) { Head(count, 0x90, 0xdc); }
  /** Followed by that many pairs of a text and a value. */
  void Map(std::uint32_t count) { Head(count, 0x80, 0xde); }
  /** A value that is packed already. */
  void Raw(Bytes packed);

 private:
  void Byte(std::uint8_t byte) { out_.push_back(byte); }
  void Big(std::uint64_t number, int bytes);
  void Head(std::uint32_t count, std::uint8_t fixed, std::uint8_t wide);

  std::vector<std::uint8_t>& out_;
};

}  // namespace a2f
