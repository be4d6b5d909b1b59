#include "VectorFile.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

namespace vectors {

namespace {

std::string Unescape(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size()) {
      out += static_cast<char>(std::strtol(text.substr(at + 1, 2).c_str(), nullptr, 16));
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

std::string FromHex(const std::string& text) {
  std::string bytes;
  for (const std::string& word : WordsOf(text)) {
    if (!word.empty()) bytes += static_cast<char>(std::strtol(word.c_str(), nullptr, 16));
  }
  return bytes;
}

Tree Value(const std::string& kind, const std::string& text) {
  Tree tree;
  if (kind == "map") tree.kind = a2f::Kind::kMap;
  if (kind == "list") tree.kind = a2f::Kind::kList;
  if (kind == "str" || kind == "bin") {
    tree.kind = kind == "str" ? a2f::Kind::kText : a2f::Kind::kBin;
    tree.bytes = kind == "str" ? Unescape(text) : FromHex(text);
  }
  if (kind == "bool") {
    tree.kind = a2f::Kind::kFlag;
    tree.flag = text == "true";
  }
  if (kind == "int") {
    tree.kind = a2f::Kind::kWhole;
    tree.whole = std::strtoll(text.c_str(), nullptr, 10);
  }
  if (kind == "float") {
    tree.kind = a2f::Kind::kReal;
    tree.real = std::strtod(text.c_str(), nullptr);
  }
  return tree;
}

/** Put one field line, `path = kind text`, into the tree. */
void PutField(Tree& root, const std::string& path, const std::string& rest) {
  const std::size_t space = rest.find(' ');
  const std::string text = space == std::string::npos ? "" : rest.substr(space + 1);
  Tree* place = &root;
  std::stringstream names(path);
  std::vector<std::string> way;
  for (std::string name; std::getline(names, name, '.');) way.push_back(Unescape(name));
  if (path.empty() || path.back() == '.') way.emplace_back();
  for (std::size_t k = 0; k + 1 < way.size(); ++k) {
    auto& entries = place->entries;
    if (place->kind == a2f::Kind::kList) {
      place = &entries[static_cast<std::size_t>(std::atoi(way[k].c_str()))];
      continue;
    }
    const auto is_it = [&](const auto& entry) { return entry.name == way[k]; };
    place = &*std::find_if(entries.begin(), entries.end(), is_it);
  }
  const bool is_list = place->kind == a2f::Kind::kList;
  place->entries.push_back(Value(rest.substr(0, space), text));
  if (!is_list) place->entries.back().name = way.back();
}

void PutLine(Block& block, const std::string& line) {
  const std::size_t space = line.find(' ');
  const std::string word = line.substr(0, space);
  const std::string rest = space == std::string::npos ? "" : line.substr(space + 1);
  if (rest.rfind("= ", 0) == 0) return PutField(block.fields, word, rest.substr(2));
  if (word == "#") block.title += rest;
  if (word == "from") block.from = rest;
  if (word == "ignored") block.is_ignored = true;
  if (word == "refused") block.is_refused = true;
  if (word == "close") block.close = rest;
  if (word == "error") block.error = rest;
  if (word == "hex") {
    const std::string bytes = FromHex(rest);
    block.has_hex = true;
    block.hex.assign(bytes.begin(), bytes.end());
  }
}

void Put(a2f::Cursor& cursor, Tree& tree) {
  a2f::Plain plain;
  if (!cursor.Next(plain)) return;
  tree.kind = plain.kind;
  tree.flag = plain.flag;
  tree.whole = plain.whole;
  tree.real = plain.real;
  if (plain.bytes.size > 0) tree.bytes = std::string(plain.Text());
  for (std::uint32_t k = 0; k < plain.count; ++k) {
    tree.entries.emplace_back();
    if (plain.kind == a2f::Kind::kMap) {
      a2f::Plain key;
      if (!cursor.Next(key)) return;
      tree.entries.back().name = std::string(key.Text());
    }
    Put(cursor, tree.entries.back());
  }
}

bool IsNumber(const Tree& tree) {
  return tree.kind == a2f::Kind::kWhole || tree.kind == a2f::Kind::kReal;
}

double NumberOf(const Tree& tree) {
  return tree.kind == a2f::Kind::kWhole ? static_cast<double>(tree.whole) : tree.real;
}

}  // namespace

const Tree& Tree::operator[](const std::string& key) const {
  static const Tree kNone;
  for (const Tree& entry : entries) {
    if (entry.name == key) return entry;
  }
  return kNone;
}

bool AreSame(const Tree& one, const Tree& other) {
  if (IsNumber(one) && IsNumber(other)) {
    return one.whole == other.whole && !(std::abs(NumberOf(one) - NumberOf(other)) > 0.0);
  }
  if (one.kind != other.kind || one.flag != other.flag || one.bytes != other.bytes) return false;
  if (one.entries.size() != other.entries.size()) return false;
  for (std::size_t k = 0; k < one.entries.size(); ++k) {
    const Tree& value = one.entries[k];
    const bool is_list = one.kind == a2f::Kind::kList;
    if (!AreSame(value, is_list ? other.entries[k] : other[value.name])) return false;
  }
  return true;
}

Tree TreeOf(a2f::Bytes packed) {
  a2f::Cursor cursor(packed);
  Tree tree;
  Put(cursor, tree);
  return tree;
}

std::string ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> FilesOf(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code fault;
  for (const auto& entry : std::filesystem::directory_iterator(folder, fault)) {
    if (entry.path().extension() == ".vec") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<std::string> WordsOf(const std::string& line) {
  std::vector<std::string> words;
  std::stringstream stream(line);
  for (std::string word; std::getline(stream, word, ' ');) words.push_back(word);
  return words;
}

std::vector<Block> ReadFolder(const std::string& folder) {
  std::vector<Block> blocks;
  for (const std::string& path : FilesOf(folder)) {
    const std::string name = std::filesystem::path(path).filename().string() + ": ";
    std::stringstream lines(ReadText(path));
    Block block;
    const auto finish = [&] {
      block.title = name + block.title;
      block.fields.kind = a2f::Kind::kMap;
      if (!block.from.empty()) blocks.push_back(block);
      block = {};
      block.fields.kind = a2f::Kind::kMap;
    };
    block.fields.kind = a2f::Kind::kMap;
    for (std::string line; std::getline(lines, line);) {
      if (line.empty()) finish();
      else PutLine(block, line);
    }
    finish();
  }
  return blocks;
}

}  // namespace vectors
