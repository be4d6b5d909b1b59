#include "Client.h"

#include <algorithm>
#include <utility>

#include "../Core/Proof.h"

namespace a2f {
namespace {

/** Longest wait for socket and greeting. */
constexpr std::int64_t kGreetUs = 8000000;
/** How often to ask whether the server is there, and when to believe that it is not. */
constexpr std::int64_t kPingUs = 2000000;
constexpr std::int64_t kSilentUs = 10000000;
/** Utterances that a server takes whose `hello.limits` does not say (protocol section 14). */
constexpr std::size_t kUtterancesMost = 8;
constexpr int kTimeout = 4408;
constexpr int kGoodBye = 1000;
constexpr int kGivenUp = 4000;
/** Longest reason of a close frame, bytes (RFC 6455, 5.5). */
constexpr std::size_t kReasonBytes = 100;

/** Session of a message; -1 when it is about none. */
std::int32_t SidOf(const Message& message) {
  return std::visit(
      [](const auto& one) -> std::int32_t {
        using Kind = std::decay_t<decltype(one)>;
        if constexpr (std::is_same_v<Kind, Status> || std::is_same_v<Kind, Refusal> ||
                      std::is_same_v<Kind, Ok>) {
          return one.sid.value_or(-1);
        } else if constexpr (std::is_same_v<Kind, Hello> || std::is_same_v<Kind, Ready> ||
                             std::is_same_v<Kind, Ping> || std::is_same_v<Kind, Pong> ||
                             std::is_same_v<Kind, Identify>) {
          return -1;
        } else {
          return one.sid;
        }
      },
      message);
}

}  // namespace

Client::Client(Wire& wire, std::string url, Introduction who)
    : wire_(wire), url_(std::move(url)), next_who_(std::move(who)), backoff_(IsHere(url_)) {}

Client::~Client() = default;

bool Client::Has(const char* capability) const {
  if (!hello_) return false;
  const Names& all = hello_->capabilities;
  return std::find(all.begin(), all.end(), capability) != all.end();
}

bool Client::WantsLocalServer() const {
  return state_ == ClientState::kWaiting && !was_ever_ready_ && !hello_ && IsHere(url_);
}

void Client::Start(std::int64_t now_us) {
  if (state_ == ClientState::kConnecting || state_ == ClientState::kReady) return;
  retry_at_us_ = -1;
  who_ = next_who_;
  protocol_ = std::make_unique<ClientProtocol>();
  state_ = ClientState::kConnecting;
  began_us_ = now_us;
  wire_.Connect(url_, kSubprotocol);
}

void Client::Redirect(std::string url, std::int64_t now_us) {
  if (state_ == ClientState::kReady || state_ == ClientState::kConnecting) {
    wire_.Close(kGoodBye, "");
    for (const auto& session : sessions_) session->Detach();
  }
  state_ = ClientState::kIdle;
  url_ = std::move(url);
  backoff_ = Backoff(IsHere(url_));
  Start(now_us);
}

void Client::Stop() {
  const bool has_socket = state_ == ClientState::kReady || state_ == ClientState::kConnecting;
  state_ = ClientState::kClosed;
  retry_at_us_ = -1;
  if (has_socket) wire_.Close(kGoodBye, "");
  EndSessions(kGoodBye, "the client is closed");
}

void Client::Connected(std::int64_t now_us) {
  if (state_ != ClientState::kConnecting) return;
  heard_us_ = now_us;
  // With a password the challenge comes first.
  if (who_.password.empty()) Identify();
}

void Client::Identify() {
  a2f::Identify identify;
  identify.client = who_.name;
  if (!who_.token.empty()) identify.token = who_.token;
  if (!who_.password.empty() && hello_) identify.proof = Prove(who_.password, hello_->auth);
  Post(identify);
}

void Client::Receive(Bytes frame, std::int64_t now_us) {
  if (state_ != ClientState::kConnecting && state_ != ClientState::kReady) return;
  heard_us_ = now_us;
  const Outcome outcome = protocol_->Receive(frame);
  if (outcome == Outcome::kMessage) {
    Take(protocol_->Last(), now_us);
  } else if (outcome == Outcome::kRefused && protocol_->LastFault().closes) {
    const Fault& fault = protocol_->LastFault();
    Drop(fault.code, fault.message.substr(0, kReasonBytes), now_us);
  }
}

void Client::Take(const Message& message, std::int64_t now_us) {
  if (const auto* hello = std::get_if<Hello>(&message)) {
    if (hello_ && hello_->instance != hello->instance) ++restarts_;
    hello_ = *hello;
    if (!who_.password.empty()) Identify();
  } else if (std::holds_alternative<Ready>(message)) {
    state_ = ClientState::kReady;
    was_ever_ready_ = true;
    problem_.clear();
    backoff_.Ready(now_us);
    asked_us_ = now_us - kPingUs;
    for (const auto& session : sessions_) session->Attach();
  } else if (const auto* pong = std::get_if<Pong>(&message)) {
    round_trip_us_ = now_us - pong->t;
  } else if (const auto* ping = std::get_if<Ping>(&message)) {
    Pong answer;
    answer.re = ping->id;
    answer.t = ping->t;
    Post(answer);
  } else {
    Deliver(message, now_us);
  }
}

void Client::Deliver(const Message& message, std::int64_t now_us) {
  const std::int32_t sid = SidOf(message);
  for (const auto& one : sessions_) {
    Session* const session = one.get();
    if (session->Sid() != sid) continue;
    // Its listener may leave it, begin another one or stop everything meanwhile.
    if (!session->Take(message, now_us)) Bury(session);
    return;
  }
  if (const auto* refusal = std::get_if<Refusal>(&message)) problem_ = refusal->message;
}

void Client::Bury(const Session* session) {
  for (auto it = sessions_.begin(); it != sessions_.end(); ++it) {
    if (it->get() != session) continue;
    ended_.push_back(std::move(*it));
    sessions_.erase(it);
    return;
  }
}

void Client::Disconnected(int code, const std::string& reason, std::int64_t now_us) {
  if (state_ != ClientState::kConnecting && state_ != ClientState::kReady) return;
  const bool was_ready = state_ == ClientState::kReady;
  protocol_->Close();
  round_trip_us_ = -1;
  problem_ = Explain(code, reason, url_, was_ready);
  const std::int64_t pause_us = backoff_.After(code, reason, now_us);
  if (pause_us < 0) {
    state_ = ClientState::kClosed;
    EndSessions(code, problem_);
    return;
  }
  state_ = ClientState::kWaiting;
  retry_at_us_ = now_us + pause_us;
  for (const auto& session : sessions_) session->Detach();
}

void Client::Drop(int code, const std::string& reason, std::int64_t now_us) {
  Disconnected(code, reason, now_us);
  // 1006 must not be sent (RFC 6455, 7.4.1).
  wire_.Close(code == kAbnormal ? kGivenUp : code, reason);
}

void Client::Tick(std::int64_t now_us) {
  ended_.clear();
  if (state_ == ClientState::kWaiting && now_us >= retry_at_us_) Start(now_us);
  if (state_ == ClientState::kConnecting && now_us - began_us_ > kGreetUs) {
    Drop(hello_ ? kTimeout : kAbnormal, "", now_us);
  }
  if (state_ != ClientState::kReady) return;
  if (now_us - asked_us_ >= kPingUs) {
    asked_us_ = now_us;
    Ping ping;
    ping.t = std::max<std::int64_t>(0, now_us);
    Post(ping);
  }
  if (now_us - heard_us_ > kSilentUs) {
    Drop(kAbnormal, "it does not answer any more", now_us);
    return;
  }
  for (const auto& session : sessions_) session->Tick(now_us);
}

Session* Client::Begin(Open open, SessionListener& listener) {
  open.sid = ++newest_sid_;
  sessions_.push_back(std::make_unique<Session>(*this, std::move(open), listener));
  Session* session = sessions_.back().get();
  if (state_ == ClientState::kReady) session->Attach();
  return session;
}

void Client::Leave(Session* session) {
  const auto is_it = [session](const auto& one) { return one.get() == session; };
  if (std::none_of(sessions_.begin(), sessions_.end(), is_it)) return;
  session->Leave();
  Bury(session);
}

std::size_t Client::UtterancesMost() const {
  if (!hello_) return kUtterancesMost;
  for (const auto& [name, value] : hello_->limits) {
    if (name == "utterances" && value >= 1) return static_cast<std::size_t>(value);
  }
  return kUtterancesMost;
}

bool Client::Post(const Message& message) {
  const bool has_socket = state_ == ClientState::kReady || state_ == ClientState::kConnecting;
  if (!has_socket || !protocol_->Send(message, frame_)) return false;
  wire_.Send(frame_.data(), frame_.size());
  return true;
}

void Client::EndSessions(int code, const std::string& reason) {
  const std::size_t from = ended_.size();
  for (auto& session : sessions_) ended_.push_back(std::move(session));
  sessions_.clear();
  for (std::size_t k = from; k < ended_.size(); ++k) ended_[k]->EndWith(code, reason);
}

}  // namespace a2f
