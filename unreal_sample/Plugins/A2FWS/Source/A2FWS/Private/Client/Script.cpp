#include "Script.h"

#include <algorithm>

#include "../Core/Pcm.h"

namespace a2f {
namespace {

/** Sound that one call converts at the most, s: a whole song must not hold up a frame. */
constexpr int kMostS = 2;

}  // namespace

void Script::SetRate(int rate) {
  rate_ = rate;
  has_stretch_ = false;
}

void Script::Add(Entry& entry, int rate, const std::vector<float>& mono) {
  if (entry.pieces.empty() || entry.pieces.back().rate != rate) entry.pieces.push_back({rate, {}, 0});
  std::vector<float>& samples = entry.pieces.back().samples;
  samples.insert(samples.end(), mono.begin(), mono.end());
}

void Script::Feed(const float* interleaved, std::size_t frames, int channels, int rate) {
  if (frames == 0 || channels < 1 || rate < 1) return;
  if (lines_.empty() || lines_.back().wave != 0 || lines_.back().is_complete)
    lines_.emplace_back();
  mono_.clear();
  AppendMono(interleaved, frames, channels, mono_);
  Add(lines_.back(), rate, mono_);
}

void Script::End() {
  if (!lines_.empty() && lines_.back().wave == 0) lines_.back().is_complete = true;
}

int Script::Wave() {
  // A line that another one follows is complete.
  End();
  lines_.emplace_back();
  lines_.back().wave = ++newest_;
  return newest_;
}

int Script::TakeTurn() {
  if (lines_.empty() || lines_.front().wave == 0 || lines_.front().is_playing) return 0;
  lines_.front().is_playing = true;
  return lines_.front().wave;
}

int Script::Playing() const {
  if (lines_.empty() || !lines_.front().is_playing || lines_.front().is_complete) return 0;
  return lines_.front().wave;
}

void Script::Capture(const float* samples, std::size_t count, int rate) {
  if (Playing() == 0 || rate < 1) return;
  mono_.assign(samples, samples + count);
  Add(lines_.front(), rate, mono_);
}

void Script::WaveEnded(int wave) {
  if (wave != 0 && Playing() == wave) lines_.front().is_complete = true;
}

void Script::Drop(int wave) {
  WaveEnded(wave);
  const auto is_waiting = [wave](const Entry& entry) {
    return wave != 0 && entry.wave == wave && !entry.is_playing;
  };
  lines_.erase(std::remove_if(lines_.begin(), lines_.end(), is_waiting), lines_.end());
}

void Script::Convert(const float* samples, std::size_t count, int rate) {
  out_.clear();
  if (!has_stretch_ || resampler_.From() != rate) {
    if (has_stretch_) resampler_.Finish(out_);
    resampler_.Start(rate, rate_);
    has_stretch_ = true;
  }
  resampler_.Push(samples, count, out_);
}

bool Script::Hand(Character& character, Entry& entry) {
  while (!entry.pieces.empty()) {
    Piece& piece = entry.pieces.front();
    const std::size_t left = piece.samples.size() - piece.taken;
    const std::size_t most = static_cast<std::size_t>(piece.rate) * kMostS;
    const std::size_t count = piece.rate == rate_ ? left : std::min(left, most);
    Convert(piece.samples.data() + piece.taken, count, piece.rate);
    if (!out_.empty()) character.Feed(out_.data(), out_.size());
    piece.taken += count;
    if (count < left) return false;
    entry.pieces.pop_front();
  }
  return true;
}

void Script::Flush(Character& character) {
  if (lines_.empty()) return;
  EndListening(character);
  while (!lines_.empty()) {
    if (!Hand(character, lines_.front()) || !lines_.front().is_complete) return;
    out_.clear();
    if (has_stretch_) resampler_.Finish(out_);
    has_stretch_ = false;
    if (!out_.empty()) character.Feed(out_.data(), out_.size());
    character.Finish();
    lines_.pop_front();
  }
}

void Script::Listen(Character& character, const float* samples, std::size_t count, int rate,
                    bool is_heard_elsewhere, std::int64_t now_us) {
  if (!lines_.empty() || rate < 1) return;
  is_listening_ = true;
  Convert(samples, count, rate);
  if (out_.empty()) return;
  if (is_heard_elsewhere)
    character.Hear(out_.data(), out_.size(), now_us);
  else
    character.Feed(out_.data(), out_.size());
}

void Script::EndListening(Character& character) {
  if (!is_listening_) return;
  is_listening_ = has_stretch_ = false;
  character.Finish();
}

void Script::Clear() {
  lines_.clear();
  has_stretch_ = is_listening_ = false;
}

double Script::WaitingS() const {
  double sum = 0.0;
  for (const Entry& line : lines_) {
    for (const Piece& piece : line.pieces)
      sum += static_cast<double>(piece.samples.size() - piece.taken) / piece.rate;
  }
  return sum;
}

}  // namespace a2f
