#include "Reel.h"

#include <algorithm>

namespace a2f {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;

}  // namespace

void Reel::Append(const float* samples, std::size_t count) {
  samples_.insert(samples_.end(), samples, samples + Room(count));
}

void Reel::AppendSilence(std::size_t count) { samples_.insert(samples_.end(), Room(count), 0.0F); }

std::size_t Reel::Room(std::size_t count) const {
  const std::int64_t room = is_ended_ ? 0 : kReelMostS * rate_ - Kept();
  return std::min(count, static_cast<std::size_t>(std::max<std::int64_t>(0, room)));
}

void Reel::Forget(std::int64_t before) {
  first_ = std::min(std::max(before, first_), End());
  // Moved in one go now and then, so that a microphone costs the same in its tenth hour.
  const std::int64_t stale = first_ - base_;
  if (stale < static_cast<std::int64_t>(samples_.size() / 2) || stale < rate_) return;
  samples_.erase(samples_.begin(), samples_.begin() + stale);
  base_ = first_;
}

std::int64_t Reel::FrameAt(std::int64_t t_us) const {
  const std::int64_t seconds = std::max<std::int64_t>(0, t_us) / kSecondUs;
  const std::int64_t rest = std::max<std::int64_t>(0, t_us) % kSecondUs;
  const std::int64_t frame = seconds * rate_ + rest * rate_ / kSecondUs;
  return std::min(std::max(frame, first_), End());
}

std::int64_t Reel::ToUs(std::int64_t frame) const {
  return frame / rate_ * kSecondUs + frame % rate_ * kSecondUs / rate_;
}

}  // namespace a2f
