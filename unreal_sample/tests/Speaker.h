/** A speaking session without a server: the frames that one would send, and a player for them. */
#pragma once

#include <cstdint>
#include <vector>

#include "Core/ClientProtocol.h"
#include "Core/Idle.h"
#include "Core/Pcm.h"
#include "Core/PosePlayer.h"

/** Says lines of two seconds one after the other, 60 poses a second, sampled 60 times a second. */
class Speaker {
 public:
  /** So many curves and transforms. */
  Speaker(std::size_t curves, std::size_t transforms);

  /** One line: its frames in, a row with idle life out per sample, its sound out. */
  void SayLine();
  /** So many samples of the clock were shown. */
  std::int64_t Samples() const { return samples_; }
  /** Sum of what was shown, so that no work can be left out. */
  double Sum() const { return sum_; }
  /** A message of the server that was refused, or a row that was not taken: there must be none. */
  bool HasFailed() const { return has_failed_; }

 private:
  void Hand(const a2f::Message& message);
  void Take(const a2f::Message& message);
  void Show();
  void Hear();

  std::size_t row_;
  a2f::ClientProtocol protocol_;
  a2f::PosePlayer player_;
  std::vector<std::uint8_t> frame_;
  std::vector<std::uint8_t> sent_;
  std::vector<std::uint8_t> data_;
  std::vector<std::uint8_t> pcm_;
  std::vector<float> samples_of_sound_;
  std::vector<float> shown_;
  std::int32_t u_ = 0;
  std::int64_t now_us_ = 0;
  std::optional<std::int64_t> play_us_;
  std::int64_t samples_ = 0;
  double sum_ = 0.0;
  bool has_failed_ = false;
};
