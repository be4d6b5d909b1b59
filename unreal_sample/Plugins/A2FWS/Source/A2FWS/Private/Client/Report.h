/** What works and what does not, for people. */
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace a2f {

/** How a character is doing; the on-screen doctor shows it. */
struct Report {
  bool has_server = false;
  bool has_audio = false;
  bool has_poses = false;
  /** Curves that the server drives, and curves of the rig that the mesh lacks. */
  int driven = 0;
  int missing = 0;
  /** Curves that a mesh of this game has taken, of those driven. */
  int matched = 0;
  std::string server;
  std::string rig;
  /** Plain words; empty while all is well. */
  std::string problem;
  std::int64_t round_trip_us = -1;
  std::int64_t look_ahead_us = 0;
  std::int64_t margin_us = 0;
  std::int64_t skew_us = 0;
  int stalls = 0;
  std::uint32_t underruns = 0;
  /** Poses that the server has dropped as too late. */
  std::int64_t dropped = 0;
};

/** The lines of the doctor, most likely trouble first. */
std::vector<std::string> LinesOf(const Report& report);

}  // namespace a2f
