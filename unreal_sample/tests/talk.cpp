/**
 * Talks to a live server through tests/clients/pump.py and writes down what came of it.
 *
 *     talk SCENE SOUND RESULT [PASSWORD]
 *
 * SOUND is 16 kHz s16le mono. Scenes: `two` characters on one socket say all of it; `watch`: one
 * says it under a name, another one follows that name; `interrupt`: the line is cut short
 * while it is heard, and another one said at once; `cut`: the connection breaks while it is heard;
 * `restart`: as cut, but somebody else breaks it, once RESULT.heard is there. RESULT gets one line
 * per thing that happened, and every row that came, in hex.
 */

#include <cstdlib>
#include <memory>

#include "Client/Character.h"
#include "Core/Pcm.h"
#include "PumpWire.h"

namespace {

constexpr int kRate = 16000;
constexpr std::int64_t kTickUs = 16667;
constexpr std::int64_t kTroubleUs = 400000;
constexpr std::int64_t kLimitUs = 50000000;

std::vector<float> ReadSound(const char* path) {
  std::vector<float> samples;
  std::FILE* const file = std::fopen(path, "rb");
  if (!file) return samples;
  std::uint8_t bytes[2];
  while (std::fread(bytes, 1, 2, file) == 2) a2f::AppendSamples({bytes, 2}, {}, samples);
  std::fclose(file);
  return samples;
}

/** One character with its sound, and its notes. */
class Guest final : public a2f::CharacterListener {
 public:
  Guest(a2f::Client& client, int number, std::FILE* notes)
      : number_(number), notes_(notes), output_(kRate), character_(client, output_, *this) {}

  /** Speak, or follow whoever speaks; under a name where one is given. */
  void Begin(a2f::Role role, const char* name) {
    a2f::Open open;
    open.rig = "arkit";
    open.role = role;
    if (name) open.name = name;
    character_.Begin(open);
    if (role == a2f::Role::kWatch) said_ = 1;
  }

  void Say(const std::vector<float>& sound) {
    character_.Feed(sound.data(), sound.size());
    character_.Finish();
    ++said_;
  }

  void Interrupt(std::int64_t now_us) { character_.Interrupt(now_us); }

  void Show(std::int64_t now_us) {
    character_.Sample(now_us);
    const a2f::Report report = character_.Doing();
    if (std::llabs(report.skew_us) > skew_us_) skew_us_ = std::llabs(report.skew_us);
    heard_us_ = output_.HeardFrames(now_us) * 1000000 / kRate;
  }

  /** Everything that was said has been heard. */
  bool IsDone() const { return ended_ == said_ && said_ > 0; }
  bool HasFailed() const { return has_failed_; }
  std::int64_t HeardUs() const { return heard_us_; }

  void Sum() {
    const a2f::Report report = character_.Doing();
    std::fprintf(notes_, "sum %d %lld %d %lld\n", number_, static_cast<long long>(skew_us_),
                 report.stalls, static_cast<long long>(report.dropped));
  }

 private:
  void OnConnected() override { std::fprintf(notes_, "connected %d\n", number_); }
  void OnLineBegun(std::int32_t u) override { std::fprintf(notes_, "begun %d %d\n", number_, u); }
  void OnLineEnded(std::int32_t u) override {
    ++ended_;
    std::fprintf(notes_, "ended %d %d\n", number_, u);
  }
  void OnStatus(const std::string& code, const std::string&) override {
    std::fprintf(notes_, "status %d %s\n", number_, code.c_str());
  }
  void OnError(int code, const std::string& message) override {
    std::fprintf(notes_, "error %d %d %s\n", number_, code, message.c_str());
  }
  void OnEnded(int code, const std::string& reason) override {
    has_failed_ = true;
    std::fprintf(notes_, "over %d %d %s\n", number_, code, reason.c_str());
  }

  int number_;
  std::FILE* notes_;
  a2f::SilentOutput output_;
  a2f::Character character_;
  int said_ = 0;
  int ended_ = 0;
  bool has_failed_ = false;
  std::int64_t skew_us_ = 0;
  std::int64_t heard_us_ = 0;
};

/** Writes rows down as they stand in the frame, before anything is made of them. */
class Tap {
 public:
  explicit Tap(std::FILE* notes) : notes_(notes) {}

  void Look(a2f::Bytes frame) {
    const a2f::Outcome outcome = codec_.Decode(frame, message_, fault_);
    if (outcome == a2f::Outcome::kRefused) std::fprintf(notes_, "refused %s\n", fault_.message.c_str());
    if (outcome != a2f::Outcome::kMessage) return;
    const auto* poses = std::get_if<a2f::Poses>(&message_);
    if (const auto* told = std::get_if<a2f::Utterance>(&message_)) {
      std::fprintf(notes_, "utterance %d %d %d %lld\n", told->sid, told->u,
                   static_cast<int>(told->state), static_cast<long long>(told->poses));
    }
    if (!poses) return;
    std::fprintf(notes_, "poses %d %d %lld %d ", poses->sid, poses->u,
                 static_cast<long long>(poses->i), poses->n);
    for (std::size_t k = 0; k < poses->data.size; ++k) {
      std::fprintf(notes_, "%02x", static_cast<unsigned>(poses->data.data[k]));
    }
    std::fputc('\n', notes_);
  }

