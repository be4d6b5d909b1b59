/** Sound files of 16-bit samples: RIFF WAVE. */
#pragma once

#include <vector>

#include "../Core/Bytes.h"

namespace a2f {

/** What a file holds: the mean of its channels. */
struct WavSound {
  int rate = 0;
  std::vector<float> samples;
};

/** Read a file. False: it is none of 16-bit PCM, or damaged; `sound` is empty then. */
bool ReadWav(Bytes content, WavSound& sound);

}  // namespace a2f
