/** What is in force in a session: asked for at `open`, changed since, told again after a loss. */
#pragma once

#include <vector>

#include "../Core/Requests.h"

namespace a2f {

/** A position in the order of utterances; u = 0: nothing has sounded. */
struct Place {
  std::int32_t u = 0;
  std::int64_t t_us = 0;
};

/** Remembers what a server that starts afresh has to be told. */
class Terms {
 public:
  explicit Terms(Open open);

  const Open& Asked() const { return open_; }
  int Rate() const { return open_.audio ? open_.audio->rate : 16000; }
  SampleFormat Format() const { return open_.audio ? open_.audio->format : SampleFormat::kS16le; }
  bool IsVisible() const { return is_visible_; }

  /** The message that opens the session as it is now, with the sound at `head`. */
  Open OpenAt(const Place& head) const;
  /** What `open` cannot say: to be sent behind it when a session is opened again. */
  std::vector<Message> Rest(const Place& head) const;

  /** An emotion was accepted: it cuts off what was planned after its time. */
  void Feel(const Emotion& emotion);
  /** A `set` was accepted. */
  void Change(const Set& set);

 private:
  Open open_;
  /** Emotions planned for a time of an utterance, in order. */
  std::vector<Emotion> plans_;
  bool is_visible_ = true;
};

}  // namespace a2f
