#include "ForeignOutput.h"

#include <algorithm>
#include <utility>

namespace a2f {
namespace {

/** Most sound that waits to be heard, s: an interrupt is one with any sink. */
constexpr std::int64_t kAheadMostS = 3;

}  // namespace

ForeignOutput::ForeignOutput(std::unique_ptr<Foreign> foreign)
    : foreign_(std::move(foreign)), rate_(std::max(1, foreign_->Rate())) {
  // The last user may have left it running, and sound in it.
  foreign_->Run(false);
  Clear();
}

std::size_t ForeignOutput::Put(const float* samples, std::size_t count) {
  const std::int64_t waiting = put_ - HeardFrames(0);
  const std::int64_t room = std::max<std::int64_t>(0, kAheadMostS * rate_ - waiting);
  const std::size_t some = std::min(count, static_cast<std::size_t>(room));
  const std::size_t taken = std::min(some, foreign_->Put(samples, some));
  put_ += static_cast<std::int64_t>(taken);
  return taken;
}

void ForeignOutput::Run(bool runs) {
  if (runs != runs_) foreign_->Run(runs);
  runs_ = runs;
}

void ForeignOutput::Clear() {
  foreign_->Clear();
  // A clock without samples never learns how many were dropped.
  heard_ = put_;
  offset_ = put_ - foreign_->Heard();
}

std::int64_t ForeignOutput::HeardFrames(std::int64_t /*now_us*/) {
  heard_ = std::min(std::max(heard_, foreign_->Heard() + offset_), put_);
  return heard_;
}

}  // namespace a2f
