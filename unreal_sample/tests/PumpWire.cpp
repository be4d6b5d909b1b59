#include "PumpWire.h"

namespace {

constexpr int kAbnormal = 1006;
constexpr std::size_t kHeader = 13;

}  // namespace

void PumpWire::Put(char kind, std::int64_t time_us, const std::uint8_t* payload, std::size_t size) {
  std::uint8_t head[kHeader] = {static_cast<std::uint8_t>(kind)};
  const auto bits = static_cast<std::uint64_t>(time_us);
  for (std::size_t k = 0; k < 8; ++k) head[1 + k] = static_cast<std::uint8_t>(bits >> (8 * k) & 0xff);
  for (std::size_t k = 0; k < 4; ++k) head[9 + k] = static_cast<std::uint8_t>(size >> (8 * k) & 0xff);
  std::fwrite(head, 1, kHeader, stdout);
  if (size > 0) std::fwrite(payload, 1, size, stdout);
  std::fflush(stdout);
}

void PumpWire::PutClose(int code, const std::string& reason) {
  std::vector<std::uint8_t> payload = {static_cast<std::uint8_t>(code & 0xff),
                                       static_cast<std::uint8_t>(code >> 8 & 0xff)};
  payload.insert(payload.end(), reason.begin(), reason.end());
  Put('X', 0, payload.data(), payload.size());
}

void PumpWire::Connect(const std::string&, const char* subprotocol) {
  subprotocol_ = subprotocol;
  if (has_socket_) {
    is_abandoned_ = wants_another_ = true;
    return;
  }
  has_socket_ = true;
  is_abandoned_ = wants_another_ = false;
  Put('C', 0, reinterpret_cast<const std::uint8_t*>(subprotocol_.data()), subprotocol_.size());
}

void PumpWire::Send(const std::uint8_t* frame, std::size_t size) { Put('B', 0, frame, size); }

void PumpWire::Close(int code, const std::string& reason) {
  if (!has_socket_ || is_abandoned_) return;
  is_abandoned_ = true;
  PutClose(code, reason);
}

void PumpWire::Cut() {
  if (has_socket_ && !is_abandoned_) PutClose(kAbnormal, "");
}

void PumpWire::Wake(std::int64_t time_us) { Put('W', time_us, nullptr, 0); }

bool PumpWire::Next(Record& record) {
  std::uint8_t head[kHeader];
  if (std::fread(head, 1, kHeader, stdin) != kHeader) return false;
  std::uint64_t time_us = 0;
  std::size_t size = 0;
  for (std::size_t k = 8; k-- > 0;) time_us = time_us << 8 | head[1 + k];
  for (std::size_t k = 4; k-- > 0;) size = size << 8 | head[9 + k];
  record.kind = static_cast<char>(head[0]);
  record.time_us = static_cast<std::int64_t>(time_us);
  record.payload.resize(size);
  return size == 0 || std::fread(record.payload.data(), 1, size, stdin) == size;
}

bool PumpWire::IsWanted(const Record& record) {
  const bool was_abandoned = is_abandoned_;
  if (record.kind == 'X') {
    has_socket_ = false;
    if (wants_another_) Connect({}, subprotocol_.c_str());
  }
  return record.kind == 'K' || !was_abandoned;
}
