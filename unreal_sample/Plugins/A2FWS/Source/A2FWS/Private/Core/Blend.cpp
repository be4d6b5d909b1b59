#include "Blend.h"

#include <algorithm>

namespace a2f {

Blend::Blend(const LayoutRef& layout)
    : layout_(layout), rest_layout_(layout), rest_(layout->Neutral()), shown_(rest_), from_(rest_) {}

void Blend::TakeRest(const float* row, const LayoutRef& layout) {
  const bool is_same =
      rest_layout_->HasRowsOf(*layout) && std::equal(rest_.begin(), rest_.end(), row);
  has_new_rest_ = has_new_rest_ || !is_same;
  rest_layout_ = layout;
  rest_.assign(row, row + layout->Row());
  if (has_shown_) return;
  layout_ = layout;
  shown_ = rest_;
  has_new_rest_ = false;
}

RowView Blend::ToRest(std::int64_t length_us, std::int64_t now_us) {
  if (is_speaking_ || LeftUs(now_us) > length_us) Begin(length_us, now_us);
  else if (has_new_rest_) Begin(kRestBlendUs, now_us);
  is_speaking_ = false;
  has_new_rest_ = false;
  return Show(rest_.data(), rest_layout_, now_us);
}

RowView Blend::ToPose(const float* row, const LayoutRef& layout, bool is_apart,
                      std::int64_t now_us) {
  if (is_apart || !is_speaking_) Begin(kStartBlendUs, now_us);
  is_speaking_ = true;
  return Show(row, layout, now_us);
}

std::int64_t Blend::LeftUs(std::int64_t now_us) const {
  return (std::max)(std::int64_t{0}, start_us_ + length_us_ - now_us);
}

void Blend::Begin(std::int64_t length_us, std::int64_t now_us) {
  from_ = shown_;
  start_us_ = now_us;
  length_us_ = length_us;
}

RowView Blend::Show(const float* aim, const LayoutRef& layout, std::int64_t now_us) {
  if (!layout->HasRowsOf(*layout_) || LeftUs(now_us) == 0) length_us_ = 0;
  shown_.resize(layout->Row());
  if (length_us_ == 0) {
    std::copy(aim, aim + layout->Row(), shown_.begin());
  } else if (now_us == start_us_) {
    shown_ = from_;
  } else {
    const double share = static_cast<double>(now_us - start_us_) / static_cast<double>(length_us_);
    layout->Mix(from_.data(), aim, static_cast<float>(share), shown_.data());
  }
  layout_ = layout;
  has_shown_ = true;
  return {shown_.data(), shown_.size()};
}

}  // namespace a2f
