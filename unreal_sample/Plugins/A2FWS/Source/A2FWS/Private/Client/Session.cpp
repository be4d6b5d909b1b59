#include "Session.h"

#include <algorithm>
#include <utility>

#include "Client.h"

namespace a2f {
namespace {

/** Longest wait for poses after a face is seen again, before they count as missing. */
constexpr std::int64_t kReturnUs = 1000000;

bool IsSame(const IdlePlaces& a, const IdlePlaces& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t k = 0; k < a.size(); ++k) {
    const bool is_same = a[k].first == b[k].first && a[k].second.index == b[k].second.index;
    if (!is_same || a[k].second.gain < b[k].second.gain || a[k].second.gain > b[k].second.gain) {
      return false;
    }
  }
  return true;
}

/** Whether rows mean the same, so that what a player has stays usable. */
bool HasSameRows(const Opened& a, const Opened& b) {
  return a.model == b.model && a.rig == b.rig && a.fps.num == b.fps.num && a.fps.den == b.fps.den &&
         a.curves == b.curves && a.transforms == b.transforms && IsSame(a.idle, b.idle);
}

double Counter(const Status& status, const char* name, double preset) {
  for (const auto& [key, value] : status.counters) {
    if (key == name) return value;
  }
  return preset;
}

}  // namespace

Session::Session(Client& client, Open open, SessionListener& listener)
    : client_(client), listener_(listener), terms_(std::move(open)), sender_(terms_, *this) {}

LineRef Session::Say(std::int64_t first_frame) {
  LineRef line = std::make_shared<Line>(++newest_, terms_.Rate(), first_frame);
  sender_.Add(line, opened_ ? opened_->credit_us : 0);
  return line;
}

void Session::Append(Line& line, const float* samples, std::size_t count) {
  if (line.is_halted || line.IsOver()) return;
  line.reel.Append(samples, count);
  if (line.is_live) line.KeepNewest();
  sender_.Pump();
}

void Session::Finish(Line& line) {
  line.reel.Finish();
  sender_.Pump();
}

void Session::Interrupt(std::int32_t u, std::int64_t heard_us) {
  const std::int32_t last = u > 0 ? std::min(u, newest_) : newest_;
  if (last < 1) return;
  player_.Interrupt(last);
  if (!sender_.Halt(last, is_open_)) return;
  a2f::Interrupt message;
  message.sid = Sid();
  message.u = last;
  if (heard_us >= 0) message.t_us = heard_us;
  Post(message);
}

void Session::InterruptAll() {
  a2f::Interrupt message;
  message.sid = Sid();
  Post(message);
}

void Session::Played(const Place& head, double rate, bool is_paused) {
  if (!sender_.Hear(head) || (IsWatching() && !terms_.Asked().is_clock)) return;
  a2f::Played message;
  message.sid = Sid();
  message.u = watch_.OnWire(head.u);
  message.t_us = std::max<std::int64_t>(0, head.t_us);
  message.rate = rate;
  message.is_paused = is_paused;
  Post(message);
}

void Session::Feel(Emotion emotion) {
  emotion.sid = Sid();
  Ask(std::move(emotion));
}

void Session::Change(Set set) {
  set.sid = Sid();
  Ask(std::move(set));
}

void Session::SetVisible(bool is_visible, std::int64_t now_us) {
  if (is_visible)
    return_at_us_ = now_us;
  else
    player_.is_visible = false;
  Set set;
  set.visible = is_visible;
  Change(std::move(set));
  if (is_visible && sender_.IsIdle()) Return();
}

void Session::Attach() {
  reopen_at_us_ = -1;
  sender_.SetMost(client_.UtterancesMost());
  Open open = terms_.OpenAt(sender_.Head());
  open_id_ = client_.NextId();
  open.id = open_id_;
  if (!resume_.empty()) open.resume = resume_;
  client_.Post(open);
}

void Session::Detach() {
  open_id_ = 0;
  reopen_at_us_ = -1;
  if (!is_open_) return;
  is_open_ = false;
  sender_.Lose();
}

void Session::Tick(std::int64_t now_us) {
  if (reopen_at_us_ >= 0 && now_us >= reopen_at_us_) Attach();
  if (return_at_us_ >= 0 && now_us - return_at_us_ > kReturnUs) Return();
}

bool Session::Take(const Message& message, std::int64_t now_us) {
  if (!IsWatching()) return TakeOne(message, now_us);
  Message renumbered = message;
  return !watch_.Renumber(renumbered) || TakeOne(renumbered, now_us);
}

