/** Names that one of several holds at a time. */
#pragma once

#include <string>
#include <vector>

namespace a2f {

/** Letters of either case are the same, as in the engine's names. */
class UniqueNames {
 public:
  /** Take a name, with the least number behind it under which nobody has it: "Ada", "Ada 2". */
  std::string Claim(const std::string& wanted);
  /** Give a name back that was claimed; without effect for others. */
  void Release(const std::string& name);

 private:
  bool Has(const std::string& name) const;

  std::vector<std::string> held_;
};

}  // namespace a2f
