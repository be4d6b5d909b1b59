#include "Sender.h"

#include <algorithm>
#include <utility>

#include "../Core/Pcm.h"

namespace a2f {
namespace {

/** Messages have 20 to 250 ms of sound (protocol section 19: 20 to 500). */
constexpr std::int64_t kLeastPerS = 50;
constexpr std::int64_t kMostPerS = 4;
/** Utterances that a server can have begun and the play head not passed; it has 8 alive. */
constexpr std::size_t kStartedMost = 64;

LineState StateOf(UtteranceState state) {
  switch (state) {
    case UtteranceState::kStarted: return LineState::kStarted;
    case UtteranceState::kAudioDone: return LineState::kAudioDone;
    case UtteranceState::kPosesDone: return LineState::kPosesDone;
    case UtteranceState::kInterrupted: return LineState::kInterrupted;
  }
  return LineState::kFailed;
}

}  // namespace

Line* Sender::Find(std::int32_t u) const {
  for (const LineRef& line : lines_) {
    if (line->u == u) return line.get();
  }
  return nullptr;
}

void Sender::Add(LineRef line, std::int64_t credit_us) {
  line->Begin(0, 0, credit_us);
  lines_.push_back(std::move(line));
  Pump();
}

void Sender::Pump() {
  std::size_t begun = 0;
  for (const LineRef& line : lines_) {
    if (line->is_halted) continue;
    if (++begun > most_ || !Send(*line)) return;
  }
}

bool Sender::Send(Line& line) {
  while (!line.is_end_sent) {
    const Reel& reel = line.reel;
    const std::int64_t left = reel.End() - line.sent;
    if (reel.IsEnded() && left == 0) {
      a2f::End end;
      end.sid = terms_.Asked().sid;
      end.u = line.u;
      if (!outlet_.Post(end)) return false;
      line.is_end_sent = line.has_begun = true;
      return true;
    }
    const std::int64_t room = UsToFrames(line.credit_to_us, reel.Rate()) - line.sent;
    const std::int64_t frames = std::min({room, left, reel.Rate() / kMostPerS});
    const bool is_last = reel.IsEnded() && frames == left;
    if (frames <= 0 || (frames * kLeastPerS < reel.Rate() && !is_last)) return false;
    if (!SendPiece(line, frames)) return false;
  }
  return true;
}

bool Sender::SendPiece(Line& line, std::int64_t frames) {
  pcm_.clear();
  AppendPcm(line.reel.Read(line.sent), static_cast<std::size_t>(frames), terms_.Format(), pcm_);
  Audio audio;
  audio.sid = terms_.Asked().sid;
  audio.u = line.u;
  audio.first = line.sent;
  audio.pcm = {pcm_.data(), pcm_.size()};
  if (!outlet_.Post(audio)) return false;
  line.sent += frames;
  line.has_begun = true;
  return true;
}

bool Sender::Halt(std::int32_t u, bool is_connected) {
  bool is_known = false;
  const std::vector<LineRef> lines = lines_;
  for (const LineRef& line : lines) {
    if (line->u > u || line->is_halted) continue;
    line->is_halted = true;
    line->reel.Finish();
    if (line->has_begun && is_connected)
      is_known = true;
    else
      Finish(line->u, LineState::kInterrupted);
  }
  Pump();
  return is_known;
}

bool Sender::Hear(const Place& head) {
  head_ = head;
  const auto is_past = [&head](std::int32_t u) { return u < head.u; };
  started_.erase(std::remove_if(started_.begin(), started_.end(), is_past), started_.end());
  return std::find(started_.begin(), started_.end(), head.u) != started_.end();
}

void Sender::Allow(std::int32_t u, std::int64_t to_us) {
  if (Line* line = Find(u)) line->Allow(to_us);
  Pump();
}

void Sender::Tell(const Utterance& utterance) {
  if (utterance.state == UtteranceState::kStarted) Started(utterance.u);
  Line* line = Find(utterance.u);
  if (line == nullptr) return;
  line->state = StateOf(utterance.state);
  if (!line->IsOver()) return;
  Finish(utterance.u, line->state);
  Pump();
}

void Sender::Started(std::int32_t u) {
  if (std::find(started_.begin(), started_.end(), u) != started_.end()) return;
  if (started_.size() == kStartedMost) started_.erase(started_.begin());
  started_.push_back(u);
}

void Sender::Arrived(std::int32_t u, std::int64_t last_us, std::int64_t credit_us) {
  Line* line = Find(u);
  if (line == nullptr) return;
  line->poses_us = std::max(line->poses_us, last_us + 1);
  Allow(u, last_us + credit_us);
}

void Sender::Refused() {
  for (auto it = lines_.rbegin(); it != lines_.rend(); ++it) {
    Line& line = **it;
    if (!line.has_begun || line.is_halted) continue;
    if (!line.is_end_sent) {
      a2f::End end;
      end.sid = terms_.Asked().sid;
      end.u = line.u;
      outlet_.Post(end);
    }
    Finish(line.u, LineState::kFailed);
    Pump();
    return;
  }
}

void Sender::Lose() {
  started_.clear();
  const std::vector<LineRef> lines = lines_;
  for (const LineRef& line : lines) {
    if (line->is_halted) Finish(line->u, LineState::kInterrupted);
  }
}

void Sender::End() {
  const std::vector<LineRef> lines = std::move(lines_);
  lines_.clear();
  for (const LineRef& line : lines) line->state = LineState::kFailed;
}

std::vector<Taken> Sender::Resume(const Opened& opened) {
  const auto& received = opened.received;
  std::vector<Taken> taken;
  // What was dropped while nothing could be said is still being spoken there.
  if (received && (lines_.empty() || lines_.front()->u > 1)) {
    Interrupt interrupt;
    interrupt.sid = opened.sid;
    if (!lines_.empty()) interrupt.u = lines_.front()->u - 1;
    outlet_.Post(interrupt);
  }
  for (const LineRef& line : lines_) {
    if (received && line->u <= received->u) {
      line->from_us = line->poses_us;
      line->has_begun = true;
      line->is_end_sent = line->u < received->u;
      if (!line->is_end_sent) line->sent = line->reel.FrameAt(received->to_us);
      continue;
    }
    const std::int64_t from_us = received ? 0 : PlaceOf(*line);
    line->Begin(from_us, opened.look_back_us, opened.credit_us);
    if (from_us > 0) taken.push_back({line->u, from_us});
  }
  return taken;
}

std::int64_t Sender::PlaceOf(const Line& line) const {
  if (!line.has_begun && line.from_us == 0) return 0;
  if (line.is_live) return line.reel.EndUs();
  if (head_.u == 0) return line.poses_us;
  if (line.u == head_.u) return head_.t_us;
  return line.u < head_.u ? line.reel.EndUs() : 0;
}

void Sender::Finish(std::int32_t u, LineState state) {
  for (auto it = lines_.begin(); it != lines_.end(); ++it) {
    if ((*it)->u != u) continue;
    (*it)->state = state;
    lines_.erase(it);
    return;
  }
}

}  // namespace a2f
