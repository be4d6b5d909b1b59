/** The answer to a server's challenge: knowledge of the password without sending it (section 17). */
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "Messages.h"

namespace a2f {

/** What `Identify::proof` is to say; nothing where the server has not asked for it. */
OptionalText Prove(std::string_view password, const Auth& auth);

/** base64(SHA-256(base64(SHA-256(password + salt)) + challenge)), all texts in UTF-8. */
std::string ProofOf(std::string_view password, std::string_view salt, std::string_view challenge);

/** SHA-256 (FIPS 180-4), also for Audio::hash. */
class Sha256 {
 public:
  Sha256();
  void Add(Bytes more);
  /** The digest of all that was added; nothing may be added afterwards. */
  std::array<std::uint8_t, 32> Finish();

 private:
  void Mix(const std::uint8_t* block);

  std::array<std::uint32_t, 8> state_;
  std::array<std::uint8_t, 64> block_{};
  std::size_t filled_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace a2f
