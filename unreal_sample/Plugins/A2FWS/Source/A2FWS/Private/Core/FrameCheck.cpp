#include <algorithm>

#include "Msgpack.h"

namespace a2f {

namespace {

/** Keys are compared one with each other up to so many, and sorted where there are more. */
constexpr std::size_t kFewKeys = 16;

/** Bytes behind the first one of a character of UTF-8, -1 when it begins none. */
int UtfTail(std::uint8_t first) {
  if (first < 0x80) return 0;
  if (first >= 0xc2 && first < 0xe0) return 1;
  if (first >= 0xe0 && first < 0xf0) return 2;
  return first >= 0xf0 && first < 0xf5 ? 3 : -1;
}

}  // namespace

bool IsUtf8(Bytes text) {
  for (std::size_t at = 0; at < text.size;) {
    const std::uint8_t first = text.data[at];
    const int tail = UtfTail(first);
    if (tail < 0 || static_cast<std::size_t>(tail) >= text.size - at) return false;
    for (int k = 1; k <= tail; ++k) {
      if ((text.data[at + static_cast<std::size_t>(k)] & 0xc0) != 0x80) return false;
    }
    const std::uint8_t second = tail > 0 ? text.data[at + 1] : std::uint8_t{0};
    const bool is_overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    const bool is_surrogate = first == 0xed && second >= 0xa0;
    const bool is_beyond = first == 0xf4 && second >= 0x90;
    if (is_overlong || is_surrogate || is_beyond) return false;
    at += static_cast<std::size_t>(tail) + 1;
  }
  return true;
}

const char* FrameCheck::Look(Bytes frame) {
  keys_.clear();
  values_ = 0;
  Cursor cursor(frame);
  Plain plain;
  Cursor first = cursor;
  if (!first.Next(plain)) return "found no value, wanted one map";
  if (plain.kind != Kind::kMap) return "found another value, wanted one map";
  if (const char* why = Value(cursor, 1)) return why;
  return cursor.IsAtEnd() ? nullptr : "found bytes behind the message";
}

const char* FrameCheck::Value(Cursor& cursor, int depth) {
  Plain plain;
  if (!cursor.Next(plain)) return "is cut off, or has a type that is not known";
  if (++values_ > kValuesMost) return "found more than 16384 values";
  if (plain.kind == Kind::kText && !IsUtf8(plain.bytes)) return "found text that is no UTF-8";
  if (plain.kind != Kind::kList && plain.kind != Kind::kMap) return nullptr;
  if (depth > kDepthMost) return "nested deeper than 8";
  if (plain.count > kEntriesMost) return "found more than 4096 entries in one list or map";
  if (plain.kind == Kind::kMap) return Map(cursor, plain.count, depth);
  for (std::uint32_t k = 0; k < plain.count; ++k) {
    if (const char* why = Value(cursor, depth + 1)) return why;
  }
  return nullptr;
}

const char* FrameCheck::Map(Cursor& cursor, std::uint32_t count, int depth) {
  const std::size_t from = keys_.size();
  for (std::uint32_t k = 0; k < count; ++k) {
    Plain key;
    if (!cursor.Next(key)) return "is cut off, or has a type that is not known";
    if (++values_ > kValuesMost) return "found more than 16384 values";
    if (key.kind != Kind::kText) return "found a key that is no text";
    if (!IsUtf8(key.bytes)) return "found a key that is no UTF-8";
    keys_.push_back(key.Text());
    if (const char* why = Value(cursor, depth + 1)) return why;
  }
  const bool has_twins = HasTwins(from);
  keys_.resize(from);
  return has_twins ? "found a key twice" : nullptr;
}

bool FrameCheck::HasTwins(std::size_t from) {
  const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(from);
  if (keys_.size() - from > kFewKeys) {
    std::sort(begin, keys_.end());
    return std::adjacent_find(begin, keys_.end()) != keys_.end();
  }
  for (auto one = begin; one != keys_.end(); ++one) {
    if (std::find(begin, one, *one) != one) return true;
  }
  return false;
}

}  // namespace a2f
