#include "Playback.h"

#include <algorithm>

namespace a2f {
namespace {

/** How often the server is told where the sound is. */
constexpr std::int64_t kTellUs = 240000;
/** Silence behind a line, so that the head runs through its ease poses: a share of a second. */
constexpr int kTailParts = 2;
/** Most that waits of what is watched: sound, s, and lines; a server has 8 alive. */
constexpr std::int64_t kFullS = 600;
constexpr std::size_t kLinesMost = 64;

}  // namespace

void Playback::Queue(LineRef line) {
  lines_.push_back(std::move(line));
  if (lines_.size() == 1) Enter();
}

bool Playback::IsFull() const {
  std::int64_t frames = 0;
  for (const LineRef& line : lines_) frames += line->reel.Kept();
  return frames > kFullS * output_.Rate() || lines_.size() > kLinesMost;
}

void Playback::Enter() {
  const Line& line = *lines_.front();
  next_ = first_ = line.reel.First();
  first_put_ = output_.PutFrames();
  told_us_ = kNever;
  listener_.OnLineBegun(line);
}

Place Playback::Interrupt(std::int64_t now_us) {
  if (lines_.empty()) return {};
  const std::int64_t heard_us = HeadUs(now_us).value_or(-1);
  const LineRef line = lines_.front();
  const Place head{line->u, heard_us};
  const bool has_others = lines_.size() > 1;
  lines_.erase(lines_.begin() + 1, lines_.end());
  Leave();
  return has_others ? Place{head.u, -1} : head;
}

RowView Playback::Sample(std::int64_t now_us) {
  const std::optional<std::int64_t> head_us = lines_.empty() ? std::nullopt : HeadUs(now_us);
  if (!lines_.empty()) last_u_ = lines_.front()->u;
  player_.is_paused = is_paused_;
  const RowView row = player_.Sample(last_u_, head_us, now_us);
  const std::optional<std::int64_t> shown_us = player_.ShownUs();
  skew_us_ = shown_us && head_us ? *shown_us + player_.av_offset_us - *head_us : 0;
  const bool is_stalled = !lines_.empty() && player_.State() == GateState::kStall;
  if (is_stalled && !was_stalled_) ++stalls_;
  was_stalled_ = is_stalled;
  if (!lines_.empty()) {
    Obey(head_us);
    Tell(head_us, now_us);
  }
  return row;
}

void Playback::Obey(std::optional<std::int64_t> head_us) {
  const Line& line = *lines_.front();
  const bool is_dropped = line.state == LineState::kInterrupted || line.state == LineState::kFailed;
  const bool is_heard = line.reel.IsEnded() && head_us && *head_us >= line.reel.EndUs();
  const GateState state = player_.State();
  if (is_dropped || state == GateState::kStop) {
    Leave();
  } else if (is_heard && lines_.size() > 1 && !is_paused_) {
    Leave();
  } else {
    const bool stands = is_paused_ || state == GateState::kStall || state == GateState::kWait;
    is_running_ = !stands;
    output_.Run(is_running_);
    Pump();
    if (head_us) lines_.front()->Heard(lines_.front()->reel.FrameAt(*head_us));
  }
}

void Playback::Leave() {
  const LineRef line = lines_.front();
  lines_.pop_front();
  is_running_ = false;
  // Also a line that was played out leaves silence in the output.
  output_.Clear();
  output_.Run(false);
  listener_.OnLineEnded(*line);
  if (!lines_.empty()) Enter();
}

void Playback::Pump() {
  const Reel& reel = lines_.front()->reel;
  next_ = std::max(next_, std::min(reel.First(), reel.End()));
  while (next_ < reel.End()) {
    const auto count = static_cast<std::size_t>(reel.End() - next_);
    const std::size_t taken = output_.Put(reel.Read(next_), count);
    next_ += static_cast<std::int64_t>(taken);
    if (taken < count) return;
  }
  if (!reel.IsEnded() || lines_.size() > 1) return;
  const std::int64_t tail = reel.End() + reel.Rate() / kTailParts;
  if (next_ >= tail) return;
  silence_.assign(static_cast<std::size_t>(tail - next_), 0.0F);
  next_ += static_cast<std::int64_t>(output_.Put(silence_.data(), silence_.size()));
}

void Playback::Tell(std::optional<std::int64_t> head_us, std::int64_t now_us) {
  if (lines_.empty()) return;
  const Line& line = *lines_.front();
  const bool is_standing = !head_us || !is_running_;
  if (is_standing == was_standing_ && now_us - told_us_ < kTellUs) return;
  was_standing_ = is_standing;
  told_us_ = now_us;
  listener_.OnHead({line.u, head_us.value_or(line.reel.ToUs(first_))}, is_standing);
}

std::optional<std::int64_t> Playback::HeadUs(std::int64_t now_us) {
  const std::int64_t heard = output_.HeardFrames(now_us) - first_put_;
  if (heard <= 0) return std::nullopt;
  return lines_.front()->reel.ToUs(first_ + heard);
}

}  // namespace a2f
