/** Poses without a hole between them. */
#pragma once

#include "Layout.h"

namespace a2f {

/** Poses first ... end - 1 of one layout, in a ring that keeps its memory. */
class Run {
 public:
  /** Be empty, for rows of that layout from pose `from` on. */
  void Begin(const LayoutRef& of, std::int64_t from);
  /** Let go of the layout, keep the memory. */
  void End();

  std::int64_t FirstUs() const { return layout->rate.TimeUs(first); }
  std::int64_t LastUs() const { return layout->rate.TimeUs(end - 1); }
  std::int64_t Rows() const { return end - first; }
  /** The row of pose i, first <= i < end. */
  const float* Row(std::int64_t i) const { return ring_.data() + Place(i); }
  /** Take pose i, first <= i <= end; one that is already here is replaced. */
  void Write(std::int64_t i, const float* row);

  LayoutRef layout;
  /** Index of the oldest pose kept, and after the newest. */
  std::int64_t first = 0;
  std::int64_t end = 0;

 private:
  std::size_t Place(std::int64_t i) const;
  void Grow();

  std::vector<float> ring_;
  /** Rows that the ring has room for. */
  std::int64_t room_ = 0;
};

}  // namespace a2f
