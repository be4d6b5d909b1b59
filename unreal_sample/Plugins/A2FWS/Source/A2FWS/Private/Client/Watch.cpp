#include "Watch.h"

#include <algorithm>

namespace a2f {
namespace {

/** A server has 8 utterances alive in a session; of more the oldest one is given up. */
constexpr std::size_t kAliveMost = 64;

}  // namespace

bool Watch::Renumber(Message& message) {
  if (auto* utterance = std::get_if<Utterance>(&message)) {
    const UtteranceState state = utterance->state;
    if (state == UtteranceState::kStarted && !Begin(utterance->u)) return false;
    utterance->u += shift_;
    if (!IsAlive(utterance->u)) return false;
    if (state == UtteranceState::kPosesDone || state == UtteranceState::kInterrupted) {
      alive_.erase(std::find(alive_.begin(), alive_.end(), utterance->u));
    }
    return true;
  }
  std::int32_t* u = nullptr;
  if (auto* poses = std::get_if<Poses>(&message)) u = &poses->u;
  if (auto* audio = std::get_if<Audio>(&message)) u = &audio->u;
  if (auto* played = std::get_if<Played>(&message)) u = &played->u;
  if (u == nullptr) return true;
  *u += shift_;
  return IsAlive(*u);
}

bool Watch::Begin(std::int32_t u) {
  if (u < 1 || u > kInt31 / 2 || IsAlive(u + shift_)) return false;
  if (u + shift_ <= newest_) shift_ = newest_ + 1 - u;
  newest_ = u + shift_;
  if (newest_ > kInt31 / 2) return false;
  if (alive_.size() == kAliveMost) alive_.erase(alive_.begin());
  alive_.push_back(newest_);
  return true;
}

bool Watch::IsAlive(std::int32_t u) const {
  return std::find(alive_.begin(), alive_.end(), u) != alive_.end();
}

}  // namespace a2f
