/** The head of the repository (engines/head.glb) as parts that shapes move. Plain C++. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace head {

/** A shape of a part: displacements of some of its vertices at weight 1. */
struct Shape {
  std::string name;
  std::vector<std::uint32_t> vertices;
  /** x y z each, in the axes of Unreal, centimetres. */
  std::vector<float> shifts;
};

/** A mesh; all in the axes and centimetres of Unreal: x out of the face, y its right, z up. */
struct Part {
  std::string name;
  std::vector<float> positions;
  std::vector<float> normals;
  /** r g b a each, 0 to 1, linear. */
  std::vector<float> colors;
  std::vector<std::uint32_t> indices;
  std::vector<Shape> shapes;
};

/** Read a file like the bundled one: no extension, float32, one primitive each. False: it is none.
 */
bool ReadHead(const std::uint8_t* data, std::size_t size, std::vector<Part>& parts);

/**
 * The positions of a part with its shapes applied.
 *
 * @param weights as many as the part has shapes.
 * @param positions where they go; as long as those of the part afterwards.
 */
void Pose(const Part& part, const std::vector<float>& weights, std::vector<float>& positions);

}  // namespace head
