#include "Speaker.h"

#include <cmath>

namespace {

constexpr std::int64_t kTickUs = 1000000 / 60;
constexpr std::int64_t kLinePoses = 120;
constexpr std::int64_t kPosesPerMessage = 5;
constexpr std::size_t kFramesPerMessage = 1600;

}  // namespace

Speaker::Speaker(std::size_t curves, std::size_t transforms)
    : row_(curves + 7 * transforms), samples_of_sound_(kFramesPerMessage, 0.25F) {
  // What is sent and received needs room for the longest numbers from the beginning.
  frame_.reserve(std::size_t{1} << 16);
  sent_.reserve(std::size_t{1} << 13);
  a2f::Hello hello;
  hello.server = "test/1";
  Hand(hello);
  has_failed_ = has_failed_ || !protocol_.Send(a2f::Identify{{}, 1, "test/1", {}, {}}, sent_);
  Hand(a2f::Ready{{}, "c1"});
  a2f::Opened opened;
  opened.layout = 1;
  opened.rig = "arkit";
  for (std::size_t k = 0; k < curves; ++k) opened.curves.push_back("curve" + std::to_string(k));
  for (std::size_t k = 0; k < transforms; ++k) opened.transforms.push_back(std::to_string(k));
  opened.row = static_cast<std::int32_t>(row_);
  for (std::size_t k = 0; k + 1 < a2f::kIdleRoles && k < curves; ++k) {
    opened.idle.emplace_back(a2f::IdleRoleName(k),
                             a2f::IdlePlace{static_cast<std::int32_t>(k), 1.0});
  }
  opened.credit_us = 60000000;
  Hand(opened);
  data_.assign(4 * row_, 0);
  Hand(a2f::Rest{0, 1, {data_.data(), data_.size()}});
  shown_.resize(row_);
}

void Speaker::Hand(const a2f::Message& message) {
  a2f::Encode(message, frame_);
  const a2f::Outcome outcome = protocol_.Receive({frame_.data(), frame_.size()});
  if (outcome == a2f::Outcome::kMessage) Take(protocol_.Last());
  else has_failed_ = true;
}

void Speaker::Take(const a2f::Message& message) {
  if (const auto* opened = std::get_if<a2f::Opened>(&message)) player_.TakeOpened(*opened);
  if (const auto* rest = std::get_if<a2f::Rest>(&message)) {
    has_failed_ = has_failed_ || !player_.TakeRest(rest->layout, rest->data);
  }
  if (const auto* poses = std::get_if<a2f::Poses>(&message)) {
    has_failed_ = has_failed_ || !player_.TakePoses(poses->u, poses->layout, poses->i, poses->data);
  }
  if (const auto* told = std::get_if<a2f::Utterance>(&message)) {
    player_.TakeUtterance(told->u, told->state, told->poses, told->t_us);
  }
}

void Speaker::Show() {
  const a2f::RowView row = player_.Sample(u_, play_us_, now_us_);
  shown_.assign(row.data, row.data + row.size);
  const auto offsets = a2f::IdleOffsetsAt(7, now_us_, a2f::IdleLevel::kAlive);
  a2f::ApplyIdle(shown_.data(), shown_.size(), offsets, player_.Shown().idle);
  for (const float value : shown_) sum_ += static_cast<double>(value);
  ++samples_;
  const a2f::GateState state = player_.State();
  const bool runs = state == a2f::GateState::kStart || state == a2f::GateState::kPlay;
  if (runs) play_us_ = play_us_ ? *play_us_ + kTickUs : 0;
  now_us_ += kTickUs;
}

void Speaker::Hear() {
  pcm_.clear();
  a2f::AppendPcm(samples_of_sound_.data(), samples_of_sound_.size(), a2f::SampleFormat::kS16le,
                 pcm_);
  a2f::Audio audio;
  audio.u = u_;
  audio.pcm = {pcm_.data(), pcm_.size()};
  has_failed_ = has_failed_ || !protocol_.Send(audio, sent_);
}

void Speaker::SayLine() {
  ++u_;
  play_us_.reset();
  const a2f::PoseRate rate;
  const a2f::UtteranceState kDone = a2f::UtteranceState::kPosesDone;
  Hand(a2f::Utterance{0, u_, a2f::UtteranceState::kStarted, 0, 0, {}});
  for (std::int64_t i = 0; i < kLinePoses; i += kPosesPerMessage) {
    data_.resize(static_cast<std::size_t>(kPosesPerMessage) * 4 * row_);
    for (std::size_t k = 3; k < data_.size(); k += 4) data_[k] = 0x3e;
    Hand(a2f::Poses{0, u_, 1, i, rate.TimeUs(i), kPosesPerMessage, {data_.data(), data_.size()}});
    if (i % (2 * kPosesPerMessage) == 0) Hear();
    if (i > 4 * kPosesPerMessage) {
      for (std::int64_t k = 0; k < kPosesPerMessage; ++k) Show();
    }
    Hand(a2f::Credit{0, u_, 60000000 + rate.TimeUs(i)});
  }
  Hand(a2f::Utterance{0, u_, a2f::UtteranceState::kAudioDone, kLinePoses, 2000000, {}});
  Hand(a2f::Utterance{0, u_, kDone, kLinePoses, rate.TimeUs(kLinePoses - 1), {}});
  while (player_.State() != a2f::GateState::kStop) Show();
}
