#include "client_stage.h"

#include <algorithm>
#include <cstring>

#include "Core/Codec.h"

namespace stage {
namespace {

/** Views of bytes in a message that outlive its frame, since that is kept. */
void Push(std::vector<std::uint8_t>& bytes, std::uint32_t value, int count) {
  for (int k = 0; k < count; ++k) bytes.push_back(static_cast<std::uint8_t>(value >> 8 * k));
}

}  // namespace

std::vector<std::uint8_t> WavFile(int rate, int channels,
                                  const std::vector<std::int16_t>& samples) {
  std::vector<std::uint8_t> file{'R', 'I', 'F', 'F'};
  const auto size = static_cast<std::uint32_t>(2 * samples.size());
  Push(file, 36 + size, 4);
  for (const char letter : std::string("WAVEfmt "))
    file.push_back(static_cast<std::uint8_t>(letter));
  Push(file, 16, 4);
  Push(file, 1, 2);
  Push(file, static_cast<std::uint32_t>(channels), 2);
  Push(file, static_cast<std::uint32_t>(rate), 4);
  Push(file, static_cast<std::uint32_t>(2 * rate * channels), 4);
  Push(file, static_cast<std::uint32_t>(2 * channels), 2);
  Push(file, 16, 2);
  for (const char letter : std::string("data")) file.push_back(static_cast<std::uint8_t>(letter));
  Push(file, size, 4);
  for (const std::int16_t sample : samples) Push(file, static_cast<std::uint16_t>(sample), 2);
  return file;
}

void Wire::Connect(const std::string& url, const char* /*subprotocol*/) { urls.push_back(url); }

void Wire::Send(const std::uint8_t* frame, std::size_t size) {
  kept.emplace_back(frame, frame + size);
  a2f::Codec codec;
  a2f::Message message;
  a2f::Fault fault;
  const a2f::Bytes bytes{kept.back().data(), kept.back().size()};
  was_refused = codec.Decode(bytes, message, fault) != a2f::Outcome::kMessage || was_refused;
  sent.push_back(std::move(message));
}

void Wire::Close(int /*code*/, const std::string& /*reason*/) { ++closed; }

Stage::Stage(int rate) : output(rate), next_(100, 0) { character.idle.level = a2f::IdleLevel::kOff; }

void Stage::Begin(a2f::Open open) {
  character.Begin(std::move(open));
  client.Start(now_us);
  Greet();
}

void Stage::Greet(const char* instance) {
  client.Connected(now_us);
  a2f::Hello hello;
  hello.server = "a2f-ws/test";
  hello.instance = instance;
  a2f::ModelInfo model;
  model.name = "embedded";
  model.fps_max = 240;
  hello.models.push_back(model);
  hello.rigs = {"arkit"};
  hello.audio.formats = {"s16le"};
  Hand(hello);
  a2f::Ready ready;
  ready.connection = "c1";
  Hand(ready);
}

bool Stage::Answer(std::optional<a2f::Received> received) {
  const std::optional<a2f::Open> open = wire.Take<a2f::Open>();
  if (!open) return false;
  sid_ = open->sid;
  a2f::Opened opened;
  opened.re = open->id;
  opened.sid = sid_;
  opened.layout = ++layout_;
  opened.model = "embedded";
  opened.rig = "arkit";
  opened.fps.num = 50;
  opened.curves = {"jawOpen", "mouthClose"};
  opened.row = 2;
  opened.look_ahead_us = 100000;
  opened.look_back_us = 50000;
  opened.credit_us = 60000000;
  opened.resume = "token" + std::to_string(layout_);
  opened.received = received;
  if (open->role == a2f::Role::kWatch) opened.audio = a2f::AudioFormat{};
  Hand(opened);
  std::vector<std::uint8_t> zeros(8, 0);
  a2f::Rest rest;
  rest.sid = sid_;
  rest.layout = layout_;
  rest.data = {zeros.data(), zeros.size()};
  Hand(rest);
  return true;
}

void Stage::Hand(const a2f::Message& message) {
  a2f::Encode(message, frame_);
  client.Receive({frame_.data(), frame_.size()}, now_us);
}

void Stage::Poses(std::int32_t u, std::int64_t i, int n, float value) {
  std::vector<float> rows(static_cast<std::size_t>(2 * n), value);
  std::vector<std::uint8_t> data(rows.size() * sizeof(float));
  std::memcpy(data.data(), rows.data(), data.size());
  a2f::Poses poses;
  poses.sid = sid_;
  poses.u = u;
  poses.layout = layout_;
  poses.i = i;
  poses.t_us = i * 20000;
  poses.n = n;
  poses.data = {data.data(), data.size()};
  Hand(poses);
}

void Stage::Tell(std::int32_t u, a2f::UtteranceState state, std::int64_t poses, std::int64_t t_us) {
  a2f::Utterance utterance;
  utterance.sid = sid_;
  utterance.u = u;
  utterance.state = state;
  utterance.poses = poses;
  utterance.t_us = t_us;
  Hand(utterance);
}

void Stage::Say(double seconds) {
  const std::vector<float> sound(static_cast<std::size_t>(seconds * 16000), 0.25F);
  character.Feed(sound.data(), sound.size());
  character.Finish();
}

void Stage::Pass(std::int64_t us) {
  for (const std::int64_t end_us = now_us + us; now_us < end_us; now_us += 10000) {
    client.Tick(now_us);
    const a2f::RowView shown = character.Sample(now_us);
    row.assign(shown.data, shown.data + shown.size);
  }
}

std::int64_t Stage::Frames(std::int32_t u) {
  std::int64_t& next = next_[static_cast<std::size_t>(u)];
  for (auto it = wire.sent.begin(); it != wire.sent.end();) {
    const auto* audio = std::get_if<a2f::Audio>(&*it);
    if (audio == nullptr || audio->u != u) {
      ++it;
      continue;
    }
    if (audio->first > next) return -1;
    next = std::max(next, audio->first + static_cast<std::int64_t>(audio->pcm.size / 2));
    it = wire.sent.erase(it);
  }
  return next;
}

bool Stage::Was(const std::string& what) const {
  return std::find(told.begin(), told.end(), what) != told.end();
}

}  // namespace stage
