/** Samples to the bytes of the wire and back. Full scale is -1 to 1. */
#pragma once

#include <vector>

#include "Messages.h"

namespace a2f {

/** Bytes of one sample. */
std::size_t SampleBytes(SampleFormat format);

/**
 * Append mono samples to `pcm` as s16le or f32le; other formats are not written. What is not a number becomes silence, what is
 * beyond full scale is held there (s16le) or at +-16 (f32le, the most that a server takes).
 */
void AppendPcm(const float* samples, std::size_t count, SampleFormat format,
               std::vector<std::uint8_t>& pcm);

/** Append the mean of `channels` interleaved channels; channels >= 1. */
void AppendMono(const float* interleaved, std::size_t frames, std::int32_t channels,
                std::vector<float>& mono);

/** Append the samples of any format as mono floats: the mean of the channels. */
void AppendSamples(Bytes pcm, const AudioFormat& format, std::vector<float>& mono);

}  // namespace a2f
