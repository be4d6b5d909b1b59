/** All utterances that may still be shown. */
#pragma once

#include <memory>

#include "Track.h"

namespace a2f {

/** Tracks by number, from the utterance sampled last on; their memory is used again. */
class Utterances {
 public:
  /** The newest u that was sampled; 0 before the first. */
  std::int32_t Current() const { return current_; }
  /** True unless u was left behind or interrupted by the client. */
  bool IsWanted(std::int32_t u) const;
  /** What is known of u, with a new, empty track when nothing is; null when too many are known. */
  Track* Of(std::int32_t u);
  /** Go on to a newer utterance; what is known of older ones is deleted. */
  Track& Enter(std::int32_t u);
  /** Every utterance up to u is dead, now and when it is first heard of. */
  void Interrupt(std::int32_t u);
  /** Number of rows kept, and of bytes that they take. */
  std::int64_t Rows() const;
  std::int64_t RowBytes() const;

 private:
  Track* Find(std::int32_t u) const;

  std::int32_t current_ = 0;
  std::int32_t dead_to_ = 0;
  std::vector<std::unique_ptr<Track>> tracks_;
  std::vector<std::unique_ptr<Track>> spare_;
};

}  // namespace a2f
