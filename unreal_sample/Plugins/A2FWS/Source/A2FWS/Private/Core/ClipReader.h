/** What stands in a clip file, and in which order: bounded, whoever wrote it (section 22). */
#pragma once

#include "Clip.h"

namespace a2f {

/** Fills a clip from a file, part by part. */
class ClipReader {
 public:
  explicit ClipReader(Clip& clip) : clip_(clip) {}

  /** False: it is none, or damaged; `Why` says where. */
  bool Read(Bytes content);
  const Fault& Why() const { return why_; }

 private:
  bool Part(Bytes frame);
  bool Head(Bytes frame);
  bool Take(const Message& message);
  bool TakeOpened(const Opened& opened);
  bool TakeRest(const Rest& rest);
  bool TakePoses(const Poses& poses);
  bool TakeState(const Utterance& told);
  bool Finish(const Utterance& told);
  bool HasNames(const Opened& opened);
  bool HasPlaces(const Opened& opened);
  bool Floats(Bytes data, std::int32_t rows, std::vector<float>& floats);
  bool IsSame(std::int32_t sid, std::int32_t layout, std::int32_t u);
  bool Refuse(const std::string& text);

  Clip& clip_;
  Codec codec_;
  Message message_;
  Fault why_;
  /** Parts seen, for the place of a fault, and taken, for the order of the first ones. */
  std::size_t part_ = 0;
  std::size_t taken_ = 0;
  std::int32_t u_ = 0;
  std::int64_t poses_ = 0;
  bool is_heard_ = false;
  bool is_over_ = false;
};

}  // namespace a2f
