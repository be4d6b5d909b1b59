/** Numbers of what is watched: they rise by here, whoever speaks. */
#pragma once

#include <vector>

#include "../Core/Requests.h"

namespace a2f {

/** A speaker who comes anew begins at any `u`, also at one that was there before. */
class Watch {
 public:
  /**
   * Put the number that holds here into a message that came. False: it tells what is known already,
   * as after a lost connection, or what never began.
   */
  bool Renumber(Message& message);
  /** What a number is called on the wire. */
  std::int32_t OnWire(std::int32_t u) const { return u - shift_; }

 private:
  bool Begin(std::int32_t u);
  bool IsAlive(std::int32_t u) const;

  std::int32_t shift_ = 0;
  std::int32_t newest_ = 0;
  /** Utterances that are not over, by the numbers that hold here. */
  std::vector<std::int32_t> alive_;
};

}  // namespace a2f
