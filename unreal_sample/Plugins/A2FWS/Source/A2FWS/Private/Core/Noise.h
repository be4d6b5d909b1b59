/** Random numbers and curves that are the same in every language: integers and polynomials. */
#pragma once

#include <cstdint>

namespace a2f {

/** A place in a row of slots of equal length. */
struct Slot {
  std::int64_t number = 0;
  /** Time since it began, microseconds. */
  std::int64_t at_us = 0;
};

/** A walk that stands and then leaps, once per slot; two with the same times leap together. */
struct LeapForm {
  /** Streams of the times and of the places. */
  std::uint32_t at;
  std::uint32_t place;
  std::int64_t slot_us;
  std::int64_t leap_us;
};

/** The random numbers of one character; each stream is one role of (seed, role, slot). */
class Noise {
 public:
  /** Any number of the character's own, and a time >= 0. */
  Noise(std::uint32_t seed, std::int64_t now_us) : seed_(seed), now_us_(now_us) {}

  /** 0 to 1, without 1; slots count modulo 2^32. */
  double Unit(std::uint32_t role, std::int64_t slot) const;
  /** The slot that runs now; slots are moved by a phase, so that no two characters keep step. */
  Slot Now(std::uint32_t role, std::int64_t slot_us) const;
  /** A smooth random walk about 0, within -1 to 1, with a new direction about once per slot. */
  double Wander(std::uint32_t role, std::int64_t slot_us) const;
  /** A walk about 0, within -1 to 1; near places are likelier than far ones. */
  double Leap(const LeapForm& form) const;

 private:
  std::uint32_t seed_;
  std::int64_t now_us_;
};

/** From 0 to 1 without a corner at either end; x outside is held. */
double EaseIn(double x);
/** From 1 to 0, fast first and slow at the end, (1 - x)^3 * (1 + 3x); x outside is held. */
double SettleDown(double x);

}  // namespace a2f
