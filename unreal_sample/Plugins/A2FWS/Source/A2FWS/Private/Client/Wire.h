/** What the client asks of whoever owns the socket. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace a2f {

/** One WebSocket at a time. What comes of it is told to `Client`, never from within these calls. */
class Wire {
 public:
  Wire() = default;
  virtual ~Wire() = default;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  /** Begin to connect; a socket that is there is let go of, and tells nothing any more. */
  virtual void Connect(const std::string& url, const char* subprotocol) = 0;
  /** Send one binary message. */
  virtual void Send(const std::uint8_t* frame, std::size_t size) = 0;
  /** End it; the client has already drawn its consequences and wants to hear nothing more. */
  virtual void Close(int code, const std::string& reason) = 0;
};

}  // namespace a2f
