#include "Utterances.h"

#include <algorithm>

namespace a2f {

namespace {

/** A server has 8 utterances alive in a session; what is told of more is not kept. */
constexpr std::size_t kTracksMost = 64;

}  // namespace

bool Utterances::IsWanted(std::int32_t u) const {
  return u >= (std::max)(1, current_) && u > dead_to_;
}

Track* Utterances::Find(std::int32_t u) const {
  for (const auto& track : tracks_) {
    if (track->u == u) return track.get();
  }
  return nullptr;
}

Track* Utterances::Of(std::int32_t u) {
  if (Track* const known = Find(u)) return known;
  if (tracks_.size() == kTracksMost) {
    // The nearest ones count: the furthest one makes room.
    const auto is_nearer = [](const auto& a, const auto& b) { return a->u < b->u; };
    const auto furthest = std::max_element(tracks_.begin(), tracks_.end(), is_nearer);
    if ((*furthest)->u < u) return nullptr;
    spare_.push_back(std::move(*furthest));
    tracks_.erase(furthest);
  }
  if (spare_.empty()) spare_.push_back(std::make_unique<Track>());
  tracks_.push_back(std::move(spare_.back()));
  spare_.pop_back();
  tracks_.back()->Begin(u, u <= dead_to_);
  return tracks_.back().get();
}

Track& Utterances::Enter(std::int32_t u) {
  current_ = u;
  for (std::size_t k = tracks_.size(); k-- > 0;) {
    if (tracks_[k]->u >= u) continue;
    tracks_[k]->Begin(0, true);
    spare_.push_back(std::move(tracks_[k]));
    tracks_.erase(tracks_.begin() + static_cast<std::ptrdiff_t>(k));
  }
  return *Of(u);
}

void Utterances::Interrupt(std::int32_t u) {
  dead_to_ = (std::max)(dead_to_, u);
  for (const auto& track : tracks_) {
    if (track->u <= u) track->Kill();
  }
}

std::int64_t Utterances::Rows() const {
  std::int64_t rows = 0;
  for (const auto& track : tracks_) rows += track->Rows();
  return rows;
}

std::int64_t Utterances::RowBytes() const {
  std::int64_t bytes = 0;
  for (const auto& track : tracks_) bytes += track->RowBytes();
  return bytes;
}

}  // namespace a2f
