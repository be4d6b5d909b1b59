#include "Simulation.h"

#include <algorithm>
#include <cmath>

namespace simulation {

namespace {

constexpr int kRate = 48000;
constexpr std::int64_t kStepUs = 500;
constexpr std::int64_t kFrameUs = 16667;
constexpr std::size_t kBlock = 1024;
constexpr std::int64_t kLatencyUs = 40000;
constexpr std::int64_t kPieceUs = 100000;
constexpr std::int64_t kSettleUs = 700000;
constexpr std::int64_t kAfterUs = 30000000;
/** Samples say which frame of the line they are: exact in float32 up to here. */
constexpr float kFrames = 16777216.0F;

using Frame = std::vector<std::uint8_t>;

/** One direction of a connection. */
class Way {
 public:
  Way(const Network& network, std::uint32_t seed) : network_(network), random_(seed) {}

  void Put(Frame frame, std::int64_t now_us) {
    std::int64_t at_us = now_us + network_.delay_us;
    if (network_.jitter_us > 0) {
      at_us += static_cast<std::int64_t>(random_() % static_cast<std::uint32_t>(network_.jitter_us));
    }
    if (network_.burst_every_us > 0) {
      const std::int64_t phase_us = at_us % network_.burst_every_us;
      if (phase_us < network_.burst_us) at_us += network_.burst_us - phase_us;
    }
    last_us_ = (std::max)(last_us_, at_us);
    frames_.emplace_back(last_us_, std::move(frame));
  }
  bool Take(std::int64_t now_us, Frame& frame) {
    if (frames_.empty() || frames_.front().first > now_us) return false;
    frame = std::move(frames_.front().second);
    frames_.pop_front();
    return true;
  }
  void Lose() { frames_.clear(); }

 private:
  const Network& network_;
  std::minstd_rand random_;
  std::int64_t last_us_ = 0;
  std::deque<std::pair<std::int64_t, Frame>> frames_;
};

/** A device that pulls blocks by its own clock and tells, in truth, what sounds when. */
class Device {
 public:
  explicit Device(double ppm) : frame_us_(1e6 / kRate * (1.0 - ppm / 1e6)) {}

  void Run(a2f::SoundQueue& queue, std::int64_t now_us) {
    while (next_us_ <= static_cast<double>(now_us)) {
      std::vector<float> block(kBlock);
      queue.Pull(block.data(), block.size(), static_cast<std::int64_t>(next_us_));
      for (const float sample : block) Note(sample);
      blocks_.emplace_back(next_us_ + static_cast<double>(kLatencyUs), std::move(block));
      if (blocks_.size() > 16) blocks_.pop_front();
      next_us_ += frame_us_ * static_cast<double>(kBlock);
    }
  }
  /** Frame of the line that sounds now; -1 for silence. */
  std::int64_t HeardFrame(std::int64_t now_us) const {
    for (const auto& [at_us, block] : blocks_) {
      const double k = (static_cast<double>(now_us) - at_us) / frame_us_;
      if (k < 0.0 || k >= static_cast<double>(kBlock)) continue;
      const float sample = block[static_cast<std::size_t>(k)];
      return sample > 0.0F ? static_cast<std::int64_t>(std::lround(sample * kFrames)) - 1 : -1;
    }
    return -1;
  }
  /** Every frame came once and in order, but for what fades where the sound is halted. */
  bool IsWhole(std::int64_t frames) const { return next_ == frames; }

 private:
  void Note(float sample) {
    const float wanted = static_cast<float>(next_ + 1) / kFrames;
    if (!(std::abs(sample - wanted) > 0.0F)) ++next_;
  }

  double frame_us_;
  double next_us_ = 0.0;
  std::int64_t next_ = 0;
  std::deque<std::pair<double, std::vector<float>>> blocks_;
};

class World final : public a2f::Wire, public a2f::CharacterListener {
 public:
  World(const Network& network, double seconds, double ppm)
      : network_(network), device_(ppm), up_(network, 1), down_(network, 2),
        queue_(kRate, kLatencyUs), client_(*this, "ws://far.example", {}),
        character_(client_, queue_, *this),
        frames_(static_cast<std::int64_t>(seconds * kRate)), length_us_(frames_ * 1000000 / kRate) {}

  Outcome Run() {
    character_.idle.level = a2f::IdleLevel::kOff;
    character_.Begin({});
    client_.Start(0);
    const std::int64_t limit_us = length_us_ + kAfterUs;
    for (now_us_ = 0; now_us_ < limit_us && !has_ended_; now_us_ += kStepUs) Step();
    outcome_.is_whole = device_.IsWhole(frames_);
    outcome_.stalls = character_.Doing().stalls;
    return outcome_;
  }

