#include "Track.h"

#include <algorithm>

namespace a2f {

namespace {

/** A server sends poses in order: an utterance in more pieces than this is none of its. */
constexpr std::size_t kRunsMost = 64;

Found Standing(const Run& run, std::int64_t i, std::optional<std::int64_t> late_us) {
  return {run.Row(i), &run.layout, run.layout->rate.TimeUs(i), late_us};
}

Found Between(const Run& run, std::int64_t i, const Run& upper, std::int64_t j, std::int64_t t_us,
              std::vector<float>& mixed) {
  const Layout& layout = *run.layout;
  const std::int64_t from_us = layout.rate.TimeUs(i);
  const std::int64_t length_us = layout.rate.TimeUs(j) - from_us;
  if (t_us == from_us) return {run.Row(i), &run.layout, t_us, {}};
  const double share = static_cast<double>(t_us - from_us) / static_cast<double>(length_us);
  if (mixed.size() < layout.Row()) mixed.resize(layout.Row());
  layout.Mix(run.Row(i), upper.Row(j), static_cast<float>(share), mixed.data());
  return {mixed.data(), &run.layout, t_us, {}};
}

}  // namespace

void Track::Begin(std::int32_t number, bool is_dead) {
  u = number;
  cue_us.reset();
  captured_us.reset();
  first_us_ = 0;
  sound_end_us_ = done_us_ = kNever;
  is_done_ = is_empty_ = has_forgotten_ = false;
  is_dead_ = is_dead;
  while (!runs_.empty()) Remove(runs_.size() - 1);
}

void Track::Tell(UtteranceState state, std::int64_t poses, std::int64_t t_us) {
  switch (state) {
    case UtteranceState::kStarted: first_us_ = t_us; break;
    case UtteranceState::kAudioDone: sound_end_us_ = t_us; break;
    case UtteranceState::kPosesDone:
      is_done_ = true;
      is_empty_ = poses == 0;
      done_us_ = is_empty_ ? first_us_ : t_us;
      break;
    case UtteranceState::kInterrupted: Kill(); break;
  }
}

void Track::Kill() {
  is_dead_ = true;
  while (!runs_.empty()) Remove(runs_.size() - 1);
}

bool Track::IsOver(std::optional<std::int64_t> head_us, std::optional<std::int64_t> play_us) const {
  if (is_dead_) return true;
  if (!is_done_) return false;
  if (!head_us || !play_us) return is_empty_ && sound_end_us_ <= first_us_;
  return *head_us >= EndUs() && *play_us >= sound_end_us_;
}

std::int64_t Track::EndUs() const { return (std::max)(done_us_, ReachUs()); }

std::int64_t Track::Rows() const {
  std::int64_t rows = 0;
  for (const Run& run : runs_) rows += run.Rows();
  return rows;
}

std::int64_t Track::RowBytes() const {
  std::int64_t bytes = 0;
  for (const Run& run : runs_) bytes += run.Rows() * static_cast<std::int64_t>(4 * run.layout->Row());
  return bytes;
}

bool Track::Add(const LayoutRef& layout, std::int64_t i, const float* rows, std::int64_t count) {
  if (is_dead_) return false;
  const std::int64_t t_us = layout->rate.TimeUs(i);
  EndOthers(*layout, t_us);
  std::size_t k = After(t_us);
  const bool fits = k > 0 && runs_[k - 1].layout->HasRowsOf(*layout) && i <= runs_[k - 1].end;
  if (!fits && runs_.size() == kRunsMost) return false;
  k = fits ? k - 1 : k;
  Run& run = fits ? runs_[k] : Insert(k, layout, i);
  const std::size_t width = layout->Row();
  for (std::int64_t j = 0; j < count; ++j) {
    run.Write(i + j, rows + static_cast<std::size_t>(j) * width);
  }
  Join(k);
  return true;
}

/** Take what follows run k without a hole into it. */
void Track::Join(std::size_t k) {
  Run& run = runs_[k];
  while (k + 1 < runs_.size() && runs_[k + 1].layout->HasRowsOf(*run.layout) &&
         runs_[k + 1].first <= run.end) {
    const Run& behind = runs_[k + 1];
    for (std::int64_t j = run.end; j < behind.end; ++j) run.Write(j, behind.Row(j));
    Remove(k + 1);
  }
}

Found Track::At(std::int64_t t_us, std::vector<float>& mixed) const {
  if (runs_.empty()) return {};
  const std::size_t k = After(t_us);
  if (k == 0) {
    const Run& oldest = runs_.front();
    const bool is_gone = has_forgotten_ && oldest.FirstUs() - t_us > kLateUs;
    return Standing(oldest, oldest.first, is_gone ? std::optional<std::int64_t>(0) : std::nullopt);
  }
  const Run& run = runs_[k - 1];
  const PoseRate& rate = run.layout->rate;
  const std::int64_t i = (std::min)(rate.PoseAt(t_us), run.end - 1);
  if (i < run.end - 1) return Between(run, i, run, i + 1, t_us, mixed);
  if (k < runs_.size() && runs_[k].FirstUs() - run.LastUs() <= kLateUs) {
    const Run& after = runs_[k];
    if (!after.layout->HasRowsOf(*run.layout)) return Standing(run, i, {});
    return Between(run, i, after, after.first, t_us, mixed);
  }
  const std::int64_t due_us = rate.TimeUs(run.end);
  return Standing(run, i, t_us >= due_us ? std::optional<std::int64_t>(t_us - due_us) : std::nullopt);
}

void Track::Forget(std::int64_t before_us) {
  while (runs_.size() > 1 && runs_[1].FirstUs() <= before_us) {
    Remove(0);
    has_forgotten_ = true;
  }
  if (runs_.empty() || runs_.front().FirstUs() >= before_us) return;
  Run& run = runs_.front();
  const std::int64_t i = (std::min)(run.layout->rate.PoseAt(before_us), run.end - 1);
  has_forgotten_ = has_forgotten_ || i > run.first;
  run.first = i;
}

/** Number of runs that begin at or before a time. */
std::size_t Track::After(std::int64_t t_us) const {
  std::size_t k = runs_.size();
  while (k > 0 && runs_[k - 1].FirstUs() > t_us) --k;
  return k;
}

void Track::EndOthers(const Layout& layout, std::int64_t t_us) {
  for (std::size_t k = runs_.size(); k-- > 0;) {
    Run& run = runs_[k];
    if (!run.layout->HasRowsOf(layout) && run.LastUs() >= t_us) {
      run.end = run.FirstUs() >= t_us ? run.first : run.layout->rate.PoseAt(t_us - 1) + 1;
    }
    if (run.end <= run.first) Remove(k);
  }
}

Run& Track::Insert(std::size_t k, const LayoutRef& layout, std::int64_t i) {
  Run fresh;
  if (!spare_.empty()) {
    fresh = std::move(spare_.back());
    spare_.pop_back();
  }
  fresh.Begin(layout, i);
  return *runs_.insert(runs_.begin() + static_cast<std::ptrdiff_t>(k), std::move(fresh));
}

void Track::Remove(std::size_t k) {
  runs_[k].End();
  if (spare_.size() < 2) spare_.push_back(std::move(runs_[k]));
  runs_.erase(runs_.begin() + static_cast<std::ptrdiff_t>(k));
}

}  // namespace a2f
