/** The shape of a row, and how two rows are mixed. */
#pragma once

#include <memory>
#include <vector>

#include "Idle.h"
#include "Messages.h"

namespace a2f {

/** Floats of a transform: quaternion x y z w, position x y z (protocol section 8). */
constexpr std::size_t kTransform = 7;
constexpr std::size_t kQuaternion = 4;

/** What one `opened` says about the rows that follow it. */
struct Layout {
  /** Number of the layout; 0 is the empty one before the first `opened`. */
  std::int32_t id = 0;
  std::size_t curves = 0;
  std::size_t transforms = 0;
  PoseRate rate;
  IdleRoles idle;

  /** Floats of a row. */
  std::size_t Row() const { return curves + kTransform * transforms; }

  /** True when rows of both are the same; a server may give a number twice. */
  bool HasRowsOf(const Layout& other) const;

  /** Curves 0, transforms without rotation and displacement. */
  std::vector<float> Neutral() const;

  /**
   * The row that lies between a (share 0) and b (share 1), into `out`, which may be a or b. Curves
   * and positions are linear; quaternions are linear on the shorter arc, then normalised, on a's
   * side. All in float32, in the order of the other clients.
   */
  void Mix(const float* a, const float* b, float share, float* out) const;
};

/** Append the floats of a message, little endian and in any place; false: one is not finite. */
bool AppendFloats(Bytes bytes, std::vector<float>& floats);

/** True when no value is larger than 10^30, infinite or none: what is mixed of them stays finite. */
bool AreBounded(RowView rows);

/** Rows outlive the layout that was opened last: whoever has some holds theirs. */
using LayoutRef = std::shared_ptr<const Layout>;

}  // namespace a2f
