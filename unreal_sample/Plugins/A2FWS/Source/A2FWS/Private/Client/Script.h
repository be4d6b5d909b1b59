/** What a character is to say: lines one after the other, whatever gives their sound. */
#pragma once

#include <deque>
#include <vector>

#include "Character.h"
#include "Resampler.h"

namespace a2f {

/** Lines are fed, or are waves that the engine plays and that are captured meanwhile; a voice that
 * goes on by itself (microphone, voice chat) is heard where no line is. Rates are made one. */
class Script {
 public:
  /** The rate of the character's output. */
  void SetRate(int rate);

  /** Interleaved samples; the first ones after another line or an end begin a line. */
  void Feed(const float* interleaved, std::size_t frames, int channels, int rate);
  /** The line that is fed is complete. */
  void End();
  /** A line that is a wave, behind all others; its number. */
  int Wave();

  /** The wave whose turn has come, to be played from now on; 0 = none. */
  int TakeTurn();
  /** The wave that is played now; 0 = none. */
  int Playing() const;
  /** Mono sound of the wave that is played. */
  void Capture(const float* samples, std::size_t count, int rate);
  /** A wave has come to its end; of one that is not played any more nothing is to be heard. */
  void WaveEnded(int wave);
  /** A wave is not to be played, or stopped: what was heard of it remains, and is its line. */
  void Drop(int wave);

  /** Hand over what can be said by now. */
  void Flush(Character& character);
  /** Sound of a voice that goes on by itself: dropped while there are lines. */
  void Listen(Character& character, const float* samples, std::size_t count, int rate,
              bool is_heard_elsewhere, std::int64_t now_us);
  /** That voice is not listened to any more. */
  void EndListening(Character& character);

  /** Forget everything; the voice that goes on begins another line with what comes next. */
  void Clear();
  bool IsEmpty() const { return lines_.empty(); }
  /** Seconds of fed sound that wait here. */
  double WaitingS() const;

 private:
  struct Piece {
    int rate = 0;
    std::vector<float> samples;
    std::size_t taken = 0;
  };
  struct Entry {
    /** 0 = it is fed. */
    int wave = 0;
    bool is_playing = false;
    bool is_complete = false;
    std::deque<Piece> pieces;
  };

  static void Add(Entry& entry, int rate, const std::vector<float>& mono);
  void Convert(const float* samples, std::size_t count, int rate);
  /** False: there is more than one call may take. */
  bool Hand(Character& character, Entry& entry);

  std::deque<Entry> lines_;
  Resampler resampler_;
  std::vector<float> mono_;
  std::vector<float> out_;
  int rate_ = 48000;
  int newest_ = 0;
  /** Something was handed over that is not converted to its end. */
  bool has_stretch_ = false;
  bool is_listening_ = false;
};

}  // namespace a2f