 private:
  void Connect(const std::string&, const char*) override {
    open_at_us_ = now_us_ + 3 * network_.delay_us + 1000;
    is_connecting_ = true;
  }
  void Send(const std::uint8_t* frame, std::size_t size) override {
    if (is_up_) up_.Put(Frame(frame, frame + size), now_us_);
  }
  void Close(int, const std::string&) override { is_up_ = is_connecting_ = false; }
  void OnLineEnded(std::int32_t) override { has_ended_ = true; }
  void OnConnected() override { settled_at_us_ = now_us_ + kSettleUs; }

  void Step() {
    Carry();
    const bool breaks = network_.cut_every_us > 0 && now_us_ > 0 &&
                        now_us_ % network_.cut_every_us < kStepUs && is_up_;
    if (breaks) Break();
    Speak();
    device_.Run(queue_, now_us_);
    if (now_us_ % kFrameUs < kStepUs) Show();
  }

  void Carry() {
    if (is_connecting_ && now_us_ >= open_at_us_) {
      is_connecting_ = false;
      is_up_ = true;
      client_.Connected(now_us_);
      server_.Connected();
    }
    Frame frame;
    while (is_up_ && up_.Take(now_us_, frame)) server_.Receive(frame, now_us_);
    server_.Work(now_us_);
    for (; !server_.out.empty(); server_.out.pop_front()) {
      if (is_up_) down_.Put(std::move(server_.out.front()), now_us_);
    }
    while (is_up_ && down_.Take(now_us_, frame)) client_.Receive({frame.data(), frame.size()}, now_us_);
  }

  void Break() {
    is_up_ = false;
    up_.Lose();
    down_.Lose();
    ++outcome_.reconnects;
    client_.Disconnected(1006, "", now_us_);
  }

  /** Sound comes as a voice agent gives it: in pieces of 100 ms, half as fast again as it is said. */
  void Speak() {
    if (spoken_ >= frames_ || now_us_ < spoken_at_us_) return;
    spoken_at_us_ = now_us_ + kPieceUs * 2 / 3;
    const std::int64_t count = (std::min)(frames_ - spoken_, kPieceUs * kRate / 1000000);
    std::vector<float> piece;
    for (std::int64_t k = 0; k < count; ++k) piece.push_back(static_cast<float>(spoken_ + k + 1) / kFrames);
    character_.Feed(piece.data(), piece.size());
    spoken_ += count;
    if (spoken_ >= frames_) character_.Finish();
  }

  void Show() {
    client_.Tick(now_us_);
    const a2f::RowView row = character_.Sample(now_us_);
    const std::int64_t heard = device_.HeardFrame(now_us_);
    const int stalls = character_.Doing().stalls;
    if (heard < 0 || stalls != stalls_) settled_at_us_ = now_us_ + kSettleUs;
    stalls_ = stalls;
    if (heard >= 0 && outcome_.start_us == 0) outcome_.start_us = now_us_;
    if (heard < 0 && outcome_.start_us > 0 && last_heard_ < frames_ - kRate / 10) {
      outcome_.silence_us += kFrameUs;
    }
    if (heard >= 0) last_heard_ = heard;
    const std::int64_t heard_us = heard * 1000000 / kRate;
    const bool is_late = heard_us > length_us_ - kFrameUs;
    if (heard < 0 || is_late || now_us_ < settled_at_us_ || row.size == 0 || row.data[0] <= 0.0F) return;
    const std::int64_t late_us = -character_.Doing().skew_us;
    outcome_.late_us = (std::max)(outcome_.late_us, late_us);
    if (late_us > 0) return;
    const auto shown_us = static_cast<std::int64_t>(std::lround(static_cast<double>(row.data[0]) * 1e6));
    outcome_.skews_us.push_back(std::llabs(shown_us - heard_us));
  }

  const Network& network_;
  Device device_;
  Way up_;
  Way down_;
  Server server_;
  a2f::SoundQueue queue_;
  a2f::Client client_;
  a2f::Character character_;
  std::int64_t frames_;
  std::int64_t length_us_;
  std::int64_t now_us_ = 0;
  std::int64_t open_at_us_ = 0;
  bool is_connecting_ = false;
  bool is_up_ = false;
  bool has_ended_ = false;
  std::int64_t spoken_ = 0;
  std::int64_t spoken_at_us_ = 0;
  std::int64_t settled_at_us_ = 0;
  std::int64_t last_heard_ = -1;
  int stalls_ = 0;
  Outcome outcome_;
};

}  // namespace

Outcome Play(const Network& network, double seconds, double device_ppm) {
  World world(network, seconds, device_ppm);
  return world.Run();
}

}  // namespace simulation
