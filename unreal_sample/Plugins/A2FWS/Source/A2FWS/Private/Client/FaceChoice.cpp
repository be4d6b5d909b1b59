#include "FaceChoice.h"

namespace a2f {
namespace {

/** Most names in `open.have` (protocol section 14). */
constexpr std::size_t kHaveMost = 1024;
/** Fewer morph targets than a face needs are correctives of a body. */
constexpr std::size_t kMorphsLeast = 3;
/** Characters that a name may have (protocol section 14); longer ones no rig knows. */
constexpr std::size_t kNameMost = 64;

Names Asked(const Names& morphs) {
  Names have;
  for (const std::string& name : morphs) {
    if (name.empty() || name.size() > kNameMost || have.size() == kHaveMost) continue;
    have.push_back(name);
  }
  return have;
}

}  // namespace

FaceChoice ChooseFace(const FaceFacts& facts) {
  FaceChoice choice;
  choice.mode = facts.mode;
  const Names have = Asked(facts.morphs);
  if (facts.mode == FaceMode::Auto) {
    if (facts.is_metahuman)
      choice.mode = FaceMode::LiveLink;
    else if (have.size() >= kMorphsLeast)
      choice.mode = FaceMode::Morphs;
    else
      choice.mode = FaceMode::AnimNode;
  }
  if (choice.mode == FaceMode::Morphs && !have.empty()) {
    choice.rig = "auto";
    choice.have = have;
  } else {
    choice.rig = facts.is_metahuman ? "unreal/metahuman" : "unreal/livelink";
  }
  if (!facts.rig.empty()) choice.rig = facts.rig;
  return choice;
}

}  // namespace a2f
