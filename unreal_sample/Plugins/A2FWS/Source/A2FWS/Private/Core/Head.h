/** How the play head moves from one sample to the next. */
#pragma once

#include <cstdint>
#include <optional>

namespace a2f {

/** The pose wanted at each sample: play head minus the offset of the sound, on the client's clock. */
class Head {
 public:
  /** Take the time of a sample; one before the last one becomes the last one. */
  std::int64_t Clock(std::int64_t now_us);
  /** Nothing is followed any more: forget the place and what was missing there. */
  void Leave();
  /** Take the pose wanted; `speed` is play time per time of the clock that was to be expected. */
  void Move(std::optional<std::int64_t> at_us, double speed);
  /**
   * How long the pose wanted has been due on the clock without being here. The count begins when
   * the head passed the pose's time, which lies between two samples, and stands while paused.
   *
   * @param late_us play time since the pose was due; nothing when nothing is missing.
   */
  std::int64_t MissingUs(std::optional<std::int64_t> late_us, double rate, bool is_paused);

  /** Pose wanted; nothing without sound. */
  std::optional<std::int64_t> AtUs() const { return at_us_; }
  /** Pose wanted when there was sound last in this utterance. */
  std::optional<std::int64_t> LastUs() const { return last_us_; }
  /** It is not where even play since the sample before would have brought it. */
  bool HasJumped() const { return has_jumped_; }
  /** Time since the sample before, if the sound played evenly between the two, else 0. */
  std::int64_t EvenUs() const { return even_us_; }

 private:
  std::optional<std::int64_t> now_us_;
  std::optional<std::int64_t> at_us_;
  std::optional<std::int64_t> last_us_;
  std::optional<std::int64_t> missing_since_us_;
  bool has_jumped_ = false;
  std::int64_t even_us_ = 0;
  std::int64_t passed_us_ = 0;
};

}  // namespace a2f
