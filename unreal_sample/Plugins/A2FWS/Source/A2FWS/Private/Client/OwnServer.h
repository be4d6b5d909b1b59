/** A connection and a server of the game's own: when that is started, and moved to. */
#pragma once

#include <string>

#include "Client.h"

namespace a2f {

/** One for each connection; the server itself is shared, and started by the caller. */
class OwnServer {
 public:
  /**
   * Let time pass: moves the client to where the server is, as soon as it is anywhere, also to the
   * next one when one has crashed.
   *
   * @param url where the server is; empty until it has said so, and when it has ended.
   * @return true: the server is to be started, unless it runs.
   */
  bool Tick(Client& client, const std::string& url, std::int64_t now_us);

 private:
  /** Where the client was moved to; empty while it is anywhere else. */
  std::string at_;
  /** The server went away under it, at that time; -1: it did not. */
  std::int64_t lost_us_ = -1;
};

}  // namespace a2f
