/** As much of JSON as a glTF file needs. Plain C++. */
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace head {

/** A value; what is asked of one that is not there, or of another kind, is empty or 0. */
struct Json {
  enum class Kind { Null, Number, Text, List, Map };

  Kind kind = Kind::Null;
  double number = 0.0;
  std::string text;
  std::vector<Json> items;
  /** Names of `items`, of a map. */
  std::vector<std::string> names;

  const Json& operator[](const char* name) const;
  const Json& operator[](std::size_t index) const;
  /** A whole number >= 0 below 2^31; -1 where it is none. */
  int Index() const;
};

/** Read a text. False: it is no JSON, or nested deeper than 32. */
bool ReadJson(const char* text, std::size_t size, Json& value);

}  // namespace head
