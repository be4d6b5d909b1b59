#include "core_checks.h"

#include <cmath>
#include <limits>

#include "Allocations.h"
#include "Checks.h"
#include "Core/Proof.h"
#include "Speaker.h"
#include "samples.h"

namespace {

using a2f::Message;
using a2f::Outcome;
using a2f::ProtocolState;
using checks::Holds;

Outcome Receive(a2f::ClientProtocol& protocol, const Message& message) {
  std::vector<std::uint8_t> frame;
  a2f::Encode(message, frame);
  return protocol.Receive({frame.data(), frame.size()});
}

/** Bring a fresh protocol into a state; what is not reached by the greeting is kClosed. */
void Bring(a2f::ClientProtocol& protocol, ProtocolState state) {
  std::vector<std::uint8_t> frame;
  const a2f::Identify identify{{}, 1, "x/1", {}, {}};
  if (state == ProtocolState::kClosed) protocol.Close();
  if (state == ProtocolState::kOffered) protocol.Send(identify, frame);
  if (state == ProtocolState::kConnected || state == ProtocolState::kClosed ||
      state == ProtocolState::kOffered) {
    return;
  }
  Receive(protocol, a2f::Hello{});
  if (state == ProtocolState::kGreeted) return;
  protocol.Send(identify, frame);
  if (state == ProtocolState::kReady) Receive(protocol, a2f::Ready{});
}

constexpr ProtocolState kAllStates[] = {ProtocolState::kConnected, ProtocolState::kGreeted,
                                        ProtocolState::kOffered, ProtocolState::kIdentified,
                                        ProtocolState::kReady, ProtocolState::kClosed};

/** How many kinds may come and go in each state (protocol section 4). */
constexpr int kMayCome[] = {1, 4, 1, 5, 14, 0};
constexpr int kMayGo[] = {1, 3, 10, 10, 10, 0};

}  // namespace

void CheckStates() {
  for (const ProtocolState state : kAllStates) {
    const auto k = static_cast<std::size_t>(state);
    const std::string title = "state " + std::to_string(k);
    int come = 0;
    for (const Message& message : Replies()) {
      a2f::ClientProtocol protocol;
      Bring(protocol, state);
      Holds(protocol.State() == state, title + ": is reached");
      const Outcome outcome = Receive(protocol, message);
      come += outcome == Outcome::kMessage ? 1 : 0;
      const bool is_told = outcome != Outcome::kRefused || protocol.LastFault().code == 4409;
      Holds(is_told, title + ": refused with 4409: " + protocol.LastFault().message);
    }
    Holds(come == kMayCome[k], title + ": found " + std::to_string(come) + " that may come");
    int go = 0;
    for (const Message& message : Requests()) {
      a2f::ClientProtocol protocol;
      Bring(protocol, state);
      std::vector<std::uint8_t> frame;
      const bool is_sent = protocol.Send(message, frame);
      go += is_sent ? 1 : 0;
      Holds(is_sent != frame.empty(), title + ": a frame where it may go, none where not");
    }
    Holds(go == kMayGo[k], title + ": found " + std::to_string(go) + " that may go");
  }
  a2f::ClientProtocol protocol;
  a2f::Hello hello;
  hello.protocol = 2;
  Holds(Receive(protocol, hello) == Outcome::kRefused && protocol.LastFault().code == 4426 &&
            protocol.LastFault().closes,
        "another version ends the connection with 4426");
  const std::uint8_t weather[] = {0x81, 0xa2, 'o', 'p', 0xa3, 'n', 'e', 'w'};
  Holds(protocol.Receive({weather, sizeof weather}) == Outcome::kIgnored, "a newer op is ignored");
  checks::Part("states");
}

void CheckSounds() {
  const float samples[] = {0.0F, 1.0F, -1.0F, 2.0F, -2.0F, 0.5F / 32768.0F, -0.5F / 32768.0F,
                           1.5F / 32768.0F, std::numeric_limits<float>::quiet_NaN(), -1.0F / 32768.0F};
  const int wanted[] = {0, 32767, -32768, 32767, -32768, 1, 0, 2, 0, -1};
  std::vector<std::uint8_t> pcm;
  a2f::AppendPcm(samples, std::size(samples), a2f::SampleFormat::kS16le, pcm);
  std::vector<float> back;
  a2f::AppendSamples({pcm.data(), pcm.size()}, {}, back);
  for (std::size_t k = 0; k < std::size(samples); ++k) {
    Holds(static_cast<int>(back[k] * 32768.0F) == wanted[k], "s16le of sample " + std::to_string(k));
  }
  pcm.clear();
  back.clear();
  const float loud[] = {0.1F, -20.0F, 20.0F, std::numeric_limits<float>::quiet_NaN()};
  a2f::AppendPcm(loud, 4, a2f::SampleFormat::kF32le, pcm);
  a2f::AudioFormat floats;
  floats.format = a2f::SampleFormat::kF32le;
  a2f::AppendSamples({pcm.data(), pcm.size()}, floats, back);
  Holds(back == std::vector<float>{0.1F, -16.0F, 16.0F, 0.0F}, "f32le is held at 16");
  // ITU-T G.711, tables 1a and 2a: the largest values and the smallest steps.
  const std::uint8_t ulaw[] = {0x80, 0x00, 0xff, 0x7f, 0xfe};
  a2f::AudioFormat format;
  format.format = a2f::SampleFormat::kUlaw;
  back.clear();
  a2f::AppendSamples({ulaw, sizeof ulaw}, format, back);
  const int u_wanted[] = {32124, -32124, 0, 0, 8};
  for (std::size_t k = 0; k < 5; ++k) Holds(static_cast<int>(back[k] * 32768.0F) == u_wanted[k], "mu-law");
  const std::uint8_t alaw[] = {0xaa, 0x2a, 0xd5, 0x55};
  format.format = a2f::SampleFormat::kAlaw;
  back.clear();
  a2f::AppendSamples({alaw, sizeof alaw}, format, back);
  const int a_wanted[] = {32256, -32256, 8, -8};
  for (std::size_t k = 0; k < 4; ++k) Holds(static_cast<int>(back[k] * 32768.0F) == a_wanted[k], "A-law");
  const float pairs[] = {0.5F, 0.25F, -1.0F, 1.0F};
  back.clear();
  a2f::AppendMono(pairs, 2, 2, back);
  Holds(back == std::vector<float>{0.375F, 0.0F}, "mono is the mean");
  checks::Part("sounds");
}

