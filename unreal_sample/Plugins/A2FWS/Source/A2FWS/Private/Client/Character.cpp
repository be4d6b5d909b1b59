#include "Character.h"

#include <algorithm>
#include <utility>

namespace a2f {
namespace {

double DroppedOf(const Status& status) {
  for (const auto& [name, value] : status.counters) {
    if (name == "poses") return value;
  }
  return 0.0;
}

}  // namespace

Character::Character(Client& client, Output& output, CharacterListener& listener)
    : client_(client), output_(&output), listener_(listener), captured_(output.Rate()) {
  MakePlayback();
}

Character::~Character() {
  if (session_ != nullptr) client_.Leave(session_);
}

void Character::MakePlayback() {
  // Whoever was told of a line hears of its end.
  if (playback_) playback_->Interrupt(shown_us_);
  output_->Clear();
  output_->Run(false);
  is_clip_ = false;
  PlaybackListener& self = *this;
  playback_ = std::make_unique<Playback>(Player(), *output_, self);
}

void Character::Use(Output& output) {
  MakePlayback();
  output_ = &output;
  MakePlayback();
}

void Character::Begin(Open open) {
  Leave();
  AudioFormat format = open.audio.value_or(AudioFormat{});
  format.rate = output_->Rate();
  open.audio = format;
  if (open.role == Role::kWatch) open.want.push_back(Want::kAudio);
  problem_.clear();
  poses_ = dropped_ = 0;
  session_ = client_.Begin(std::move(open), *this);
  MakePlayback();
}

void Character::Leave() {
  fed_.reset();
  heard_.reset();
  watched_.reset();
  if (session_ == nullptr) return;
  Session* session = std::exchange(session_, nullptr);
  // Rest and idle life go on, in the rows that the mesh knows.
  if (session->Settled() != nullptr)
    idle_player_.TakeOpened(*session->Settled(), ++clip_layout_, kAheadUs);
  client_.Leave(session);
  MakePlayback();
}

void Character::Feed(const float* samples, std::size_t count) {
  if (session_ == nullptr) return;
  if (is_clip_) MakePlayback();
  if (!fed_ || fed_->IsOver() || fed_->is_halted) {
    fed_ = session_->Say();
    playback_->Queue(fed_);
  }
  session_->Append(*fed_, samples, count);
}

void Character::Finish() {
  if (session_ != nullptr && fed_) session_->Finish(*fed_);
  if (session_ != nullptr && heard_) session_->Finish(*heard_);
  fed_.reset();
}

void Character::Hear(const float* samples, std::size_t count, std::int64_t now_us) {
  if (session_ == nullptr) return;
  if (!heard_ || heard_->IsOver() || heard_->is_halted || heard_->reel.IsEnded()) {
    heard_ = session_->Say();
    heard_->is_live = true;
    captured_ = CaptureClock(output_->Rate());
    captured_frames_ = 0;
  }
  captured_frames_ += static_cast<std::int64_t>(count);
  captured_.Captured(captured_frames_, now_us);
  session_->Append(*heard_, samples, count);
}

void Character::PlayClip(const Clip& clip, const float* samples, std::size_t count) {
  playback_->Interrupt(shown_us_);
  output_->Clear();
  PlaybackListener& self = *this;
  playback_ = std::make_unique<Playback>(idle_player_, *output_, self);
  is_clip_ = true;
  clip.Feed(idle_player_, ++clip_u_, ++clip_layout_);
  TakeShape(clip.Shape());
  const LineRef line = std::make_shared<Line>(clip_u_, output_->Rate(), 0);
  line->reel.Append(samples, count);
  line->reel.Finish();
  line->state = LineState::kAudioDone;
  playback_->Queue(line);
}

void Character::Interrupt(std::int64_t now_us) {
  const Place head = playback_->Interrupt(now_us);
  fed_.reset();
  heard_.reset();
  if (is_clip_)
    idle_player_.Interrupt(clip_u_);
  else if (session_ != nullptr && session_->InForce().Asked().role == Role::kWatch)
    session_->InterruptAll();
  else if (session_ != nullptr)
    session_->Interrupt(0, head.t_us);
}

void Character::Pause(bool is_paused) { playback_->Pause(is_paused); }

void Character::SetVisible(bool is_visible, std::int64_t now_us) {
  if (session_ != nullptr) session_->SetVisible(is_visible, now_us);
}

void Character::SetAvOffsetUs(std::int64_t offset_us) { Player().av_offset_us = offset_us; }

void Character::Feel(Values values, std::int64_t transition_us) {
  if (session_ == nullptr) return;
  Emotion emotion;
  emotion.values = std::move(values);
  emotion.transition_us =
      std::min<std::int64_t>(60000000, std::max<std::int64_t>(0, transition_us));
  session_->Feel(std::move(emotion));
}

void Character::SetParam(const std::string& name, double value) {
  if (session_ == nullptr) return;
  Set set;
  set.params = Values{{name, value}};
  session_->Change(std::move(set));
}

RowView Character::SampleHeard(std::int64_t now_us) {
  PosePlayer& player = Player();
  player.Listen(heard_->u, captured_.ZeroUs());
  return player.Sample(heard_->u, player.LiveUs(heard_->u, now_us), now_us);
}

RowView Character::SampleRow(std::int64_t now_us) {
  if (is_clip_ && !playback_->IsBusy()) {
    MakePlayback();
    if (Settled() != nullptr) TakeShape(*Settled());
  }
  const bool is_heard_elsewhere = heard_ && !is_clip_ && !playback_->IsBusy();
  return is_heard_elsewhere ? SampleHeard(now_us) : playback_->Sample(now_us);
}

RowView Character::Sample(std::int64_t now_us) {
  shown_us_ = now_us;
  const RowView row = SampleRow(now_us);
  row_.assign(row.data, row.data + row.size);
  const PosePlayer& player = is_clip_ ? idle_player_ : Player();
  const IdleOffsets offsets = IdleOffsetsAt(idle.seed, now_us, idle.level);
  ApplyIdle(row_.data(), row_.size(), offsets, player.Shown().idle);
  TellLines();
  return {row_.data(), row_.size()};
}

void Character::TellLines() {
  if (is_telling_) return;
  is_telling_ = true;
  for (std::size_t k = 0; k < events_.size(); ++k) {
    const Event event = events_[k];
    if (event.has_begun)
      listener_.OnLineBegun(event.u);
    else
      listener_.OnLineEnded(event.u);
  }
  events_.clear();
  is_telling_ = false;
}

Report Character::Doing() const {
  Report report;
  report.has_server = client_.State() == ClientState::kReady;
  report.problem = !client_.Problem().empty() ? client_.Problem() : problem_;
  report.round_trip_us = client_.RoundTripUs();
  report.has_poses = poses_ > 0 || is_clip_;
  if (const Hello* hello = client_.Greeting()) report.server = hello->server;
  if (const Opened* opened = Settled()) {
    report.rig = opened->rig;
    report.driven = static_cast<int>(opened->curves.size());
    report.missing = static_cast<int>(opened->missing.size());
    report.look_ahead_us = session_->LookAheadUs();
    report.margin_us = session_->Player().MarginUs();
  }
  report.skew_us = playback_->SkewUs();
  report.stalls = playback_->Stalls();
  report.dropped = dropped_;
  return report;
}

void Character::TakeShape(const Opened& opened) {
  const bool is_known = shape_.curves == opened.curves && shape_.transforms == opened.transforms;
  shape_ = opened;
  if (!is_known) listener_.OnRows();
}

void Character::OnOpened(const Opened& opened) {
  problem_.clear();
  if (!is_clip_) TakeShape(opened);
  playback_->TellAgain();
  listener_.OnConnected();
}

void Character::OnUtterance(const Utterance& utterance) {
  if (utterance.state == UtteranceState::kStarted) playback_->TellAgain();
  if (!watched_ || watched_->u != utterance.u || utterance.state == UtteranceState::kStarted)
    return;
  watched_->reel.Finish();
  if (utterance.state == UtteranceState::kInterrupted) watched_->state = LineState::kInterrupted;
}

void Character::OnPoses(const Poses& poses) { poses_ += poses.n; }

void Character::OnStatus(const Status& status) {
  if (status.code == "dropped") dropped_ += static_cast<std::int64_t>(DroppedOf(status));
  listener_.OnStatus(status.code, status.message);
}

void Character::OnError(int code, const std::string& message) {
  problem_ = message;
  listener_.OnError(code, message);
}

void Character::OnEnded(int code, const std::string& reason) {
  problem_ = reason;
  fed_.reset();
  heard_.reset();
  watched_.reset();
  if (Settled() != nullptr) idle_player_.TakeOpened(*Settled(), ++clip_layout_, kAheadUs);
  session_ = nullptr;
  MakePlayback();
  listener_.OnEnded(code, reason);
}

void Character::OnHead(const Place& head, bool is_paused) {
  if (session_ != nullptr && !is_clip_) session_->Played(head, 1.0, is_paused);
}

void Character::OnLineBegun(const Line& line) { events_.push_back({true, line.u}); }

void Character::OnLineEnded(const Line& line) { events_.push_back({false, line.u}); }

}  // namespace a2f
