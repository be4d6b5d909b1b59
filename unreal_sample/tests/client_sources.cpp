/** What gives a character's sound: lines that are fed, waves that the engine plays, voices. */

#include <cmath>

#include "Checks.h"
#include "Client/PcmCarry.h"
#include "Client/Resampler.h"
#include "Client/Script.h"
#include "Client/Wishes.h"
#include "client_stage.h"

using checks::Holds;
using stage::Stage;

namespace {

constexpr double kTurn = 6.283185307179586;

std::vector<float> Tone(double hertz, int rate, double seconds) {
  std::vector<float> tone(static_cast<std::size_t>(seconds * rate));
  for (std::size_t k = 0; k < tone.size(); ++k)
    tone[k] = static_cast<float>(0.5 * std::sin(kTurn * hertz * static_cast<double>(k) / rate));
  return tone;
}

std::vector<float> Converted(const std::vector<float>& in, int from, int to, std::size_t piece) {
  a2f::Resampler resampler;
  resampler.Start(from, to);
  std::vector<float> out;
  for (std::size_t at = 0; at < in.size(); at += piece)
    resampler.Push(in.data() + at, std::min(piece, in.size() - at), out);
  resampler.Finish(out);
  return out;
}

/** Largest difference away from the ends, of two sounds that should be the same. */
double Error(const std::vector<float>& a, const std::vector<float>& b, std::size_t edge) {
  double worst = a.size() == b.size() ? 0.0 : 9.0;
  for (std::size_t k = edge; k + edge < std::min(a.size(), b.size()); ++k)
    worst = std::max(worst, static_cast<double>(std::fabs(a[k] - b[k])));
  return worst;
}

void CheckResampler() {
  for (const int from : {8000, 11025, 16000, 22050, 24000, 44100, 96000, 192000}) {
    const std::string what = std::to_string(from) + " Hz at 48000";
    const std::vector<float> in = Tone(1000, from, 0.5);
    const std::vector<float> out = Converted(in, from, 48000, 1000000);
    const auto frames = static_cast<double>(in.size()) * 48000 / from;
    Holds(static_cast<double>(out.size()) == std::ceil(frames), what + ": as long as before");
    std::vector<float> ideal = Tone(1000, 48000, 1.0);
    ideal.resize(out.size());
    Holds(Error(out, ideal, 400) < 1e-3, what + ": the same tone, at the same time");
    Holds(Converted(in, from, 48000, 441) == out && Converted(in, from, 48000, 1) == out,
          what + ": the same, however it is cut");
  }
  const std::vector<float> high = Converted(Tone(11000, 48000, 0.5), 48000, 16000, 480);
  const std::vector<float> silence(high.size(), 0.0F);
  Holds(Error(high, silence, 100) < 1e-3, "what the lower rate cannot have does not come back");
  const std::vector<float> odd = Converted(Tone(1000, 47999, 0.5), 47999, 48000, 480);
  std::vector<float> ideal = Tone(1000, 48000, 1.0);
  ideal.resize(odd.size());
  Holds(Error(odd, ideal, 400) < 2e-3, "rates without a common part");
  const std::vector<float> same = Tone(440, 48000, 0.1);
  Holds(Converted(same, 48000, 48000, 77) == same, "one rate: the very samples");
  checks::Part("resampler");
}

void CheckCarry() {
  std::vector<std::uint8_t> bytes;
  std::vector<float> ideal;
  for (int k = 0; k < 100; ++k) {
    const int value = k * 601 - 30000;
    bytes.push_back(static_cast<std::uint8_t>(value & 255));
    bytes.push_back(static_cast<std::uint8_t>(value >> 8 & 255));
    ideal.push_back(static_cast<float>(value) / 32768.0F);
  }
  for (const int channels : {1, 2}) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{7}}) {
      a2f::PcmCarry carry;
      std::vector<float> out;
      bool is_whole = true;
      for (std::size_t at = 0; at < bytes.size(); at += piece) {
        carry.Push(bytes.data() + at, std::min(piece, bytes.size() - at), channels, out);
        is_whole = is_whole && out.size() % static_cast<std::size_t>(channels) == 0;
      }
      Holds(out == ideal && is_whole, "bytes that are cut anywhere lose nothing");
    }
  }
  a2f::PcmCarry carry;
  std::vector<float> out;
  carry.Push(bytes.data(), 3, 1, out);
  carry.Drop();
  out.clear();
  carry.Push(bytes.data(), 4, 1, out);
  Holds(out == std::vector<float>(ideal.begin(), ideal.begin() + 2),
        "half a sample of a line that is over is not part of the next");
  checks::Part("bytes of sound");
}

