/** One connection that keeps itself up, and the sessions on it. */
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../Core/ClientProtocol.h"
#include "Codes.h"
#include "Session.h"
#include "Wire.h"

namespace a2f {

/** What a client says of itself. */
struct Introduction {
  /** "name/version" of the program, for the server's log. */
  std::string name = "a2f-ws-unreal";
  /** The server's password; never sent, only proven. */
  std::string password;
  /** Bearer token; sent, so to wss:// only, or on this machine. */
  std::string token;
};

/** kIdle: not begun. kWaiting: for the next try. kClosed: there will be none by itself. */
enum class ClientState : std::uint8_t { kIdle, kConnecting, kReady, kWaiting, kClosed };

/**
 * Connects, greets, and connects again when the server goes away; sessions live on. Owns neither
 * socket nor clock: what comes of the `Wire` is handed in, with the time of any steady clock in
 * microseconds. All calls belong on one thread.
 */
class Client {
 public:
  Client(Wire& wire, std::string url, Introduction who);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  ClientState State() const { return state_; }
  const std::string& Url() const { return url_; }
  /** What the server tells about itself, the newest; nothing before. */
  const Hello* Greeting() const { return hello_ ? &*hello_ : nullptr; }
  bool Has(const char* capability) const;
  /** Why it is not ready, in plain words; empty while all is well. */
  const std::string& Problem() const { return problem_; }
  /** Time of the next try; -1 when none is planned. */
  std::int64_t RetryAtUs() const { return retry_at_us_; }
  /** To the server and back, microseconds; -1 when not known. */
  std::int64_t RoundTripUs() const { return round_trip_us_; }
  /** How many times another run of the server was met than before. */
  int Restarts() const { return restarts_; }
  /** Nothing answers at an address on this machine, and nothing ever did: time to start one. */
  bool WantsLocalServer() const;

  /** Who to say it is, from the next connection on. */
  void Introduce(Introduction who) { next_who_ = std::move(who); }
  /** Begin to connect; also the way out of kClosed, and of a pause. */
  void Start(std::int64_t now_us);
  /** Go on at another address. */
  void Redirect(std::string url, std::int64_t now_us);
  /** End it for good: every session is told. */
  void Stop();

  /** The socket is open. */
  void Connected(std::int64_t now_us);
  /** One whole binary message came. */
  void Receive(Bytes frame, std::int64_t now_us);
  /** The socket is closed, or could not be opened (1006). */
  void Disconnected(int code, const std::string& reason, std::int64_t now_us);
  /** Let time pass; a few times a second at least. */
  void Tick(std::int64_t now_us);

  /** Begin a session, now or as soon as there is a connection; `open.sid` is chosen here. */
  Session* Begin(Open open, SessionListener& listener);
  /** End a session; its listener is told nothing more, and the pointer is void. */
  void Leave(Session* session);

  // What follows is for `Session`.
  std::int64_t NextId() { return ++newest_id_; }
  std::size_t UtterancesMost() const;
  bool Post(const Message& message);

 private:
  void Identify();
  void Take(const Message& message, std::int64_t now_us);
  void Deliver(const Message& message, std::int64_t now_us);
  void Bury(const Session* session);
  void Drop(int code, const std::string& reason, std::int64_t now_us);
  void EndSessions(int code, const std::string& reason);

  Wire& wire_;
  std::string url_;
  /** On the connection that is there, and on the next one. */
  Introduction who_;
  Introduction next_who_;
  Backoff backoff_;
  std::unique_ptr<ClientProtocol> protocol_;
  std::vector<std::unique_ptr<Session>> sessions_;
  /** Ended ones, kept until no call of theirs can be under way. */
  std::vector<std::unique_ptr<Session>> ended_;
  std::optional<Hello> hello_;
  std::string problem_;
  std::vector<std::uint8_t> frame_;
  ClientState state_ = ClientState::kIdle;
  std::int64_t newest_id_ = 0;
  std::int32_t newest_sid_ = 0;
  std::int64_t began_us_ = 0;
  std::int64_t heard_us_ = 0;
  std::int64_t asked_us_ = 0;
  std::int64_t retry_at_us_ = -1;
  std::int64_t round_trip_us_ = -1;
  int restarts_ = 0;
  bool was_ever_ready_ = false;
};

}  // namespace a2f
