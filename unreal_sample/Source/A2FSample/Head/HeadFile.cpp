#include "HeadFile.h"

#include <cstring>

#include "Json.h"

namespace head {
namespace {

constexpr std::size_t kHeader = 12;
constexpr std::size_t kChunk = 8;
constexpr std::size_t kVerticesMost = 1000000;
constexpr int kFloat = 5126;
constexpr int kShort = 5123;
constexpr int kByte = 5121;

std::uint32_t Little(const std::uint8_t* at) {
  return at[0] | static_cast<std::uint32_t>(at[1]) << 8 | static_cast<std::uint32_t>(at[2]) << 16 |
         static_cast<std::uint32_t>(at[3]) << 24;
}

/** Bytes of a file's binary part, and its description. */
struct File {
  Json json;
  const std::uint8_t* bytes = nullptr;
  std::size_t size = 0;

  /** `count` * `width` bytes of a view at an offset; null where they are not there. */
  const std::uint8_t* At(const Json& place, std::size_t count, std::size_t width) const {
    const int view_index = place["bufferView"].Index();
    if (view_index < 0) return nullptr;
    const Json& view = json["bufferViews"][static_cast<std::size_t>(view_index)];
    const int from = view["byteOffset"].kind == Json::Kind::Null ? 0 : view["byteOffset"].Index();
    const int more = place["byteOffset"].kind == Json::Kind::Null ? 0 : place["byteOffset"].Index();
    const int length = view["byteLength"].Index();
    if (from < 0 || more < 0 || length < 0 || count > kVerticesMost) return nullptr;
    const auto first = static_cast<std::size_t>(from) + static_cast<std::size_t>(more);
    const std::size_t wanted = count * width;
    if (static_cast<std::size_t>(more) + wanted > static_cast<std::size_t>(length)) return nullptr;
    return first + wanted <= size ? bytes + first : nullptr;
  }
};

const Json& AccessorOf(const File& file, const Json& index) {
  const int k = index.Index();
  return file.json["accessors"][k < 0 ? static_cast<std::size_t>(-1) : static_cast<std::size_t>(k)];
}

float FloatAt(const std::uint8_t* at) {
  float value = 0.0F;
  std::memcpy(&value, at, sizeof value);
  return value;
}

std::uint32_t ShortAt(const std::uint8_t* at) {
  return at[0] | static_cast<std::uint32_t>(at[1]) << 8;
}

/** glTF's x (left), y (up), z (forward), as Unreal's, times a scale. */
void AddTurned(const float* from, float scale, std::vector<float>& to) {
  to.push_back(scale * from[2]);
  to.push_back(-scale * from[0]);
  to.push_back(scale * from[1]);
}

bool AddVectors(const File& file, const Json& accessor, float scale, std::vector<float>& to) {
  const int count = accessor["count"].Index();
  if (accessor["componentType"].Index() != kFloat || count < 0) return false;
  const std::uint8_t* at = file.At(accessor, static_cast<std::size_t>(count), 12);
  if (at == nullptr) return false;
  for (int k = 0; k < count; ++k, at += 12) {
    const float from[3] = {FloatAt(at), FloatAt(at + 4), FloatAt(at + 8)};
    AddTurned(from, scale, to);
  }
  return true;
}

bool ReadShape(const File& file, const Json& accessor, std::size_t vertices, Shape& shape) {
  const Json& sparse = accessor["sparse"];
  const int count = sparse["count"].Index();
  if (count < 0) return accessor["count"].Index() == static_cast<int>(vertices);
  const auto some = static_cast<std::size_t>(count);
  const std::uint8_t* index = file.At(sparse["indices"], some, 2);
  const std::uint8_t* value = file.At(sparse["values"], some, 12);
  if (index == nullptr || value == nullptr) return false;
  if (sparse["indices"]["componentType"].Index() != kShort) return false;
  for (std::size_t k = 0; k < some; ++k, index += 2, value += 12) {
    if (ShortAt(index) >= vertices) return false;
    shape.vertices.push_back(ShortAt(index));
    const float from[3] = {FloatAt(value), FloatAt(value + 4), FloatAt(value + 8)};
    AddTurned(from, 100.0F, shape.shifts);
  }
  return true;
}

bool ReadColors(const File& file, const Json& accessor, std::size_t vertices, Part& part) {
  const std::uint8_t* at = file.At(accessor, vertices, 4);
  if (at == nullptr || accessor["componentType"].Index() != kByte) return false;
  for (std::size_t k = 0; k < 4 * vertices; ++k) {
    part.colors.push_back(static_cast<float>(at[k]) / 255.0F);
  }
  return true;
}

bool ReadIndices(const File& file, const Json& accessor, std::size_t vertices, Part& part) {
  const int count = accessor["count"].Index();
  if (count < 0 || accessor["componentType"].Index() != kShort) return false;
  const std::uint8_t* at = file.At(accessor, static_cast<std::size_t>(count), 2);
  if (at == nullptr) return false;
  for (int k = 0; k < count; ++k, at += 2) {
    if (ShortAt(at) >= vertices) return false;
    part.indices.push_back(ShortAt(at));
  }
  return true;
}

bool ReadPart(const File& file, const Json& mesh, Part& part) {
  const Json& primitive = mesh["primitives"][std::size_t{0}];
  const Json& attributes = primitive["attributes"];
  if (!AddVectors(file, AccessorOf(file, attributes["POSITION"]), 100.0F, part.positions) ||
      !AddVectors(file, AccessorOf(file, attributes["NORMAL"]), 1.0F, part.normals) ||
      part.normals.size() != part.positions.size()) {
    return false;
  }
  const std::size_t vertices = part.positions.size() / 3;
  if (!ReadColors(file, AccessorOf(file, attributes["COLOR_0"]), vertices, part) ||
      !ReadIndices(file, AccessorOf(file, primitive["indices"]), vertices, part)) {
    return false;
  }
  const Json& targets = primitive["targets"];
  const Json& names = mesh["extras"]["targetNames"];
  for (std::size_t k = 0; k < targets.items.size(); ++k) {
    Shape shape;
    shape.name = names[k].text;
    if (!ReadShape(file, AccessorOf(file, targets[k]["POSITION"]), vertices, shape)) return false;
    part.shapes.push_back(std::move(shape));
  }
  return true;
}

/** Where a node stands: its own place and that of the one that has it. */
void Place(const Json& nodes, std::size_t node, std::vector<float>& positions) {
  const Json& own = nodes[node]["translation"];
  float at[3] = {0.0F, 0.0F, 0.0F};
  for (std::size_t k = 0; k < 3; ++k) at[k] = static_cast<float>(own[k].number);
  for (const Json& parent : nodes.items) {
    for (const Json& child : parent["children"].items) {
      if (child.Index() != static_cast<int>(node)) continue;
      for (std::size_t k = 0; k < 3; ++k)
        at[k] += static_cast<float>(parent["translation"][k].number);
    }
  }
  std::vector<float> shift;
  AddTurned(at, 100.0F, shift);
  for (std::size_t k = 0; k < positions.size(); ++k) positions[k] += shift[k % 3];
}

bool OpenFile(const std::uint8_t* data, std::size_t size, File& file) {
  if (size < kHeader + kChunk || std::memcmp(data, "glTF", 4) != 0) return false;
  const std::size_t text = Little(data + kHeader);
  const std::size_t behind = kHeader + kChunk + text;
  if (text > size || behind + kChunk > size) return false;
  const auto* json = reinterpret_cast<const char*>(data + kHeader + kChunk);
  if (!ReadJson(json, text, file.json)) return false;
  file.bytes = data + behind + kChunk;
  file.size = size - behind - kChunk;
  return true;
}

}  // namespace

bool ReadHead(const std::uint8_t* data, std::size_t size, std::vector<Part>& parts) {
  parts.clear();
  File file;
  if (!OpenFile(data, size, file)) return false;
  const Json& nodes = file.json["nodes"];
  for (std::size_t k = 0; k < nodes.items.size(); ++k) {
    const int mesh = nodes[k]["mesh"].Index();
    if (mesh < 0) continue;
    Part part;
    part.name = nodes[k]["name"].text;
    if (!ReadPart(file, file.json["meshes"][static_cast<std::size_t>(mesh)], part)) {
      parts.clear();
      return false;
    }
    Place(nodes, k, part.positions);
    parts.push_back(std::move(part));
  }
  return !parts.empty();
}

void Pose(const Part& part, const std::vector<float>& weights, std::vector<float>& positions) {
  positions = part.positions;
  for (std::size_t k = 0; k < part.shapes.size() && k < weights.size(); ++k) {
    const float weight = weights[k];
    if (!(weight > 0.001F || weight < -0.001F)) continue;
    const Shape& shape = part.shapes[k];
    for (std::size_t v = 0; v < shape.vertices.size(); ++v) {
      float* to = positions.data() + 3 * static_cast<std::size_t>(shape.vertices[v]);
      for (std::size_t axis = 0; axis < 3; ++axis) to[axis] += weight * shape.shifts[3 * v + axis];
    }
  }
}

}  // namespace head
