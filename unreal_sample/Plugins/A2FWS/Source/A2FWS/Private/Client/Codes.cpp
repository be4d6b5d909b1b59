#include "Codes.h"

#include <algorithm>

namespace a2f {
namespace {

struct CodeRow {
  int code;
  Retry retry;
  const char* text;
};

/** Source: the table of protocol/README.md, section 15. */
constexpr CodeRow kCodes[] = {
    {1000, Retry::No, "The server has ended the connection."},
    {1001, Retry::Later, "The server has stopped."},
    {1008, Retry::No, "The server does not allow this origin: it has to be allowed there."},
    {1009, Retry::Changed, "A message was larger than the server takes."},
    {4400, Retry::Changed, "Server and plugin do not understand each other."},
    {4401, Retry::Changed, "The server wants a password or token; this one is missing or wrong."},
    {4403, Retry::No, "This client has no right to do that."},
    {4406, Retry::Changed, "The server speaks another protocol."},
    {4408, Retry::AtOnce, "The greeting took too long."},
    {4413, Retry::Later, "This game reads more slowly than the server sends."},
    {4426, Retry::No, "Server and plugin have different versions: update the older one."},
    {4429, Retry::Later, "The server is full at the moment."},
    {4490, Retry::No, "Another connection took over."},
    {4500, Retry::AtOnce, "The server has failed; its log says how."},
    {4503, Retry::Later, "The server takes nothing new at the moment."},
};

constexpr std::int64_t kLeastUs = 1'000'000;
constexpr std::int64_t kMostUs = 30'000'000;
constexpr std::int64_t kMostHereUs = 4'000'000;
/** A connection that lasted so long begins the pauses anew. */
constexpr std::int64_t kLastingUs = 10'000'000;
/** Longest pause that a server may ask for; more digits are no number of seconds. */
constexpr std::size_t kPauseDigits = 5;

const CodeRow* FindCode(int code) {
  for (const CodeRow& row : kCodes) {
    if (row.code == code) return &row;
  }
  return nullptr;
}

bool IsDigit(char letter) { return letter >= '0' && letter <= '9'; }

}  // namespace

Retry RetryOf(int code) {
  if (const CodeRow* row = FindCode(code)) return row->retry;
  return code >= 4400 && code < 4500 ? Retry::Changed : Retry::Later;
}

std::string Explain(int code, const std::string& reason, const std::string& url, bool was_ready) {
  const CodeRow* row = FindCode(code);
  std::string text;
  if (row != nullptr)
    text = row->text;
  else if (was_ready)
    text = "The connection to " + url + " was lost.";
  else
    text = "No server answers at " + url + ". Is it running?";
  return reason.empty() ? text : text + " (" + reason + ")";
}

std::int64_t PauseIn(const std::string& reason) {
  const std::string before = "retry in ";
  const std::string after = " s";
  const std::size_t at = reason.rfind(before);
  if (at == std::string::npos || reason.size() < before.size() + after.size()) return -1;
  const std::size_t first = at + before.size();
  const std::size_t last = reason.size() - after.size();
  if (last <= first || last - first > kPauseDigits) return -1;
  if (reason.compare(last, after.size(), after) != 0) return -1;
  std::int64_t seconds = 0;
  for (std::size_t k = first; k < last; ++k) {
    if (!IsDigit(reason[k])) return -1;
    seconds = 10 * seconds + (reason[k] - '0');
  }
  return seconds * 1'000'000;
}

bool IsHere(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return false;
  const std::size_t from = scheme + 3;
  std::size_t to = url.find_first_of("/?#", from);
  if (to == std::string::npos) to = url.size();
  std::string host = url.substr(from, to - from);
  if (!host.empty() && host.front() == '[') return host.compare(0, 5, "[::1]") == 0;
  host = host.substr(0, host.find(':'));
  if (host == "localhost") return true;
  const bool is_number = host.find_first_not_of("0123456789.") == std::string::npos;
  return is_number && host.compare(0, 4, "127.") == 0;
}

std::string AnnouncedUrl(const std::string& line) {
  if (line.empty() || line.front() != '{') return {};
  const std::size_t key = line.find("\"url\"");
  if (key == std::string::npos) return {};
  std::size_t at = key + 5;
  while (at < line.size() && (line[at] == ' ' || line[at] == ':')) ++at;
  if (at >= line.size() || line[at] != '"') return {};
  const std::size_t end = line.find('"', at + 1);
  if (end == std::string::npos) return {};
  const std::string url = line.substr(at + 1, end - at - 1);
  const bool is_address = url.compare(0, 5, "ws://") == 0 || url.compare(0, 6, "wss://") == 0;
  const bool is_plain = url.find_first_of("\\ \t") == std::string::npos;
  return is_address && is_plain && url.size() <= 200 ? url : std::string();
}

std::int64_t Backoff::After(int code, const std::string& reason, std::int64_t now_us) {
  const Retry retry = RetryOf(code);
  if (retry == Retry::No || retry == Retry::Changed) return -1;
  if (ready_us_ >= 0 && now_us - ready_us_ > kLastingUs) pause_us_ = 0;
  ready_us_ = -1;
  const bool is_first = pause_us_ == 0;
  const std::int64_t most = is_here_ ? kMostHereUs : kMostUs;
  pause_us_ = std::min(most, std::max(kLeastUs, 2 * pause_us_));
  const std::int64_t told = PauseIn(reason);
  if (told >= 0) return told;
  return is_first && retry == Retry::AtOnce ? 0 : pause_us_;
}

}  // namespace a2f
