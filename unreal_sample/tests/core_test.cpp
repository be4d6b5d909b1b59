/**
 * Every vector of the protocol, and what vectors do not say, against the core; or only a folder of
 * further scenarios in the form of the playback vectors.
 */

#include <cstdio>

#include "Checks.h"
#include "core_checks.h"
#include "message_vectors.h"
#include "playback_vectors.h"

int main(int count, char** words) {
  if (count != 2 && count != 3) {
    std::fprintf(stderr, "usage: core_test PATH/TO/protocol/vectors [MORE_SCENARIOS]\n");
    return 2;
  }
  const std::string root = words[1];
  if (count == 3) {
    CheckScenarios(words[2]);
    return checks::End();
  }
  CheckMessageVectors(root);
  CheckPlaybackVectors(root);
  CheckClipVectors(root);
  CheckStates();
  CheckHostileBytes();
  CheckSounds();
  CheckProofs();
  CheckTimes();
  CheckCatchingUp();
  CheckSteadiness();
  return checks::End();
}
