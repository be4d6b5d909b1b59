#include "Rate.h"

namespace a2f {

namespace {

constexpr std::int64_t kMicroseconds = 1000000;
constexpr std::uint64_t kHalf = 0xffffffffU;

/** floor((high * 2^64 + low) / c) for a quotient below 2^63, bit by bit; c below 2^63. */
std::int64_t DivideWide(std::uint64_t high, std::uint64_t low, std::uint64_t c) {
  if (high >= c) return kEver;
  std::uint64_t rest = high;
  std::uint64_t quotient = 0;
  for (int bit = 63; bit >= 0; --bit) {
    rest = rest << 1 | (low >> bit & 1U);
    quotient <<= 1;
    if (rest >= c) {
      rest -= c;
      quotient |= 1U;
    }
  }
  return quotient > static_cast<std::uint64_t>(kEver) ? kEver : static_cast<std::int64_t>(quotient);
}

}  // namespace

std::int64_t MulDiv(std::int64_t a, std::int64_t b, std::int64_t c) {
  const auto x = static_cast<std::uint64_t>(a);
  const auto y = static_cast<std::uint64_t>(b);
  const std::uint64_t low = (x & kHalf) * (y & kHalf);
  const std::uint64_t cross = (x >> 32) * (y & kHalf) + (low >> 32);
  const std::uint64_t other = (x & kHalf) * (y >> 32) + (cross & kHalf);
  const std::uint64_t high = (x >> 32) * (y >> 32) + (cross >> 32) + (other >> 32);
  const auto divisor = static_cast<std::uint64_t>(c);
  if (high > 0) return DivideWide(high, x * y, divisor);
  const std::uint64_t quotient = x * y / divisor;
  return quotient > static_cast<std::uint64_t>(kEver) ? kEver : static_cast<std::int64_t>(quotient);
}

std::int64_t FramesToUs(std::int64_t frames, std::int32_t rate) {
  return MulDiv(frames, kMicroseconds, rate);
}

std::int64_t UsToFrames(std::int64_t t_us, std::int32_t rate) {
  return MulDiv(t_us, rate, kMicroseconds);
}

std::int64_t PoseRate::TimeUs(std::int64_t i) const { return MulDiv(i, kMicroseconds * den, num); }

std::int64_t PoseRate::PoseAt(std::int64_t t_us) const {
  // The largest i with i * c < (t + 1) * num, where c = 10^6 * den: ceil of the quotient, less one.
  const std::int64_t c = kMicroseconds * den;
  const std::int64_t i = MulDiv(t_us + 1, num, c);
  return i > 0 && TimeUs(i) > t_us ? i - 1 : i;
}

}  // namespace a2f
