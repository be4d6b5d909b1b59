/** The poses of one utterance, found by time. */
#pragma once

#include <optional>

#include "Run.h"

namespace a2f {

/** Poses later than this are given up, holes wider than this are not bridged (section 19), us. */
constexpr std::int64_t kLateUs = 100000;

/** What an utterance shows at one moment. */
struct Found {
  /** To be read at once; null while there is no pose at all. */
  const float* row = nullptr;
  const LayoutRef* layout = nullptr;
  /** Time of the row: the time asked for, or that of the row that stands instead. */
  std::int64_t at_us = 0;
  /** Play time since a pose that is not here was due; nothing when nothing is missing. */
  std::optional<std::int64_t> late_us;
};

/** One utterance as far as it is known here. */
class Track {
 public:
  std::int32_t u = 0;
  /** Where the client will start its sound, if not at its first sample. */
  std::optional<std::int64_t> cue_us;
  /** For a microphone, when sample 0 was captured on the client's clock. */
  std::optional<std::int64_t> captured_us;

  /** Know nothing of utterance `number`; one that is dead takes no rows. */
  void Begin(std::int32_t number, bool is_dead);

  /** Take an `utterance` of it. */
  void Tell(UtteranceState state, std::int64_t poses, std::int64_t t_us);
  /** Interrupted: forget every row, take no more. */
  void Kill();
  /**
   * Take poses i, i + 1, ..., whatever has come before; rows that were here are replaced, rows of
   * an older layout end where rows of a newer one begin. False: dead, or too torn to pieces.
   */
  bool Add(const LayoutRef& layout, std::int64_t i, const float* rows, std::int64_t count);
  /**
   * The row at a time: between two poses linear (through `mixed`), before the first pose the first.
   * A hole of up to 100 ms is crossed linearly; in a wider one, after the newest pose, and where
   * rows were forgotten, the nearest row stands.
   */
  Found At(std::int64_t t_us, std::vector<float>& mixed) const;
  /** Drop the poses before a time, but for the one that is needed to show that time. */
  void Forget(std::int64_t before_us);

  /** No more poses will come. */
  bool IsDone() const { return is_done_; }
  /** Interrupted, without anything to play, or played to the end of both poses and sound. */
  bool IsOver(std::optional<std::int64_t> head_us, std::optional<std::int64_t> play_us) const;
  /** Where the sound starts: the client's own cue, else the first sample. */
  std::int64_t StartUs() const { return cue_us.value_or(first_us_); }
  /** Time of the newest pose; kNever without one. */
  std::int64_t ReachUs() const { return runs_.empty() ? kNever : runs_.back().LastUs(); }
  /** Time of the last pose of an utterance that is done. */
  std::int64_t EndUs() const;
  /** Number of rows kept, and of bytes that they take. */
  std::int64_t Rows() const;
  std::int64_t RowBytes() const;

 private:
  std::size_t After(std::int64_t t_us) const;
  void EndOthers(const Layout& layout, std::int64_t t_us);
  Run& Insert(std::size_t k, const LayoutRef& layout, std::int64_t i);
  void Remove(std::size_t k);
  void Join(std::size_t k);

  std::int64_t first_us_ = 0;
  std::int64_t sound_end_us_ = kNever;
  std::int64_t done_us_ = kNever;
  bool is_done_ = false;
  bool is_empty_ = false;
  bool is_dead_ = false;
  bool has_forgotten_ = false;
  /** In order of time; spare ones only lend their memory. */
  std::vector<Run> runs_;
  std::vector<Run> spare_;
};

}  // namespace a2f
