/** The client around the core, without a socket: life of connections, lines, sound and its clock.
 */

#include <cmath>
#include <thread>

#include "Checks.h"
#include "Client/Character.h"
#include "Client/FaceChoice.h"
#include "Client/Pipe.h"
#include "Client/SoundQueue.h"
#include "Client/Wav.h"
#include "client_stage.h"

namespace {

using checks::Holds;

void CheckCodes() {
  using a2f::Retry;
  Holds(a2f::RetryOf(4401) == Retry::Changed && a2f::RetryOf(4490) == Retry::No, "told codes");
  Holds(a2f::RetryOf(1011) == Retry::Later && a2f::RetryOf(4455) == Retry::Changed, "other codes");
  Holds(a2f::PauseIn("full, retry in 12 s") == 12000000, "a pause at the end of a reason");
  for (const char* reason :
       {"", "retry in s", "retry in 1x s", "retry in 123456789 s", "retry in 5 s."}) {
    Holds(a2f::PauseIn(reason) == -1, std::string("no pause in: ") + reason);
  }
  for (const char* url :
       {"ws://localhost:8765", "ws://127.0.0.1", "wss://[::1]:9/x", "ws://127.9.9.9/"}) {
    Holds(a2f::IsHere(url), std::string("on this machine: ") + url);
  }
  for (const char* url :
       {"ws://localhost.evil.org", "ws://127.0.0.1.evil.org", "ws://10.0.0.1", "x"}) {
    Holds(!a2f::IsHere(url), std::string("elsewhere: ") + url);
  }
  const std::string line = "{\"url\": \"ws://127.0.0.1:40123\", \"port\": 40123, \"pid\": 1}";
  Holds(a2f::AnnouncedUrl(line) == "ws://127.0.0.1:40123", "the announced address");
  for (const char* other :
       {"", "{}", "{\"url\": 5}", "{\"url\": \"http://a\"}", "url", "{\"url\": \"ws://a"}) {
    Holds(a2f::AnnouncedUrl(other).empty(), std::string("no announcement: ") + other);
  }
  checks::Part("codes");
}

void CheckBackoff() {
  a2f::Backoff far(false);
  std::int64_t sum = 0;
  for (int k = 0; k < 8; ++k) sum += far.After(1006, "", 0) / 1000000;
  Holds(sum == 1 + 2 + 4 + 8 + 16 + 30 + 30 + 30, "pauses grow from 1 s to 30 s");
  far.Ready(100);
  Holds(far.After(1006, "", 200) == 30000000, "a connection that did not last changes nothing");
  far.Ready(100);
  Holds(far.After(1006, "", 20000100) == 1000000, "one that lasted begins anew");
  a2f::Backoff here(true);
  for (int k = 0; k < 5; ++k) here.After(1006, "", 0);
  Holds(here.After(1006, "", 0) == 4000000, "4 s at the most towards this machine");
  Holds(here.After(4490, "", 0) == -1 && here.After(4401, "", 0) == -1, "codes that end it");
  Holds(a2f::Backoff(true).After(4500, "", 0) == 0, "at once where the code says so");
  Holds(here.After(4429, "retry in 7 s", 0) == 7000000, "a told pause holds");
  checks::Part("back-off");
}

void CheckReel() {
  a2f::Reel reel(16000, 100);
  std::vector<float> ones(64000, 1.0F);
  reel.Append(ones.data(), ones.size());
  Holds(reel.First() == 100 && reel.End() == 64100 && reel.EndUs() == 4006250, "first and end");
  reel.Forget(50000);
  Holds(reel.First() == 50000 && reel.End() == 64100, "what is forgotten is not kept");
  Holds(reel.Read(50000)[0] == 1.0F && reel.FrameAt(0) == 50000, "what is kept stays in its place");
  Holds(reel.FrameAt(4000000) == 64000 && reel.FrameAt(99000000) == 64100, "frames by time");
  checks::Part("reel");
}

void CheckQueue() {
  a2f::SoundQueue queue(48000, 20000);
  std::vector<float> sound(9600);
  for (std::size_t k = 0; k < sound.size(); ++k) sound[k] = static_cast<float>(k + 1);
  Holds(queue.Put(sound.data(), sound.size()) == sound.size(), "room for 0.2 s");
  std::vector<float> block(480);
  queue.Pull(block.data(), block.size(), 0);
  Holds(block[0] == 0.0F && queue.HeardFrames(50000) == 0, "nothing is heard before it runs");
  queue.Run(true);
  float expected = 1.0F;
  bool is_exact = true;
  std::int64_t now_us = 100000;
  for (int k = 0; k < 10; ++k, now_us += 10000) {
    queue.Pull(block.data(), block.size(), now_us);
    for (const float value : block) is_exact = is_exact && value == expected++;
    const std::int64_t heard = queue.HeardFrames(now_us + 5000);
    const std::int64_t ideal = (now_us + 5000 - 100000 - 20000) * 48 / 1000;
    Holds(std::llabs(heard - std::max<std::int64_t>(0, ideal)) <= 480,
          "heard is pulled less the latency");
  }
  Holds(is_exact, "the very samples come out");
  queue.Run(false);
  queue.Pull(block.data(), block.size(), now_us);
  Holds(block[0] > 4000.0F && block[479] == 0.0F, "halted sound fades out");
  queue.Pull(block.data(), block.size(), now_us + 10000);
  Holds(block[0] == 0.0F, "and stands");
  Holds(queue.HeardFrames(now_us + 100000) == 4800, "what was pulled is heard to its end, no more");
  queue.Run(true);
  queue.Pull(block.data(), block.size(), now_us + 200000);
  Holds(block[0] == 4801.0F, "a halt swallows nothing");
  queue.Clear();
  queue.Pull(block.data(), block.size(), now_us + 210000);
  Holds(block[479] == 0.0F && queue.HeardFrames(now_us + 300000) <= queue.PutFrames(), "cleared");
  queue.Put(sound.data(), 480);
  queue.Pull(block.data(), block.size(), now_us + 310000);
  Holds(block[0] == 1.0F, "what is put behind a clear is heard");
  checks::Part("sound queue");
}

/** A mixer renders 1,024 frames at once, in calls of 256, up to 4 ms early; a game looks 60 times a
 * second. */
void CheckHeardClock(int jitter_us, int rate) {
  constexpr std::int64_t kLatencyUs = 45000;
  a2f::SoundQueue queue(rate, kLatencyUs);
  queue.Run(true);
  const std::vector<float> sound(static_cast<std::size_t>(rate) / 20, 0.1F);
  std::vector<float> block(256);
  std::uint32_t noise = 7;
  std::int64_t pulled = 0;
  std::int64_t worst_us = 0;
  std::int64_t heard = 0;
  bool rises = true;
  for (std::int64_t now_us = 1000000; now_us < 21000000; now_us += 16667) {
    while (queue.PutFrames() - pulled < rate) queue.Put(sound.data(), sound.size());
    for (;;) {
      noise = noise * 1664525U + 1013904223U;
      const std::int64_t due_us = 1000000 + pulled * 1000000 / rate;
      const std::int64_t early_us =
          jitter_us > 0 ? (noise >> 8) % static_cast<std::uint32_t>(jitter_us) : 0;
      if (due_us - early_us > now_us) break;
      for (int k = 0; k < 4; ++k)
        queue.Pull(block.data(), block.size(), due_us - early_us + 50 * k);
      pulled += 1024;
    }
    const std::int64_t frames = queue.HeardFrames(now_us);
    rises = rises && frames >= heard;
    heard = frames;
    const std::int64_t error_us = heard * 1000000 / rate - (now_us - 1000000 - kLatencyUs);
    if (now_us > 1500000) worst_us = std::max<std::int64_t>(worst_us, std::llabs(error_us));
  }
  std::printf("heard clock at %d Hz, %d us of jitter: %lld us off at the most\n", rate, jitter_us,
              static_cast<long long>(worst_us));
  Holds(rises && worst_us < 20000, "what is heard is known to 20 ms");
}

void CheckQueueBetweenThreads() {
  a2f::SoundQueue queue(48000, 0);
  queue.Run(true);
  constexpr int kCount = 400000;
  std::thread reader([&queue] {
    float expected = 1.0F;
    std::vector<float> block(256);
    bool is_right = true;
    for (std::int64_t now_us = 0; expected <= kCount; ++now_us) {
      queue.Pull(block.data(), block.size(), now_us);
      for (const float value : block) {
        if (value != 0.0F) is_right = is_right && value == expected++;
      }
    }
    Holds(is_right, "every sample crosses once, in order");
  });
  float next = 1.0F;
  std::int64_t heard = 0;
  bool rises = true;
  while (next <= kCount) {
    const float some[3] = {next, next + 1, next + 2};
    const std::size_t wanted =
        std::min<std::size_t>(3, static_cast<std::size_t>(kCount - next + 1));
    next += static_cast<float>(queue.Put(some, wanted));
    const std::int64_t now = queue.HeardFrames(static_cast<std::int64_t>(next));
    rises = rises && now >= heard;
    heard = now;
  }
  reader.join();
  Holds(rises, "what was heard never goes back");
  checks::Part("sound queue between threads");
}

void CheckCapture() {
  a2f::Pipe pipe(1000);
  const std::vector<float> stereo{1.0F, 3.0F, -2.0F, 0.0F};
  pipe.Put(stereo.data(), 2, 2, 44100);
  std::vector<float> taken;
  Holds(pipe.Take(taken) == 2 && taken[0] == 2.0F && taken[1] == -1.0F, "the mean of the channels");
  const std::vector<float> much(1500, 1.0F);
  pipe.Put(much.data(), much.size(), 1, 44100);
  Holds(pipe.Take(taken) == 1000 && pipe.Dropped() == 500 && pipe.Rate() == 44100, "a full pipe");
  a2f::CaptureClock clock(16000);
  for (int k = 1; k <= 100; ++k) clock.Captured(k * 160, 1000000 + k * 10000 + k % 7 * 3000);
  Holds(clock.ZeroUs() == 1000000, "the least of what blocks tell");
  checks::Part("capture");
}

void CheckWav() {
  std::vector<std::uint8_t> file = stage::WavFile(24000, 2, {1000, 3000, -32768, -32768});
  a2f::WavSound sound;
  Holds(a2f::ReadWav({file.data(), file.size()}, sound) && sound.rate == 24000, "a file is read");
  Holds(
      sound.samples.size() == 2 && sound.samples[0] == 2000.0F / 32768 && sound.samples[1] == -1.0F,
      "its channels are averaged");
  bool is_safe = true;
  for (std::size_t size = 0; size < file.size(); ++size) {
    const std::vector<std::uint8_t> part(file.begin(), file.begin() + static_cast<long>(size));
    const bool is_read = a2f::ReadWav({part.data(), part.size()}, sound);
    is_safe = is_safe && (!is_read || sound.samples.size() <= 2);
  }
  Holds(is_safe, "files that are cut off");
  file[34] = 24;
  Holds(!a2f::ReadWav({file.data(), file.size()}, sound) && sound.samples.empty(),
        "24 bits: refused");
  checks::Part("wav files");
}

void CheckFaces() {
  a2f::FaceFacts facts;
  Holds(a2f::ChooseFace(facts).mode == a2f::FaceMode::AnimNode, "a mesh without morph targets");
  facts.morphs = {"jawOpen", "eyeBlinkLeft", "eyeBlinkRight", std::string(65, 'x')};
  const a2f::FaceChoice morphs = a2f::ChooseFace(facts);
  Holds(morphs.mode == a2f::FaceMode::Morphs && morphs.rig == "auto" && morphs.have.size() == 3,
        "morph targets are told to the server, but for names too long for it");
  facts.is_metahuman = true;
  const a2f::FaceChoice human = a2f::ChooseFace(facts);
  Holds(human.mode == a2f::FaceMode::LiveLink && human.rig == "unreal/metahuman" &&
            human.have.empty(),
        "a MetaHuman takes all raw controls");
  facts.rig = "unreal/livelink";
  Holds(a2f::ChooseFace(facts).rig == "unreal/livelink", "a rig that is asked for");
  checks::Part("faces");
}

}  // namespace

int main() {
  CheckCodes();
  CheckBackoff();
  CheckReel();
  CheckQueue();
  for (const int rate : {16000, 24000, 48000}) {
    CheckHeardClock(0, rate);
    CheckHeardClock(4000, rate);
  }
  checks::Part("heard clock");
  CheckQueueBetweenThreads();
  CheckCapture();
  CheckWav();
  CheckFaces();
  CheckConversation();
  CheckLoss();
  CheckResume();
  CheckRefusals();
  CheckWatching();
  CheckListening();
  CheckOwnServer();
  CheckCredentials();
  CheckNames();
  CheckForeignClocks();
  CheckForeignCharacter();
  CheckMemory();
  CheckStrangers();
  CheckSources();
  return checks::End();
}
