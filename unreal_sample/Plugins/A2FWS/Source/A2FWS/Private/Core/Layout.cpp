#include "Layout.h"

#include <cmath>

#include "Bits.h"

namespace a2f {

namespace {

void MixTurn(const float* p, const float* q, float share, float* out) {
  float dot = 0.0F;
  for (std::size_t k = 0; k < kQuaternion; ++k) dot += p[k] * q[k];
  const float side = dot < 0.0F ? -1.0F : 1.0F;
  float turn[kQuaternion];
  float square = 0.0F;
  for (std::size_t k = 0; k < kQuaternion; ++k) {
    turn[k] = p[k] + (q[k] * side - p[k]) * share;
    square += turn[k] * turn[k];
  }
  const float length = square > 0.0F ? std::sqrt(square) : 1.0F;
  for (std::size_t k = 0; k < kQuaternion; ++k) out[k] = turn[k] / length;
}

}  // namespace

bool Layout::HasRowsOf(const Layout& other) const {
  return id == other.id && curves == other.curves && transforms == other.transforms &&
         rate.num == other.rate.num && rate.den == other.rate.den;
}

bool AreBounded(RowView rows) {
  // Of positive floats the larger one has the larger bits; infinity and no number are above all.
  const std::uint32_t most = BitsOf(1e30F);
  bool are_bounded = true;
  for (std::size_t k = 0; k < rows.size; ++k) {
    are_bounded = are_bounded && (BitsOf(rows.data[k]) & 0x7fffffffU) <= most;
  }
  return are_bounded;
}

std::vector<float> Layout::Neutral() const {
  std::vector<float> row(Row(), 0.0F);
  for (std::size_t k = 0; k < transforms; ++k) row[curves + kTransform * k + kQuaternion - 1] = 1.0F;
  return row;
}

void Layout::Mix(const float* a, const float* b, float share, float* out) const {
  for (std::size_t k = 0; k < curves; ++k) out[k] = a[k] + (b[k] - a[k]) * share;
  for (std::size_t at = curves; at < Row(); at += kTransform) {
    MixTurn(a + at, b + at, share, out + at);
    for (std::size_t k = at + kQuaternion; k < at + kTransform; ++k) {
      out[k] = a[k] + (b[k] - a[k]) * share;
    }
  }
}

bool AppendFloats(Bytes bytes, std::vector<float>& floats) {
  const std::size_t before = floats.size();
  floats.resize(before + bytes.size / 4);
  bool is_finite = true;
  for (std::size_t k = before; k < floats.size(); ++k) {
    const std::uint8_t* const at = bytes.data + 4 * (k - before);
    std::uint32_t bits = 0;
    for (std::size_t j = 4; j-- > 0;) bits = bits << 8 | at[j];
    floats[k] = FloatOf(bits);
    is_finite = is_finite && IsFinite(bits);
  }
  return is_finite;
}

}  // namespace a2f
