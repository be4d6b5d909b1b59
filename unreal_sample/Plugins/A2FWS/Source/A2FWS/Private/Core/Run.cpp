#include "Run.h"

#include <algorithm>

namespace a2f {

namespace {

/** Rows that a run has room for at first; the room doubles when it is full. */
constexpr std::int64_t kRowsAtFirst = 64;

}  // namespace

void Run::Begin(const LayoutRef& of, std::int64_t from) {
  layout = of;
  first = end = from;
  const std::size_t width = of->Row();
  room_ = width > 0 ? static_cast<std::int64_t>(ring_.size() / width) : kRowsAtFirst;
  if (room_ >= kRowsAtFirst) return;
  room_ = kRowsAtFirst;
  ring_.resize(static_cast<std::size_t>(room_) * width);
}

void Run::End() {
  layout.reset();
  first = end = 0;
}

void Run::Write(std::int64_t i, const float* row) {
  if ((std::max)(end, i + 1) - first > room_) Grow();
  end = (std::max)(end, i + 1);
  std::copy(row, row + layout->Row(), ring_.data() + Place(i));
}

std::size_t Run::Place(std::int64_t i) const {
  return static_cast<std::size_t>(i % room_) * layout->Row();
}

void Run::Grow() {
  const std::size_t width = layout->Row();
  std::vector<float> ring(2 * static_cast<std::size_t>(room_) * width);
  for (std::int64_t i = first; i < end; ++i) {
    const float* const row = Row(i);
    std::copy(row, row + width, ring.data() + static_cast<std::size_t>(i % (2 * room_)) * width);
  }
  room_ *= 2;
  ring_.swap(ring);
}

}  // namespace a2f
