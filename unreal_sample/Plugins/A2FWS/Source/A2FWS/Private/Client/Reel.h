// The sound of one line, as far as it has come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace a2f {

/** Longest sound that is kept of a line, s: more than anybody says in one go. */
constexpr std::int64_t kReelMostS = 3600;

/** Samples by frame, from the first that is kept to the newest. */
class Reel {
 public:
  /** @param rate sample frames per second. */
  /** @param first frame of the utterance at which the sound begins. */
  Reel(int rate, std::int64_t first) : rate_(rate), first_(first), base_(first) {}

  int Rate() const { return rate_; }
  /** The first frame that is kept. */
  std::int64_t First() const { return first_; }
  /** Frame after the newest. */
  std::int64_t End() const { return base_ + static_cast<std::int64_t>(samples_.size()); }
  std::int64_t EndUs() const { return ToUs(End()); }
  bool IsEnded() const { return is_ended_; }

  /** No more will come. */
  void Finish() { is_ended_ = true; }

  /** Frames that are kept. */
  std::int64_t Kept() const { return static_cast<std::int64_t>(samples_.size()); }

  /** Take mono samples, -1 ... 1; they are copied, as many as there is room for. */
  void Append(const float* samples, std::size_t count);
  /** Take silence. */
  void AppendSilence(std::size_t count);

  /** Frames from ... to - 1, which must be kept; valid until the next change. */
  const float* Read(std::int64_t from) const {
    return samples_.data() + static_cast<std::size_t>(from - base_);
  }

  /** Let go of what lies before a frame. */
  void Forget(std::int64_t before);

  /** Frame at a time, within what is kept. */
  std::int64_t FrameAt(std::int64_t t_us) const;

  /** floor(frame * 10^6 / rate). */
  std::int64_t ToUs(std::int64_t frame) const;

 private:
  std::size_t Room(std::size_t count) const;

  int rate_;
  std::int64_t first_;
  /** Frame of samples_[0]. */
  std::int64_t base_;
  std::vector<float> samples_;
  bool is_ended_ = false;
};

}  // namespace a2f
