/** One talking head. */
#pragma once

#include <memory>
#include <vector>

#include "../Core/PosePlayer.h"
#include "Codes.h"
#include "Sender.h"
#include "Terms.h"
#include "Watch.h"

namespace a2f {

class Client;

/** Who is told what a session receives; called from within the calls of `Client`. */
class SessionListener {
 public:
  virtual ~SessionListener() = default;
  virtual void OnOpened(const Opened& /*opened*/) {}
  virtual void OnUtterance(const Utterance& /*utterance*/) {}
  virtual void OnPoses(const Poses& /*poses*/) {}
  /** To watchers: sound that somebody else speaks. */
  virtual void OnAudio(const Audio& /*audio*/) {}
  /** Where the sound is at the watcher that owns the clock. */
  virtual void OnPlayed(const Played& /*played*/) {}
  virtual void OnStatus(const Status& /*status*/) {}
  virtual void OnError(int /*code*/, const std::string& /*message*/) {}
  /** Nothing more will come; the session is gone when this returns. */
  virtual void OnEnded(int /*code*/, const std::string& /*reason*/) {}
};

/** Speaks lines and moves the face; survives the loss of its connection. `Client::Begin` makes it.
 */
class Session final : private Outlet {
 public:
  Session(Client& client, Open open, SessionListener& listener);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  std::int32_t Sid() const { return terms_.Asked().sid; }
  const Terms& InForce() const { return terms_; }
  /** What the server has settled; nothing before it has. */
  const Opened* Settled() const { return opened_ ? &*opened_ : nullptr; }
  /** It is open on the connection that is there. */
  bool IsOpen() const { return is_open_; }
  PosePlayer& Player() { return player_; }
  /** How late poses may come after their sound, as last settled, microseconds. */
  std::int64_t LookAheadUs() const { return player_.look_ahead_us; }

  /** Begin a line; its sound follows by `Append` and ends by `Finish`. */
  LineRef Say(std::int64_t first_frame = 0);
  void Append(Line& line, const float* samples, std::size_t count);
  void Finish(Line& line);
  /** Drop utterances up to `u` (0: all) now; `heard_us` of it were heard (negative: not known). */
  void Interrupt(std::int32_t u, std::int64_t heard_us);
  /** A watcher stops whoever speaks, for everybody; a right of its own. */
  void InterruptAll();
  /** Tell where the sound is; at least four times a second while it runs, and at changes. */
  void Played(const Place& head, double rate, bool is_paused);
  /** Move the emotion; sent again after a loss. */
  void Feel(Emotion emotion);
  /** Change what is given; sent again after a loss. */
  void Change(Set set);
  /** Nobody looks at the face, or somebody does again. */
  void SetVisible(bool is_visible, std::int64_t now_us);

  // What follows is for `Client` alone.
  void Attach();
  void Detach();
  void Tick(std::int64_t now_us);
  /** False: the session is over, and its listener was told. */
  bool Take(const Message& message, std::int64_t now_us);
  void Leave();
  void EndWith(int code, const std::string& reason);

 private:
  struct Asked {
    std::int64_t id = 0;
    Message message;
  };

  bool Post(const Message& message) override;
  bool IsWatching() const { return terms_.Asked().role == Role::kWatch; }
  bool TakeOne(const Message& message, std::int64_t now_us);
  void Ask(Message message);
  void TakeOpened(const Opened& opened);
  void TakePoses(const Poses& poses);
  void TakeUtterance(const Utterance& utterance);
  void TakeStatus(const Status& status);
  bool TakeError(const Refusal& refusal, std::int64_t now_us);
  bool TakeClosed(const Closed& closed, std::int64_t now_us);
  bool Reopen(int code, std::int64_t retry_us, std::int64_t now_us);
  bool Answer(std::int64_t re, bool is_accepted);
  void Resume();
  void Return();

  Client& client_;
  SessionListener& listener_;
  Terms terms_;
  Sender sender_;
  PosePlayer player_;
  Watch watch_;
  std::optional<Opened> opened_;
  /** Requests without an answer. */
  std::vector<Asked> asked_;
  /** `id` of the `open` that is under way; 0 = none. */
  std::int64_t open_id_ = 0;
  std::string resume_;
  std::int32_t newest_ = 0;
  /** By which the player knows the rows opened last. */
  std::int32_t layout_ = 0;
  std::int64_t reopen_at_us_ = -1;
  std::int64_t pause_us_ = 0;
  /** Since when poses are awaited after a face is seen again; -1 = they are not. */
  std::int64_t return_at_us_ = -1;
  bool is_open_ = false;
  bool is_leaving_ = false;
};

}  // namespace a2f
