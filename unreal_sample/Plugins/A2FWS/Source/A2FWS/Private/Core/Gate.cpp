#include "Gate.h"

#include <algorithm>

namespace a2f {

namespace {

/** Numbers of protocol section 19 (Gate), microseconds. */
constexpr std::int64_t kMarginLeastUs = 40000;
constexpr std::int64_t kMarginMostUs = 400000;
constexpr std::int64_t kStallGrowthUs = 40000;
constexpr std::int64_t kCalmGainUs = 10000;
constexpr std::int64_t kCalmUs = 10000000;
constexpr std::int64_t kStallUs = 100000;
constexpr std::int64_t kCatchUpUs = 250000;

}  // namespace

void Gate::Limit(std::int64_t ahead_us) {
  most_us_ = (std::min)(kMarginMostUs, ahead_us / 2);
  margin_us_ = (std::min)(margin_us_, most_us_);
}

void Gate::Enter() {
  for (; calm_us_ >= kCalmUs; calm_us_ -= kCalmUs) {
    const std::int64_t least_us = (std::min)(margin_us_, kMarginLeastUs);
    margin_us_ = (std::max)(least_us, margin_us_ - kCalmGainUs);
  }
  state_ = GateState::kWait;
  live_us_ = kNever;
  behind_us_ = 0;
}

void Gate::Update(const Sight& sight) {
  if (sight.is_over) state_ = GateState::kStop;
  else if (sight.has_sound) Play(sight);
  else Stand(sight);
}

std::optional<std::int64_t> Gate::LiveUs(std::int64_t now_us, std::int64_t live_zero_us) {
  if (state_ == GateState::kWait || state_ == GateState::kStop) return {};
  if (state_ != GateState::kStall || live_us_ == kNever) {
    live_us_ = (std::max)(live_us_, now_us - live_zero_us - margin_us_ - behind_us_);
  }
  return live_us_;
}

bool Gate::IsFilled(const Sight& sight) const {
  return sight.is_done || sight.reach_us >= sight.head_us + margin_us_;
}

void Gate::Stand(const Sight& sight) {
  if (state_ == GateState::kPlay || state_ == GateState::kStall) {
    state_ = sight.is_done ? GateState::kStop : GateState::kWait;
  }
  if (state_ == GateState::kWait && IsFilled(sight)) state_ = GateState::kStart;
}

bool Gate::IsStalling(const Sight& sight) const {
  return sight.missing_us >= kStallUs && !sight.is_done && sight.reach_us < sight.head_us;
}

void Gate::Play(const Sight& sight) {
  const bool was_stalled = state_ == GateState::kStall;
  if (was_stalled && !IsFilled(sight)) return;
  if (!was_stalled && IsStalling(sight)) {
    state_ = GateState::kStall;
    calm_us_ = 0;
    margin_us_ = (std::min)(margin_us_ + kStallGrowthUs, most_us_);
    return;
  }
  if (!was_stalled) calm_us_ += sight.even_us;
  state_ = GateState::kPlay;
  if (!sight.live_zero_us) return;
  // A microphone goes on a margin before its newest pose: after a stall, and where it has fallen
  // back and many poses are here again.
  const std::int64_t on_us = (std::max)(sight.head_us, sight.reach_us - margin_us_);
  const bool has_many = behind_us_ > 0 && on_us > sight.head_us + kCatchUpUs;
  if (was_stalled || has_many) {
    const std::int64_t due_us = sight.now_us - *sight.live_zero_us - margin_us_;
    behind_us_ = (std::max)(std::int64_t{0}, due_us - on_us);
  }
}

}  // namespace a2f
