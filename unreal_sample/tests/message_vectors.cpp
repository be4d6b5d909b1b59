#include "message_vectors.h"

#include "Checks.h"
#include "Core/ClientProtocol.h"
#include "VectorFile.h"

namespace {

using a2f::Bytes;
using a2f::Outcome;
using checks::Holds;
using vectors::Block;

/** What is of Unicode's tables is the server's to know: whether a name can be printed. */
bool IsOfPrinting(const Block& block) {
  return block.title.find("a session name with") != std::string::npos;
}

Bytes FrameOf(const Block& block) { return {block.hex.data(), block.hex.size()}; }

struct Read {
  Outcome outcome;
  a2f::Message message;
  a2f::Fault fault;
};

/** Decode a copy of exactly its size, so that a sanitizer sees any step beyond it. */
Read DecodeExactly(const Block& block) {
  const std::vector<std::uint8_t> copy(block.hex.begin(), block.hex.end());
  a2f::Codec codec;
  Read read;
  read.outcome = codec.Decode({copy.data(), copy.size()}, read.message, read.fault);
  if (read.outcome != Outcome::kMessage) return read;
  // What was received are views: read again from the block's own bytes, which stay.
  read.outcome = codec.Decode(FrameOf(block), read.message, read.fault);
  return read;
}

void CheckGenerated(const std::vector<Block>& blocks) {
  for (const Block& block : blocks) {
    if (!block.has_hex) continue;
    const Read read = DecodeExactly(block);
    if (!Holds(read.outcome == Outcome::kMessage, block.title + ": " + read.fault.message)) continue;
    std::vector<std::uint8_t> frame;
    a2f::Encode(read.message, frame);
    Holds(frame == block.hex, block.title + ": bytes");
    const auto fields = vectors::TreeOf({frame.data(), frame.size()});
    Holds(vectors::AreSame(fields, block.fields), block.title + ": fields");
  }
}

void CheckAccepted(const std::vector<Block>& blocks) {
  for (const Block& block : blocks) {
    if (!block.has_hex) continue;
    const Read read = DecodeExactly(block);
    if (block.is_ignored) {
      Holds(read.outcome == Outcome::kIgnored, block.title);
      continue;
    }
    if (!Holds(read.outcome == Outcome::kMessage, block.title + ": " + read.fault.message)) continue;
    std::vector<std::uint8_t> frame;
    a2f::Encode(read.message, frame);
    const auto fields = vectors::TreeOf({frame.data(), frame.size()});
    Holds(vectors::AreSame(fields, block.fields), block.title + ": fields");
  }
}

void CheckRejected(const std::vector<Block>& blocks) {
  for (const Block& block : blocks) {
    if (!block.has_hex || IsOfPrinting(block)) continue;
    const Read read = DecodeExactly(block);
    // To a client an op that it does not know is a newer server's.
    const bool is_unknown = read.outcome == Outcome::kIgnored && block.error == "4400 op" &&
                            block.from == "client";
    if (is_unknown) continue;
    if (!Holds(read.outcome == Outcome::kRefused, block.title + ": was taken")) continue;
    std::string found = std::to_string(read.fault.code);
    if (!read.fault.closes) found += ' ' + read.fault.field;
    Holds(read.fault.closes == !block.close.empty(), block.title + ": closes");
    Holds(found == block.close + block.error, block.title + ": found " + found);
  }
}

}  // namespace

void CheckMessageVectors(const std::string& root) {
  CheckGenerated(vectors::ReadFolder(root));
  checks::Part("messages");
  CheckAccepted(vectors::ReadFolder(root + "/accept"));
  checks::Part("accept");
  CheckRejected(vectors::ReadFolder(root + "/reject"));
  checks::Part("reject");
}
