/** What was asked of a character's face, whichever session it has. */
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "../Core/Requests.h"

namespace a2f {

/** Emotion and parameters in force: kept before a session and from one to the next. */
class Wishes {
 public:
  void Feel(Values emotion) { emotion_ = std::move(emotion); }

  void SetParam(const std::string& name, double value) {
    for (auto& [known, old] : params_) {
      if (known == name) {
        old = value;
        return;
      }
    }
    params_.emplace_back(name, value);
  }

  /** Put them into the message that opens a session. */
  void Write(Open& open) const {
    if (emotion_) open.emotion = emotion_;
    if (!params_.empty()) open.params = params_;
  }

 private:
  std::optional<Values> emotion_;
  Values params_;
};

}  // namespace a2f
