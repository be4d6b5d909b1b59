/** Messages to frames and back. */
#pragma once

#include <vector>

#include "Bytes.h"
#include "Msgpack.h"
#include "Requests.h"

namespace a2f {

/** What became of a frame. */
enum class Outcome : std::uint8_t { kMessage, kIgnored, kRefused };

/** Reads and writes messages; its memory is used again, so that poses cost no allocation. */
class Codec {
 public:
  /**
   * Read one message. kIgnored: its op is not known, which is a newer server's. kRefused: `fault`
   * says why: 4400 closing: not one map; 4400: a field that is missing or of the wrong type; 4422:
   * a value out of range.
   */
  Outcome Decode(Bytes frame, Message& message, Fault& fault);

 private:
  FrameCheck check_;
};

/** Write one message over what is in `frame`, whose memory is used again. */
void Encode(const Message& message, std::vector<std::uint8_t>& frame);

}  // namespace a2f
