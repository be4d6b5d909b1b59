#include "playback_vectors.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>

#include "Checks.h"
#include "Core/PosePlayer.h"
#include "VectorFile.h"

namespace {

using checks::Holds;

constexpr double kTolerance = 1e-5;
constexpr const char* kGateWords[] = {"wait", "start", "play", "stall", "stop"};

using Words = std::vector<std::string>;

/** One word of an answer: a text, or a number that may be off by the tolerance. */
struct Answer {
  std::string text;
  double number = 0.0;
  bool is_number = false;
};

bool IsNear(double found, double wanted) { return std::abs(found - wanted) <= kTolerance; }

std::int64_t Whole(const std::string& word) { return std::strtoll(word.c_str(), nullptr, 10); }

/** One scenario on a player of its own. */
class Replay {
 public:
  /** Do, or ask; the answer to a question is kept until the line behind it. */
  bool Step(std::int64_t now_us, const std::string& verb, const Words& words) {
    if (Do(verb, words)) return true;
    answers_.clear();
    return Ask(now_us, verb, words);
  }

  /** Compare with the words behind "=". */
  bool IsAnswer(const Words& wanted) const {
    if (wanted.size() != answers_.size()) return false;
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      const Answer& one = answers_[k];
      if (!one.is_number && one.text != wanted[k]) return false;
      if (one.is_number && !IsNear(one.number, std::strtod(wanted[k].c_str(), nullptr))) return false;
    }
    return true;
  }

  std::string Found() const {
    std::string text;
    for (const Answer& one : answers_) {
      text += (one.is_number ? std::to_string(one.number) : one.text) + ' ';
    }
    return text;
  }

 private:
  bool Do(const std::string& verb, const Words& words) {
    const auto at = [&](std::size_t k) { return k < words.size() ? Whole(words[k]) : 0; };
    const auto small = [&](std::size_t k) { return static_cast<std::int32_t>(at(k)); };
    if (verb == "opened") Open(words);
    else if (verb == "rest") player_.TakeRest(small(0), View(RowOf(words, 1)));
    else if (verb == "poses") player_.TakePoses(small(0), small(1), at(2), View(RowOf(words, 3)));
    else if (verb == "ramp") Ramp(words);
    else if (verb == "utterance") Tell(words);
    else if (verb == "interrupt") player_.Interrupt(small(0));
    else if (verb == "cue") player_.Cue(small(0), at(1));
    else if (verb == "listen") player_.Listen(small(0), at(1));
    else if (verb == "pace") {
      player_.rate = std::strtod(words[0].c_str(), nullptr);
      player_.is_paused = words[1] == "1";
    } else if (verb == "visible") player_.is_visible = words[0] == "1";
    else if (verb == "av_offset_us") player_.av_offset_us = at(0);
    else if (verb == "keep_us") {
      player_.keep_us = words[0] == "all" ? std::nullopt : std::optional<std::int64_t>(at(0));
    } else if (verb == "role") {
      roles_.emplace_back(words[0], a2f::IdlePlace{small(1), std::strtod(words[2].c_str(), nullptr)});
    } else return false;
    return true;
  }

  bool Ask(std::int64_t now_us, const std::string& verb, const Words& words) {
    const auto u = static_cast<std::int32_t>(words.empty() ? 0 : Whole(words[0]));
    if (verb == "sample") {
      std::optional<std::int64_t> play_us;
      if (words[1] == "live") play_us = player_.LiveUs(u, now_us);
      else if (words[1] != "-") play_us = Whole(words[1]);
      const a2f::RowView row = player_.Sample(u, play_us, now_us);
      Say(kGateWords[static_cast<std::size_t>(player_.State())]);
      Say(static_cast<double>(player_.Shown().id));
      for (std::size_t k = 0; k < row.size; ++k) Say(static_cast<double>(row.data[k]));
    } else if (verb == "live") {
      const auto live_us = player_.LiveUs(u, now_us);
      if (live_us) Say(static_cast<double>(*live_us));
      else Say("-");
    } else if (verb == "margin") Say(static_cast<double>(player_.MarginUs()));
    else if (verb == "rows") Say(static_cast<double>(player_.Rows()));
    else if (verb == "offsets" || verb == "apply") AskIdle(now_us, verb == "apply", words);
    else return false;
    return true;
  }

