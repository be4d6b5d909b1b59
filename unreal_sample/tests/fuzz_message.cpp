/** libFuzzer: any bytes as one message and as a clip file. What is taken is written as it was read. */

#include <cstdlib>
#include <vector>

#include "Core/Clip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static a2f::Codec codec;
  a2f::Message message;
  a2f::Fault fault;
  const a2f::Outcome outcome = codec.Decode({data, size}, message, fault);
  if (outcome == a2f::Outcome::kRefused && fault.code == 0) std::abort();
  if (outcome == a2f::Outcome::kMessage) {
    std::vector<std::uint8_t> once;
    a2f::Encode(message, once);
    a2f::Message again;
    if (codec.Decode({once.data(), once.size()}, again, fault) != a2f::Outcome::kMessage) std::abort();
    std::vector<std::uint8_t> twice;
    a2f::Encode(again, twice);
    if (once != twice) std::abort();
  }
  a2f::Clip clip;
  if (clip.Load({data, size}, fault)) {
    a2f::PosePlayer player;
    clip.Feed(player);
    player.Sample(1, clip.StartUs(), 0);
    player.Sample(1, clip.EndUs(), 1000000);
  }
  return 0;
}
