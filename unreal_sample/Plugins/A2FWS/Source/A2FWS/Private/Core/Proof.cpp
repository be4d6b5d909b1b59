#include "Proof.h"

#include <algorithm>

namespace a2f {

namespace {

constexpr std::size_t kBlock = 64;
constexpr std::size_t kLengthAt = 56;

/** First 32 bits of the fractions of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
constexpr std::uint32_t kRound[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

constexpr std::uint32_t Turned(std::uint32_t x, int by) { return x >> by | x << (32 - by); }

std::string Base64(const std::uint8_t* bytes, std::size_t size) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < size; at += 3) {
    const std::size_t count = (std::min)(size - at, std::size_t{3});
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) bits = bits << 8 | (k < count ? bytes[at + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) {
      text += k <= count ? kDigits[bits >> (18 - 6 * k) & 63] : '=';
    }
  }
  return text;
}

Bytes BytesOf(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string DigestOf(std::string_view one, std::string_view other) {
  Sha256 hash;
  hash.Add(BytesOf(one));
  hash.Add(BytesOf(other));
  const auto digest = hash.Finish();
  return Base64(digest.data(), digest.size());
}

}  // namespace

Sha256::Sha256()
    : state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
             0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19} {}

void Sha256::Add(Bytes more) {
  bytes_ += more.size;
  for (std::size_t at = 0; at < more.size;) {
    if (filled_ == 0 && more.size - at >= kBlock) {
      Mix(more.data + at);
      at += kBlock;
      continue;
    }
    const std::size_t count = (std::min)(kBlock - filled_, more.size - at);
    std::copy(more.data + at, more.data + at + count, block_.data() + filled_);
    filled_ += count;
    at += count;
    if (filled_ == kBlock) {
      Mix(block_.data());
      filled_ = 0;
    }
  }
}

std::array<std::uint8_t, 32> Sha256::Finish() {
  const std::uint64_t bits = 8 * bytes_;
  block_[filled_++] = 0x80;
  if (filled_ > kLengthAt) {
    std::fill(block_.data() + filled_, block_.data() + kBlock, std::uint8_t{0});
    Mix(block_.data());
    filled_ = 0;
  }
  std::fill(block_.data() + filled_, block_.data() + kLengthAt, std::uint8_t{0});
  for (std::size_t k = 0; k < 8; ++k) {
    block_[kLengthAt + k] = static_cast<std::uint8_t>(bits >> (56 - 8 * k) & 0xff);
  }
  Mix(block_.data());
  std::array<std::uint8_t, 32> digest{};
  for (std::size_t k = 0; k < digest.size(); ++k) {
    digest[k] = static_cast<std::uint8_t>(state_[k / 4] >> (24 - 8 * (k % 4)) & 0xff);
  }
  return digest;
}

void Sha256::Mix(const std::uint8_t* block) {
  std::array<std::uint32_t, 64> w{};
  for (std::size_t k = 0; k < 16; ++k) {
    for (std::size_t j = 0; j < 4; ++j) w[k] = w[k] << 8 | block[4 * k + j];
  }
  for (std::size_t k = 16; k < w.size(); ++k) {
    const std::uint32_t x = w[k - 15];
    const std::uint32_t y = w[k - 2];
    w[k] = w[k - 16] + (Turned(x, 7) ^ Turned(x, 18) ^ x >> 3) + w[k - 7] +
           (Turned(y, 17) ^ Turned(y, 19) ^ y >> 10);
  }
  std::array<std::uint32_t, 8> s = state_;
  for (std::size_t k = 0; k < w.size(); ++k) {
    const std::uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
    const std::uint32_t most = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
    const std::uint32_t one =
        s[7] + (Turned(s[4], 6) ^ Turned(s[4], 11) ^ Turned(s[4], 25)) + choice + kRound[k] + w[k];
    const std::uint32_t two = (Turned(s[0], 2) ^ Turned(s[0], 13) ^ Turned(s[0], 22)) + most;
    s = {one + two, s[0], s[1], s[2], s[3] + one, s[4], s[5], s[6]};
  }
  for (std::size_t k = 0; k < s.size(); ++k) state_[k] += s[k];
}

std::string ProofOf(std::string_view password, std::string_view salt, std::string_view challenge) {
  return DigestOf(DigestOf(password, salt), challenge);
}

OptionalText Prove(std::string_view password, const Auth& auth) {
  if (!auth.challenge) return {};
  return ProofOf(password, auth.salt.value_or(""), *auth.challenge);
}

}  // namespace a2f