bool Session::TakeOne(const Message& message, std::int64_t now_us) {
  if (const auto* poses = std::get_if<Poses>(&message)) {
    TakePoses(*poses);
  } else if (const auto* opened = std::get_if<Opened>(&message)) {
    TakeOpened(*opened);
  } else if (const auto* rest = std::get_if<Rest>(&message)) {
    if (opened_ && rest->layout == opened_->layout) player_.TakeRest(layout_, rest->data);
  } else if (const auto* utterance = std::get_if<Utterance>(&message)) {
    TakeUtterance(*utterance);
  } else if (const auto* credit = std::get_if<Credit>(&message)) {
    sender_.Allow(credit->u, credit->to_us);
  } else if (const auto* status = std::get_if<Status>(&message)) {
    TakeStatus(*status);
  } else if (const auto* audio = std::get_if<Audio>(&message)) {
    listener_.OnAudio(*audio);
  } else if (const auto* played = std::get_if<a2f::Played>(&message)) {
    listener_.OnPlayed(*played);
  } else if (const auto* ok = std::get_if<Ok>(&message)) {
    Answer(ok->re, true);
  } else if (const auto* refusal = std::get_if<Refusal>(&message)) {
    return TakeError(*refusal, now_us);
  } else if (const auto* closed = std::get_if<Closed>(&message)) {
    return TakeClosed(*closed, now_us);
  }
  return true;
}

void Session::TakeOpened(const Opened& opened) {
  const bool has_same_rows = opened_ && HasSameRows(*opened_, opened);
  opened_ = opened;
  player_.look_ahead_us = opened.look_ahead_us;
  if (opened.resume) resume_ = *opened.resume;
  if (!has_same_rows) player_.TakeOpened(opened, ++layout_, terms_.Asked().ahead_us);
  const std::int64_t re = opened.re.value_or(0);
  if (re != 0 && re == open_id_)
    Resume();
  else if (re != 0)
    Answer(re, true);
  listener_.OnOpened(opened);
}

void Session::Resume() {
  open_id_ = 0;
  is_open_ = true;
  pause_us_ = 0;
  const std::vector<Taken> taken = sender_.Resume(*opened_);
  for (const Message& message : terms_.Rest(sender_.Head())) Post(message);
  for (const Taken& line : taken) player_.Cue(line.u, line.from_us);
  // What a lost connection swallowed is asked again, in its order.
  std::vector<Asked> again = std::move(asked_);
  asked_.clear();
  for (Asked& one : again) Ask(std::move(one.message));
  sender_.Pump();
}

void Session::TakePoses(const Poses& poses) {
  if (!opened_ || poses.layout != opened_->layout || poses.n < 1) return;
  const PoseRate& fps = opened_->fps;
  const Line* line = sender_.Find(poses.u);
  const std::int64_t from_us = line != nullptr ? line->from_us : 0;
  std::int64_t skip = 0;
  while (skip < poses.n && fps.TimeUs(poses.i + skip) < from_us) ++skip;
  const std::size_t row_bytes = poses.data.size / static_cast<std::size_t>(poses.n);
  const std::size_t passed = row_bytes * static_cast<std::size_t>(skip);
  const Bytes rows{poses.data.data + passed, poses.data.size - passed};
  const bool is_wanted = skip < poses.n;
  if (is_wanted && !player_.TakePoses(poses.u, layout_, poses.i + skip, rows)) return;
  const std::int64_t last_us = fps.TimeUs(poses.i + poses.n - 1);
  sender_.Arrived(poses.u, last_us, opened_->credit_us);
  Return();
  if (is_wanted) listener_.OnPoses(poses);
}

void Session::TakeUtterance(const Utterance& utterance) {
  player_.TakeUtterance(utterance.u, utterance.state, utterance.poses, utterance.t_us);
  sender_.Tell(utterance);
  if (sender_.IsIdle()) Return();
  listener_.OnUtterance(utterance);
}

void Session::TakeStatus(const Status& status) {
  if (status.code == "rate") {
    const double preset = static_cast<double>(player_.look_ahead_us);
    player_.look_ahead_us = static_cast<std::int64_t>(Counter(status, "look_ahead_us", preset));
  }
  listener_.OnStatus(status);
}

bool Session::Post(const Message& message) { return is_open_ && client_.Post(message); }

void Session::Return() {
  if (return_at_us_ >= 0) player_.is_visible = true;
  return_at_us_ = -1;
}

void Session::Leave() {
  is_leaving_ = true;
  Close close;
  close.sid = Sid();
  Post(close);
  Detach();
  sender_.End();
}

void Session::EndWith(int code, const std::string& reason) {
  if (is_leaving_) return;
  is_leaving_ = true;
  Detach();
  sender_.End();
  listener_.OnEnded(code, reason);
}

}  // namespace a2f
