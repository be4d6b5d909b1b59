#include "Terms.h"

#include <algorithm>
#include <utility>

namespace a2f {
namespace {

/** Most emotions planned ahead that are told again after a loss. */
constexpr std::size_t kPlansMost = 64;

bool IsBefore(const Emotion& plan, const Place& place) {
  const std::int32_t u = plan.u.value_or(0);
  return u < place.u || (u == place.u && plan.t_us.value_or(0) <= place.t_us);
}

template <typename Entry>
Entry& EntryOf(std::vector<std::pair<std::string, Entry>>& all, const std::string& name) {
  for (auto& [key, entry] : all) {
    if (key == name) return entry;
  }
  all.emplace_back(name, Entry{});
  return all.back().second;
}

void Merge(std::optional<Values>& all, const Values& more) {
  if (!all) all.emplace();
  for (const auto& [name, value] : more) EntryOf(*all, name) = value;
}

void Merge(std::optional<CurveSets>& all, const CurveSets& more) {
  if (!all) all.emplace();
  for (const auto& [name, set] : more) {
    CurveSet& entry = EntryOf(*all, name);
    if (set.gain) entry.gain = set.gain;
    if (set.offset) entry.offset = set.offset;
    if (set.least) entry.least = set.least;
    if (set.most) entry.most = set.most;
  }
}

void Merge(std::optional<WeightSets>& all, const WeightSets& more) {
  if (!all) all.emplace();
  for (const auto& [name, set] : more) {
    WeightSet& entry = EntryOf(*all, name);
    if (set.gain) entry.gain = set.gain;
    if (set.offset) entry.offset = set.offset;
  }
}

}  // namespace

Terms::Terms(Open open) : open_(std::move(open)) {}

Open Terms::OpenAt(const Place& head) const {
  Open open = open_;
  for (const Emotion& plan : plans_) {
    if (head.u > 0 && IsBefore(plan, head)) open.emotion = plan.values;
  }
  return open;
}

std::vector<Message> Terms::Rest(const Place& head) const {
  std::vector<Message> messages;
  if (!is_visible_) {
    Set set;
    set.sid = open_.sid;
    set.visible = false;
    messages.emplace_back(std::move(set));
  }
  for (const Emotion& plan : plans_) {
    if (head.u == 0 || !IsBefore(plan, head)) messages.emplace_back(plan);
  }
  return messages;
}

void Terms::Feel(const Emotion& emotion) {
  if (!emotion.u || !emotion.t_us) {
    plans_.clear();
    open_.emotion = emotion.values;
    return;
  }
  const Place at{*emotion.u, *emotion.t_us};
  const auto stays = [&at](const Emotion& plan) { return IsBefore(plan, at); };
  plans_.erase(std::stable_partition(plans_.begin(), plans_.end(), stays), plans_.end());
  plans_.push_back(emotion);
  if (plans_.size() <= kPlansMost) return;
  open_.emotion = plans_.front().values;
  plans_.erase(plans_.begin());
}

void Terms::Change(const Set& set) {
  if (set.rig && *set.rig != open_.rig) open_.curves.reset();
  if (set.model && set.model != open_.model) {
    open_.params.reset();
    open_.weights.reset();
    open_.emotion.reset();
    plans_.clear();
  }
  if (set.rig) open_.rig = *set.rig;
  if (set.model) open_.model = set.model;
  if (set.have) open_.have = set.have;
  if (set.fps) open_.fps = *set.fps;
  if (set.swap) open_.swap = set.swap;
  if (set.params) Merge(open_.params, *set.params);
  if (set.curves) Merge(open_.curves, *set.curves);
  if (set.weights) Merge(open_.weights, *set.weights);
  is_visible_ = set.visible.value_or(is_visible_);
}

}  // namespace a2f
