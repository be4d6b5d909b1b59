#include "../Core/Pcm.h"
#include "Character.h"

namespace a2f {
namespace {

/** Longest hole in watched sound that is filled with silence, s (protocol section 14, gap_us). */
constexpr std::int64_t kHoleS = 2;

}  // namespace

void Character::OnAudio(const Audio& audio) {
  const Opened* opened = Settled();
  if (opened == nullptr || !opened->audio) return;
  // One is heard behind the other: of one that was left behind nothing more comes.
  if (playback_->IsFull() || (watched_ && audio.u < watched_->u)) return;
  mono_.clear();
  AppendSamples(audio.pcm, *opened->audio, mono_);
  if (!watched_ || watched_->u != audio.u) {
    const std::int64_t first_us = FramesToUs(audio.first, opened->audio->rate);
    const std::int64_t first = UsToFrames(first_us, output_->Rate());
    watched_ = std::make_shared<Line>(audio.u, output_->Rate(), first);
    watched_last_ = 0.0F;
    if (audio.first > 0) Player().Cue(audio.u, first_us);
    watched_->state = LineState::kStarted;
    watched_->SendNothing();
    playback_->Queue(watched_);
  }
  AppendWatched(audio.first, opened->audio->rate);
}

void Character::AppendWatched(std::int64_t first, int rate) {
  Reel& reel = watched_->reel;
  // Behind the end that was told nothing more is heard.
  if (mono_.empty() || reel.IsEnded()) return;
  const std::int64_t from = MulDiv(first, reel.Rate(), rate);
  const std::int64_t hole = from - reel.End();
  // No server goes on behind a longer hole: the utterance is interrupted there.
  if (hole > kHoleS * reel.Rate()) return;
  if (hole > 1) reel.AppendSilence(static_cast<std::size_t>(hole));
  const auto count = static_cast<std::int64_t>(mono_.size());
  // Between the speaker's samples along a line; where both rates are the same, its very samples.
  for (;;) {
    const std::int64_t parts = reel.End() * rate;
    const std::int64_t at = parts / reel.Rate() - first;
    const std::int64_t rest = parts % reel.Rate();
    if (at + (rest > 0 ? 1 : 0) >= count) break;
    const auto sample = [&](std::int64_t k) {
      return k < 0 ? watched_last_ : mono_[static_cast<std::size_t>(k)];
    };
    const float share = static_cast<float>(rest) / static_cast<float>(reel.Rate());
    const float next = rest > 0 ? sample(at + 1) : 0.0F;
    const float value = sample(at) * (1.0F - share) + next * share;
    reel.Append(&value, 1);
    // Full: nobody hears so much.
    if (reel.End() * rate == parts) break;
  }
  watched_last_ = mono_.back();
}

}  // namespace a2f
