/** Checks that count: what fails says where, the end of the program says how many there were. */
#pragma once

#include <cstdio>
#include <string>

namespace checks {

/** Counts and failures of one program. */
struct Tally {
  int done = 0;
  int failed = 0;
};

inline Tally& TallyOf() {
  static Tally tally;
  return tally;
}

/** Note a claim; where it does not hold, `what` is printed. */
inline bool Holds(bool claim, const std::string& what) {
  ++TallyOf().done;
  if (claim) return true;
  ++TallyOf().failed;
  std::printf("FAILED %s\n", what.c_str());
  return false;
}

/** Print how many checks a part had, counted from the call before; none is a failure too. */
inline void Part(const char* name) {
  static int before = 0;
  Tally& tally = TallyOf();
  if (tally.done == before) Holds(false, std::string(name) + ": found nothing to check");
  std::printf("%s: %d checks\n", name, tally.done - before);
  before = tally.done;
}

/** Exit code of the program. */
inline int End() {
  std::printf("%d checks, %d failed\n", TallyOf().done, TallyOf().failed);
  return TallyOf().failed == 0 ? 0 : 1;
}

}  // namespace checks
