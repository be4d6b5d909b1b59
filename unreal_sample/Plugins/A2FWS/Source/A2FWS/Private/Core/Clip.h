/** Clip files (`a2f-ws bake`): lines whose poses were computed before, played without a server. */
#pragma once

#include <array>
#include <vector>

#include "Codec.h"
#include "PosePlayer.h"

namespace a2f {

/** What a clip is of. */
struct ClipHead {
  std::int32_t protocol = 1;
  /** "name/version" of the program that wrote it. */
  std::string maker;
  /** Name of the sound file. */
  std::string source;
  /** SHA-256 of the samples in `sound`'s format. */
  std::array<std::uint8_t, 32> sound_hash{};
  AudioFormat sound;
  /** Sample frames of the sound. */
  std::int64_t frames = 0;
  std::int64_t poses = 0;
  /** Explicit emotion by name, 0 to 1. */
  Values emotion;
  std::optional<std::array<std::uint8_t, 32>> key;
  /** What else is known of the line, such as its text or who speaks. */
  std::vector<std::pair<std::string, std::string>> line;
};

/** A clip in memory: the poses of one line, for a player. */
class Clip {
 public:
  /** Take the content of a clip file. False: it is none, or damaged; `fault` says where. */
  bool Load(Bytes content, Fault& fault);

  const ClipHead& Head() const { return head_; }
  /** What its rows consist of. */
  const Opened& Shape() const { return opened_; }
  /** The row to show before and after it. */
  RowView RestRow() const { return {rest_.data(), rest_.size()}; }
  /** All rows, one behind the other. */
  RowView Rows() const { return {rows_.data(), rows_.size()}; }
  /** Index of the first pose. */
  std::int64_t First() const { return first_; }
  /** Where its sound begins and ends, microseconds. */
  std::int64_t StartUs() const { return start_us_; }
  std::int64_t SoundEndUs() const { return sound_end_us_; }
  /** Time of the last pose, microseconds; without any, of the first sample. */
  std::int64_t EndUs() const { return end_us_; }

  /**
   * Hand everything to a player, as if a server had sent it.
   *
   * @param u the utterance that the clip is to be; it rises within a player.
   * @param layout number of its rows; another one for every rig that the player has seen.
   */
  void Feed(PosePlayer& player, std::int32_t u = 1, std::int32_t layout = 1) const;

 private:
  friend class ClipReader;

  ClipHead head_;
  Opened opened_;
  std::vector<float> rest_;
  std::vector<float> rows_;
  std::int64_t first_ = 0;
  std::int64_t start_us_ = 0;
  std::int64_t sound_end_us_ = 0;
  std::int64_t end_us_ = 0;
};

}  // namespace a2f
