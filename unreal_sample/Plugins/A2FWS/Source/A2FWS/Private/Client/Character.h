/** One character: what it says, how it is heard, which row its face shows now. */
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../Core/Clip.h"
#include "CaptureClock.h"
#include "Client.h"
#include "Playback.h"
#include "Report.h"

namespace a2f {

/** Who is told what a character does; called from within the calls of `Client` and `Character`. */
class CharacterListener {
 public:
  virtual ~CharacterListener() = default;
  /** Rows consist of other curves from the next sample on. */
  virtual void OnRows() {}
  /** The session is open, for the first time or again. */
  virtual void OnConnected() {}
  /** A line is heard from now on, or no more. */
  virtual void OnLineBegun(std::int32_t /*u*/) {}
  virtual void OnLineEnded(std::int32_t /*u*/) {}
  virtual void OnStatus(const std::string& /*code*/, const std::string& /*message*/) {}
  virtual void OnError(int /*code*/, const std::string& /*message*/) {}
  /** The session is over for good. */
  virtual void OnEnded(int /*code*/, const std::string& /*reason*/) {}
};

/** What life there is beside speech. */
struct IdleLife {
  std::uint32_t seed = 1;
  IdleLevel level = IdleLevel::kAlive;
};

/** All calls belong on the thread of its `Client`. */
class Character final : private SessionListener, private PlaybackListener {
 public:
  /** @param output where its lines are heard; outlives it. */
  Character(Client& client, Output& output, CharacterListener& listener);
  ~Character() override;
  Character(const Character&) = delete;
  Character& operator=(const Character&) = delete;

  IdleLife idle;

  /** Be heard elsewhere, at the same rate, from now on: what is said is cut off. */
  void Use(Output& output);
  /** Begin a session, for sound at the output's rate. */
  void Begin(Open open);
  /** End it; the face eases to rest and keeps its idle life. */
  void Leave();
  bool HasSession() const { return session_ != nullptr; }
  /** Something is said, or about to be. */
  bool IsBusy() const { return playback_->IsBusy(); }
  bool IsOpen() const { return session_ != nullptr && session_->IsOpen(); }
  const Opened* Settled() const { return session_ != nullptr ? session_->Settled() : nullptr; }

  /** Say sound as it comes: the first piece begins a line, `Finish` ends it. */
  void Feed(const float* samples, std::size_t count);
  void Finish();
  /** The same with sound that is heard elsewhere: a microphone, a voice that is tapped. */
  void Hear(const float* samples, std::size_t count, std::int64_t now_us);
  /** Say a clip that was baked before, with its sound at the output's rate; no server is needed. */
  void PlayClip(const Clip& clip, const float* samples, std::size_t count);
  /** Stop all that is said and all that waits. */
  void Interrupt(std::int64_t now_us);
  /** The sound stands by somebody's will: a paused game. */
  void Pause(bool is_paused);
  void SetVisible(bool is_visible, std::int64_t now_us);
  /** How much later sound is heard than the output says. */
  void SetAvOffsetUs(std::int64_t offset_us);
  void Feel(Values values, std::int64_t transition_us);
  void SetParam(const std::string& name, double value);

  /** The row to show now, idle life added; valid until the next call. Empty before the first. */
  RowView Sample(std::int64_t now_us);
  /** Tell which lines began and ended since the last sample; for when there is to be no other. */
  void TellLines();
  /** What the row consists of: names of its curves, and of the transforms behind them. */
  const Names& Curves() const { return shape_.curves; }
  const Names& Transforms() const { return shape_.transforms; }

  /** How it is doing; `matched` and `underruns` are for the caller to fill in. */
  Report Doing() const;

 private:
  void OnOpened(const Opened& opened) override;
  void OnUtterance(const Utterance& utterance) override;
  void OnPoses(const Poses& poses) override;
  void OnAudio(const Audio& audio) override;
  void OnStatus(const Status& status) override;
  void OnError(int code, const std::string& message) override;
  void OnEnded(int code, const std::string& reason) override;
  void OnHead(const Place& head, bool is_paused) override;
  void OnLineBegun(const Line& line) override;
  void OnLineEnded(const Line& line) override;

  RowView SampleHeard(std::int64_t now_us);
  RowView SampleRow(std::int64_t now_us);
  void AppendWatched(std::int64_t first, int rate);
  PosePlayer& Player() { return session_ != nullptr ? session_->Player() : idle_player_; }
  void MakePlayback();
  void TakeShape(const Opened& opened);

  Client& client_;
  Output* output_;
  CharacterListener& listener_;
  Session* session_ = nullptr;
  /** Shows rest and idle life where there is no session any more, and clips. */
  PosePlayer idle_player_;
  std::unique_ptr<Playback> playback_;
  /** The line that is fed, or the one that is heard elsewhere. */
  LineRef fed_;
  LineRef heard_;
  CaptureClock captured_;
  std::int64_t captured_frames_ = 0;
  /** What is watched: the line whose sound came last. */
  LineRef watched_;
  float watched_last_ = 0.0F;
  std::vector<float> mono_;
  std::vector<float> row_;
  Opened shape_;
  /** Lines that began or ended: told when nothing of this is under way, since listeners act. */
  struct Event {
    bool has_begun = false;
    std::int32_t u = 0;
  };
  std::vector<Event> events_;
  std::string problem_;
  std::int64_t poses_ = 0;
  std::int64_t shown_us_ = 0;
  std::int64_t dropped_ = 0;
  std::int32_t clip_u_ = 0;
  std::int32_t clip_layout_ = 0;
  bool is_clip_ = false;
  bool is_telling_ = false;
};

}  // namespace a2f
