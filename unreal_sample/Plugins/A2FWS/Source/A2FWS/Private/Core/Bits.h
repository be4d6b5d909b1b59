/**
 * Floats by their bits. Engines compile with fast arithmetic, under which a compiler may take every
 * comparison with what is not a number for granted: whether a value is one is asked of its bits.
 */
#pragma once

#include <cstdint>
#include <cstring>

namespace a2f {

inline float FloatOf(std::uint32_t bits) {
  float value = 0.0F;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

inline double DoubleOf(std::uint64_t bits) {
  double value = 0.0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

inline std::uint32_t BitsOf(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline std::uint64_t BitsOf(double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

/** Neither infinite nor no number at all (IEEE 754: an exponent that is not all ones). */
inline bool IsFinite(std::uint32_t bits) { return (bits & 0x7f800000U) != 0x7f800000U; }
inline bool IsFinite(std::uint64_t bits) {
  return (bits & 0x7ff0000000000000U) != 0x7ff0000000000000U;
}
inline bool IsNumber(float value) {
  const std::uint32_t bits = BitsOf(value);
  return IsFinite(bits) || (bits & 0x007fffffU) == 0;
}

}  // namespace a2f
