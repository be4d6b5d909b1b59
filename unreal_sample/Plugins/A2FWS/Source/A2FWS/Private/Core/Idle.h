/** Life without a server: blinks, gaze, breath and small head motion. */
#pragma once

#include <array>

#include "Messages.h"

namespace a2f {

/** How much life. */
enum class IdleLevel : std::uint8_t { kOff, kBlink, kAlive };

/** Roles of idle life; the last one, head, has three amounts and the place of a transform. */
constexpr std::size_t kIdleRoles = 14;
constexpr std::size_t kIdleHead = kIdleRoles - 1;

/** 13 amounts 0 to 1 in the order of `IdleRoleName`, then the head's rotation about x, y, z, rad. */
using IdleOffsets = std::array<float, kIdleHead + 3>;

/** What role k is called in `Opened::idle`, k < kIdleRoles. */
const char* IdleRoleName(std::size_t k);

/** Where the roles go in one layout; what a rig does not name, or names wrongly, is not moved. */
struct IdleRoles {
  struct Place {
    /** -1 = not there. */
    std::int32_t index = -1;
    double gain = 0.0;
  };
  std::array<Place, kIdleRoles> places;

  IdleRoles() = default;
  /** Take over what lies within a row of so many curves and transforms. */
  IdleRoles(const IdlePlaces& named, std::size_t curves, std::size_t transforms);
};

/** The amount of every role, from nothing but a seed, a time (microseconds >= 0) and a level. */
IdleOffsets IdleOffsetsAt(std::uint32_t seed, std::int64_t now_us, IdleLevel level);

/**
 * Add idle life to a row in place. A curve becomes row + gain * amount, held between 0 and gain; a
 * row that is outside already stays where it is. A blink is scaled by what the row's own blink and
 * squint of that eye leave open. The head's rotation vector times its gain becomes a small
 * quaternion, multiplied in from the left.
 *
 * @param row one row of the layout that `roles` were made for, `size` floats.
 */
void ApplyIdle(float* row, std::size_t size, const IdleOffsets& offsets, const IdleRoles& roles);

}  // namespace a2f
