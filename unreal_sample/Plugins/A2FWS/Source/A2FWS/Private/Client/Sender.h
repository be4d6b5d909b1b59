/** The sound of a session's lines on its way out: in order, no faster than the server's credit. */
#pragma once

#include <memory>
#include <vector>

#include "../Core/Requests.h"
#include "Line.h"
#include "Terms.h"

namespace a2f {

using LineRef = std::shared_ptr<Line>;

/** Takes messages that are to go out at once. */
class Outlet {
 public:
  virtual ~Outlet() = default;
  /** False: there is no connection, or the session is not open on it. */
  virtual bool Post(const Message& message) = 0;
};

/** Where a line was taken up on another connection. */
struct Taken {
  std::int32_t u = 0;
  std::int64_t from_us = 0;
};

/** Lines that are not over, in the order in which they are spoken. */
class Sender {
 public:
  Sender(const Terms& terms, Outlet& outlet) : terms_(terms), outlet_(outlet) {}

  /** Alive at once at the most, from `hello.limits`. */
  void SetMost(std::size_t utterances) { most_ = utterances; }
  bool IsIdle() const { return lines_.empty(); }
  Line* Find(std::int32_t u) const;
  /** Where the sound is, as told last. */
  const Place& Head() const { return head_; }

  void Add(LineRef line, std::int64_t credit_us);
  /** Send what may be sent now. */
  void Pump();
  /** Stop sending what is not over, up to `u`; true when the server knows one of them. */
  bool Halt(std::int32_t u, bool is_connected);
  /** Note where the sound is; true when the server has begun that utterance. */
  bool Hear(const Place& head);
  void Allow(std::int32_t u, std::int64_t to_us);
  void Tell(const Utterance& utterance);
  /** Poses came, the last one for that time. */
  void Arrived(std::int32_t u, std::int64_t last_us, std::int64_t credit_us);
  /** The server refused sound: the newest line that has begun cannot go on. */
  void Refused();
  /** The connection is lost. */
  void Lose();
  /** Nothing can be sent any more. */
  void End();
  /** Another connection is there: take the lines up (protocol sections 6 and 18). */
  std::vector<Taken> Resume(const Opened& opened);

 private:
  bool Send(Line& line);
  bool SendPiece(Line& line, std::int64_t frames);
  void Started(std::int32_t u);
  std::int64_t PlaceOf(const Line& line) const;
  void Finish(std::int32_t u, LineState state);

  const Terms& terms_;
  Outlet& outlet_;
  std::vector<LineRef> lines_;
  /** Utterances that the server has begun on this connection. */
  std::vector<std::int32_t> started_;
  std::vector<std::uint8_t> pcm_;
  Place head_;
  std::size_t most_ = 8;
};

}  // namespace a2f
