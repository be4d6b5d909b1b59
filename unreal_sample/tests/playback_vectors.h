/** protocol/vectors/playback and clips: what a player shows, row by row. */
#pragma once

#include <string>

/** All scenarios of a folder. */
void CheckScenarios(const std::string& folder);
void CheckPlaybackVectors(const std::string& root);
void CheckClipVectors(const std::string& root);