/** A stage whose session is open, and a script for its 16 kHz. */
struct Desk : Stage {
  Desk() {
    Begin();
    Answer();
    script.SetRate(16000);
  }
  void Feed(double seconds, int rate) {
    const std::vector<float> sound(static_cast<std::size_t>(seconds * rate), 0.25F);
    script.Feed(sound.data(), sound.size(), 1, rate);
  }
  void Capture(double seconds, int rate = 48000) {
    const std::vector<float> sound(static_cast<std::size_t>(seconds * rate), 0.25F);
    script.Capture(sound.data(), sound.size(), rate);
  }
  int Ends() {
    int count = 0;
    while (wire.Take<a2f::End>()) ++count;
    return count;
  }
  a2f::Script script;
};

void CheckFedLines() {
  Desk desk;
  for (const int rate : {16000, 44100, 48000, 24000}) {
    desk.Feed(0.5, rate);
    desk.script.End();
  }
  desk.script.Flush(desk.character);
  for (int u = 1; u <= 4; ++u)
    Holds(desk.Frames(u) == 8000, "lines of four rates in one frame: each is said, whole");
  Holds(desk.Ends() == 4 && !desk.wire.Take<a2f::Open>(), "in the one session");
  desk.Feed(5.0, 48000);
  desk.script.End();
  desk.script.Flush(desk.character);
  Holds(desk.Frames(5) < 40000 && desk.Ends() == 0, "much sound is not converted in one frame");
  for (int k = 0; k < 3; ++k) desk.script.Flush(desk.character);
  Holds(desk.Frames(5) == 80000 && desk.Ends() == 1, "but in the next ones");
  desk.Feed(0.5, 24000);
  desk.script.Flush(desk.character);
  desk.Feed(0.5, 24000);
  desk.script.End();
  desk.script.Flush(desk.character);
  Holds(desk.Frames(6) == 16000 && desk.Ends() == 1, "a line that comes in pieces is one");
  Holds(desk.script.IsEmpty() && desk.script.WaitingS() == 0.0, "nothing is left");
  checks::Part("lines that are fed");
}

void CheckWaves() {
  Desk desk;
  const int first = desk.script.Wave();
  const int second = desk.script.Wave();
  desk.Feed(0.25, 16000);
  desk.script.End();
  Holds(desk.script.TakeTurn() == first && desk.script.TakeTurn() == 0, "one wave at a time");
  desk.Capture(0.5);
  desk.script.Flush(desk.character);
  Holds(desk.Frames(2) == 0 && desk.Frames(1) > 7900, "while it plays its sound is said");
  desk.script.WaveEnded(second);
  desk.script.WaveEnded(first);
  desk.script.Flush(desk.character);
  Holds(desk.Frames(1) == 8000 && desk.Ends() == 1, "its end ends the line");
  Holds(desk.script.TakeTurn() == second && desk.script.Playing() == second, "then the next");
  desk.script.WaveEnded(first);
  desk.Capture(0.5);
  desk.script.Flush(desk.character);
  Holds(desk.Ends() == 0, "an end that comes late ends no other wave");
  desk.script.WaveEnded(second);
  desk.script.Flush(desk.character);
  Holds(desk.Frames(2) == 8000 && desk.Frames(3) == 4000 && desk.Ends() == 2,
        "what is fed meanwhile is a line of its own, behind it");
  checks::Part("waves");
}

void CheckWavesInterrupted() {
  Desk desk;
  const int wave = desk.script.Wave();
  desk.script.Wave();
  desk.script.TakeTurn();
  desk.Capture(0.5);
  desk.script.Flush(desk.character);
  desk.script.Clear();
  desk.character.Interrupt(desk.now_us);
  Holds(desk.wire.Take<a2f::Interrupt>().has_value(), "the server is told");
  Holds(desk.script.Playing() == 0 && desk.script.TakeTurn() == 0, "no wave plays or waits");
  desk.Capture(0.5);
  desk.script.WaveEnded(wave);
  desk.script.Flush(desk.character);
  Holds(desk.Frames(2) == 0 && desk.Ends() == 0, "the rest of a wave begins no line");
  desk.Feed(0.5, 16000);
  desk.script.End();
  desk.script.Flush(desk.character);
  Holds(desk.Frames(2) == 8000 && desk.Ends() == 1, "the answer is said");
  const int last = desk.script.Wave();
  desk.script.TakeTurn();
  desk.Capture(0.25);
  desk.script.Drop(last);
  desk.Capture(0.5);
  desk.script.Flush(desk.character);
  Holds(desk.Frames(3) == 4000 && desk.Ends() == 1,
        "a wave that is dropped says what was heard of it, and no voice that is tapped next");
  checks::Part("waves that are interrupted");
}

