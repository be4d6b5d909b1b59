/** Servers that say anything at any time, and callers who do: nothing may break. */

#include <algorithm>
#include <cmath>

#include "Checks.h"
#include "client_stage.h"

namespace {

using stage::Stage;

/** The same numbers everywhere (a linear congruence, as in Numerical Recipes). */
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : state_(seed) {}
  std::int32_t Below(std::int32_t most) {
    state_ = state_ * 1664525U + 1013904223U;
    return static_cast<std::int32_t>((state_ >> 8) % static_cast<std::uint32_t>(most));
  }

 private:
  std::uint32_t state_;
};

void Speak(Stage& scene, Dice& dice) {
  std::vector<std::uint8_t> pcm(static_cast<std::size_t>(2 * dice.Below(2000)), 7);
  a2f::Audio audio;
  audio.sid = 1 + dice.Below(2);
  audio.u = 1 + dice.Below(5);
  audio.first = dice.Below(3) == 0 ? dice.Below(2000000000) : dice.Below(50000);
  audio.pcm = {pcm.data(), pcm.size()};
  scene.Hand(audio);
}

void TellAnything(Stage& scene, Dice& dice) {
  const std::int32_t u = 1 + dice.Below(6);
  switch (dice.Below(9)) {
    case 0: scene.Poses(u, dice.Below(200), 1 + dice.Below(30), 0.5F); break;
    case 1: scene.Poses(u, dice.Below(4) * 50, 50, 0.5F); break;
    case 2:
      scene.Tell(u, static_cast<a2f::UtteranceState>(dice.Below(4)), dice.Below(300),
                 dice.Below(9000000));
      break;
    case 3: Speak(scene, dice); break;
    case 4: {
      a2f::Credit credit;
      credit.sid = 1;
      credit.u = u;
      credit.to_us = dice.Below(2000000000);
      scene.Hand(credit);
      break;
    }
    case 5: {
      a2f::Refusal refusal;
      refusal.re = dice.Below(40);
      refusal.sid = 1 + dice.Below(2);
      const std::int32_t codes[] = {4400, 4404, 4409, 4413, 4422, 4429, 4500, 4503};
      refusal.code = codes[dice.Below(8)];
      scene.Hand(refusal);
      break;
    }
    case 6: {
      a2f::Closed closed;
      closed.sid = 1 + dice.Below(2);
      const std::int32_t codes[] = {1000, 4429, 4490, 4500, 4503};
      closed.code = codes[dice.Below(5)];
      scene.Hand(closed);
      break;
    }
    case 7: {
      a2f::Status status;
      status.sid = 1;
      status.code = dice.Below(2) == 0 ? "rate" : "dropped";
      status.counters = {{"look_ahead_us", dice.Below(1000000)}, {"poses", dice.Below(10)}};
      scene.Hand(status);
      break;
    }
    default: {
      a2f::Received received;
      received.u = u;
      received.to_us = dice.Below(2000000000);
      scene.Answer(dice.Below(2) == 0 ? std::optional<a2f::Received>(received) : std::nullopt);
    }
  }
}

void DoAnything(Stage& scene, Dice& dice, bool is_watching) {
  const std::vector<float> block(static_cast<std::size_t>(1 + dice.Below(4000)), 0.2F);
  a2f::Open open;
  open.role = is_watching ? a2f::Role::kWatch : a2f::Role::kSpeak;
  open.name = "hall";
  switch (dice.Below(14)) {
    case 0: scene.Say(0.001 * dice.Below(3000)); break;
    case 1: scene.character.Feed(block.data(), block.size()); break;
    case 2: scene.character.Finish(); break;
    case 3: scene.character.Interrupt(scene.now_us); break;
    case 4: scene.character.Hear(block.data(), block.size(), scene.now_us); break;
    case 5: scene.character.Pause(dice.Below(2) == 0); break;
    case 6: scene.character.SetVisible(dice.Below(2) == 0, scene.now_us); break;
    case 7: scene.character.Feel({{"joy", 0.5}}, dice.Below(1000000)); break;
    case 8: scene.character.SetParam("intensity", 1.5); break;
    case 9:
      if (dice.Below(6) == 0) scene.character.Begin(open);
      break;
    case 10:
      if (dice.Below(12) == 0) scene.character.Leave();
      break;
    case 11: {
      const int codes[] = {1000, 1001, 1006, 4408, 4413, 4429, 4490, 4500, 4503};
      if (dice.Below(4) == 0)
        scene.client.Disconnected(codes[dice.Below(9)], "retry in 1 s", scene.now_us);
      break;
    }
    case 12:
      scene.client.Start(scene.now_us);
      scene.Greet(dice.Below(2) == 0 ? "a" : "b");
      break;
    default: scene.Pass(10000 * dice.Below(60));
  }
}

/** A watcher's sound and states come for numbers that a speaker's session has as well. */
void Play(std::uint32_t seed, bool is_watching) {
  Stage scene;
  Dice dice(seed);
  a2f::Open open;
  open.role = is_watching ? a2f::Role::kWatch : a2f::Role::kSpeak;
  open.name = "hall";
  scene.Begin(open);
  scene.Answer();
  bool is_finite = true;
  for (int k = 0; k < 400; ++k) {
    if (dice.Below(2) == 0)
      TellAnything(scene, dice);
    else
      DoAnything(scene, dice, is_watching);
    scene.wire.kept.clear();
    scene.wire.sent.erase(std::remove_if(scene.wire.sent.begin(), scene.wire.sent.end(),
                                         [](const a2f::Message& one) {
                                           return !std::holds_alternative<a2f::Open>(one);
                                         }),
                          scene.wire.sent.end());
    if (dice.Below(3) == 0) scene.Pass(20000);
    for (const float value : scene.row) is_finite = is_finite && std::isfinite(value);
  }
  checks::Holds(is_finite && !scene.wire.was_refused, "seed " + std::to_string(seed));
}

}  // namespace

void CheckStrangers() {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) Play(seed, seed % 3 == 0);
  checks::Part("strangers");
}
