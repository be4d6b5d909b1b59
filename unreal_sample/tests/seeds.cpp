/** Writes what fuzzing begins with: every frame of the vectors, every clip, and a conversation. */

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "VectorFile.h"

namespace {

void Write(const std::string& folder, std::size_t number, const std::vector<std::uint8_t>& bytes) {
  std::ofstream file(folder + "/" + std::to_string(number), std::ios::binary);
  for (const std::uint8_t byte : bytes) file.put(static_cast<char>(byte));
}

void Append(std::vector<std::uint8_t>& talk, const std::vector<std::uint8_t>& frame) {
  talk.push_back(static_cast<std::uint8_t>(frame.size() >> 8 & 0xff));
  talk.push_back(static_cast<std::uint8_t>(frame.size() & 0xff));
  talk.insert(talk.end(), frame.begin(), frame.end());
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) {
    std::fprintf(stderr, "usage: seeds PATH/TO/protocol/vectors MESSAGES_FOLDER CLIENT_FOLDER\n");
    return 2;
  }
  const std::string root = words[1];
  std::filesystem::create_directories(words[2]);
  std::filesystem::create_directories(words[3]);
  std::size_t number = 0;
  std::vector<std::uint8_t> greeting;
  std::vector<std::uint8_t> talk;
  for (const char* folder : {"", "/accept", "/reject", "/clips"}) {
    for (const vectors::Block& block : vectors::ReadFolder(root + folder)) {
      if (!block.has_hex || block.hex.size() > 0xffff) continue;
      Write(words[2], number++, block.hex);
      const std::string& op = block.fields["op"].bytes;
      const bool greets = op == "hello" || op == "ready";
      if (greets && greeting.size() < 4096) Append(greeting, block.hex);
      if (block.from == "server" && !greets && block.close.empty()) Append(talk, block.hex);
    }
  }
  std::size_t conversation = 0;
  Write(words[3], conversation++, greeting);
  // Conversations of growing length: greeting, then the first frames.
  for (std::size_t at = 0; at + 2 <= talk.size() && conversation < 100; ++conversation) {
    std::vector<std::uint8_t> piece = greeting;
    for (int k = 0; k < 12 && at + 2 <= talk.size(); ++k) {
      const std::size_t size = 2 + (static_cast<std::size_t>(talk[at]) << 8 | talk[at + 1]);
      piece.insert(piece.end(), talk.begin() + static_cast<std::ptrdiff_t>(at),
                   talk.begin() + static_cast<std::ptrdiff_t>(at + size));
      at += size;
    }
    Write(words[3], conversation, piece);
  }
  std::printf("%zu frames, %zu conversations\n", number, conversation);
  return number > 0 && conversation > 1 ? 0 : 1;
}
