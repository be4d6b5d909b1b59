#include <cmath>

#include "Checks.h"
#include "Core/Clip.h"
#include "VectorFile.h"
#include "playback_vectors.h"

namespace {

using checks::Holds;

constexpr double kNear = 1e-5;
constexpr const char* kStates[] = {"wait", "start", "play", "stall", "stop"};

double NumberOf(const vectors::Tree& tree) {
  return tree.kind == a2f::Kind::kWhole ? static_cast<double>(tree.whole) : tree.real;
}

bool AreNear(a2f::RowView found, const std::vector<double>& wanted) {
  if (found.size != wanted.size()) return false;
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    if (std::abs(static_cast<double>(found.data[k]) - wanted[k]) > kNear) return false;
  }
  return true;
}

void Flatten(const vectors::Tree& tree, std::vector<double>& out) {
  if (tree.kind != a2f::Kind::kList) return out.push_back(NumberOf(tree));
  for (const vectors::Tree& entry : tree.entries) Flatten(entry, out);
}

std::vector<double> Flat(const vectors::Tree& tree) {
  std::vector<double> out;
  Flatten(tree, out);
  return out;
}

void CheckHead(const a2f::ClipHead& head, const vectors::Tree& said, const std::string& title) {
  const vectors::Tree& sound = said["sound"];
  Holds(head.maker == said["maker"].bytes && head.source == said["source"].bytes, title + ": head");
  const std::string hash(head.sound_hash.begin(), head.sound_hash.end());
  Holds(hash == sound["hash"].bytes, title + ": hash");
  Holds(head.sound.rate == sound["rate"].whole && head.sound.channels == sound["channels"].whole &&
            head.frames == sound["frames"].whole && head.poses == said["poses"].whole,
        title + ": sound");
  bool is_same = head.emotion.size() == said["emotion"].entries.size() &&
                 head.line.size() == said["line"].entries.size() &&
                 head.key.has_value() == !said["key"].bytes.empty();
  for (const auto& [name, value] : head.emotion) {
    is_same = is_same && std::abs(value - NumberOf(said["emotion"][name])) <= kNear;
  }
  for (const auto& [name, text] : head.line) {
    is_same = is_same && text == said["line"][name].bytes;
  }
  Holds(is_same, title + ": emotion, line and key");
}

void CheckClip(const vectors::Block& block) {
  a2f::Clip clip;
  a2f::Fault fault;
  const a2f::Bytes content{block.hex.data(), block.hex.size()};
  if (!Holds(clip.Load(content, fault), block.title + ": " + fault.message)) return;
  const vectors::Tree& said = block.fields;
  CheckHead(clip.Head(), said["head"], block.title);
  std::vector<std::uint8_t> frame;
  a2f::Encode(clip.Shape(), frame);
  const auto opened = vectors::TreeOf({frame.data(), frame.size()});
  Holds(vectors::AreSame(opened, said["opened"]), block.title + ": opened");
  Holds(AreNear(clip.RestRow(), Flat(said["rest"])), block.title + ": rest");
  Holds(AreNear(clip.Rows(), Flat(said["rows"])), block.title + ": rows");
  Holds(clip.First() == said["first"].whole && clip.StartUs() == said["start_us"].whole &&
            clip.SoundEndUs() == said["sound_end_us"].whole && clip.EndUs() == said["end_us"].whole,
        block.title + ": times");
  a2f::PosePlayer player;
  player.keep_us.reset();
  clip.Feed(player);
  for (const vectors::Tree& sample : said["samples"].entries) {
    const a2f::RowView row = player.Sample(1, sample["play_us"].whole, sample["now_us"].whole);
    const std::string state = kStates[static_cast<std::size_t>(player.State())];
    Holds(state == sample["state"].bytes && AreNear(row, Flat(sample["row"])),
          block.title + ": sample at " + std::to_string(sample["now_us"].whole));
  }
}

/** A clip is refused wherever it is cut off, and whatever single byte of it is another one. */
void Damage(const vectors::Block& block) {
  for (std::size_t size = 0; size < block.hex.size(); ++size) {
    const std::vector<std::uint8_t> cut(block.hex.begin(),
                                        block.hex.begin() + static_cast<std::ptrdiff_t>(size));
    a2f::Clip clip;
    a2f::Fault fault;
    if (clip.Load({cut.data(), cut.size()}, fault)) Holds(false, "a clip cut off was taken");
    std::vector<std::uint8_t> other = block.hex;
    other[size] = static_cast<std::uint8_t>(other[size] ^ 0x81);
    clip.Load({other.data(), other.size()}, fault);
  }
  Holds(true, "clips that are cut off are refused");
}

}  // namespace

void CheckClipVectors(const std::string& root) {
  for (const vectors::Block& block : vectors::ReadFolder(root + "/clips")) {
    if (!block.is_refused) {
      CheckClip(block);
      continue;
    }
    a2f::Clip clip;
    a2f::Fault fault;
    const bool was_taken = clip.Load({block.hex.data(), block.hex.size()}, fault);
    Holds(!was_taken && fault.code == 4422, block.title + ": was taken");
  }
  for (const vectors::Block& block : vectors::ReadFolder(root + "/clips")) {
    if (block.is_refused) continue;
    Damage(block);
    break;
  }
  checks::Part("clips");
}
