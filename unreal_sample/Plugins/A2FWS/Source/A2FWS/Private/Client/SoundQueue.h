// Sound from the game's thread to the audio thread, without a lock and without memory taken there.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "Output.h"

namespace a2f {

/** One writer (the game's thread) and one reader (whoever renders audio). */
class SoundQueue final : public Output {
 public:
  /** @param rate sample frames per second. */
  /** @param latency_us from the pull of a frame to the moment when it is heard, >= 0. */
  explicit SoundQueue(int rate, std::int64_t latency_us = 0);

  int Rate() const override { return rate_; }
  std::size_t Put(const float* samples, std::size_t count) override;
  void Run(bool runs) override { runs_.store(runs, std::memory_order_release); }
  void Clear() override;
  std::int64_t PutFrames() const override { return put_.load(std::memory_order_relaxed); }
  std::int64_t HeardFrames(std::int64_t now_us) override;

  void SetLatencyUs(std::int64_t latency_us) { latency_us_ = latency_us < 0 ? 0 : latency_us; }
  std::int64_t LatencyUs() const { return latency_us_; }
  /** Blocks in which the sound ran out although it should have run. */
  std::uint32_t Underruns() const { return underruns_.load(std::memory_order_relaxed); }
  /** Whether the reader has come within the last half second. */
  bool IsPulled(std::int64_t now_us) const;

  /** Audio thread: give `count` mono samples, silence where there is none. */
  void Pull(float* out, std::size_t count, std::int64_t now_us);

 private:
  std::size_t Fill(float* out, std::size_t count, std::int64_t from, std::int64_t to);
  void Fade(float* out, std::size_t count, std::int64_t from, std::int64_t to);
  void Stamp(std::int64_t from, std::size_t count, std::int64_t now_us);

  const int rate_;
  const std::size_t fade_frames_;
  std::vector<float> ring_;
  std::atomic<std::int64_t> put_{0};
  std::atomic<std::int64_t> taken_{0};
  /** Everything before is dropped. */
  std::atomic<std::int64_t> cleared_to_{0};
  std::atomic<bool> runs_{false};
  std::atomic<std::uint32_t> underruns_{0};
  /** The reader's last burst of blocks with sound: odd while it is written (a sequence lock of one
   * writer).
   */
  std::atomic<std::uint32_t> turn_{0};
  std::atomic<std::int64_t> stamp_from_{0};
  std::atomic<std::int64_t> stamp_to_{0};
  std::atomic<std::int64_t> stamp_us_{-1};
  /** When the first block behind silence was pulled. */
  std::atomic<std::int64_t> run_us_{-1};
  /** When the reader came last, sound or not. */
  std::atomic<std::int64_t> pulled_us_{-1};
  /** The game's thread only. */
  std::int64_t latency_us_;
  std::int64_t heard_ = 0;
  HeardClock clock_;
  /** The audio thread only. */
  bool sounded_ = false;
  bool is_running_ = false;
};

}  // namespace a2f
