/** The row to show now. */
#pragma once

#include <optional>
#include <vector>

#include "Blend.h"
#include "Gate.h"
#include "Head.h"
#include "Layout.h"
#include "Messages.h"
#include "Utterances.h"

namespace a2f {

/** Default of Open::ahead_us, and how long poses are kept behind the play head, microseconds. */
constexpr std::int64_t kAheadUs = 1500000;
constexpr std::int64_t kKeepUs = 500000;

/**
 * Shows the poses of one session at the play head; owns neither clock nor sound.
 *
 * Hand in what the server sends (`TakeOpened`, `TakeRest`, `TakePoses`, `TakeUtterance`), say what
 * you do yourself (`Interrupt`, `Cue`, `Listen` and the public members), and ask with `Sample` once
 * per frame. Times are integers in microseconds; `now_us` is any steady clock. Messages change
 * nothing that is shown, the next `Sample` does. All calls belong on one thread. Once its memory
 * has grown to what a session needs, nothing is allocated any more.
 */
class PosePlayer {
 public:
  /** Play speed, as in `played`; 0 stands. */
  double rate = 1.0;
  /** The sound stands still by your will (not in a stall of the gate). */
  bool is_paused = false;
  /** As last told to the server by `set`: while false the gate waits for no poses. */
  bool is_visible = true;
  /** How much later the sound is heard than the play head says; may be negative. */
  std::int64_t av_offset_us = 0;
  /** How far behind the play head poses are kept; nothing keeps all. */
  std::optional<std::int64_t> keep_us = kKeepUs;
  /** Of `opened` or the newest `status` "rate", for a microphone's play head. */
  std::int64_t look_ahead_us = 0;

  PosePlayer();
  PosePlayer(const PosePlayer&) = delete;
  PosePlayer& operator=(const PosePlayer&) = delete;

  /** Take an `opened`: the rows that follow have this layout. `ahead_us` as asked for in `open`. */
  void TakeOpened(const Opened& opened, std::int64_t ahead_us = kAheadUs);
  /** The same under a layout number of your own. */
  void TakeOpened(const Opened& opened, std::int32_t layout, std::int64_t ahead_us);

  /** Take a `rest`. False: not of the layout opened last, or not one row of it; nothing changes. */
  bool TakeRest(std::int32_t layout, RowView row);
  bool TakeRest(std::int32_t layout, Bytes row);

  /**
   * Take `poses`: rows i, i + 1, ... one behind the other. False: not of the layout opened last, no
   * whole rows of it, values beyond 10^30, not wanted any more, or more than a player keeps; nothing changes.
   */
  bool TakePoses(std::int32_t u, std::int32_t layout, std::int64_t i, RowView rows);
  bool TakePoses(std::int32_t u, std::int32_t layout, std::int64_t i, Bytes rows);

  /** Take an `utterance`, its fields as in the message. */
  void TakeUtterance(std::int32_t u, UtteranceState state, std::int64_t poses, std::int64_t t_us);

  /** You interrupt every utterance up to u: what is shown of one eases to rest. */
  void Interrupt(std::int32_t u);

  /** The sound of u will start here, not at its first sample (a line taken up again). */
  void Cue(std::int32_t u, std::int64_t play_us);

  /** u is a microphone that nobody hears here; its sample 0 was captured at that time of the clock. */
  void Listen(std::int32_t u, std::int64_t captured_us);

  /** The play head of a microphone, to be given to `Sample`; nothing while it does not run. */
  std::optional<std::int64_t> LiveUs(std::int32_t u, std::int64_t now_us);

  /**
   * The row to show, in the layout `Shown()`, without idle life; empty before any `opened`. Valid
   * until the next call.
   *
   * @param u utterance that sounds or is to sound next, >= 1; 0 when there is none.
   * @param play_us play head from sample 0 of u; nothing without sound.
   * @param now_us your clock, >= 0.
   */
  RowView Sample(std::int32_t u, std::optional<std::int64_t> play_us, std::int64_t now_us);

  /** What the gate says about the sound of the u that was sampled last. */
  GateState State() const { return state_; }
  /** How far poses must be ahead for the sound to start or to go on, microseconds. */
  std::int64_t MarginUs() const { return gate_.MarginUs(); }
  /** Layout of the row that `Sample` gave last: where its curves, transforms and idle roles are. */
  const Layout& Shown() const { return blend_.Shown(); }
  /** Time of the pose that the last `Sample` aimed at; nothing when that was the rest row. */
  std::optional<std::int64_t> ShownUs() const { return shown_us_; }
  /** Number of rows kept, of all utterances. */
  std::int64_t Rows() const { return utterances_.Rows(); }

 private:
  RowView Follow(Track& track, std::optional<std::int64_t> play_us, bool is_new, std::int64_t now_us);
  void AskGate(const Track& track, std::optional<std::int64_t> play_us, std::int64_t missing_us,
               std::int64_t now_us);
  std::optional<std::int64_t> ZeroUs(const Track& track) const;

  Gate gate_;
  GateState state_ = GateState::kWait;
  std::optional<std::int64_t> shown_us_;
  LayoutRef opened_;
  Utterances utterances_;
  Blend blend_;
  Head head_;
  std::vector<float> mixed_;
  std::vector<float> taken_;
};

}  // namespace a2f
