#include "UniqueNames.h"

#include <algorithm>

namespace a2f {
namespace {

char LowerOf(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool IsSameName(const std::string& a, const std::string& b) {
  const auto is_same = [](char one, char other) { return LowerOf(one) == LowerOf(other); };
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), is_same);
}

}  // namespace

std::string UniqueNames::Claim(const std::string& wanted) {
  std::string name = wanted;
  for (int number = 2; Has(name); ++number) name = wanted + " " + std::to_string(number);
  held_.push_back(name);
  return name;
}

void UniqueNames::Release(const std::string& name) {
  for (auto it = held_.begin(); it != held_.end(); ++it) {
    if (!IsSameName(*it, name)) continue;
    held_.erase(it);
    return;
  }
}

bool UniqueNames::Has(const std::string& name) const {
  return std::any_of(held_.begin(), held_.end(),
                     [&name](const std::string& one) { return IsSameName(one, name); });
}

}  // namespace a2f
