/** Sound from an audio thread to the game's thread, without a lock and without memory taken there.
 */
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace a2f {

/** One writer (whoever captures) and one reader (the game's thread); what finds no room is dropped.
 */
class Pipe {
 public:
  explicit Pipe(std::size_t frames) : ring_(frames > 0 ? frames : 1) {}

  /** Audio thread: the mean of interleaved channels, at a rate. */
  void Put(const float* interleaved, std::size_t frames, int channels, int rate) {
    if (channels < 1) return;
    rate_.store(rate, std::memory_order_relaxed);
    std::uint64_t put = put_.load(std::memory_order_relaxed);
    const std::uint64_t taken = taken_.load(std::memory_order_acquire);
    for (std::size_t frame = 0; frame < frames; ++frame) {
      if (put - taken >= ring_.size()) {
        dropped_.fetch_add(frames - frame, std::memory_order_relaxed);
        break;
      }
      float sum = 0.0F;
      for (int channel = 0; channel < channels; ++channel) sum += *interleaved++;
      ring_[static_cast<std::size_t>(put % ring_.size())] = sum / static_cast<float>(channels);
      ++put;
    }
    put_.store(put, std::memory_order_release);
  }

  /** Game's thread: append all that has come to `samples`; how many. */
  std::size_t Take(std::vector<float>& samples) {
    const std::uint64_t put = put_.load(std::memory_order_acquire);
    std::uint64_t taken = taken_.load(std::memory_order_relaxed);
    const auto count = static_cast<std::size_t>(put - taken);
    for (; taken < put; ++taken) {
      samples.push_back(ring_[static_cast<std::size_t>(taken % ring_.size())]);
    }
    taken_.store(taken, std::memory_order_release);
    return count;
  }

  /** Sample frames per second of what came last; 0 before. */
  int Rate() const { return rate_.load(std::memory_order_relaxed); }
  std::uint64_t Dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  std::vector<float> ring_;
  std::atomic<std::uint64_t> put_{0};
  std::atomic<std::uint64_t> taken_{0};
  std::atomic<std::uint64_t> dropped_{0};
  std::atomic<int> rate_{0};
};

}  // namespace a2f