void CheckVoices() {
  Desk desk;
  const std::vector<float> voice(4800, 0.25F);
  const auto listen = [&desk, &voice] {
    desk.script.Listen(desk.character, voice.data(), voice.size(), 48000, false, desk.now_us);
  };
  for (int k = 0; k < 5; ++k) listen();
  Holds(desk.Frames(1) > 7000 && desk.Ends() == 0, "a voice is one line");
  desk.Feed(0.5, 16000);
  listen();
  desk.script.Flush(desk.character);
  Holds(desk.Ends() == 1 && desk.Frames(2) == 8000, "which ends where another line begins");
  listen();
  Holds(desk.Frames(2) == 8000, "and is not mixed into it");
  desk.script.End();
  desk.script.Flush(desk.character);
  desk.Ends();
  for (int k = 0; k < 5; ++k) listen();
  Holds(desk.Frames(3) > 7000, "behind it the voice is heard again");
  desk.script.EndListening(desk.character);
  Holds(desk.Ends() == 1, "until nobody listens");
  for (int round = 0; round < 2; ++round) {
    desk.script.Listen(desk.character, voice.data(), voice.size(), 48000, true, desk.now_us);
    desk.script.EndListening(desk.character);
  }
  Holds(desk.Frames(4) > 0 && desk.Frames(5) == desk.Frames(4) && desk.Ends() == 2,
        "a microphone that is opened again begins another line");
  checks::Part("voices that go on");
}

void CheckEnds() {
  Stage scene;
  scene.Begin();
  scene.Answer();
  const auto say = [&scene](std::int32_t u) {
    scene.Say(1.0);
    scene.Tell(u, a2f::UtteranceState::kStarted);
    scene.Poses(u, 0, 25, 0.5F);
    scene.Pass(200000);
  };
  say(1);
  Holds(scene.Was("begun 1") && !scene.Was("ended 1"), "a line is said");
  a2f::SilentOutput other(16000);
  scene.character.Use(other);
  scene.Pass(20000);
  Holds(scene.Was("ended 1"), "another output ends it, and tells");
  say(2);
  scene.character.Leave();
  scene.character.TellLines();
  Holds(scene.Was("ended 2"), "to leave ends it without another sample");
  scene.told.clear();
  scene.character.Begin({});
  scene.Answer();
  say(1);
  scene.client.Disconnected(4401, "", scene.now_us);
  scene.Pass(20000);
  Holds(scene.Was("over 4401") && scene.Was("ended 1"), "so does a session that is over");
  checks::Part("ends that are told");
}

void CheckWishes() {
  Stage scene;
  a2f::Wishes wishes;
  wishes.Feel({{"joy", 0.25}});
  wishes.Feel({{"anger", 0.5}});
  wishes.SetParam("lower_face_strength", 1.5);
  wishes.SetParam("lower_face_strength", 1.25);
  a2f::Open asked;
  wishes.Write(asked);
  scene.Begin(asked);
  const auto open = scene.wire.Take<a2f::Open>();
  Holds(open && open->emotion && *open->emotion == a2f::Values{{"anger", 0.5}},
        "the emotion of before is that of the session");
  Holds(open && open->params && *open->params == a2f::Values{{"lower_face_strength", 1.25}},
        "and so are the parameters");
  a2f::Open plain;
  a2f::Wishes().Write(plain);
  Holds(!plain.emotion && !plain.params, "nothing is asked where nobody did");
  checks::Part("wishes");
}

}  // namespace

void CheckSources() {
  CheckResampler();
  CheckCarry();
  CheckFedLines();
  CheckWaves();
  CheckWavesInterrupted();
  CheckVoices();
  CheckEnds();
  CheckWishes();
}
