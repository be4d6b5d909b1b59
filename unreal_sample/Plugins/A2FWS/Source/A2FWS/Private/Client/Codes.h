// What goes wrong, in plain words, and whether to try again (protocol section 15).
#pragma once

#include <cstdint>
#include <string>

namespace a2f {

/** A connection that ended without a close frame (RFC 6455, 7.1.5). */
constexpr int kAbnormal = 1006;

/** No: never by itself. Changed: once the cause is put right. Later: after a pause. AtOnce. */
enum class Retry { No, Changed, Later, AtOnce };

/** Whether a connection or session that ended with that code is to be tried again. */
Retry RetryOf(int code);

/** One or two sentences for people: what happened, and what the server said. */
std::string Explain(int code, const std::string& reason, const std::string& url, bool was_ready);

/** Microseconds until the next try that the end of a close reason may name; -1 without. */
std::int64_t PauseIn(const std::string& reason);

/** Whether a URL means the machine of the game itself. */
bool IsHere(const std::string& url);

/** The `url` in the line that `a2f-ws serve --announce` prints; empty when it is no such line. */
std::string AnnouncedUrl(const std::string& line);

/** Pauses between tries: they grow from 1 s to 30 s (4 s towards loopback). */
class Backoff {
 public:
  explicit Backoff(bool is_here) : is_here_(is_here) {}

  /** A connection was ready at that time. */
  void Ready(std::int64_t now_us) { ready_us_ = now_us; }

  /** The pause until the next try after an end with that code, us; -1 when there is none. */
  std::int64_t After(int code, const std::string& reason, std::int64_t now_us);

 private:
  bool is_here_;
  std::int64_t pause_us_ = 0;
  std::int64_t ready_us_ = -1;
};

}  // namespace a2f
