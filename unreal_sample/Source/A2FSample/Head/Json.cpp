#include "Json.h"

#include <cstdlib>

namespace head {
namespace {

constexpr int kDepth = 32;
constexpr double kIndexMost = 2147483647.0;
const Json kNothing;

class Reader {
 public:
  Reader(const char* text, std::size_t size) : at_(text), end_(text + size) {}

  bool Read(Json& value) { return ReadValue(value, 0) && Skip() == '\0'; }

 private:
  char Skip() {
    while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
    return at_ < end_ ? *at_ : '\0';
  }

  bool Take(char letter) {
    if (Skip() != letter) return false;
    ++at_;
    return true;
  }

  bool ReadValue(Json& value, int depth) {
    if (depth > kDepth) return false;
    switch (Skip()) {
      case '{': return ReadEntries(value, depth, '}');
      case '[': return ReadEntries(value, depth, ']');
      case '"': value.kind = Json::Kind::Text; return ReadText(value.text);
      case 't': value.number = 1.0; return ReadWord("true", value);
      case 'f': return ReadWord("false", value);
      case 'n': return ReadWord("null", value);
      default: return ReadNumber(value);
    }
  }

  bool ReadEntries(Json& value, int depth, char close) {
    const bool is_map = close == '}';
    value.kind = is_map ? Json::Kind::Map : Json::Kind::List;
    ++at_;
    if (Take(close)) return true;
    do {
      if (is_map) {
        if (Skip() != '"') return false;
        value.names.emplace_back();
        if (!ReadText(value.names.back()) || !Take(':')) return false;
      }
      value.items.emplace_back();
      if (!ReadValue(value.items.back(), depth + 1)) return false;
    } while (Take(','));
    return Take(close);
  }

  bool ReadText(std::string& text) {
    for (++at_; at_ < end_ && *at_ != '"'; ++at_) {
      // Names in these files need no escapes; one is taken as the letter behind it.
      if (*at_ == '\\' && ++at_ == end_) return false;
      text.push_back(*at_);
    }
    return Take('"');
  }

  bool ReadWord(const char* word, Json& value) {
    value.kind = *word == 'n' ? Json::Kind::Null : Json::Kind::Number;
    for (; *word != '\0'; ++word, ++at_) {
      if (at_ >= end_ || *at_ != *word) return false;
    }
    return true;
  }

  bool ReadNumber(Json& value) {
    std::string digits;
    const std::string allowed = "0123456789+-.eE";
    while (at_ < end_ && allowed.find(*at_) != std::string::npos) digits.push_back(*at_++);
    char* rest = nullptr;
    value.kind = Json::Kind::Number;
    value.number = std::strtod(digits.c_str(), &rest);
    return !digits.empty() && *rest == '\0';
  }

  const char* at_;
  const char* end_;
};

}  // namespace

const Json& Json::operator[](const char* name) const {
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (names[k] == name) return items[k];
  }
  return kNothing;
}

const Json& Json::operator[](std::size_t index) const {
  return index < items.size() ? items[index] : kNothing;
}

int Json::Index() const {
  const bool is_index = kind == Kind::Number && number >= 0.0 && number < kIndexMost;
  return is_index ? static_cast<int>(number) : -1;
}

bool ReadJson(const char* text, std::size_t size, Json& value) {
  value = Json{};
  return Reader(text, size).Read(value);
}

}  // namespace head
