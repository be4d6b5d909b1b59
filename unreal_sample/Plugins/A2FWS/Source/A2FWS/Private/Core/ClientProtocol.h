/** The client's half of a connection: frames in, messages out, and the other way round. */
#pragma once

#include <vector>

#include "Codec.h"

namespace a2f {

/**
 * kConnected: nothing said. kGreeted: `hello` came. kOffered: `identify` went out before `hello`
 * came; kIdentified: both. kReady: `ready` came.
 */
enum class ProtocolState : std::uint8_t {
  kConnected, kGreeted, kOffered, kIdentified, kReady, kClosed
};

/** States of one connection; begin a new one with every socket. */
class ClientProtocol {
 public:
  ProtocolState State() const { return state_; }

  /**
   * Read a frame of the server's. kMessage: `Last()` has it until the next call. kIgnored: a newer
   * server's, to be passed over. kRefused: `LastFault()` says why, and whether the connection has
   * to end (4409: it may not come now; 4426, closing: another version).
   */
  Outcome Receive(Bytes frame);
  const Message& Last() const { return message_; }
  const Fault& LastFault() const { return fault_; }

  /**
   * Write a message as a frame into `frame`, whose memory is used again. False: it may not be sent
   * now, which is the caller's mistake; nothing is written and `LastFault()` says why.
   */
  bool Send(const Message& message, std::vector<std::uint8_t>& frame);

  /** The socket is closed, or about to be. */
  void Close() { state_ = ProtocolState::kClosed; }

 private:
  ProtocolState state_ = ProtocolState::kConnected;
  Codec codec_;
  Message message_;
  Fault fault_;
};

}  // namespace a2f
