#include "Idle.h"

#include <algorithm>
#include <cmath>

#include "Layout.h"
#include "Noise.h"

namespace a2f {

namespace {

constexpr const char* kRoleNames[kIdleRoles] = {
    "blinkLeft",  "blinkRight",  "squintLeft",   "squintRight",   "lookUpLeft",
    "lookUpRight", "lookDownLeft", "lookDownRight", "lookInLeft", "lookInRight",
    "lookOutLeft", "lookOutRight", "breath",      "head"};
constexpr std::size_t kBlinks = 2;
constexpr std::size_t kBreath = 12;
/** A gain that is less moves nothing, and nothing is divided by it. */
constexpr double kGainLeast = 1e-9;
/** The largest float; rows near it stay finite. */
constexpr double kFloatMost = 3.4e38;

/** Streams of random numbers, lengths and sizes as a2f_ws/player/idle.py has and explains them. */
constexpr std::uint32_t kBlinkAt = 1, kBlinkKind = 2, kBlinkLength = 3, kBlinkDepth = 4,
                        kBlinkAgain = 5, kSquint = 8, kDrift = 19, kBreathAt = 32,
                        kBreathDepth = 33, kTurnSlow = 40, kTurnFast = 44;
constexpr LeapForm kLook{16, 17, 1900000, 40000};
constexpr LeapForm kFlick{24, 25, 600000, 20000};

/** How far a lid is closed so long after it began to: 75 ms down, 20 ms shut, 150 ms up. */
double Lid(double t_us) {
  return t_us < 75000.0 ? EaseIn(t_us / 75000.0) : SettleDown((t_us - 95000.0) / 150000.0);
}

/** One blink in a slot of 4 s, at times none or two. */
double Blink(const Noise& noise) {
  const Slot slot = noise.Now(kBlinkAt, 4000000);
  const double kind = noise.Unit(kBlinkKind, slot.number);
  if (kind < 0.1) return 0.0;
  const double began_us = std::floor(noise.Unit(kBlinkAt, slot.number) * 3200000.0);
  const double at_us = static_cast<double>(slot.at_us) - began_us;
  const double length = 0.85 + 0.3 * noise.Unit(kBlinkLength, slot.number);
  const double depth = 0.94 + 0.06 * noise.Unit(kBlinkDepth, slot.number);
  double shut = Lid(at_us / length);
  if (kind >= 0.9) {
    const double again_us =
        300000.0 + std::floor(noise.Unit(kBlinkAgain, slot.number) * 150000.0);
    shut = (std::max)(shut, Lid((at_us - again_us) / length));
  }
  return depth * shut;
}

double Breath(const Noise& noise) {
  const Slot slot = noise.Now(kBreathAt, 4200000);
  const double began_us = std::floor(noise.Unit(kBreathAt, slot.number) * 400000.0);
  const double at_us = static_cast<double>(slot.at_us) - began_us;
  const double depth = 0.7 + 0.3 * noise.Unit(kBreathDepth, slot.number);
  constexpr double kInhaleUs = 1500000.0;
  if (at_us < kInhaleUs) return depth * EaseIn(at_us / kInhaleUs);
  return depth * SettleDown((at_us - kInhaleUs) / 2100000.0);
}

/** Gaze about one axis: 0 yaw, + to the character's left; 1 pitch, + up. */
double AngleDeg(const Noise& noise, std::uint32_t axis, double reach_deg) {
  LeapForm look = kLook;
  LeapForm flick = kFlick;
  look.place += axis;
  flick.place += axis;
  return reach_deg * noise.Leap(look) + 0.4 * noise.Leap(flick) +
         noise.Wander(kDrift + axis, 3000000);
}

/** A look weight of 1 is 30 degrees. */
void Look(const Noise& noise, IdleOffsets& amounts) {
  const double left = AngleDeg(noise, 0, 6.0) / 30.0;
  const double up = AngleDeg(noise, 1, 3.0) / 30.0;
  amounts[4] = amounts[5] = static_cast<float>((std::max)(up, 0.0));
  amounts[6] = amounts[7] = static_cast<float>((std::max)(-up, 0.0));
  amounts[8] = amounts[11] = static_cast<float>((std::max)(-left, 0.0));
  amounts[9] = amounts[10] = static_cast<float>((std::max)(left, 0.0));
}

float HeldFloat(double value) {
  return static_cast<float>((std::min)((std::max)(value, -kFloatMost), kFloatMost));
}

/** What blink and squint of one side (0 left, 1 right) leave open of an eye, 0 to 1. */
double OpenShare(const float* row, const IdleRoles& roles, std::size_t side) {
  double share = 1.0;
  for (const std::size_t k : {side, kBlinks + side}) {
    const IdleRoles::Place& place = roles.places[k];
    if (place.index < 0 || std::abs(place.gain) < kGainLeast) continue;
    share -= static_cast<double>(row[place.index]) / place.gain;
  }
  return (std::min)((std::max)(share, 0.0), 1.0);
}

/** Multiply the rotation vector `by`, radians, into a quaternion from the left. */
void Turn(float* quaternion, const float* by, double gain) {
  double half[3];
  double square = 1.0;
  for (std::size_t k = 0; k < 3; ++k) {
    half[k] = 0.5 * gain * static_cast<double>(by[k]);
    square += half[k] * half[k];
  }
  const double size = std::sqrt(square);
  const double x = half[0] / size, y = half[1] / size, z = half[2] / size, w = 1.0 / size;
  const double a = static_cast<double>(quaternion[0]), b = static_cast<double>(quaternion[1]),
               c = static_cast<double>(quaternion[2]), d = static_cast<double>(quaternion[3]);
  quaternion[0] = HeldFloat(w * a + x * d + y * c - z * b);
  quaternion[1] = HeldFloat(w * b - x * c + y * d + z * a);
  quaternion[2] = HeldFloat(w * c + x * b - y * a + z * d);
  quaternion[3] = HeldFloat(w * d - x * a - y * b - z * c);
}

}  // namespace

const char* IdleRoleName(std::size_t k) { return kRoleNames[k]; }

IdleRoles::IdleRoles(const IdlePlaces& named, std::size_t curves, std::size_t transforms) {
  for (const auto& [name, place] : named) {
    const auto known = std::find(std::begin(kRoleNames), std::end(kRoleNames), name);
    if (known == std::end(kRoleNames) || place.index < 0) continue;
    const auto k = static_cast<std::size_t>(known - std::begin(kRoleNames));
    const auto index = static_cast<std::size_t>(place.index);
    const bool is_turn = index >= curves && index < curves + kTransform * transforms &&
                         (index - curves) % kTransform == 0;
    if (k == kIdleHead ? is_turn : index < curves) places[k] = {place.index, place.gain};
  }
}

IdleOffsets IdleOffsetsAt(std::uint32_t seed, std::int64_t now_us, IdleLevel level) {
  IdleOffsets amounts{};
  if (level == IdleLevel::kOff) return amounts;
  const Noise noise(seed, (std::max)(now_us, std::int64_t{0}));
  const double shut = Blink(noise);
  double squint = 0.1 * shut;
  if (level == IdleLevel::kAlive) {
    squint += 0.03 * (1.0 + noise.Wander(kSquint, 6000000));
    Look(noise, amounts);
    amounts[kBreath] = static_cast<float>(Breath(noise));
    for (std::uint32_t axis = 0; axis < 3; ++axis) {
      amounts[kIdleHead + axis] =
          static_cast<float>(0.03 * noise.Wander(kTurnSlow + axis, 2700000) +
                             0.006 * noise.Wander(kTurnFast + axis, 900000));
    }
  }
  amounts[0] = amounts[1] = static_cast<float>(shut);
  amounts[2] = amounts[3] = static_cast<float>(squint);
  return amounts;
}

void ApplyIdle(float* row, std::size_t size, const IdleOffsets& offsets, const IdleRoles& roles) {
  // Of the row as it came: what is written first must not change what comes after it.
  const double open[kBlinks] = {OpenShare(row, roles, 0), OpenShare(row, roles, 1)};
  for (std::size_t k = 0; k < kIdleHead; ++k) {
    const IdleRoles::Place& place = roles.places[k];
    if (place.index < 0 || static_cast<std::size_t>(place.index) >= size) continue;
    const double share = k < kBlinks ? open[k] : 1.0;
    const double before = static_cast<double>(row[place.index]);
    const double after = before + place.gain * share * static_cast<double>(offsets[k]);
    const double least = (std::min)({0.0, place.gain, before});
    const double most = (std::max)({0.0, place.gain, before});
    row[place.index] = static_cast<float>((std::min)((std::max)(after, least), most));
  }
  const IdleRoles::Place& head = roles.places[kIdleHead];
  if (head.index < 0 || static_cast<std::size_t>(head.index) + kTransform > size) return;
  Turn(row + head.index, offsets.data() + kIdleHead, head.gain);
}

}  // namespace a2f
