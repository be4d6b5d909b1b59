#include "SoundQueue.h"

#include <algorithm>

namespace a2f {
namespace {

/** Seconds that fit: a game that hitches for two keeps speaking. */
constexpr int kKeptS = 3;
/** Sound that is halted or dropped fades over 1/100 s. */
constexpr int kFadePerS = 100;
/** Blocks that are pulled at once are rendered at once, and heard one behind the other. */
constexpr std::int64_t kBurstUs = 2000;
constexpr std::int64_t kGoneUs = 500'000;
constexpr std::int64_t kUsPerS = 1'000'000;

}  // namespace

SoundQueue::SoundQueue(int rate, std::int64_t latency_us)
    : rate_(rate),
      fade_frames_(static_cast<std::size_t>(rate / kFadePerS)),
      ring_(static_cast<std::size_t>(rate) * kKeptS),
      latency_us_(latency_us < 0 ? 0 : latency_us) {}

std::size_t SoundQueue::Put(const float* samples, std::size_t count) {
  const std::int64_t put = put_.load(std::memory_order_relaxed);
  const std::int64_t taken = taken_.load(std::memory_order_acquire);
  const std::size_t room = ring_.size() - static_cast<std::size_t>(put - taken);
  const std::size_t some = std::min(count, room);
  for (std::size_t k = 0; k < some; ++k) {
    ring_[(static_cast<std::size_t>(put) + k) % ring_.size()] = samples[k];
  }
  put_.store(put + static_cast<std::int64_t>(some), std::memory_order_release);
  return some;
}

void SoundQueue::Clear() {
  cleared_to_.store(put_.load(std::memory_order_relaxed), std::memory_order_release);
}

bool SoundQueue::IsPulled(std::int64_t now_us) const {
  const std::int64_t at_us = pulled_us_.load(std::memory_order_acquire);
  return at_us >= 0 && now_us - at_us < kGoneUs;
}

std::int64_t SoundQueue::HeardFrames(std::int64_t now_us) {
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::int64_t at_us = -1;
  std::int64_t run_us = -1;
  for (int tries = 0; tries < 100; ++tries) {
    const std::uint32_t before = turn_.load(std::memory_order_acquire);
    from = stamp_from_.load(std::memory_order_acquire);
    to = stamp_to_.load(std::memory_order_acquire);
    at_us = stamp_us_.load(std::memory_order_acquire);
    run_us = run_us_.load(std::memory_order_acquire);
    if (before % 2 == 0 && turn_.load(std::memory_order_acquire) == before) break;
  }
  // Nothing of what was pulled since the sound runs has left the device yet.
  if (at_us < 0 || now_us - run_us < latency_us_) {
    clock_.Read(heard_ * kUsPerS / rate_, now_us, false);
    return heard_;
  }
  // The block began to leave the device a latency after it was pulled, and ends with it.
  const std::int64_t since_us = std::max<std::int64_t>(0, now_us - at_us) - latency_us_;
  const std::int64_t last_us = to * kUsPerS / rate_;
  const std::int64_t raw_us = std::min(from * kUsPerS / rate_ + since_us, last_us);
  const bool runs = runs_.load(std::memory_order_relaxed) && raw_us < last_us;
  const std::int64_t heard_us =
      std::min(clock_.Read(std::max<std::int64_t>(0, raw_us), now_us, runs), last_us);
  heard_ = std::max(heard_, heard_us * rate_ / kUsPerS);
  return heard_;
}

void SoundQueue::Pull(float* out, std::size_t count, std::int64_t now_us) {
  std::int64_t taken = taken_.load(std::memory_order_relaxed);
  const std::int64_t put = put_.load(std::memory_order_acquire);
  const std::int64_t cleared = cleared_to_.load(std::memory_order_acquire);
  const bool runs = runs_.load(std::memory_order_acquire);
  std::size_t filled = 0;
  if (taken < cleared) {
    Fade(out, count, taken, cleared);
    filled = std::min(count, fade_frames_);
    taken = cleared;
    sounded_ = false;
  }
  const std::int64_t from = taken;
  if (runs) {
    const std::size_t some = Fill(out + filled, count - filled, taken, put);
    taken += static_cast<std::int64_t>(some);
    if (some < count - filled && sounded_ && some > 0)
      underruns_.fetch_add(1, std::memory_order_relaxed);
    sounded_ = some > 0;
    filled += some;
  } else if (sounded_ && filled == 0) {
    // What fades is said again when it goes on: a stall swallows nothing.
    Fade(out, count, taken, put);
    filled = std::min(count, fade_frames_);
    sounded_ = false;
  }
  std::fill(out + filled, out + count, 0.0F);
  taken_.store(taken, std::memory_order_release);
  // Blocks of silence tell nothing: what was pulled before them is heard to its end meanwhile.
  if (taken > from) Stamp(from, static_cast<std::size_t>(taken - from), now_us);
  is_running_ = taken > from;
  pulled_us_.store(now_us, std::memory_order_release);
}

std::size_t SoundQueue::Fill(float* out, std::size_t count, std::int64_t from, std::int64_t to) {
  const std::size_t some = std::min(count, static_cast<std::size_t>(to - from));
  for (std::size_t k = 0; k < some; ++k) {
    out[k] = ring_[(static_cast<std::size_t>(from) + k) % ring_.size()];
  }
  return some;
}

void SoundQueue::Fade(float* out, std::size_t count, std::int64_t from, std::int64_t to) {
  const std::size_t length = std::min(count, fade_frames_);
  const std::size_t some = sounded_ ? Fill(out, length, from, to) : 0;
  std::fill(out + some, out + length, 0.0F);
  for (std::size_t k = 0; k < some; ++k) {
    out[k] *= 1.0F - static_cast<float>(k + 1) / static_cast<float>(length);
  }
}

void SoundQueue::Stamp(std::int64_t from, std::size_t count, std::int64_t now_us) {
  const std::int64_t to = from + static_cast<std::int64_t>(count);
  const bool is_burst = is_running_ && from == stamp_to_.load(std::memory_order_relaxed) &&
                        now_us - stamp_us_.load(std::memory_order_relaxed) < kBurstUs;
  turn_.fetch_add(1, std::memory_order_acq_rel);
  if (!is_running_) run_us_.store(now_us, std::memory_order_release);
  stamp_to_.store(to, std::memory_order_release);
  if (!is_burst) {
    stamp_from_.store(from, std::memory_order_release);
    stamp_us_.store(now_us, std::memory_order_release);
  }
  turn_.fetch_add(1, std::memory_order_acq_rel);
}

}  // namespace a2f
