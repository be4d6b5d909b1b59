/** The sample's reader of the head against the real file, cut off and damaged ones. */

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "Checks.h"
#include "Head/HeadFile.h"
#include "Head/Json.h"

using checks::Holds;

namespace {

const head::Part* Find(const std::vector<head::Part>& parts, const char* name) {
  for (const head::Part& part : parts) {
    if (part.name == name) return &part;
  }
  return nullptr;
}

/** How far a shape at weight 1 takes the vertex that it moves most, cm along an axis. */
float Furthest(const head::Part& part, const char* shape, std::size_t axis) {
  std::vector<float> weights(part.shapes.size(), 0.0F);
  for (std::size_t k = 0; k < part.shapes.size(); ++k) {
    if (part.shapes[k].name == shape) weights[k] = 1.0F;
  }
  std::vector<float> posed;
  head::Pose(part, weights, posed);
  float furthest = 0.0F;
  for (std::size_t k = axis; k < posed.size(); k += 3) {
    const float shift = posed[k] - part.positions[k];
    if (shift * shift > furthest * furthest) furthest = shift;
  }
  return furthest;
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) return 2;
  std::ifstream stream(words[1], std::ios::binary);
  const std::vector<char> file{std::istreambuf_iterator<char>(stream), {}};
  std::vector<std::uint8_t> bytes(file.begin(), file.end());
  std::vector<head::Part> parts;
  Holds(head::ReadHead(bytes.data(), bytes.size(), parts) && parts.size() == 11, "eleven meshes");
  std::size_t vertices = 0;
  std::size_t triangles = 0;
  for (const head::Part& part : parts) {
    vertices += part.positions.size() / 3;
    triangles += part.indices.size() / 3;
  }
  Holds(vertices == 12699 && triangles == 21300, "vertices and triangles as engines/head.md says");
  const head::Part* skin = Find(parts, "Skin");
  const head::Part* eye = Find(parts, "LeftEye");
  Holds(skin != nullptr && skin->shapes.size() == 51, "the skin has 51 shapes");
  Holds(Furthest(*skin, "jawOpen", 2) < -2.0F, "jawOpen takes the chin down, z is up");
  Holds(Furthest(*skin, "jawForward", 0) > 0.2F,
        "jawForward takes it out of the face, x is forward");
  Holds(Furthest(*skin, "mouthLeft", 1) < -0.2F, "mouthLeft goes to -y, y is its right");
  float middle = 0.0F;
  for (std::size_t k = 1; k < eye->positions.size(); k += 3) middle += eye->positions[k];
  Holds(middle / (static_cast<float>(eye->positions.size()) / 3.0F) < -2.5F,
        "its left eye is at -y");
  bool is_safe = true;
  for (std::size_t size = 0; size < bytes.size(); size += 9973) {
    const std::vector<std::uint8_t> part(bytes.begin(), bytes.begin() + static_cast<long>(size));
    is_safe = !head::ReadHead(part.data(), part.size(), parts) && is_safe;
  }
  Holds(is_safe, "files that are cut off are refused");
  std::uint32_t noise = 1;
  for (int k = 0; k < 300; ++k) {
    std::vector<std::uint8_t> damaged = bytes;
    for (int hits = 0; hits < 20; ++hits) {
      noise = noise * 1664525U + 1013904223U;
      damaged[(noise >> 8) % 100000] = static_cast<std::uint8_t>(noise >> 24);
    }
    head::ReadHead(damaged.data(), damaged.size(), parts);
    std::vector<float> posed;
    for (const head::Part& part : parts) {
      head::Pose(part, std::vector<float>(part.shapes.size(), 1.0F), posed);
    }
  }
  head::Json value;
  for (const char* text : {"", "{", "[1,]", "{\"a\":}", "nul", "\"a", "1 2", "{\"a\" 1}"}) {
    Holds(!head::ReadJson(text, std::char_traits<char>::length(text), value),
          std::string("no JSON: ") + text);
  }
  const std::string deep(100, '[');
  Holds(!head::ReadJson(deep.data(), deep.size(), value), "too deep");
  checks::Part("head");
  return checks::End();
}
