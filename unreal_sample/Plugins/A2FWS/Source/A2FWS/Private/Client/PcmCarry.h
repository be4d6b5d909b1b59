/** Bytes of 16-bit sound, cut anywhere. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace a2f {

/** Makes whole frames of pieces that end within one. */
class PcmCarry {
 public:
  /** Append the frames that are complete, interleaved, -1 ... 1; the rest waits for more. */
  void Push(const std::uint8_t* bytes, std::size_t size, int channels, std::vector<float>& out) {
    if (channels < 1) return;
    if (channels != channels_) rest_.clear();
    channels_ = channels;
    rest_.insert(rest_.end(), bytes, bytes + size);
    const std::size_t frame = 2 * static_cast<std::size_t>(channels);
    const std::size_t whole = rest_.size() / frame * frame;
    for (std::size_t k = 0; k < whole; k += 2) {
      const int value = rest_[k] | rest_[k + 1] << 8;
      out.push_back(static_cast<float>(value < 32768 ? value : value - 65536) / 32768.0F);
    }
    rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(whole));
  }

  /** The line is over: half a frame of it is none. */
  void Drop() { rest_.clear(); }

 private:
  std::vector<std::uint8_t> rest_;
  int channels_ = 0;
};

}  // namespace a2f
