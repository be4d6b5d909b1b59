/** Views of memory that somebody else owns, and what was wrong with a message. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace a2f {

/** Some bytes; whoever made them keeps them alive. */
struct Bytes {
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;
};

/** One row: curves, then 7 floats per transform (quaternion x y z w, position x y z). */
struct RowView {
  const float* data = nullptr;
  std::size_t size = 0;
};

/** Why a message was refused. Errors are values here: nothing throws. */
struct Fault {
  /** From the table of codes (protocol section 15), such as 4400 or 4422; 0 = nothing is wrong. */
  int code = 0;
  /** What was found and what was wanted, for the log. */
  std::string message;
  /** Path of the field at fault, as in "audio.rate"; empty = none. */
  std::string field;
  /** True when the connection has to end; else only this message is refused. */
  bool closes = false;
};

}  // namespace a2f
