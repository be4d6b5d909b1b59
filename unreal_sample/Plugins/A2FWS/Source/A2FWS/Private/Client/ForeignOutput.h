/** An output on a clock of somebody else. */
#pragma once

#include <memory>

#include "Output.h"

namespace a2f {

/** What somebody else has: a clock, and maybe a place for samples. */
class Foreign {
 public:
  Foreign() = default;
  virtual ~Foreign() = default;
  Foreign(const Foreign&) = delete;
  Foreign& operator=(const Foreign&) = delete;

  /** Sample frames per second. */
  virtual int Rate() const = 0;
  /** Take samples; returns how many there was room for. All of them where it has no place. */
  virtual std::size_t Put(const float* samples, std::size_t count) = 0;
  virtual void Run(bool runs) = 0;
  /** Drop what was not heard yet. */
  virtual void Clear() = 0;
  /** Frames that were heard so far, over any number of outputs; need not count dropped ones. */
  virtual std::int64_t Heard() = 0;
};

/** Counts from its own zero, whatever the clock has counted before, and over what was dropped. */
class ForeignOutput final : public Output {
 public:
  explicit ForeignOutput(std::unique_ptr<Foreign> foreign);

  int Rate() const override { return rate_; }
  std::size_t Put(const float* samples, std::size_t count) override;
  void Run(bool runs) override;
  void Clear() override;
  std::int64_t PutFrames() const override { return put_; }
  std::int64_t HeardFrames(std::int64_t now_us) override;

 private:
  std::unique_ptr<Foreign> foreign_;
  int rate_;
  std::int64_t put_ = 0;
  std::int64_t heard_ = 0;
  /** What is heard here - what the clock tells. */
  std::int64_t offset_ = 0;
  bool runs_ = false;
};

}  // namespace a2f
