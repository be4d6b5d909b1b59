#include "Wav.h"

#include <cstring>

#include "../Core/Messages.h"
#include "../Core/Pcm.h"

namespace a2f {
namespace {

constexpr std::size_t kRiffBytes = 12;
constexpr std::size_t kChunkBytes = 8;
constexpr std::size_t kFormatBytes = 16;
constexpr std::uint32_t kPcm = 1;
constexpr std::uint32_t kExtensible = 0xfffe;

std::uint32_t Little(const std::uint8_t* at, int bytes) {
  std::uint32_t value = 0;
  for (int k = bytes - 1; k >= 0; --k) value = value << 8 | at[k];
  return value;
}

bool IsTag(const std::uint8_t* at, const char* tag) { return std::memcmp(at, tag, 4) == 0; }

bool ReadFormat(const std::uint8_t* at, std::size_t size, AudioFormat& format) {
  if (size < kFormatBytes) return false;
  const std::uint32_t kind = Little(at, 2);
  const std::uint32_t channels = Little(at + 2, 2);
  const std::uint32_t rate = Little(at + 4, 4);
  const std::uint32_t bits = Little(at + 14, 2);
  if ((kind != kPcm && kind != kExtensible) || bits != 16) return false;
  if (channels < 1 || channels > 8 || rate < 8000 || rate > 192000) return false;
  format.channels = static_cast<std::int32_t>(channels);
  format.rate = static_cast<std::int32_t>(rate);
  return true;
}

}  // namespace

bool ReadWav(Bytes content, WavSound& sound) {
  sound = WavSound{};
  const std::uint8_t* data = content.data;
  if (content.size < kRiffBytes || !IsTag(data, "RIFF") || !IsTag(data + 8, "WAVE")) return false;
  AudioFormat format;
  bool has_format = false;
  std::size_t at = kRiffBytes;
  while (content.size - at >= kChunkBytes) {
    const std::uint8_t* chunk = data + at;
    const std::size_t left = content.size - at - kChunkBytes;
    const std::size_t told = Little(chunk + 4, 4);
    // A file that was streamed out tells no length: what is there counts.
    const std::size_t size = told < left ? told : left;
    if (IsTag(chunk, "fmt ")) {
      has_format = ReadFormat(chunk + kChunkBytes, size, format);
    } else if (IsTag(chunk, "data")) {
      if (!has_format) return false;
      const std::size_t frame = 2 * static_cast<std::size_t>(format.channels);
      sound.rate = format.rate;
      AppendSamples({chunk + kChunkBytes, size / frame * frame}, format, sound.samples);
      return true;
    }
    const std::size_t step = kChunkBytes + size + size % 2;
    if (step > content.size - at) break;
    at += step;
  }
  return false;
}

}  // namespace a2f
