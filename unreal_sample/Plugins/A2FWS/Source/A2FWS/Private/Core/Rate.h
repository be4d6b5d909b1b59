/** Rational time: which pose belongs to which microsecond, exactly and without overflow. */
#pragma once

#include <cstdint>

namespace a2f {

/** Integers on the wire are below 2^53. */
constexpr std::int64_t kInt53 = (std::int64_t{1} << 53) - 1;
constexpr std::int32_t kInt31 = 0x7fffffff;

/** A time before all others, and what no product is larger than. */
constexpr std::int64_t kNever = -(std::int64_t{1} << 62);
constexpr std::int64_t kEver = std::int64_t{1} << 62;

/** floor(a * b / c) for a, b >= 0 and c >= 1, through 128 bits; kEver where it would be larger. */
std::int64_t MulDiv(std::int64_t a, std::int64_t b, std::int64_t c);

/** Time of a sample frame, microseconds, floored; frames >= 0, rate in frames per second >= 1. */
std::int64_t FramesToUs(std::int64_t frames, std::int32_t rate);

/** Sample frames that fit into a time, floored. */
std::int64_t UsToFrames(std::int64_t t_us, std::int32_t rate);

/** Poses per second as a fraction, 10 to 240. */
struct PoseRate {
  std::int32_t num = 60;
  std::int32_t den = 1;
  /** True for a rate that the wire writes as [num, den] rather than as one integer. */
  bool is_list = false;

  /** Time of pose i after sample 0 of its utterance, microseconds, floored. */
  std::int64_t TimeUs(std::int64_t i) const;
  /** Largest i with TimeUs(i) <= t_us, for t_us >= 0. */
  std::int64_t PoseAt(std::int64_t t_us) const;
};

}  // namespace a2f
