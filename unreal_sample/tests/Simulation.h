/**
 * A client with its character, a network, a sound device and a server, all in virtual time. The
 * client is the one that the plugin has; the server is small, and says with its rows which time of
 * the sound they are for: so what is heard and what is shown can be compared sample by sample.
 */
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <random>

#include "Client/Character.h"
#include "Client/SoundQueue.h"

namespace simulation {

/** How a network behaves. Times in microseconds. */
struct Network {
  const char* name;
  /** One way, of every message; order is kept. */
  std::int64_t delay_us = 0;
  /** Up to so much more, at random. */
  std::int64_t jitter_us = 0;
  /** Every so often everything waits for so long, and comes at once. */
  std::int64_t burst_every_us = 0;
  std::int64_t burst_us = 0;
  /** Every so often the connection breaks. */
  std::int64_t cut_every_us = 0;
};

/** What came of one line of speech. */
struct Outcome {
  /** From the first sound that is there to the first that is heard. */
  std::int64_t start_us = 0;
  int stalls = 0;
  /** Silence within the line, in all. */
  std::int64_t silence_us = 0;
  int reconnects = 0;
  /** Longest time for which the newest pose stood, because the next one had not come. */
  std::int64_t late_us = 0;
  /** |time shown - time heard| of every game frame that had its pose, once sound and face ran. */
  std::vector<std::int64_t> skews_us;
  /** Every sample of the line was heard, each once and in order. */
  bool is_whole = false;
};

/** The server's half: answers frames with frames. Sessions outlive their connection. */
class Server {
 public:
  /** What the client sends, and what it gets: poses that are due by now. */
  void Connected();
  void Receive(const std::vector<std::uint8_t>& frame, std::int64_t now_us);
  void Work(std::int64_t now_us);
  std::deque<std::vector<std::uint8_t>> out;

 private:
  void Open(const a2f::Open& open);
  void Hear(const a2f::Audio& audio);
  void Send(const a2f::Message& message);
  void SendPoses(std::int64_t first, std::int64_t count);
  std::int64_t HeadUs(std::int64_t now_us) const;

  a2f::Codec codec_;
  a2f::Message message_;
  a2f::Fault fault_;
  bool is_open_ = false;
  std::int32_t layout_ = 0;
  std::int32_t sid_ = 0;
  std::int32_t rate_ = 48000;
  std::int64_t heard_frames_ = 0;
  bool has_begun_ = false;
  bool has_ended_ = false;
  bool is_done_ = false;
  std::int64_t next_ = 0;
  std::int64_t played_us_ = 0;
  std::int64_t played_at_us_ = 0;
  bool is_paused_ = true;
};

/** One line of `seconds` over a network, on a device whose clock is off by so many millionths. */
Outcome Play(const Network& network, double seconds, double device_ppm);

}  // namespace simulation
