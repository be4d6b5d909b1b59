#include "Simulation.h"

namespace simulation {

namespace {

constexpr std::int64_t kLookAheadUs = 120000;
constexpr std::int64_t kAheadUs = 1500000;
constexpr std::int64_t kTrustUs = 1000000;
constexpr std::int64_t kLateUs = 100000;
constexpr std::int64_t kMostRows = 16;
const a2f::PoseRate kPoses{60, 1, false};

}  // namespace

void Server::Send(const a2f::Message& message) {
  std::vector<std::uint8_t> frame;
  a2f::Encode(message, frame);
  out.push_back(std::move(frame));
}

void Server::Connected() {
  a2f::Hello hello;
  hello.instance = "one";
  hello.capabilities = {"resume", "played"};
  Send(hello);
}

void Server::Open(const a2f::Open& open) {
  sid_ = open.sid;
  rate_ = open.audio ? open.audio->rate : rate_;
  a2f::Opened opened;
  opened.re = open.id;
  opened.sid = sid_;
  opened.layout = ++layout_;
  opened.model = "one";
  opened.rig = "clock";
  opened.curves = {"time"};
  opened.row = 1;
  opened.look_ahead_us = kLookAheadUs;
  opened.credit_us = 60000000;
  opened.resume = "token";
  const bool is_again = open.resume && has_begun_;
  if (is_again) opened.received = a2f::Received{1, a2f::FramesToUs(heard_frames_, rate_)};
  is_open_ = true;
  Send(opened);
  const std::uint8_t rest[4] = {};
  Send(a2f::Rest{sid_, layout_, {rest, sizeof rest}});
  if (!is_again) return;
  Send(a2f::Utterance{sid_, 1, a2f::UtteranceState::kStarted, 0, 0, {}});
  // What the lost connection may have swallowed: from the play head on.
  next_ = kPoses.PoseAt(played_us_);
  is_done_ = false;
}

void Server::Hear(const a2f::Audio& audio) {
  if (!has_begun_) Send(a2f::Utterance{sid_, 1, a2f::UtteranceState::kStarted, 0, 0, {}});
  has_begun_ = true;
  const auto frames = static_cast<std::int64_t>(audio.pcm.size / 2);
  if (audio.first <= heard_frames_ && audio.first + frames > heard_frames_) {
    heard_frames_ = audio.first + frames;
  }
}

void Server::Receive(const std::vector<std::uint8_t>& frame, std::int64_t now_us) {
  if (codec_.Decode({frame.data(), frame.size()}, message_, fault_) != a2f::Outcome::kMessage) return;
  if (std::get_if<a2f::Identify>(&message_)) Send(a2f::Ready{{}, "c"});
  if (const auto* open = std::get_if<a2f::Open>(&message_)) Open(*open);
  if (const auto* audio = std::get_if<a2f::Audio>(&message_)) Hear(*audio);
  if (std::get_if<a2f::End>(&message_)) has_ended_ = true;
  if (const auto* ping = std::get_if<a2f::Ping>(&message_)) Send(a2f::Pong{ping->id, ping->t, {}});
  if (const auto* played = std::get_if<a2f::Played>(&message_)) {
    played_us_ = played->t_us;
    played_at_us_ = now_us;
    is_paused_ = played->is_paused;
  }
}

std::int64_t Server::HeadUs(std::int64_t now_us) const {
  const std::int64_t passed_us = now_us - played_at_us_;
  return played_us_ + (is_paused_ ? 0 : passed_us < kTrustUs ? passed_us : kTrustUs);
}

void Server::SendPoses(std::int64_t first, std::int64_t count) {
  std::vector<float> rows;
  for (std::int64_t i = first; i < first + count; ++i) {
    rows.push_back(static_cast<float>(static_cast<double>(kPoses.TimeUs(i)) / 1e6));
  }
  // This machine is little endian, as every one that the engine runs on.
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(rows.data());
  Send(a2f::Poses{sid_, 1, layout_, first, kPoses.TimeUs(first), static_cast<std::int32_t>(count),
                  {bytes, 4 * rows.size()}});
}

void Server::Work(std::int64_t now_us) {
  if (!is_open_ || !has_begun_ || is_done_) return;
  const std::int64_t sound_us = a2f::FramesToUs(heard_frames_, rate_);
  const std::int64_t head_us = HeadUs(now_us);
  const std::int64_t reach_us = has_ended_ ? sound_us : sound_us - kLookAheadUs;
  const std::int64_t last_us = reach_us < head_us + kAheadUs ? reach_us : head_us + kAheadUs;
  while (kPoses.TimeUs(next_) < head_us - kLateUs) ++next_;
  std::int64_t count = 0;
  while (count < kMostRows && kPoses.TimeUs(next_ + count) < last_us) ++count;
  if (count > 0) SendPoses(next_, count);
  next_ += count;
  if (!has_ended_ || kPoses.TimeUs(next_) < sound_us) return;
  is_done_ = true;
  Send(a2f::Utterance{sid_, 1, a2f::UtteranceState::kAudioDone, next_, sound_us, {}});
  Send(a2f::Utterance{sid_, 1, a2f::UtteranceState::kPosesDone, next_, kPoses.TimeUs(next_ - 1), {}});
}

}  // namespace simulation
