// Where the sound of lines goes, and how far it has been heard.
#pragma once

#include <cstddef>
#include <cstdint>

namespace a2f {

/** One voice at one rate. Frames are counted over all that was ever put. */
class Output {
 public:
  Output() = default;
  virtual ~Output() = default;
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /** Sample frames per second. */
  virtual int Rate() const = 0;
  /** Put mono samples behind what was put; returns how many there was room for. */
  virtual std::size_t Put(const float* samples, std::size_t count) = 0;
  /** Let the sound run, or halt it where it is. */
  virtual void Run(bool runs) = 0;
  /** Drop what was put and is not heard yet, with a short fade. */
  virtual void Clear() = 0;
  /** Frames that were put so far, dropped ones included. */
  virtual std::int64_t PutFrames() const = 0;
  /** Frame that is heard now; never goes back. */
  virtual std::int64_t HeardFrames(std::int64_t now_us) = 0;
};

/** Makes an even clock of a device that counts in blocks. */
class HeardClock {
 public:
  /** The time that is heard, us; never goes back. */
  ///
  /** @param raw_us what the device tells. */
  /** @param now_us a steady clock. */
  std::int64_t Read(std::int64_t raw_us, std::int64_t now_us, bool runs);

 private:
  double heard_us_ = 0;
  std::int64_t read_us_ = -1;
};

/** No device at all (-nosound, a dedicated server, fixed-step rendering): the clock of the game. */
class SilentOutput final : public Output {
 public:
  explicit SilentOutput(int rate) : rate_(rate) {}

  int Rate() const override { return rate_; }
  std::size_t Put(const float* samples, std::size_t count) override;
  void Run(bool runs) override { runs_ = runs; }
  void Clear() override;
  std::int64_t PutFrames() const override { return put_; }
  std::int64_t HeardFrames(std::int64_t now_us) override;

 private:
  int rate_;
  bool runs_ = false;
  std::int64_t put_ = 0;
  /** Frames heard, in millionths, so that no frame is lost between two readings. */
  std::int64_t heard_parts_ = 0;
  std::int64_t read_us_ = -1;
};

}  // namespace a2f
