#include "Output.h"

#include <algorithm>

namespace a2f {
namespace {

constexpr std::int64_t kPartsPerFrame = 1'000'000;
/** Most sound that waits to be heard, s. */
constexpr std::int64_t kWaitingMostS = 3;
/** Readings further apart than this are a jump of the device and not unevenness. */
constexpr double kJumpUs = 60'000;
/** Share of the distance to a reading that is made good at each one. */
constexpr double kGain = 0.1;
/** A game that stood still (a debugger, a level that loads) goes on from where it was. */
constexpr std::int64_t kHitchUs = 1'000'000;

}  // namespace

std::int64_t HeardClock::Read(std::int64_t raw_us, std::int64_t now_us, bool runs) {
  const double raw = static_cast<double>(raw_us);
  const double even = read_us_ < 0 ? raw : heard_us_ + static_cast<double>(now_us - read_us_);
  const double error = raw - even;
  const bool is_even = runs && error < kJumpUs && error > -kJumpUs;
  heard_us_ = std::max(heard_us_, is_even ? even + kGain * error : raw);
  read_us_ = runs ? now_us : -1;
  return static_cast<std::int64_t>(heard_us_);
}

std::size_t SilentOutput::Put(const float* /*samples*/, std::size_t count) {
  const std::int64_t room = kWaitingMostS * static_cast<std::int64_t>(rate_);
  const std::int64_t waiting = put_ - heard_parts_ / kPartsPerFrame;
  const auto taken =
      std::min(static_cast<std::int64_t>(count), std::max<std::int64_t>(0, room - waiting));
  put_ += taken;
  return static_cast<std::size_t>(taken);
}

void SilentOutput::Clear() { heard_parts_ = put_ * kPartsPerFrame; }

std::int64_t SilentOutput::HeardFrames(std::int64_t now_us) {
  if (runs_ && read_us_ >= 0) {
    const std::int64_t passed_us = std::min(std::max<std::int64_t>(0, now_us - read_us_), kHitchUs);
    heard_parts_ = std::min(put_ * kPartsPerFrame, heard_parts_ + passed_us * rate_);
  }
  read_us_ = now_us;
  return heard_parts_ / kPartsPerFrame;
}

}  // namespace a2f