 private:
  std::FILE* notes_;
  a2f::Codec codec_;
  a2f::Message message_;
  a2f::Fault fault_;
};

class Scene {
 public:
  Scene(std::string name, std::vector<float> sound, std::string result,
        const a2f::Introduction& who)
      : name_(std::move(name)), sound_(std::move(sound)), result_(std::move(result)),
        notes_(std::fopen(result_.c_str(), "w")), client_(wire_, "ws://pump", who), tap_(notes_) {}
  ~Scene() { std::fclose(notes_); }
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  int Play() {
    const bool is_watched = name_ == "watch";
    const int guests = name_ == "two" || is_watched ? 2 : 1;
    for (int k = 0; k < guests; ++k) {
      const bool watches = is_watched && k > 0;
      guests_.push_back(std::make_unique<Guest>(client_, k, notes_));
      guests_.back()->Begin(watches ? a2f::Role::kWatch : a2f::Role::kSpeak,
                            is_watched ? "hall" : nullptr);
      if (!watches) guests_.back()->Say(sound_);
    }
    client_.Start(0);
    wire_.Wake(0);
    Record record;
    while (wire_.Next(record)) {
      if (!wire_.IsWanted(record)) continue;
      Take(record);
      if (IsOver(record.time_us)) break;
    }
    bool is_done = true;
    for (const auto& guest : guests_) {
      guest->Sum();
      is_done = is_done && guest->IsDone() && !guest->HasFailed();
    }
    std::fprintf(notes_, "problem %s\n", client_.Problem().c_str());
    std::fprintf(notes_, "restarts %d\n", client_.Restarts());
    return is_done ? 0 : 1;
  }

 private:
  bool IsOver(std::int64_t now_us) const {
    bool is_over = true;
    for (const auto& guest : guests_) is_over = is_over && (guest->IsDone() || guest->HasFailed());
    const bool is_closed = client_.State() == a2f::ClientState::kClosed;
    return is_over || is_closed || now_us > kLimitUs;
  }

  void Take(const Record& record) {
    const a2f::Bytes bytes{record.payload.data(), record.payload.size()};
    if (record.kind == 'O') client_.Connected(record.time_us);
    if (record.kind == 'B') {
      tap_.Look(bytes);
      client_.Receive(bytes, record.time_us);
    }
    if (record.kind == 'X' && bytes.size >= 2) {
      const std::string reason(record.payload.begin() + 2, record.payload.end());
      client_.Disconnected(bytes.data[0] | bytes.data[1] << 8, reason, record.time_us);
      std::fprintf(notes_, "lost\n");
    }
    if (record.kind == 'K') Tick(record.time_us);
  }

  void Tick(std::int64_t now_us) {
    client_.Tick(now_us);
    for (const auto& guest : guests_) guest->Show(now_us);
    if (!has_begun_trouble_ && guests_.front()->HeardUs() > kTroubleUs) {
      has_begun_trouble_ = true;
      Trouble(now_us);
    }
    wire_.Wake(now_us + kTickUs);
  }

  void Trouble(std::int64_t now_us) {
    if (name_ == "interrupt") {
      guests_.front()->Interrupt(now_us);
      guests_.front()->Say(sound_);
    }
    if (name_ == "cut") wire_.Cut();
    if (name_ == "restart") {
      if (std::FILE* const sign = std::fopen((result_ + ".heard").c_str(), "w")) std::fclose(sign);
    }
  }

  std::string name_;
  std::vector<float> sound_;
  std::string result_;
  std::FILE* notes_;
  PumpWire wire_;
  a2f::Client client_;
  Tap tap_;
  std::vector<std::unique_ptr<Guest>> guests_;
  bool has_begun_trouble_ = false;
};

}  // namespace

int main(int count, char** words) {
  if (count != 4 && count != 5) {
    std::fprintf(stderr, "usage: talk two|watch|interrupt|cut|restart SOUND RESULT [PASSWORD]\n");
    return 2;
  }
  a2f::Introduction who;
  if (count == 5) who.password = words[4];
  std::vector<float> sound = ReadSound(words[2]);
  if (sound.empty()) {
    std::fprintf(stderr, "%s: found no sound, wanted 16 kHz s16le\n", words[2]);
    return 2;
  }
  return Scene(words[1], std::move(sound), words[3], who).Play();
}