  void AskIdle(std::int64_t now_us, bool applies, const Words& words) {
    const a2f::IdleLevel level = words[1] == "off"     ? a2f::IdleLevel::kOff
                                 : words[1] == "blink" ? a2f::IdleLevel::kBlink
                                                       : a2f::IdleLevel::kAlive;
    const auto seed = static_cast<std::uint32_t>(Whole(words[0]));
    const a2f::IdleOffsets offsets = a2f::IdleOffsetsAt(seed, now_us, level);
    if (!applies) {
      for (const float amount : offsets) Say(static_cast<double>(amount));
      return;
    }
    std::vector<float> row = RowOf(words, 2);
    std::size_t curves = row.size();
    for (const auto& [role, place] : roles_) {
      if (role == "head") curves = static_cast<std::size_t>(place.index);
    }
    const a2f::IdleRoles roles(roles_, curves, (row.size() - curves) / a2f::kTransform);
    a2f::ApplyIdle(row.data(), row.size(), offsets, roles);
    for (const float value : row) Say(static_cast<double>(value));
  }

  void Open(const Words& words) {
    a2f::Opened opened;
    opened.layout = static_cast<std::int32_t>(Whole(words[0]));
    opened.curves.resize(static_cast<std::size_t>(Whole(words[1])));
    opened.transforms.resize(static_cast<std::size_t>(Whole(words[2])));
    opened.fps.num = static_cast<std::int32_t>(Whole(words[3]));
    opened.fps.den = static_cast<std::int32_t>(Whole(words[4]));
    opened.look_ahead_us = Whole(words[5]);
    widths_[opened.layout] = opened.curves.size() + a2f::kTransform * opened.transforms.size();
    player_.TakeOpened(opened, Whole(words[6]));
  }

  void Ramp(const Words& words) {
    const auto layout = static_cast<std::int32_t>(Whole(words[1]));
    const std::size_t width = widths_[layout];
    const std::vector<float> two = RowOf(words, 4);
    std::vector<float> rows;
    for (std::int64_t k = 0; k < Whole(words[3]); ++k) {
      for (std::size_t j = 0; j < width; ++j) {
        const double value = static_cast<double>(two[j]) +
                             static_cast<double>(k) * static_cast<double>(two[width + j]);
        rows.push_back(static_cast<float>(value));
      }
    }
    const auto u = static_cast<std::int32_t>(Whole(words[0]));
    player_.TakePoses(u, layout, Whole(words[2]), View(rows));
  }

  void Tell(const Words& words) {
    static const std::map<std::string, a2f::UtteranceState> kStates = {
        {"started", a2f::UtteranceState::kStarted},
        {"audio_done", a2f::UtteranceState::kAudioDone},
        {"poses_done", a2f::UtteranceState::kPosesDone},
        {"interrupted", a2f::UtteranceState::kInterrupted}};
    const auto state = kStates.find(words[1]);
    if (state == kStates.end()) return;
    player_.TakeUtterance(static_cast<std::int32_t>(Whole(words[0])), state->second, Whole(words[2]),
                          Whole(words[3]));
  }

  void Say(const char* word) { answers_.push_back({word, 0.0, false}); }
  void Say(double number) { answers_.push_back({{}, number, true}); }

  static std::vector<float> RowOf(const Words& words, std::size_t from) {
    std::vector<float> row;
    for (std::size_t k = from; k < words.size(); ++k) row.push_back(std::strtof(words[k].c_str(), nullptr));
    return row;
  }
  static a2f::RowView View(const std::vector<float>& row) { return {row.data(), row.size()}; }

  a2f::PosePlayer player_;
  a2f::IdlePlaces roles_;
  std::map<std::int32_t, std::size_t> widths_;
  std::vector<Answer> answers_;
};

void ReplayFile(const std::string& path) {
  Replay replay;
  std::stringstream lines(vectors::ReadText(path));
  const std::string name = std::filesystem::path(path).filename().string();
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    Words words = vectors::WordsOf(line);
    const std::string place = name + ":" + std::to_string(number) + ": ";
    if (words[0] == "=") {
      words.erase(words.begin());
      const bool is_answer = replay.IsAnswer(words);
      Holds(is_answer, is_answer ? place : place + "found " + replay.Found() + " wanted " + line);
      continue;
    }
    const std::string verb = words[1];
    const std::int64_t now_us = Whole(words[0]);
    words.erase(words.begin(), words.begin() + 2);
    if (!replay.Step(now_us, verb, words)) Holds(false, place + "no such verb: " + verb);
  }
}

}  // namespace

void CheckScenarios(const std::string& folder) {
  for (const std::string& path : vectors::FilesOf(folder)) ReplayFile(path);
  checks::Part("playback");
}

void CheckPlaybackVectors(const std::string& root) { CheckScenarios(root + "/playback"); }
