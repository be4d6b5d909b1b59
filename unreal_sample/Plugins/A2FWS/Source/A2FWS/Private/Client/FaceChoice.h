/** How a face is moved, from what was found of it. */
#pragma once

#include <string>
#include <vector>

#include "../Core/Messages.h"

namespace a2f {

/** Auto: decided here. Morphs, a Live Link subject, or the animation node `A2F Pose`. */
enum class FaceMode : std::uint8_t { Auto, Morphs, LiveLink, AnimNode };

/** What was found of a character. */
struct FaceFacts {
  /** What the user asks for. */
  FaceMode mode = FaceMode::Auto;
  /** The rig that the user asks for; empty: decided here. */
  std::string rig;
  /** It has a mesh `Face` whose animation takes a Live Link subject. */
  bool is_metahuman = false;
  /** Names of the morph targets of all its meshes. */
  Names morphs;
};

/** What to open a session with. */
struct FaceChoice {
  FaceMode mode = FaceMode::AnimNode;
  std::string rig;
  /** Names for `open.have`; empty: all curves of the rig. */
  Names have;
};

/**
 * MetaHumans take raw controls by Live Link; any other mesh its own morph targets; one without
 * morph targets what its animation blueprint makes of ARKit's curves.
 */
FaceChoice ChooseFace(const FaceFacts& facts);

}  // namespace a2f
