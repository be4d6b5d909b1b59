/** When sound was captured that comes in uneven blocks. */
#pragma once

#include <cstdint>

namespace a2f {

/**
 * The clock's time of frame 0 of a microphone: what a block tells is late by how long it waited, so
 * the least of the last seconds counts; a clock that drifts is followed (protocol section 19,
 * Gate).
 */
class CaptureClock {
 public:
  explicit CaptureClock(int rate) : rate_(rate) {}

  /** So many frames have been captured by now. */
  void Captured(std::int64_t frames, std::int64_t now_us) {
    const std::int64_t zero_us = now_us - frames * 1000000 / rate_;
    if (turned_us_ < 0 || now_us - turned_us_ > kWindowUs) {
      before_us_ = turned_us_ < 0 ? zero_us : least_us_;
      least_us_ = zero_us;
      turned_us_ = now_us;
    }
    if (zero_us < least_us_) least_us_ = zero_us;
  }

  /** The clock's time at which frame 0 was captured. */
  std::int64_t ZeroUs() const { return least_us_ < before_us_ ? least_us_ : before_us_; }

 private:
  static constexpr std::int64_t kWindowUs = 3000000;

  int rate_;
  std::int64_t least_us_ = 0;
  std::int64_t before_us_ = 0;
  std::int64_t turned_us_ = -1;
};

}  // namespace a2f
