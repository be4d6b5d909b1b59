#include "PosePlayer.h"

#include <algorithm>

namespace a2f {

namespace {

/** Numbers of protocol section 19 (PosePlayer), microseconds. */
constexpr std::int64_t kStopBlendUs = 150000;
constexpr std::int64_t kLateBlendUs = 250000;

/** What a player keeps at most: no server fills a machine's memory. */
constexpr std::int64_t kRowBytesMost = std::int64_t{256} << 20;

std::int64_t HeldTime(std::int64_t t_us) { return (std::min)((std::max)(t_us, -kInt53), kInt53); }

LayoutRef EmptyLayout() { return std::make_shared<Layout>(); }

}  // namespace

PosePlayer::PosePlayer() : opened_(EmptyLayout()), blend_(opened_) {}

void PosePlayer::TakeOpened(const Opened& opened, std::int64_t ahead_us) {
  TakeOpened(opened, opened.layout, ahead_us);
}

void PosePlayer::TakeOpened(const Opened& opened, std::int32_t layout, std::int64_t ahead_us) {
  const bool is_first = opened_->id == 0;
  auto next = std::make_shared<Layout>();
  next->id = layout;
  next->curves = opened.curves.size();
  next->transforms = opened.transforms.size();
  next->rate = opened.fps;
  next->idle = IdleRoles(opened.idle, next->curves, next->transforms);
  opened_ = next;
  look_ahead_us = opened.look_ahead_us;
  gate_.Limit(ahead_us);
  mixed_.resize(opened_->Row());
  if (is_first) blend_.TakeRest(opened_->Neutral().data(), opened_);
}

bool PosePlayer::TakeRest(std::int32_t layout, RowView row) {
  if (layout != opened_->id || row.size != opened_->Row() || !AreBounded(row)) return false;
  blend_.TakeRest(row.data, opened_);
  return true;
}

bool PosePlayer::TakeRest(std::int32_t layout, Bytes row) {
  if (layout != opened_->id || row.size != 4 * opened_->Row()) return false;
  taken_.clear();
  AppendFloats(row, taken_);
  return TakeRest(layout, RowView{taken_.data(), taken_.size()});
}

bool PosePlayer::TakePoses(std::int32_t u, std::int32_t layout, std::int64_t i, RowView rows) {
  const std::size_t width = opened_->Row();
  if (layout != opened_->id || !utterances_.IsWanted(u) || width == 0) return false;
  if (rows.size == 0 || rows.size % width != 0 || i < 0 || i > kInt53) return false;
  if (!AreBounded(rows)) return false;
  const auto count = static_cast<std::int64_t>(rows.size / width);
  if (opened_->rate.TimeUs(i + count) > kInt53) return false;
  const auto more = static_cast<std::int64_t>(4 * rows.size);
  if (utterances_.RowBytes() + more > kRowBytesMost) return false;
  Track* const track = utterances_.Of(u);
  return track && track->Add(opened_, i, rows.data, count);
}

bool PosePlayer::TakePoses(std::int32_t u, std::int32_t layout, std::int64_t i, Bytes rows) {
  if (layout != opened_->id || rows.size % 4 != 0) return false;
  taken_.clear();
  AppendFloats(rows, taken_);
  return TakePoses(u, layout, i, RowView{taken_.data(), taken_.size()});
}

void PosePlayer::TakeUtterance(std::int32_t u, UtteranceState state, std::int64_t poses,
                               std::int64_t t_us) {
  if (!utterances_.IsWanted(u)) return;
  if (Track* const track = utterances_.Of(u)) track->Tell(state, poses, HeldTime(t_us));
}

void PosePlayer::Interrupt(std::int32_t u) { utterances_.Interrupt(u); }

void PosePlayer::Cue(std::int32_t u, std::int64_t play_us) {
  if (!utterances_.IsWanted(u)) return;
  if (Track* const track = utterances_.Of(u)) track->cue_us = HeldTime(play_us);
}

void PosePlayer::Listen(std::int32_t u, std::int64_t captured_us) {
  if (!utterances_.IsWanted(u)) return;
  if (Track* const track = utterances_.Of(u)) track->captured_us = HeldTime(captured_us);
}

std::optional<std::int64_t> PosePlayer::LiveUs(std::int32_t u, std::int64_t now_us) {
  if (u < 1 || u != utterances_.Current()) return {};
  const Track* const track = utterances_.Of(u);
  const auto zero_us = track ? ZeroUs(*track) : std::nullopt;
  return zero_us ? gate_.LiveUs(HeldTime(now_us), *zero_us) : std::nullopt;
}

RowView PosePlayer::Sample(std::int32_t u, std::optional<std::int64_t> play_us,
                           std::int64_t now_us) {
  const std::int64_t at_us = head_.Clock(HeldTime(now_us));
  const std::int32_t current = utterances_.Current();
  shown_us_.reset();
  if (u < (std::max)(1, current)) {
    state_ = GateState::kStop;
    head_.Leave();
    return blend_.ToRest(kStopBlendUs, at_us);
  }
  const bool is_new = u > current;
  if (is_new) {
    gate_.Enter();
    head_.Leave();
  }
  Track& track = is_new ? utterances_.Enter(u) : *utterances_.Of(u);
  if (play_us) play_us = HeldTime(*play_us);
  return Follow(track, play_us, is_new, at_us);
}

RowView PosePlayer::Follow(Track& track, std::optional<std::int64_t> play_us, bool is_new,
                           std::int64_t now_us) {
  const bool is_standing = is_paused || gate_.State() == GateState::kStall;
  std::optional<std::int64_t> at_us = play_us;
  if (at_us) *at_us -= av_offset_us;
  head_.Move(at_us, is_standing ? 0.0 : rate);
  const Found found = at_us ? track.At(*at_us, mixed_) : Found{};
  const std::optional<std::int64_t> late_us = found.row ? found.late_us : std::int64_t{0};
  const std::int64_t missing_us = head_.MissingUs(late_us, rate, is_paused);
  AskGate(track, play_us, missing_us, now_us);
  RowView row;
  if (!found.row) row = blend_.ToRest(kStopBlendUs, now_us);
  else if (track.IsDone() && *at_us > track.EndUs()) row = blend_.ToRest(kRestBlendUs, now_us);
  else if (missing_us > kLateUs) row = blend_.ToRest(kLateBlendUs, now_us);
  else {
    shown_us_ = found.at_us;
    row = blend_.ToPose(found.row, *found.layout, is_new || head_.HasJumped(), now_us);
  }
  // Only now: what was found is a view of what is forgotten here.
  if (at_us && keep_us) track.Forget(*at_us - *keep_us);
  return row;
}

void PosePlayer::AskGate(const Track& track, std::optional<std::int64_t> play_us,
                         std::int64_t missing_us, std::int64_t now_us) {
  const auto at_us = head_.AtUs();
  const std::int64_t start_us = head_.LastUs().value_or(track.StartUs() - av_offset_us);
  Sight sight;
  sight.head_us = at_us.value_or(start_us);
  sight.has_sound = at_us.has_value();
  sight.reach_us = track.ReachUs();
  sight.is_done = track.IsDone() || !is_visible;
  sight.is_over = track.IsOver(at_us, play_us);
  sight.missing_us = missing_us;
  sight.even_us = head_.EvenUs();
  sight.now_us = now_us;
  sight.live_zero_us = ZeroUs(track);
  if (sight.live_zero_us) *sight.live_zero_us += av_offset_us;
  gate_.Update(sight);
  state_ = gate_.State();
}

std::optional<std::int64_t> PosePlayer::ZeroUs(const Track& track) const {
  if (!track.captured_us) return {};
  return *track.captured_us + look_ahead_us;
}

}  // namespace a2f
