/** The messages that only a client sends, and all messages of the protocol together. */
#pragma once

#include <variant>

#include "Messages.h"

namespace a2f {

/** Version of the protocol, and the name of the encoding that this client speaks. */
constexpr std::int32_t kVersion = 1;
constexpr const char* kSubprotocol = "a2f.v1.msgpack";

/** Who speaks, in which version. */
struct Identify {
  OptionalId id;
  std::int32_t protocol = kVersion;
  /** "name/version", 1 to 64 characters. */
  std::string client;
  OptionalText proof;
  OptionalText token;
};

enum class Pacing : std::uint8_t { kLive, kBurst };
enum class Role : std::uint8_t { kSpeak, kWatch };
enum class Want : std::uint8_t { kAudio, kGeometry, kStatus };

/** Begin a session. */
struct Open {
  OptionalId id;
  std::int32_t sid = 0;
  /** Name of a rig, or "auto": the best one for `have`. */
  std::string rig = "auto";
  PoseRate fps;
  std::optional<AudioFormat> audio;
  OptionalText model;
  Pacing pacing = Pacing::kLive;
  /** How far beyond the play head live poses are computed, 250,000 to 60,000,000. */
  std::int64_t ahead_us = 1500000;
  std::optional<Values> params;
  std::optional<CurveSets> curves;
  /** Emotion in force at the start by name, 0 to 1; absent = the model's own. */
  std::optional<Values> emotion;
  std::vector<Want> want;
  Role role = Role::kSpeak;
  OptionalText name;
  bool is_clock = false;
  /** Names of the curves that the mesh has. */
  std::optional<Names> have;
  /** A rig sent along: one msgpack map, as Packer writes it. */
  std::optional<Bytes> table;
  OptionalText resume;
  std::optional<bool> cache;
  std::optional<WeightSets> weights;
  /** With Want::kGeometry: most meshes per second of sound, 1 to 60. */
  std::int32_t geometry_hz = 30;
  /** Groups whose left and right change places. */
  std::optional<Names> swap;
};

/** No more sound will come for an utterance. */
struct End {
  OptionalId id;
  std::int32_t sid = 0;
  std::int32_t u = 1;
};

/** Move the emotion; `values` is the whole vector, 0 to 1 by name. */
struct Emotion {
  OptionalId id;
  std::int32_t sid = 0;
  Values values;
  /** Where the ramp begins, both or neither; absent = as soon as possible. */
  std::optional<std::int32_t> u;
  std::optional<std::int64_t> t_us;
  /** 0 to 60,000,000. */
  std::int64_t transition_us = 300000;
};

/** Change a session; what is absent stays as it is. */
struct Set {
  OptionalId id;
  std::int32_t sid = 0;
  std::optional<Values> params;
  std::optional<CurveSets> curves;
  std::optional<Names> swap;
  std::optional<bool> visible;
  /** This and the next three only while no utterance is alive. */
  OptionalText model;
  OptionalText rig;
  std::optional<Names> have;
  std::optional<PoseRate> fps;
  std::optional<WeightSets> weights;
};

/** Drop utterances now. */
struct Interrupt {
  OptionalId id;
  std::int32_t sid = 0;
  /** The last one to drop; absent = all. */
  std::optional<std::int32_t> u;
  /** What was heard of it. */
  std::optional<std::int64_t> t_us;
};

/** End a session. */
struct Close {
  OptionalId id;
  std::int32_t sid = 0;
};

/** Any message of either side. Ask with `std::get_if<Poses>(&message)`. */
using Message = std::variant<Hello, Ready, Opened, Rest, Poses, Audio, Played, Geometry, Utterance,
                             Credit, Status, Ok, Refusal, Closed, Ping, Pong, Identify, Open, End,
                             Emotion, Set, Interrupt, Close>;

/** Kinds of messages in the order of `Message`: `static_cast<Op>(message.index())`. */
enum class Op : std::uint8_t {
  kHello, kReady, kOpened, kRest, kPoses, kAudio, kPlayed, kGeometry, kUtterance, kCredit, kStatus,
  kOk, kError, kClosed, kPing, kPong, kIdentify, kOpen, kEnd, kEmotion, kSet, kInterrupt, kClose,
};
constexpr std::size_t kOps = std::variant_size_v<Message>;

/** What a message is called on the wire. */
const char* OpName(Op op);

}  // namespace a2f
