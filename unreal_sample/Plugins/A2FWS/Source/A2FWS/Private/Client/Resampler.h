/** Sound of any rate at one rate, as it comes. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace a2f {

/** A windowed sinc between the samples of one stretch of sound. Where both rates are the same, the
 * very samples. */
class Resampler {
 public:
  /** Begin a stretch; rates in sample frames per second, above 0. */
  void Start(int from, int to);
  std::int64_t From() const { return from_; }

  /** Append to `out` what can be told by now; the last milliseconds wait for what comes next. */
  void Push(const float* samples, std::size_t count, std::vector<float>& out);
  /** The stretch is complete: append the rest, so that all together it lasts as long as the input.
   */
  void Finish(std::vector<float>& out);

 private:
  void Emit(std::int64_t end, std::vector<float>& out);
  float At(std::int64_t frame, std::int64_t phase) const;

  std::int64_t from_ = 0;
  std::int64_t to_ = 0;
  /** How many samples of each side have a say, and their weights for every place between two. */
  std::int64_t reach_ = 0;
  std::int64_t phases_ = 1;
  std::vector<float> rows_;
  /** Input that is still needed; `base_` is the frame of the first. */
  std::vector<float> kept_;
  std::int64_t base_ = 0;
  std::int64_t made_ = 0;
};

}  // namespace a2f
