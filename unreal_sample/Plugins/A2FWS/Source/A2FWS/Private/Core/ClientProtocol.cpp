#include "ClientProtocol.h"

namespace a2f {

namespace {

constexpr int kWrongState = 4409;
constexpr int kOtherVersion = 4426;

constexpr const char* kStateNames[] = {"connected", "greeted", "offered",
                                       "identified", "ready", "closed"};

/** Where a message leads from a state. */
struct Way {
  ProtocolState from;
  Op op;
  ProtocolState to;
};

/** The greeting; what may come or go without a change of state stands below. */
constexpr Way kReceives[] = {
    {ProtocolState::kConnected, Op::kHello, ProtocolState::kGreeted},
    {ProtocolState::kOffered, Op::kHello, ProtocolState::kIdentified},
    {ProtocolState::kIdentified, Op::kReady, ProtocolState::kReady},
};
constexpr Way kSends[] = {
    {ProtocolState::kConnected, Op::kIdentify, ProtocolState::kOffered},
    {ProtocolState::kGreeted, Op::kIdentify, ProtocolState::kIdentified},
};

constexpr std::uint32_t Bit(Op op) { return std::uint32_t{1} << static_cast<int>(op); }

constexpr std::uint32_t kPings = Bit(Op::kPing) | Bit(Op::kPong);
constexpr std::uint32_t kEarly = Bit(Op::kError) | Bit(Op::kStatus) | kPings;
constexpr std::uint32_t kAnswers =
    kEarly | Bit(Op::kOpened) | Bit(Op::kRest) | Bit(Op::kPoses) | Bit(Op::kAudio) |
    Bit(Op::kPlayed) | Bit(Op::kGeometry) | Bit(Op::kUtterance) | Bit(Op::kCredit) | Bit(Op::kOk) |
    Bit(Op::kClosed);
constexpr std::uint32_t kRequests = Bit(Op::kOpen) | Bit(Op::kAudio) | Bit(Op::kEnd) |
                                    Bit(Op::kEmotion) | Bit(Op::kSet) | Bit(Op::kInterrupt) |
                                    Bit(Op::kPlayed) | Bit(Op::kClose) | kPings;

/** Messages that may come, and go, in a state and change nothing; by state. */
constexpr std::uint32_t kReceivesMore[] = {0, kEarly, 0, kEarly, kAnswers, 0};
constexpr std::uint32_t kSendsMore[] = {0, kPings, kRequests, kRequests, kRequests, 0};

/** The state behind a message; false: it may not be here. */
template <std::size_t N>
bool Follow(ProtocolState state, Op op, const Way (&ways)[N], std::uint32_t more,
            ProtocolState& next) {
  next = state;
  for (const Way& way : ways) {
    if (way.from != state || way.op != op) continue;
    next = way.to;
    return true;
  }
  return (more & Bit(op)) != 0;
}

}  // namespace

Outcome ClientProtocol::Receive(Bytes frame) {
  const Outcome outcome = codec_.Decode(frame, message_, fault_);
  if (outcome != Outcome::kMessage) return outcome;
  const auto op = static_cast<Op>(message_.index());
  const auto from = static_cast<std::size_t>(state_);
  ProtocolState next = state_;
  if (!Follow(state_, op, kReceives, kReceivesMore[from], next)) {
    fault_ = {kWrongState, std::string("op: found ") + OpName(op) + " while " + kStateNames[from],
              "op", false};
    return Outcome::kRefused;
  }
  const Hello* const hello = std::get_if<Hello>(&message_);
  if (hello && hello->protocol != kVersion) {
    fault_ = {kOtherVersion, "hello.protocol: found " + std::to_string(hello->protocol) +
              ", wanted " + std::to_string(kVersion), "protocol", true};
    return Outcome::kRefused;
  }
  state_ = next;
  return Outcome::kMessage;
}

bool ClientProtocol::Send(const Message& message, std::vector<std::uint8_t>& frame) {
  const auto op = static_cast<Op>(message.index());
  const auto from = static_cast<std::size_t>(state_);
  ProtocolState next = state_;
  if (!Follow(state_, op, kSends, kSendsMore[from], next)) {
    fault_ = {kWrongState, std::string("op: wanted to send ") + OpName(op) + " while " +
              kStateNames[from], "op", false};
    return false;
  }
  Encode(message, frame);
  state_ = next;
  return true;
}

}  // namespace a2f
