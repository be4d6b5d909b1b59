/** The row shown, and how it gets from one aim to another. */
#pragma once

#include "Layout.h"

namespace a2f {

/** Lengths of blends (protocol section 19), microseconds. */
constexpr std::int64_t kStartBlendUs = 80000;
constexpr std::int64_t kRestBlendUs = 100000;

/**
 * The row shown last, the rest row, and the blend that runs.
 *
 * A blend is linear in the client's clock, begins at the row shown last and replaces a running one.
 * Its aim may move. At the moment it begins the row shown stands, so asking twice for one moment
 * gives one row.
 */
class Blend {
 public:
  explicit Blend(const LayoutRef& layout);

  /** Layout of the row shown last. */
  const Layout& Shown() const { return *layout_; }

  /** Take a rest row; until something was shown it is what the first blend begins at. */
  void TakeRest(const float* row, const LayoutRef& layout);

  /**
   * The row to show on the way to rest, or at it. `length_us`: of the blend if an utterance was
   * shown until now; a blend to rest that runs already gives way only if it would take longer.
   */
  RowView ToRest(std::int64_t length_us, std::int64_t now_us);

  /** The row to show while an utterance shows; `is_apart`: it does not follow from the last one. */
  RowView ToPose(const float* row, const LayoutRef& layout, bool is_apart, std::int64_t now_us);

 private:
  std::int64_t LeftUs(std::int64_t now_us) const;
  void Begin(std::int64_t length_us, std::int64_t now_us);
  RowView Show(const float* aim, const LayoutRef& layout, std::int64_t now_us);

  LayoutRef layout_;
  LayoutRef rest_layout_;
  std::vector<float> rest_;
  std::vector<float> shown_;
  std::vector<float> from_;
  bool has_new_rest_ = false;
  bool is_speaking_ = false;
  bool has_shown_ = false;
  std::int64_t start_us_ = 0;
  std::int64_t length_us_ = 0;
};

}  // namespace a2f
