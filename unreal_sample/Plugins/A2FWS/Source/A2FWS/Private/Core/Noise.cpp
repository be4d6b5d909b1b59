#include "Noise.h"

namespace a2f {

namespace {

/** Mix the bits of a number: the 32-bit finaliser of MurmurHash3 (Austin Appleby, public domain). */
std::uint32_t MixBits(std::uint32_t h) {
  h = (h ^ h >> 16) * 0x85ebca6bU;
  h = (h ^ h >> 13) * 0xc2b2ae35U;
  return h ^ h >> 16;
}

double HeldShare(double x) { return x < 0.0 ? 0.0 : x > 1.0 ? 1.0 : x; }

}  // namespace

double EaseIn(double x) {
  const double y = HeldShare(x);
  return y * y * (3.0 - 2.0 * y);
}

double SettleDown(double x) {
  const double y = HeldShare(x);
  const double rest = 1.0 - y;
  return rest * rest * rest * (1.0 + 3.0 * y);
}

double Noise::Unit(std::uint32_t role, std::int64_t slot) const {
  const auto number = static_cast<std::uint32_t>(slot & 0xffffffff);
  return MixBits(MixBits(MixBits(seed_) ^ role) ^ number) / 4294967296.0;
}

Slot Noise::Now(std::uint32_t role, std::int64_t slot_us) const {
  const auto phase_us = static_cast<std::int64_t>(Unit(role, -1) * static_cast<double>(slot_us));
  const std::int64_t t_us = now_us_ + phase_us;
  return {t_us / slot_us, t_us % slot_us};
}

double Noise::Wander(std::uint32_t role, std::int64_t slot_us) const {
  // A uniform cubic B-spline over one random value per slot.
  const Slot slot = Now(role, slot_us);
  const double x = static_cast<double>(slot.at_us) / static_cast<double>(slot_us);
  const double y = 1.0 - x;
  const auto value = [&](std::int64_t k) { return 2.0 * Unit(role, slot.number + k) - 1.0; };
  return (y * y * y * value(0) + (3.0 * x * x * x - 6.0 * x * x + 4.0) * value(1) +
          (3.0 * y * y * y - 6.0 * y * y + 4.0) * value(2) + x * x * x * value(3)) /
         6.0;
}

double Noise::Leap(const LeapForm& form) const {
  const Slot slot = Now(form.at, form.slot_us);
  const double room_us = static_cast<double>(form.slot_us - form.leap_us);
  const auto begin_us = static_cast<std::int64_t>(Unit(form.at, slot.number) * room_us);
  const auto place = [&](std::int64_t k) {
    const double even = 2.0 * Unit(form.place, slot.number + k) - 1.0;
    return even * even * even;
  };
  const double share = static_cast<double>(slot.at_us - begin_us) / static_cast<double>(form.leap_us);
  return place(0) + (place(1) - place(0)) * EaseIn(share);
}

}  // namespace a2f
