#include "Pcm.h"

#include <cmath>

#include "Bits.h"

namespace a2f {

namespace {

/** Largest magnitude that a server takes in f32le. */
constexpr float kFloatPeak = 16.0F;
constexpr float kFullScale = 32768.0F;

float Held(float value, float least, float most) {
  return value < least ? least : value > most ? most : value;
}

void AppendS16(float sample, std::vector<std::uint8_t>& pcm) {
  const float scaled = !IsNumber(sample) ? 0.0F : Held(sample, -1.0F, 1.0F) * kFullScale;
  // Halves go up, as everywhere in this project.
  const auto whole = static_cast<std::int32_t>(std::floor(static_cast<double>(scaled) + 0.5));
  const auto bits = static_cast<std::uint32_t>(whole > 32767 ? 32767 : whole);
  pcm.push_back(static_cast<std::uint8_t>(bits & 0xff));
  pcm.push_back(static_cast<std::uint8_t>(bits >> 8 & 0xff));
}

void AppendF32(float sample, std::vector<std::uint8_t>& pcm) {
  const float held = !IsNumber(sample) ? 0.0F : Held(sample, -kFloatPeak, kFloatPeak);
  const std::uint32_t bits = BitsOf(held);
  for (int k = 0; k < 4; ++k) pcm.push_back(static_cast<std::uint8_t>(bits >> (8 * k) & 0xff));
}

/** ITU-T G.711, mu-law: 14 bits, of which the upper ones are kept. */
int FromUlaw(std::uint8_t code) {
  const int bits = ~code & 0xff;
  const int size = ((((bits & 15) << 3) + 132) << (bits >> 4 & 7)) - 132;
  return bits & 0x80 ? -size : size;
}

/** ITU-T G.711, A-law: 13 bits. */
int FromAlaw(std::uint8_t code) {
  const int bits = code ^ 0x55;
  const int exponent = bits >> 4 & 7;
  const int low = ((bits & 15) << 4) + 8;
  const int size = exponent > 0 ? (low + 256) << (exponent - 1) : low;
  return bits & 0x80 ? size : -size;
}

float SampleAt(const std::uint8_t* at, SampleFormat format) {
  if (format == SampleFormat::kF32le) {
    std::uint32_t bits = 0;
    for (int k = 3; k >= 0; --k) bits = bits << 8 | at[k];
    return FloatOf(bits);
  }
  int whole = 0;
  if (format == SampleFormat::kUlaw) whole = FromUlaw(*at);
  else if (format == SampleFormat::kAlaw) whole = FromAlaw(*at);
  else {
    whole = at[0] | at[1] << 8;
    if (whole > 32767) whole -= 65536;
  }
  return static_cast<float>(whole) / kFullScale;
}

}  // namespace

std::size_t SampleBytes(SampleFormat format) {
  if (format == SampleFormat::kS16le) return 2;
  return format == SampleFormat::kF32le ? 4 : 1;
}

void AppendPcm(const float* samples, std::size_t count, SampleFormat format,
               std::vector<std::uint8_t>& pcm) {
  for (std::size_t k = 0; k < count; ++k) {
    if (format == SampleFormat::kS16le) AppendS16(samples[k], pcm);
    else if (format == SampleFormat::kF32le) AppendF32(samples[k], pcm);
  }
}

void AppendMono(const float* interleaved, std::size_t frames, std::int32_t channels,
                std::vector<float>& mono) {
  const auto count = static_cast<std::size_t>(channels);
  for (std::size_t frame = 0; frame < frames; ++frame) {
    float sum = 0.0F;
    for (std::size_t k = 0; k < count; ++k) sum += interleaved[frame * count + k];
    mono.push_back(sum / static_cast<float>(channels));
  }
}

void AppendSamples(Bytes pcm, const AudioFormat& format, std::vector<float>& mono) {
  const std::size_t size = SampleBytes(format.format);
  const auto channels = static_cast<std::size_t>(format.channels);
  const std::size_t frames = pcm.size / size / channels;
  for (std::size_t frame = 0; frame < frames; ++frame) {
    float sum = 0.0F;
    for (std::size_t k = 0; k < channels; ++k) {
      sum += SampleAt(pcm.data + (frame * channels + k) * size, format.format);
    }
    mono.push_back(sum / static_cast<float>(format.channels));
  }
}

}  // namespace a2f