void CheckProofs() {
  Holds(a2f::ProofOf("supersecretpassword", "lM1GncleQOaCu9lT1yeUZhFYnqhsLLP1G5lAGo3ixaI=",
                     "+IxH4CnCiqpX1rM9scsNynZzbOe4KhDeYcTNS3PDaeY=") ==
            "1Ct943GAT+6YQUUX47Ia/ncufilbe6+oD6lY+5kaCu4=",
        "the example of the protocol");
  // FIPS 180-4, the examples of its annex: "abc", and 56 letters that need a second block.
  const auto hex = [](const std::string& text, std::size_t step) {
    a2f::Sha256 hash;
    for (std::size_t at = 0; at < text.size(); at += step) {
      const std::string piece = text.substr(at, step);
      hash.Add({reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size()});
    }
    std::string digits;
    for (const std::uint8_t byte : hash.Finish()) {
      digits += "0123456789abcdef"[byte >> 4];
      digits += "0123456789abcdef"[byte & 15];
    }
    return digits;
  };
  const std::string million(1000000, 'a');
  Holds(hex("", 1) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "nothing");
  Holds(hex("abc", 1) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "abc");
  for (const std::size_t step : {1U, 7U, 56U, 64U, 65U, 4096U, 1000000U}) {
    Holds(hex(million, step) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
          "a million letters in pieces of " + std::to_string(step));
  }
  Holds(!a2f::Prove("x", a2f::Auth{}), "no challenge, no proof");
  checks::Part("proofs");
}

void CheckTimes() {
  Holds(a2f::MulDiv(a2f::kInt53, 1000000, 30000) == 300239975158033033, "floor of 2^53 - 1 / 0.03");
  Holds(a2f::MulDiv(a2f::kInt53, a2f::kInt53, a2f::kInt53) == a2f::kInt53, "through 128 bits");
  Holds(a2f::MulDiv(a2f::kInt53, a2f::kInt53, 1) == a2f::kEver, "held where it does not fit");
  Holds(a2f::FramesToUs(44099, 44100) == 999977 && a2f::UsToFrames(999977, 44100) == 44098, "44.1 kHz");
  for (const a2f::PoseRate rate : {a2f::PoseRate{60, 1, false}, a2f::PoseRate{30000, 1001, true},
                                   a2f::PoseRate{10, 1, false}, a2f::PoseRate{240, 1, false},
                                   a2f::PoseRate{2147483647, 214748364, true}}) {
    for (std::int64_t t_us = 0; t_us < a2f::kInt53 / 2; t_us = 3 * t_us + 16667) {
      const std::int64_t i = rate.PoseAt(t_us);
      Holds(rate.TimeUs(i) <= t_us && t_us < rate.TimeUs(i + 1), "the pose at " + std::to_string(t_us));
      Holds(rate.PoseAt(rate.TimeUs(i)) == i, "the pose at its own time");
    }
  }
  checks::Part("times");
}

void CheckCatchingUp() {
  // A stall of a second, which ends with poses a margin (100 ms now) ahead: it goes on late.
  for (const std::int64_t beyond_us : {250000, 250001}) {
    a2f::Gate gate;
    a2f::Sight sight;
    sight.live_zero_us = 0;
    sight.has_sound = true;
    sight.missing_us = 100000;
    sight.head_us = 1000000;
    sight.reach_us = 900000;
    sight.now_us = 1100000;
    gate.Update(sight);
    Holds(gate.State() == a2f::GateState::kStall && gate.MarginUs() == 100000, "it stalls");
    sight.missing_us = 0;
    sight.now_us = 2200000;
    sight.reach_us = sight.head_us + gate.MarginUs();
    gate.Update(sight);
    Holds(gate.State() == a2f::GateState::kPlay, "it goes on");
    Holds(gate.LiveUs(sight.now_us, 0) == sight.head_us, "where it stood");
    sight.reach_us = sight.head_us + gate.MarginUs() + beyond_us;
    gate.Update(sight);
    const std::int64_t on_us = beyond_us > 250000 ? sight.head_us + beyond_us : sight.head_us;
    Holds(gate.LiveUs(sight.now_us, 0) == on_us, "it catches up beyond 250 ms, not before");
  }
  checks::Part("catching up");
}

void CheckSteadiness() {
  Speaker speaker(52, 3);
  for (int k = 0; k < 4; ++k) speaker.SayLine();
  const Allocations before = AllocationsSoFar();
  const std::int64_t samples = speaker.Samples();
  for (int k = 0; k < 20; ++k) speaker.SayLine();
  const Allocations after = AllocationsSoFar();
  Holds(!speaker.HasFailed(), "everything was taken and sent");
  Holds(speaker.Samples() - samples > 20 * 120, "every pose was shown");
  Holds(after.calls == before.calls, "nothing was allocated in twenty lines: found " +
                                         std::to_string(after.calls - before.calls) + " times");
  Holds(before.calls > 0, "and allocations are counted");
  checks::Part("steadiness");
}
