#include "core_checks.h"

#include <limits>

#include "Checks.h"
#include "Core/PosePlayer.h"
#include "samples.h"

namespace {

using a2f::Bytes;
using a2f::Message;
using a2f::Outcome;
using checks::Holds;

/** A map of the message "status" with so many counters. */
std::vector<std::uint8_t> StatusOf(std::uint32_t counters) {
  std::vector<std::uint8_t> frame;
  a2f::Packer packer(frame);
  packer.Map(5);
  for (const char* word : {"op", "status", "level", "info", "code", "x", "message", "x"}) {
    packer.Text(word);
  }
  packer.Text("counters");
  packer.Map(counters);
  for (std::uint32_t k = 0; k < counters; ++k) {
    packer.Text("c" + std::to_string(k));
    packer.Whole(k);
  }
  return frame;
}

bool IsTaken(const std::vector<std::uint8_t>& frame) {
  a2f::Codec codec;
  Message message;
  a2f::Fault fault;
  return codec.Decode({frame.data(), frame.size()}, message, fault) == Outcome::kMessage;
}

/** A list of lists: so many values in all, 7 + 16 * lists + 1 + last, none with many entries. */
bool IsTakenWithValues(std::uint32_t lists, int last) {
  std::vector<std::uint8_t> frame;
  a2f::Packer packer(frame);
  packer.Map(3);
  for (const char* word : {"op", "ping", "t"}) packer.Text(word);
  packer.Whole(0);
  packer.Text("more");
  packer.List(lists + 1);
  for (std::uint32_t k = 0; k < lists; ++k) {
    packer.List(15);
    for (int j = 0; j < 15; ++j) packer.Nil();
  }
  packer.List(static_cast<std::uint32_t>(last));
  for (int j = 0; j < last; ++j) packer.Nil();
  return IsTaken(frame);
}

/** A number that a server gives twice, with rows of another width the second time. */
void CheckLayoutGivenTwice() {
  a2f::PosePlayer player;
  const std::vector<float> rows(64, 0.5F);
  player.TakeOpened(OpenedOf(1, 8));
  player.TakePoses(1, 1, 0, a2f::RowView{rows.data(), 64});
  player.Sample(1, 50000, 50000);
  player.TakeOpened(OpenedOf(1, 2));
  Holds(player.TakePoses(1, 1, 4, a2f::RowView{rows.data(), 64}), "narrow rows are taken");
  Holds(player.Sample(1, 60000, 60000).size == 8, "rows that came before keep their width");
  Holds(player.Sample(1, 200000, 200000).size == 2, "rows that came later have theirs");
  const float huge[] = {3e38F, -3e38F};
  Holds(!player.TakePoses(1, 1, 40, a2f::RowView{huge, 2}), "values beyond 10^30 are not taken");
  Holds(!player.TakeRest(1, a2f::RowView{huge, 2}), "nor a rest row of them");
}

void CheckPlayerBounds() {
  a2f::PosePlayer player;
  player.TakeOpened(OpenedOf(1, 4));
  const std::vector<float> rows(4 * 64, 0.5F);
  const a2f::RowView view{rows.data(), rows.size()};
  Holds(!player.TakePoses(1, 1, a2f::kInt53, view), "poses beyond 2^53 microseconds are not taken");
  Holds(!player.TakePoses(1, 1, -1, view), "poses before the first one are not taken");
  Holds(!player.TakePoses(1, 1, 0, a2f::RowView{rows.data(), 5}), "half a row is not taken");
  Holds(!player.TakePoses(1, 2, 0, view), "rows of another layout are not taken");
  std::uint8_t bytes[16] = {};
  bytes[6] = 0x80;
  bytes[7] = 0x7f;
  Holds(!player.TakePoses(1, 1, 0, Bytes{bytes, sizeof bytes}), "an infinite value is not taken");
  int taken = 0;
  for (int k = 0; k < 1000; ++k) taken += player.TakePoses(1, 1, 1000000 - 1000 * k, view) ? 1 : 0;
  Holds(taken > 0 && taken <= 64, "an utterance in a thousand pieces is not kept: " + std::to_string(taken));
  for (std::int32_t u = 1; u < 100000; ++u) player.TakeUtterance(u, a2f::UtteranceState::kStarted, 0, 0);
  player.Sample(99999, {}, 0);
  Holds(player.State() == a2f::GateState::kWait, "of a hundred thousand utterances one can be played");
  player.rate = 1e-300;
  player.Sample(99999, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::max());
  player.Sample(99999, std::numeric_limits<std::int64_t>::min(), 0);
  Holds(player.State() != a2f::GateState::kStop, "times without end do no harm");
  CheckLayoutGivenTwice();
  std::size_t big = 0;
  a2f::PosePlayer wide;
  wide.TakeOpened(OpenedOf(1, 4096));
  const std::vector<float> many(64 * 4096, 0.25F);
  while (wide.TakePoses(1, 1, static_cast<std::int64_t>(64 * big), {many.data(), many.size()})) ++big;
  Holds(big == 256, "what is kept ends at 256 MiB: " + std::to_string(big) + " MiB");
}

}  // namespace

void CheckHostileBytes() {
  Holds(IsTaken(StatusOf(4096)), "4096 entries are taken");
  Holds(!IsTaken(StatusOf(4097)), "4097 entries are refused");
  Holds(IsTakenWithValues(1023, 8), "16384 values are taken");
  Holds(!IsTakenWithValues(1023, 9), "16385 values are refused");
  std::vector<std::uint8_t> twins = StatusOf(40);
  twins[twins.size() - 2] = '8';
  Holds(!IsTaken(twins), "twins among many keys are found");
  // Every message cut off at each byte, and with each bit of each byte turned.
  for (const std::vector<Message>& messages : {Replies(), Requests()}) {
    for (const Message& message : messages) {
      std::vector<std::uint8_t> frame;
      a2f::Encode(message, frame);
      Holds(IsTaken(frame), "the message is sound");
      for (std::size_t size = 0; size < frame.size(); ++size) {
        const std::vector<std::uint8_t> cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
        Holds(!IsTaken(cut), "a message cut off is refused");
        for (int bit = 0; bit < 8; ++bit) {
          std::vector<std::uint8_t> turned = frame;
          turned[size] = static_cast<std::uint8_t>(turned[size] ^ 1 << bit);
          IsTaken(turned);
        }
      }
    }
  }
  CheckPlayerBounds();
  checks::Part("hostile bytes");
}
