#include "Clip.h"

#include <utility>

#include "ClipReader.h"

namespace a2f {

bool Clip::Load(Bytes content, Fault& fault) {
  Clip fresh;
  ClipReader reader(fresh);
  if (!reader.Read(content)) {
    fault = reader.Why();
    return false;
  }
  *this = std::move(fresh);
  return true;
}

void Clip::Feed(PosePlayer& player, std::int32_t u, std::int32_t layout) const {
  player.TakeOpened(opened_, layout, kAheadUs);
  player.TakeRest(layout, RestRow());
  player.TakeUtterance(u, UtteranceState::kStarted, 0, start_us_);
  player.TakePoses(u, layout, first_, Rows());
  player.TakeUtterance(u, UtteranceState::kAudioDone, head_.poses, sound_end_us_);
  player.TakeUtterance(u, UtteranceState::kPosesDone, head_.poses, end_us_);
}

}  // namespace a2f
