#include "Head.h"

#include <algorithm>
#include <cmath>

namespace a2f {

namespace {

/** A play head that is further off than this has jumped (protocol section 19), microseconds. */
constexpr double kHeadJumpUs = 100000.0;
/** What a slow play speed makes of a delay is not counted beyond this. */
constexpr double kDueMostUs = 9e15;

}  // namespace

std::int64_t Head::Clock(std::int64_t now_us) {
  passed_us_ = now_us_ ? (std::max)(std::int64_t{0}, now_us - *now_us_) : 0;
  now_us_ = now_us_ ? *now_us_ + passed_us_ : now_us;
  return *now_us_;
}

void Head::Leave() {
  at_us_.reset();
  last_us_.reset();
  missing_since_us_.reset();
}

void Head::Move(std::optional<std::int64_t> at_us, double speed) {
  has_jumped_ = false;
  even_us_ = 0;
  if (at_us && at_us_) {
    const auto step_us = static_cast<double>(*at_us - *at_us_);
    has_jumped_ = std::abs(step_us - speed * static_cast<double>(passed_us_)) > kHeadJumpUs;
    const bool is_still = !(std::abs(speed) > 0.0);
    even_us_ = has_jumped_ || is_still ? 0 : passed_us_;
  }
  at_us_ = at_us;
  if (at_us) last_us_ = at_us;
}

std::int64_t Head::MissingUs(std::optional<std::int64_t> late_us, double rate, bool is_paused) {
  if (!late_us || !at_us_ || !now_us_) {
    missing_since_us_.reset();
    return 0;
  }
  if (!missing_since_us_) {
    const double due_us = rate > 0.0 ? static_cast<double>(*late_us) / rate : 0.0;
    const auto since_us = static_cast<std::int64_t>((std::min)(due_us, kDueMostUs));
    missing_since_us_ = (std::max)(*now_us_ - passed_us_, *now_us_ - since_us);
  } else if (is_paused) {
    *missing_since_us_ += passed_us_;
  }
  return *now_us_ - *missing_since_us_;
}

}  // namespace a2f
