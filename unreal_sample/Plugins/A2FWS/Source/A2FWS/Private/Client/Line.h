/** One stretch of speech: its sound on the way out, its poses on the way in. */
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "../Core/Messages.h"
#include "Reel.h"

namespace a2f {

/** kQueued: nothing was sent yet. kFailed: the server refused it, or the session ended. */
enum class LineState : std::uint8_t {
  kQueued,
  kStarted,
  kAudioDone,
  kPosesDone,
  kInterrupted,
  kFailed
};

/** Sound behind the play head that is kept, s: a connection that is lost is taken up there, less
 * what a model looks back. */
constexpr std::int64_t kHeardKeptS = 10;

/** A line that is said; `Session::Say` makes it. */
struct Line {
  Line(std::int32_t number, int rate, std::int64_t first)
      : u(number), reel(rate, first), sent(first) {}

  /** Number of the utterance. */
  const std::int32_t u;
  Reel reel;
  LineState state = LineState::kQueued;
  /** Frame after the last one sent on this connection. */
  std::int64_t sent;
  /** Sound may be sent up to here, microseconds. */
  std::int64_t credit_to_us = 0;
  /** Time of the newest pose that has come + 1; 0 before the first. */
  std::int64_t poses_us = 0;
  /** Poses before this are not wanted: it was taken up again here. */
  std::int64_t from_us = 0;
  /** Something of it was sent on this connection. */
  bool has_begun = false;
  bool is_end_sent = false;
  /** It is heard elsewhere as it comes, a microphone or a voice: what is old is worth nothing. */
  bool is_live = false;
  /** No more sound is taken; the server's last word is awaited. */
  bool is_halted = false;

  /** Nothing more of it comes. */
  bool IsOver() const { return state >= LineState::kPosesDone; }

  /** It is only played here. */
  void SendNothing() { sent = std::numeric_limits<std::int64_t>::max(); }

  /** Let go of sound long before a frame that was heard, unless it is still to be sent. */
  void Heard(std::int64_t frame) {
    reel.Forget(std::min(frame, sent) - kHeardKeptS * reel.Rate());
  }

  /** Let go of all but the newest sound, also where none of it could be sent. */
  void KeepNewest() {
    reel.Forget(reel.End() - kHeardKeptS * reel.Rate());
    sent = std::max(sent, reel.First());
  }

  /** Sound may be sent up to here. */
  void Allow(std::int64_t to_us) {
    if (to_us > credit_to_us) credit_to_us = to_us;
  }

  /** Begin, or begin anew on another connection, at a time of the line. */
  void Begin(std::int64_t at_us, std::int64_t look_back_us, std::int64_t credit_us) {
    from_us = at_us;
    sent = reel.FrameAt(at_us - look_back_us);
    credit_to_us = reel.ToUs(sent) + credit_us;
    has_begun = is_end_sent = false;
  }
};

}  // namespace a2f
