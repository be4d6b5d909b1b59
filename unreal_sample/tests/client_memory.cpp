/** What a client keeps of sound that goes on for minutes, and of servers that never end anything. */

#include <malloc.h>

#include "Checks.h"
#include "client_stage.h"

using checks::Holds;
using stage::Stage;
using State = a2f::UtteranceState;

/** Of AddressSanitizer, where it is linked. */
extern "C" std::size_t __sanitizer_get_current_allocated_bytes() __attribute__((weak));

namespace {

constexpr int kVoiceRate = 48000;
/** 20 s of sound: of what the head has passed, and what is let go of in one go. */
constexpr double kMostMb = 16.0;

double AllocatedMb() {
  const std::size_t bytes = __sanitizer_get_current_allocated_bytes != nullptr
                                ? __sanitizer_get_current_allocated_bytes()
                                : mallinfo2().uordblks + mallinfo2().hblkhd;
  return static_cast<double>(bytes) / 1e6;
}

/** What grows meanwhile, when pieces of a tenth of a second come and are shown. */
template <typename Piece>
double GrowthMb(Stage& scene, int seconds, Piece piece) {
  double before = 0.0;
  for (int k = 0; k < 10 * seconds; ++k) {
    piece(k);
    for (int tick = 0; tick < 5; ++tick) {
      scene.client.Tick(scene.now_us);
      scene.character.Sample(scene.now_us);
      scene.now_us += 20000;
    }
    scene.wire.sent.clear();
    scene.wire.kept.clear();
    scene.told.clear();
    if (k == 10) before = AllocatedMb();
  }
  return AllocatedMb() - before;
}

void TellGrowth(const char* what, double mb) {
  std::printf("memory: %s: %.1f MB more\n", what, mb);
  Holds(mb < kMostMb, std::string("bounded: ") + what);
}

void CheckFedMemory(const std::vector<float>& sound) {
  Stage scene(kVoiceRate);
  scene.Begin();
  scene.Answer();
  TellGrowth("3 minutes at 48 kHz of a voice that is tapped", GrowthMb(scene, 180, [&](int k) {
         scene.character.Feed(sound.data(), sound.size());
         if (k == 0) scene.Tell(1, State::kStarted);
         scene.Poses(1, 5 * k, 5, 0.5F);
       }));
}

void CheckHeardMemory(const std::vector<float>& sound, bool has_server) {
  Stage scene(kVoiceRate);
  scene.Begin();
  scene.Answer();
  const auto piece = [&](int k) {
    scene.character.Hear(sound.data(), sound.size(), scene.now_us);
    if (k == 0) scene.Tell(1, State::kStarted);
    if (has_server || k < 20) scene.Poses(1, 5 * k, 5, 0.5F);
    if (!has_server && k == 20) scene.client.Disconnected(1006, "", scene.now_us);
  };
  TellGrowth(has_server ? "the same, heard elsewhere" : "the same, without a server",
       GrowthMb(scene, 180, piece));
  if (has_server) return;
  scene.Greet();
  Holds(scene.Answer(), "the server comes back");
  const auto open_u = scene.wire.Take<a2f::Audio>();
  scene.character.Hear(sound.data(), sound.size(), scene.now_us);
  Holds(!scene.wire.was_refused && (!open_u || open_u->first > 170LL * kVoiceRate),
        "and hears what is said now");
}

void CheckWatchedMemory() {
  Stage scene(kVoiceRate);
  a2f::Open open;
  open.role = a2f::Role::kWatch;
  open.name = "hall";
  scene.Begin(open);
  scene.Answer();
  const std::vector<std::uint8_t> pcm(3200, 1);
  const auto speak = [&](std::int32_t u, std::int64_t first) {
    a2f::Audio audio;
    audio.sid = 1;
    audio.u = u;
    audio.first = first;
    audio.pcm = {pcm.data(), pcm.size()};
    scene.Hand(audio);
  };
  TellGrowth("100 s of a session that is watched", GrowthMb(scene, 100, [&](int k) {
         if (k == 0) scene.Tell(1, State::kStarted);
         speak(1, 1600 * k);
         scene.Poses(1, 5 * k, 5, 0.5F);
       }));
  for (std::int32_t u = 2; u <= 3; ++u) scene.Tell(u, State::kStarted);
  const double before = AllocatedMb();
  for (int k = 0; k < 400; ++k) {
    for (std::int32_t u = 2; u <= 3; ++u) speak(u, 1600 * k);
    scene.wire.sent.clear();
  }
  const double grown = AllocatedMb() - before;
  std::printf("memory: sound of two utterances by turns, 40 s, nothing shown: %.1f MB\n", grown);
  Holds(grown < 20.0, "of two utterances by turns the newer one is kept");
}

void CheckFlood() {
  Stage scene;
  a2f::Open open;
  open.role = a2f::Role::kWatch;
  open.name = "hall";
  scene.Begin(open);
  scene.Answer();
  const std::vector<std::uint8_t> pcm(3200, 1);
  const double before = AllocatedMb();
  for (std::int32_t u = 1; u <= 20000; ++u) {
    scene.Tell(u, State::kStarted);
    if (u % 10 > 0) continue;
    a2f::Audio audio;
    audio.sid = 1;
    audio.u = u;
    audio.pcm = {pcm.data(), pcm.size()};
    scene.Hand(audio);
  }
  const double grown = AllocatedMb() - before;
  std::printf("memory: 20,000 utterances begun: %.1f MB\n", grown);
  Holds(grown < 1.0, "utterances that never end");
}

}  // namespace

void CheckMemory() {
  const std::vector<float> sound(kVoiceRate / 10, 0.2F);
  CheckFedMemory(sound);
  CheckHeardMemory(sound, true);
  CheckHeardMemory(sound, false);
  CheckWatchedMemory();
  CheckFlood();
  checks::Part("memory");
}
