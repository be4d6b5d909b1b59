/** Reads the vector files of the protocol: blocks of frames and their fields. */
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "Core/Msgpack.h"

namespace vectors {

/** Any value of a message. */
struct Tree {
  /** Within a map; entries of a list have none. */
  std::string name;
  a2f::Kind kind = a2f::Kind::kNil;
  bool flag = false;
  std::int64_t whole = 0;
  double real = 0.0;
  /** Of texts and byte strings. */
  std::string bytes;
  std::vector<Tree> entries;

  /** An entry by name; an empty tree where there is none. */
  const Tree& operator[](const std::string& key) const;
};

/** True when both say the same; integers and floats of the same value are the same. */
bool AreSame(const Tree& one, const Tree& other);

/** The tree of a packed value. */
Tree TreeOf(a2f::Bytes packed);

/** One frame of a vector file. */
struct Block {
  /** File and comment, for reports. */
  std::string title;
  std::string from;
  bool has_hex = false;
  std::vector<std::uint8_t> hex;
  Tree fields;
  bool is_ignored = false;
  bool is_refused = false;
  /** Such as "4400", or empty. */
  std::string close;
  /** Such as "4422 audio.rate", or empty. */
  std::string error;
};

/** The blocks of all vector files of a folder, in order of their names. */
std::vector<Block> ReadFolder(const std::string& folder);

/** Content of a file; an empty text where there is none. */
std::string ReadText(const std::string& path);

/** Paths of the .vec files of a folder, in order. */
std::vector<std::string> FilesOf(const std::string& folder);

/** The words of a line, parted by single spaces. */
std::vector<std::string> WordsOf(const std::string& line);

}  // namespace vectors
