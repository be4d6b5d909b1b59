/** A socket that somebody else holds: records on stdin and stdout, as tests/clients/pump.py says. */
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "Client/Wire.h"

/** One record: what came, when, and with which payload. */
struct Record {
  char kind = 0;
  std::int64_t time_us = 0;
  std::vector<std::uint8_t> payload;
};

class PumpWire final : public a2f::Wire {
 public:
  void Connect(const std::string& url, const char* subprotocol) override;
  void Send(const std::uint8_t* frame, std::size_t size) override;
  void Close(int code, const std::string& reason) override;

  /** Cut the connection as a broken network does: the client is told by the record that follows. */
  void Cut();
  /** Ask for the clock at that time. */
  void Wake(std::int64_t time_us);
  /** The next record; false: the other side has ended. */
  bool Next(Record& record);
  /** False where the client has let go of the socket that a record is about. */
  bool IsWanted(const Record& record);

 private:
  void Put(char kind, std::int64_t time_us, const std::uint8_t* payload, std::size_t size);
  void PutClose(int code, const std::string& reason);

  std::string subprotocol_;
  /** A socket is open or being opened; its end has still to be told. */
  bool has_socket_ = false;
  /** The client has let go of it. */
  bool is_abandoned_ = false;
  bool wants_another_ = false;
};
