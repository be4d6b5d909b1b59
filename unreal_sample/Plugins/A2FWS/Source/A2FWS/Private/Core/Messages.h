/**
 * The messages of the protocol, with the wire's own names. Times are integers in microseconds.
 * What every field means and may be is said in protocol/MESSAGES.md. `Bytes` of a message that was
 * received are views of its frame: copy what is to outlive that.
 */
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "Bytes.h"
#include "Rate.h"

namespace a2f {

using Names = std::vector<std::string>;
/** Figures by name, in the order of the wire. */
using Values = std::vector<std::pair<std::string, double>>;
using OptionalId = std::optional<std::int64_t>;
using OptionalText = std::optional<std::string>;

/** 16-bit or float little endian, or ITU-T G.711 bytes. */
enum class SampleFormat : std::uint8_t { kS16le, kF32le, kUlaw, kAlaw };

/** "line" = utterances that end, "mic" = an open microphone. */
enum class AudioSource : std::uint8_t { kLine, kMic };

/** How `pcm` is to be read. */
struct AudioFormat {
  SampleFormat format = SampleFormat::kS16le;
  /** Sample frames per second, 8,000 to 192,000. */
  std::int32_t rate = 16000;
  /** Interleaved channels, 1 to 8, averaged before use. */
  std::int32_t channels = 1;
  AudioSource source = AudioSource::kLine;
};

/** Treatment of one curve: value * gain + offset, then held in least ... most; absent = as it is. */
struct CurveSet {
  std::optional<double> gain;
  std::optional<double> offset;
  std::optional<double> least;
  std::optional<double> most;
};
using CurveSets = std::vector<std::pair<std::string, CurveSet>>;

/** Treatment of one weight of the face: value * gain + offset, each -10 to 10. */
struct WeightSet {
  std::optional<double> gain;
  std::optional<double> offset;
};
using WeightSets = std::vector<std::pair<std::string, WeightSet>>;

/** Where a role of idle life goes: index into the row, gain in the curve's own range. */
struct IdlePlace {
  std::int32_t index = 0;
  double gain = 0.0;
};
using IdlePlaces = std::vector<std::pair<std::string, IdlePlace>>;

/** A face parameter of a model. */
struct ParamInfo {
  std::string name;
  double least = 0.0;
  double most = 0.0;
  double preset = 0.0;
};

/** A model that the server runs. */
struct ModelInfo {
  std::string name;
  std::int64_t look_ahead_us = 0;
  std::int64_t look_back_us = 0;
  Names emotions;
  std::int32_t fps_max = 0;
  std::vector<ParamInfo> params;
};

/** How to show one's right to connect. */
enum class AuthKind : std::uint8_t { kNone, kChallenge, kToken };
struct Auth {
  AuthKind kind = AuthKind::kNone;
  OptionalText salt;
  OptionalText challenge;
};

/** The audio that `Open::audio` may name. */
struct AudioOffer {
  Names formats;
  /** Lowest and highest, sample frames per second. */
  std::array<std::int32_t, 2> rate{};
  std::int32_t channels_max = 0;
};

/** Server -> client, first of all: what it is and has. */
struct Hello {
  std::int32_t protocol = 1;
  /** "name/version" of the program. */
  std::string server;
  /** Random, new at every start: a restart is not a reconnection. */
  std::string instance;
  Auth auth;
  /** The default one first. */
  std::vector<ModelInfo> models;
  Names rigs;
  AudioOffer audio;
  Names capabilities;
  /** By their names on the wire, as "credit_us". */
  Values limits;
};

/** Server -> client, the answer to `identify`. */
struct Ready {
  OptionalId re;
  std::string connection;
};

/** Where sound goes on after a resume. */
struct Received {
  std::int32_t u = 1;
  std::int64_t to_us = 0;
};

/** Server -> client, a session as it is now; again after every change of its rows. */
struct Opened {
  OptionalId re;
  std::int32_t sid = 0;
  /** Row layout; a new number at every `opened` of a connection. */
  std::int32_t layout = 0;
  std::string model;
  std::string rig;
  PoseRate fps;
  /** In row order. */
  Names curves;
  /** Seven floats each, behind the curves. */
  Names transforms;
  /** Floats of a row: curves + 7 * transforms. */
  std::int32_t row = 0;
  IdlePlaces idle;
  std::int64_t look_ahead_us = 0;
  std::int64_t look_back_us = 0;
  std::int64_t credit_us = 0;
  /** Curves of the rig that the mesh lacks. */
  Names missing;
  /** Names in `have` that nothing drives. */
  Names unmatched;
  std::optional<AudioFormat> audio;
  /** Token that takes the session over from another connection; good once. */
  OptionalText resume;
  std::optional<Received> received;
};

/** Server -> client, what the face shows in silence: one row, float32 little endian. */
struct Rest {
  std::int32_t sid = 0;
  std::int32_t layout = 0;
  Bytes data;
};

/** Server -> client, n consecutive rows of an utterance, 1 to 64. */
struct Poses {
  std::int32_t sid = 0;
  std::int32_t u = 1;
  std::int32_t layout = 0;
  /** Index of the first row. */
  std::int64_t i = 0;
  /** Time of the first row after sample 0. */
  std::int64_t t_us = 0;
  std::int32_t n = 1;
  /** n rows, float32 little endian. */
  Bytes data;
};

/** Geometry of one pose, float32 little endian; absent parts were not given. */
struct GeometryParts {
  /** x y z of every vertex, centimetres. */
  std::optional<Bytes> skin;
  std::optional<Bytes> tongue;
  /** 16 floats, column-major. */
  std::optional<Bytes> jaw;
  /** x y z of the right, then of the left eye, degrees. */
  std::optional<Bytes> eyes;
};

/** Server -> client, the mesh itself. */
struct Geometry {
  std::int32_t sid = 0;
  std::int32_t u = 1;
  std::int64_t i = 0;
  std::int64_t t_us = 0;
  GeometryParts parts;
};

enum class UtteranceState : std::uint8_t { kStarted, kAudioDone, kPosesDone, kInterrupted };

/** Server -> client, how far an utterance is. */
struct Utterance {
  std::int32_t sid = 0;
  std::int32_t u = 1;
  UtteranceState state = UtteranceState::kStarted;
  /** Rows sent so far. */
  std::int64_t poses = 0;
  std::int64_t t_us = 0;
  /** With kStarted, where a hash was told: whether the line is known. */
  std::optional<bool> cached;
};

/** Server -> client: sound of u may be sent up to here. */
struct Credit {
  std::int32_t sid = 0;
  std::int32_t u = 1;
  std::int64_t to_us = 0;
};

enum class StatusLevel : std::uint8_t { kInfo, kWarning, kError };

/** Server -> client, something worth knowing that refuses nothing. */
struct Status {
  std::optional<std::int32_t> sid;
  std::optional<std::int32_t> u;
  StatusLevel level = StatusLevel::kInfo;
  std::string code;
  std::string message;
  Values counters;
};

/** Server -> client, a request was accepted. */
struct Ok {
  std::int64_t re = 0;
  std::optional<std::int32_t> sid;
};

/** Server -> client, `error`: a request was refused. */
struct Refusal {
  OptionalId re;
  std::optional<std::int32_t> sid;
  std::int32_t code = 0;
  std::string message;
  OptionalText field;
  std::optional<std::int32_t> retry_s;
};

/** Server -> client, a session is over. */
struct Closed {
  OptionalId re;
  std::int32_t sid = 0;
  std::int32_t code = 0;
  std::string reason;
  std::optional<std::int32_t> retry_s;
};

/** Both directions, the answer to `ping`. */
struct Pong {
  OptionalId re;
  std::int64_t t = 0;
  std::optional<std::int64_t> server_us;
};

/** Both directions. */
struct Ping {
  OptionalId id;
  std::int64_t t = 0;
};

/** Client -> server, a piece of an utterance; server -> client the same for watchers. */
struct Audio {
  OptionalId id;
  std::int32_t sid = 0;
  std::int32_t u = 1;
  /** Sample frame of the utterance at which the piece begins. */
  std::int64_t first = 0;
  Bytes pcm;
  /** In the first one of an utterance, with Open::cache: SHA-256 of all its pcm, 32 bytes. */
  std::optional<Bytes> hash;
};

/** Client -> server, where the sound is; server -> client the same from the clock watcher. */
struct Played {
  OptionalId id;
  std::int32_t sid = 0;
  std::int32_t u = 1;
  std::int64_t t_us = 0;
  /** 0.1 to 10. */
  double rate = 1.0;
  bool is_paused = false;
};

}  // namespace a2f
