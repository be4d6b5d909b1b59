#include <algorithm>
#include <utility>

#include "Client.h"
#include "Session.h"

namespace a2f {
namespace {

/** Pauses between tries to open a session again that the server gave up. */
constexpr std::int64_t kReopenLeastUs = 1000000;
constexpr std::int64_t kReopenMostUs = 30000000;

}  // namespace

bool Session::TakeError(const Refusal& refusal, std::int64_t now_us) {
  const std::int64_t re = refusal.re.value_or(0);
  if (re != 0 && re == open_id_) {
    open_id_ = 0;
    if (!resume_.empty()) {
      resume_.clear();
      Attach();
      return true;
    }
    const std::int64_t retry_us = refusal.retry_s ? *refusal.retry_s * kReopenLeastUs : -1;
    listener_.OnError(refusal.code, refusal.message);
    if (is_leaving_ || Reopen(refusal.code, retry_us, now_us)) return true;
    EndWith(refusal.code, refusal.message);
    return false;
  }
  // Only sound is sent without an id: that one cannot go on.
  if (re == 0 && RetryOf(refusal.code) != Retry::AtOnce) sender_.Refused();
  if (re != 0) Answer(re, false);
  listener_.OnError(refusal.code, refusal.message);
  return true;
}

bool Session::TakeClosed(const Closed& closed, std::int64_t now_us) {
  if (is_leaving_) return true;
  // Behind a refused `open`, which has told all of it already.
  if (!is_open_) return true;
  const std::int64_t retry_us = closed.retry_s ? *closed.retry_s * kReopenLeastUs : -1;
  if (Reopen(closed.code, retry_us, now_us)) return true;
  EndWith(closed.code, closed.reason);
  return false;
}

bool Session::Reopen(int code, std::int64_t retry_us, std::int64_t now_us) {
  const Retry retry = RetryOf(code);
  if (retry == Retry::No || retry == Retry::Changed) return false;
  Detach();
  pause_us_ = std::min(kReopenMostUs, std::max(kReopenLeastUs, 2 * pause_us_));
  reopen_at_us_ = now_us + (retry_us >= 0 ? retry_us : pause_us_);
  return true;
}

bool Session::Answer(std::int64_t re, bool is_accepted) {
  for (auto it = asked_.begin(); it != asked_.end(); ++it) {
    if (it->id != re) continue;
    const Message message = std::move(it->message);
    asked_.erase(it);
    if (!is_accepted) return true;
    if (const auto* emotion = std::get_if<Emotion>(&message)) terms_.Feel(*emotion);
    if (const auto* set = std::get_if<Set>(&message)) terms_.Change(*set);
    return true;
  }
  return false;
}

void Session::Ask(Message message) {
  const std::int64_t id = client_.NextId();
  if (auto* emotion = std::get_if<Emotion>(&message)) emotion->id = id;
  if (auto* set = std::get_if<Set>(&message)) set->id = id;
  Post(message);
  asked_.push_back({id, std::move(message)});
}

}  // namespace a2f
