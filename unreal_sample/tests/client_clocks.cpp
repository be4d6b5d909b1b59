/** Sound on clocks of others: Wwise, FMOD, a voice chat. */

#include <cmath>

#include "Checks.h"
#include "Client/ForeignOutput.h"
#include "client_stage.h"

using checks::Holds;
using State = a2f::UtteranceState;

namespace {

/** Plays by itself what it is given or told to; counts what was heard, over everything. */
struct FarPlayer {
  std::int64_t heard = 7'000'000;
  std::int64_t waiting = 0;
  bool runs = true;
  bool counts_dropped = false;

  void Pass(std::int64_t frames) {
    const std::int64_t some = runs ? std::min(frames, waiting) : 0;
    heard += some;
    waiting -= some;
  }
};

class FarForeign final : public a2f::Foreign {
 public:
  FarForeign(FarPlayer& player, bool takes) : player_(player), takes_(takes) {}
  int Rate() const override { return 16000; }
  std::size_t Put(const float* /*samples*/, std::size_t count) override {
    const std::size_t taken = takes_ ? std::min<std::size_t>(count, 1000) : count;
    if (takes_) player_.waiting += static_cast<std::int64_t>(taken);
    return taken;
  }
  void Run(bool runs) override { player_.runs = runs; }
  void Clear() override {
    if (player_.counts_dropped) player_.heard += player_.waiting;
    player_.waiting = 0;
  }
  std::int64_t Heard() override { return player_.heard; }

 private:
  FarPlayer& player_;
  bool takes_;
};


/** Where the head is after lines of which the middle one is cut off; us of the third line. */
std::int64_t HeadOfThird(FarPlayer& player, bool takes) {
  a2f::ForeignOutput output(std::make_unique<FarForeign>(player, takes));
  const std::vector<float> sound(16000, 0.2F);
  const auto say = [&](std::int64_t heard) {
    const std::int64_t first = output.PutFrames();
    std::size_t at = 0;
    while (at < sound.size()) {
      const std::size_t taken = output.Put(sound.data() + at, sound.size() - at);
      if (taken == 0) break;
      at += taken;
    }
    // Half a second of silence behind it, as of every line.
    const std::vector<float> silence(8000, 0.0F);
    for (std::size_t k = 0; k < silence.size();) k += output.Put(silence.data(), 1000);
    if (!takes) player.waiting = 16000;
    output.Run(true);
    player.Pass(heard);
    return output.HeardFrames(0) - first;
  };
  Holds(say(16000) == 16000, "a line is heard to its end");
  output.Clear();
  Holds(output.HeardFrames(0) == output.PutFrames(), "what was dropped counts as heard");
  Holds(say(4000) == 4000, "the next one from its beginning");
  output.Clear();
  return say(8000);
}

}  // namespace

void CheckForeignClocks() {
  for (const bool takes : {true, false}) {
    for (const bool counts_dropped : {true, false}) {
      FarPlayer player;
      player.counts_dropped = counts_dropped;
      const std::string kind = std::string(takes ? "a sink" : "a bare clock") +
                               (counts_dropped ? " that counts what it drops" : "");
      Holds(HeadOfThird(player, takes) == 8000, kind);
      Holds(HeadOfThird(player, takes) == 8000, kind + ", after a rebuild");
      player.waiting = 3000;
      player.runs = true;
      a2f::ForeignOutput output(std::make_unique<FarForeign>(player, takes));
      Holds(!player.runs && player.waiting == 0, "what the last one left running is stopped");
    }
  }
  FarPlayer player;
  a2f::ForeignOutput output(std::make_unique<FarForeign>(player, false));
  const std::vector<float> sound(100000, 0.2F);
  Holds(output.Put(sound.data(), sound.size()) == 48000, "no more than three seconds ahead");
  player.heard += 99999;
  Holds(output.HeardFrames(0) == 48000, "nothing is heard that was not put");
  player.heard -= 5000;
  Holds(output.HeardFrames(0) == 48000, "and never goes back");
  checks::Part("clocks of others");
}

void CheckForeignCharacter() {
  FarPlayer player;
  stage::Stage scene;
  a2f::ForeignOutput output(std::make_unique<FarForeign>(player, false));
  a2f::Character character(scene.client, output, scene);
  character.idle.level = a2f::IdleLevel::kOff;
  character.Begin({});
  scene.client.Start(scene.now_us);
  scene.Greet();
  scene.Answer();
  const std::vector<float> sound(16000, 0.2F);
  std::vector<float> shown;
  for (std::int32_t u = 1; u <= 5; ++u) {
    character.Feed(sound.data(), sound.size());
    character.Finish();
    player.waiting = 16000;
    scene.Tell(u, State::kStarted);
    // Each line has a face of its own, whose jaw falls with time.
    for (int i = 0; i < 50; ++i) scene.Poses(u, i, 1, static_cast<float>(i) / 50.0F);
    scene.Poses(u, 50, 13, 0.0F);
    scene.Tell(u, State::kPosesDone, 63, 1240000);
    float worst = 0.0F;
    for (int tick = 0; tick < 200; ++tick) {
      const a2f::RowView row = character.Sample(scene.now_us);
      const std::int64_t left = player.waiting;
      if (left > 1600 && left < 14400)
        worst = std::max(worst, std::fabs(row.data[0] - static_cast<float>(16000 - left) / 16000));
      player.Pass(160);
      scene.now_us += 10000;
    }
    Holds(worst < 0.03F && player.waiting == 0, "face and sound of line " + std::to_string(u));
  }
  checks::Part("a character on a bare clock");
}
