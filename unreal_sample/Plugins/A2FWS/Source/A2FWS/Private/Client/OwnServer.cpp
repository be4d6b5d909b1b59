#include "OwnServer.h"

namespace a2f {
namespace {

/** Before one that has crashed is started again: no more than one process in that time. */
constexpr std::int64_t kRestUs = 2000000;

}  // namespace

bool OwnServer::Tick(Client& client, const std::string& url, std::int64_t now_us) {
  if (!at_.empty() && at_ != url) {
    at_.clear();
    lost_us_ = now_us;
  }
  const bool is_lost = lost_us_ >= 0;
  if (!is_lost && !client.WantsLocalServer()) return false;
  if (url.empty()) return !is_lost || now_us - lost_us_ >= kRestUs;
  at_ = url;
  lost_us_ = -1;
  client.Redirect(url, now_us);
  return false;
}

}  // namespace a2f
