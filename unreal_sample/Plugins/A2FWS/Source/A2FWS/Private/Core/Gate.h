/** When the sound of an utterance may run. */
#pragma once

#include <cstdint>
#include <optional>

#include "Rate.h"

namespace a2f {

/**
 * kWait: too few poses are here. kStart: the sound may be started, it is not heard yet. kPlay: it
 * runs. kStall: the poses stay away, the sound is halted where it is. kStop: interrupted or played
 * out.
 */
enum class GateState : std::uint8_t { kWait, kStart, kPlay, kStall, kStop };

/** What the player sees at one sample; times are poses' times, after the offset of the sound. */
struct Sight {
  /** Pose wanted now; while there is no sound, where the sound will start. */
  std::int64_t head_us = 0;
  /** The client gave a play head. */
  bool has_sound = false;
  /** Newest pose, kNever without one. */
  std::int64_t reach_us = kNever;
  /** No pose is to be waited for: all came, or the face is not visible. */
  bool is_done = false;
  /** Interrupted or played out. */
  bool is_over = false;
  /** Time for which the pose at the play head has been due and not here. */
  std::int64_t missing_us = 0;
  /** Time since the sample before, if the sound played evenly between the two, else 0. */
  std::int64_t even_us = 0;
  std::int64_t now_us = 0;
  /**
   * For a microphone, time on the clock that pose 0 belongs to: capture of sample 0 + look-ahead +
   * offset of the sound.
   */
  std::optional<std::int64_t> live_zero_us;
};

/** Starts the sound when enough poses are ahead of it, and halts it when they stay away. */
class Gate {
 public:
  /** Of the utterance sampled last. */
  GateState State() const { return state_; }
  /** How far poses must be ahead for the sound to start or to go on. */
  std::int64_t MarginUs() const { return margin_us_; }

  /** Take Open::ahead_us: a margin beyond half of it could never be filled. */
  void Limit(std::int64_t ahead_us);
  /** Another utterance: wait for its poses, with the margin that calm play has earned. */
  void Enter();
  /** Move on by what is seen at this sample. */
  void Update(const Sight& sight);
  /** A microphone's play head: now - sample 0 - look-ahead - margin, and never back. */
  std::optional<std::int64_t> LiveUs(std::int64_t now_us, std::int64_t live_zero_us);

 private:
  bool IsFilled(const Sight& sight) const;
  void Stand(const Sight& sight);
  void Play(const Sight& sight);
  bool IsStalling(const Sight& sight) const;

  GateState state_ = GateState::kWait;
  std::int64_t margin_us_ = 60000;
  std::int64_t most_us_ = 400000;
  std::int64_t calm_us_ = 0;
  std::int64_t live_us_ = kNever;
  /** How far a microphone's play head lies behind where it would be without any stall. */
  std::int64_t behind_us_ = 0;
};

}  // namespace a2f
