#include "Resampler.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace a2f {
namespace {

/** Zeros of the sinc on each side. */
constexpr int kZeros = 24;
/** Kaiser's parameter: about 80 dB between what passes and what does not. */
constexpr double kBeta = 8.0;
/** Where the band ends, as a share of the lower rate's half. */
constexpr double kEdge = 0.92;
/** Most places between two samples that are told apart; usual rates need 640 at the most. */
constexpr std::int64_t kPhasesMost = 1024;
constexpr double kHalfTurn = 3.14159265358979323846;

/** The modified Bessel function of order 0, by its series. */
double Bessel(double x) {
  double sum = 1.0;
  double term = 1.0;
  for (int k = 1; k < 30; ++k) {
    term *= (x / (2.0 * k)) * (x / (2.0 * k));
    sum += term;
  }
  return sum;
}

/** The windowed sinc at a distance in its own zeros. */
double Kernel(double x) {
  const double place = std::fabs(x) / kZeros;
  if (place >= 1.0) return 0.0;
  const double window = Bessel(kBeta * std::sqrt(1.0 - place * place)) / Bessel(kBeta);
  return std::fabs(x) < 1e-9 ? window : window * std::sin(kHalfTurn * x) / (kHalfTurn * x);
}

}  // namespace

void Resampler::Start(int from, int to) {
  kept_.clear();
  base_ = made_ = 0;
  if (from == from_ && to == to_) return;
  from_ = from;
  to_ = to;
  rows_.clear();
  if (from == to) return;
  const double band = kEdge * std::min(1.0, static_cast<double>(to) / from);
  reach_ = static_cast<std::int64_t>(std::ceil(kZeros / band));
  phases_ = std::min(to_ / std::gcd(from_, to_), kPhasesMost);
  for (std::int64_t phase = 0; phase < phases_; ++phase) {
    const double share = static_cast<double>(phase) / static_cast<double>(phases_);
    for (std::int64_t k = -reach_; k <= reach_; ++k)
      rows_.push_back(
          static_cast<float>(band * Kernel((static_cast<double>(k) - share) * band)));
  }
}

void Resampler::Push(const float* samples, std::size_t count, std::vector<float>& out) {
  if (from_ == to_) {
    out.insert(out.end(), samples, samples + count);
    return;
  }
  kept_.insert(kept_.end(), samples, samples + count);
  Emit(base_ + static_cast<std::int64_t>(kept_.size()) - reach_, out);
}

void Resampler::Finish(std::vector<float>& out) {
  if (from_ != to_) Emit(base_ + static_cast<std::int64_t>(kept_.size()), out);
  kept_.clear();
  base_ = made_ = 0;
}

/** Everything that lies before an input frame. */
void Resampler::Emit(std::int64_t end, std::vector<float>& out) {
  for (; made_ * from_ < end * to_; ++made_) {
    const std::int64_t parts = made_ * from_;
    out.push_back(At(parts / to_, parts % to_ * phases_ / to_));
  }
  const std::int64_t needed = made_ * from_ / to_ - reach_;
  if (needed <= base_) return;
  const std::int64_t gone = std::min(needed - base_, static_cast<std::int64_t>(kept_.size()));
  kept_.erase(kept_.begin(), kept_.begin() + gone);
  base_ += gone;
}

float Resampler::At(std::int64_t frame, std::int64_t phase) const {
  const std::int64_t first = std::max(base_, frame - reach_);
  const std::int64_t end =
      std::min(base_ + static_cast<std::int64_t>(kept_.size()), frame + reach_ + 1);
  const float* row = rows_.data() + phase * (2 * reach_ + 1) + (first - frame + reach_);
  const float* sample = kept_.data() + (first - base_);
  float sum = 0.0F;
  for (std::int64_t k = first; k < end; ++k) sum += *row++ * *sample++;
  return sum;
}

}  // namespace a2f
