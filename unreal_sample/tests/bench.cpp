/**
 * Figures of the core: `bench cost` what a pose and a message cost, `bench network` how sound and
 * face keep together over bad networks (in virtual time: the same on every machine).
 */

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "Allocations.h"
#include "Simulation.h"
#include "Speaker.h"

namespace {

using Clock = std::chrono::steady_clock;

/** Best of some rounds of a piece of work, nanoseconds per unit. */
template <class Work>
double BestNs(int rounds, double units, const Work& work) {
  double best_ns = 1e18;
  for (int k = 0; k < rounds; ++k) {
    const auto begun = Clock::now();
    work();
    const std::chrono::duration<double, std::nano> passed = Clock::now() - begun;
    best_ns = (std::min)(best_ns, passed.count() / units);
  }
  return best_ns;
}

void PrintDecoding(const char* name, const a2f::Message& message) {
  constexpr int kTimes = 2000;
  std::vector<std::uint8_t> frame;
  a2f::Encode(message, frame);
  a2f::Codec codec;
  a2f::Message taken;
  a2f::Fault fault;
  const Allocations before = AllocationsSoFar();
  const double ns = BestNs(7, kTimes, [&] {
    for (int k = 0; k < kTimes; ++k) codec.Decode({frame.data(), frame.size()}, taken, fault);
  });
  const auto calls = static_cast<double>(AllocationsSoFar().calls - before.calls) / (7.0 * kTimes);
  std::printf("| decode `%s` | %zu bytes | %.2f us | %.1f allocations |\n", name, frame.size(),
              ns / 1000.0, calls);
}

int PrintCost() {
  std::printf("| what | size | cost | memory |\n|---|---|---|---|\n");
  for (const std::size_t transforms : {0U, 3U}) {
    Speaker speaker(52, transforms);
    for (int k = 0; k < 5; ++k) speaker.SayLine();
    const Allocations before = AllocationsSoFar();
    const std::int64_t shown = speaker.Samples();
    constexpr int kLines = 50;
    const double round_ns = BestNs(5, 1.0, [&] {
      for (int k = 0; k < kLines; ++k) speaker.SayLine();
    });
    const double samples = static_cast<double>(speaker.Samples() - shown) / 5.0;
    const double ns = round_ns / samples;
    const auto all_bytes = static_cast<double>(AllocationsSoFar().bytes - before.bytes);
    const double bytes = all_bytes / (5.0 * samples / 60.0);
    std::printf("| one frame of the game: decode, keep, blend, idle, send sound | 52 curves, %zu transforms "
                "| %.2f us | %.0f bytes a second |\n", transforms, ns / 1000.0, bytes);
    if (speaker.HasFailed() || speaker.Sum() < 0.0) return 1;
  }
  const std::vector<std::uint8_t> data(4 * 73 * 64);
  for (const std::int32_t n : {1, 5, 64}) {
    const std::size_t size = 4 * 73 * static_cast<std::size_t>(n);
    PrintDecoding(("poses, " + std::to_string(n) + " rows").c_str(),
                  a2f::Poses{1, 1, 1, 0, 0, n, {data.data(), size}});
  }
  PrintDecoding("credit", a2f::Credit{1, 1, 60000000});
  PrintDecoding("utterance", a2f::Utterance{1, 1, a2f::UtteranceState::kPosesDone, 600, 10000000, {}});
  a2f::Status status;
  status.code = "load";
  status.counters = {{"busy", 0.25}, {"late", 0.0}, {"dropped", 0.0}};
  PrintDecoding("status load", status);
  a2f::Opened opened;
  for (int k = 0; k < 52; ++k) opened.curves.push_back("CTRL_expressions_jawOpen" + std::to_string(k));
  opened.row = 52;
  PrintDecoding("opened, 52 curves", opened);
  return 0;
}

double Ms(std::int64_t us) { return static_cast<double>(us) / 1000.0; }

/** The value that so many of a hundred are not above. */
std::int64_t Percentile(std::vector<std::int64_t> values, std::size_t percent) {
  if (values.empty()) return -1;
  std::sort(values.begin(), values.end());
  return values[(values.size() - 1) * percent / 100];
}

int PrintNetworks(double seconds) {
  const simulation::Network networks[] = {
      {"this machine", 0, 0, 0, 0, 0},
      {"20 ms", 20000, 0, 0, 0, 0},
      {"50 ms, jitter 20 ms", 50000, 20000, 0, 0, 0},
      {"100 ms, jitter 50 ms", 100000, 50000, 0, 0, 0},
      {"200 ms", 200000, 0, 0, 0, 0},
      {"200 ms, jitter 200 ms", 200000, 200000, 0, 0, 0},
      {"20 ms, stands 300 ms every 2 s", 20000, 0, 2000000, 300000, 0},
      {"50 ms, stands 800 ms every 3 s", 50000, 10000, 3000000, 800000, 0},
      {"20 ms, stands 2.5 s every 6 s", 20000, 0, 6000000, 2500000, 0},
      {"20 ms, breaks every 7 s", 20000, 5000, 0, 0, 7000000},
      {"100 ms, jitter 50 ms, breaks every 9 s", 100000, 50000, 0, 0, 9000000},
  };
  constexpr std::int64_t kDriftMostUs = 20000;
  std::printf("| network | starts after | stalls | silence | breaks | poses late | skew, middle | 99 %% | largest | whole |\n"
              "|---|---|---|---|---|---|---|---|---|---|\n");
  bool is_good = true;
  for (const simulation::Network& network : networks) {
    for (const double ppm : {-150.0, 150.0}) {
      const simulation::Outcome outcome = simulation::Play(network, seconds, ppm);
      const std::int64_t most_us = Percentile(outcome.skews_us, 100);
      is_good = is_good && outcome.is_whole && most_us >= 0 && most_us <= kDriftMostUs;
      std::printf("| %s, device %+.0f ppm | %.0f ms | %d | %.0f ms | %d | %.0f ms | %.1f ms | %.1f ms | %.1f ms | %s |\n",
                  network.name, ppm, Ms(outcome.start_us), outcome.stalls, Ms(outcome.silence_us),
                  outcome.reconnects, Ms(outcome.late_us), Ms(Percentile(outcome.skews_us, 50)),
                  Ms(Percentile(outcome.skews_us, 99)), Ms(most_us), outcome.is_whole ? "yes" : "NO");
    }
  }
  return is_good ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  if (count == 2 && std::strcmp(words[1], "cost") == 0) return PrintCost();
  if (count >= 2 && std::strcmp(words[1], "network") == 0) {
    return PrintNetworks(count > 2 ? std::strtod(words[2], nullptr) : 30.0);
  }
  std::fprintf(stderr, "usage: bench cost | bench network [SECONDS]\n");
  return 2;
}
