/** Sound out, and poses slaved to its clock through the gate. */
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "../Core/Idle.h"
#include "../Core/PosePlayer.h"
#include "Line.h"
#include "Output.h"
#include "Sender.h"

namespace a2f {

/** What playing tells; called from within `Sample`. */
class PlaybackListener {
 public:
  virtual ~PlaybackListener() = default;
  /** Where the sound is: four times a second, and at changes. */
  virtual void OnHead(const Place& /*head*/, bool /*is_paused*/) {}
  /** Another line is played. */
  virtual void OnLineBegun(const Line& /*line*/) {}
  /** A line was played out or dropped. */
  virtual void OnLineEnded(const Line& /*line*/) {}
};

/** Plays lines one after the other on one output, whose rate is theirs. */
class Playback {
 public:
  Playback(PosePlayer& player, Output& output, PlaybackListener& listener)
      : player_(player), output_(output), listener_(listener) {}
  Playback(const Playback&) = delete;
  Playback& operator=(const Playback&) = delete;

  /** A line that comes next; its sound may still be coming. */
  void Queue(LineRef line);
  /** The sound stands by somebody's will: a paused game. */
  void Pause(bool is_paused) { is_paused_ = is_paused; }
  /** Drop what is played and what waits; what was heard of it is the head. */
  Place Interrupt(std::int64_t now_us);
  /** The row to show now, without idle life; once per frame. */
  RowView Sample(std::int64_t now_us);
  /** Tell the head again at the next sample: somebody new wants to know it. */
  void TellAgain() { told_us_ = kNever; }

  /** Something is said, or about to be. */
  bool IsBusy() const { return !lines_.empty(); }
  /** More waits than any server has to say: no more of what somebody else speaks is taken. */
  bool IsFull() const;
  const Line* Current() const { return lines_.empty() ? nullptr : lines_.front().get(); }
  /** How often the sound had to wait for poses. */
  int Stalls() const { return stalls_; }
  /** Time of the pose aimed at last - play head, microseconds; 0 at rest. */
  std::int64_t SkewUs() const { return skew_us_; }

 private:
  void Enter();
  void Leave();
  void Obey(std::optional<std::int64_t> head_us);
  void Pump();
  void Tell(std::optional<std::int64_t> head_us, std::int64_t now_us);
  std::optional<std::int64_t> HeadUs(std::int64_t now_us);

  PosePlayer& player_;
  Output& output_;
  PlaybackListener& listener_;
  std::deque<LineRef> lines_;
  std::vector<float> silence_;
  /** Frame of the line that is put next, and what the first one was in the line and the output. */
  std::int64_t next_ = 0;
  std::int64_t first_ = 0;
  std::int64_t first_put_ = 0;
  std::int64_t skew_us_ = 0;
  std::int64_t told_us_ = kNever;
  std::int32_t last_u_ = 0;
  int stalls_ = 0;
  bool is_paused_ = false;
  bool is_running_ = false;
  bool was_standing_ = false;
  bool was_stalled_ = false;
};

}  // namespace a2f
