/** The fields of every message in the order of the wire, for reading and writing alike. */
#pragma once

#include "Fields.h"
#include "Requests.h"

namespace a2f {

constexpr WholeRule kCountRule{0, kInt53};
constexpr WholeRule kSmallRule{0, kInt31};
constexpr WholeRule kPositiveRule{1, kInt31};
constexpr WholeRule kCodeRule{1000, 4999};
constexpr RealRule kValueRule{-1e6, 1e6};
constexpr RealRule kShareRule{0.0, 1.0};
constexpr TextRule kTextRule{};
constexpr TextRule kNameRule{1, 64};
constexpr TextRule kTokenRule{1, 4096};
constexpr FlagRule kFlagRule{};
constexpr PartRule kPartRule{};
constexpr ListRule<TextRule> kTextsRule{kTextRule};
constexpr ListRule<TextRule> kNamesRule{kNameRule};
constexpr MapRule<RealRule> kValuesRule{kValueRule, 1};
constexpr MapRule<RealRule> kSharesRule{kShareRule, 1};
constexpr MapRule<PartRule> kSetsRule{kPartRule, 1};

constexpr const char* kFormatWords[] = {"s16le", "f32le", "ulaw", "alaw"};
constexpr const char* kSourceWords[] = {"line", "mic"};
constexpr const char* kAuthWords[] = {"none", "challenge", "token"};
constexpr const char* kStateWords[] = {"started", "audio_done", "poses_done", "interrupted"};
constexpr const char* kLevelWords[] = {"info", "warning", "error"};
constexpr const char* kPacingWords[] = {"live", "burst"};
constexpr const char* kRoleWords[] = {"speak", "watch"};
constexpr const char* kWantWords[] = {"audio", "geometry", "status"};

template <std::size_t N>
constexpr WordRule Words(const char* const (&words)[N]) {
  return {words, N};
}

template <class F>
void Describe(F& f, Described<F, AudioFormat>& m) {
  f.Need("format", m.format, Words(kFormatWords));
  f.Need("rate", m.rate, WholeRule{8000, 192000});
  f.Or("channels", m.channels, WholeRule{1, 8});
  f.Or("source", m.source, Words(kSourceWords));
}

template <class F>
void Describe(F& f, Described<F, CurveSet>& m) {
  f.May("gain", m.gain, kValueRule);
  f.May("offset", m.offset, kValueRule);
  f.May("min", m.least, kValueRule);
  f.May("max", m.most, kValueRule);
}

template <class F>
void Describe(F& f, Described<F, WeightSet>& m) {
  f.May("gain", m.gain, RealRule{-10.0, 10.0});
  f.May("offset", m.offset, RealRule{-10.0, 10.0});
}

template <class F>
void Describe(F& f, Described<F, ParamInfo>& m) {
  f.Need("name", m.name, kTextRule);
  f.Need("min", m.least, kValueRule);
  f.Need("max", m.most, kValueRule);
  f.Need("default", m.preset, kValueRule);
}

template <class F>
void Describe(F& f, Described<F, ModelInfo>& m) {
  f.Need("name", m.name, kTextRule);
  f.Need("look_ahead_us", m.look_ahead_us, kCountRule);
  f.Need("look_back_us", m.look_back_us, kCountRule);
  f.Need("emotions", m.emotions, kTextsRule);
  f.Need("fps_max", m.fps_max, kPositiveRule);
  f.Or("params", m.params, ListRule<PartRule>{});
}

template <class F>
void Describe(F& f, Described<F, Auth>& m) {
  f.Or("kind", m.kind, Words(kAuthWords));
  f.May("salt", m.salt, kTextRule);
  f.May("challenge", m.challenge, kTextRule);
}

template <class F>
void Describe(F& f, Described<F, AudioOffer>& m) {
  f.Need("formats", m.formats, kTextsRule);
  f.Need("rate", m.rate, PairRule{kSmallRule});
  f.Need("channels_max", m.channels_max, kSmallRule);
}

template <class F>
void Describe(F& f, Described<F, Received>& m) {
  f.Need("u", m.u, kPositiveRule);
  f.Need("to_us", m.to_us, kCountRule);
}

template <class F>
void Describe(F& f, Described<F, GeometryParts>& m) {
  f.May("skin", m.skin, BinRule{});
  f.May("tongue", m.tongue, BinRule{});
  f.May("jaw", m.jaw, BinRule{64});
  f.May("eyes", m.eyes, BinRule{24});
}

template <class F>
void Describe(F& f, Described<F, Hello>& m) {
  f.Need("protocol", m.protocol, kPositiveRule);
  f.Need("server", m.server, kTextRule);
  f.Need("instance", m.instance, kTextRule);
  f.Or("auth", m.auth, kPartRule);
  f.Need("models", m.models, ListRule<PartRule>{});
  f.Need("rigs", m.rigs, kTextsRule);
  f.Need("audio", m.audio, kPartRule);
  f.Or("capabilities", m.capabilities, kTextsRule);
  f.Need("limits", m.limits, MapRule<FigureRule>{});
}

template <class F>
void Describe(F& f, Described<F, Ready>& m) {
  f.May("re", m.re, kCountRule);
  f.Need("connection", m.connection, kTextRule);
}

template <class F>
void Describe(F& f, Described<F, Opened>& m) {
  f.May("re", m.re, kCountRule);
  f.Need("sid", m.sid, kSmallRule);
  f.Need("layout", m.layout, kPositiveRule);
  f.Need("model", m.model, kTextRule);
  f.Need("rig", m.rig, kTextRule);
  f.Need("fps", m.fps, RateRule{});
  f.Need("curves", m.curves, kTextsRule);
  f.Need("transforms", m.transforms, kTextsRule);
  f.Need("row", m.row, kSmallRule);
  f.Need("idle", m.idle, MapRule<PlaceRule>{});
  f.Need("look_ahead_us", m.look_ahead_us, kCountRule);
  f.Need("look_back_us", m.look_back_us, kCountRule);
  f.Need("credit_us", m.credit_us, kCountRule);
  f.Or("missing", m.missing, kTextsRule);
  f.Or("unmatched", m.unmatched, kTextsRule);
  f.May("audio", m.audio, kPartRule);
  f.May("resume", m.resume, kTokenRule);
  f.May("received", m.received, kPartRule);
}

template <class F>
void Describe(F& f, Described<F, Rest>& m) {
  f.Need("sid", m.sid, kSmallRule);
  f.Need("layout", m.layout, kPositiveRule);
  f.Need("data", m.data, BinRule{});
}

template <class F>
void Describe(F& f, Described<F, Poses>& m) {
  f.Need("sid", m.sid, kSmallRule);
  f.Need("u", m.u, kPositiveRule);
  f.Need("layout", m.layout, kPositiveRule);
  f.Need("i", m.i, kCountRule);
  f.Need("t_us", m.t_us, kCountRule);
  f.Need("n", m.n, WholeRule{1, 64});
  f.Need("data", m.data, BinRule{});
}

template <class F>
void Describe(F& f, Described<F, Geometry>& m) {
  f.Need("sid", m.sid, kSmallRule);
  f.Need("u", m.u, kPositiveRule);
  f.Need("i", m.i, kCountRule);
  f.Need("t_us", m.t_us, kCountRule);
  f.Need("parts", m.parts, kPartRule);
}

template <class F>
void Describe(F& f, Described<F, Utterance>& m) {
  f.Need("sid", m.sid, kSmallRule);
  f.Need("u", m.u, kPositiveRule);
  f.Need("state", m.state, Words(kStateWords));
  f.Need("poses", m.poses, kCountRule);
  f.Need("t_us", m.t_us, kCountRule);
  f.May("cached", m.cached, kFlagRule);
}

template <class F>
void Describe(F& f, Described<F, Credit>& m) {
  f.Need("sid", m.sid, kSmallRule);
  f.Need("u", m.u, kPositiveRule);
  f.Need("to_us", m.to_us, kCountRule);
}

template <class F>
void Describe(F& f, Described<F, Status>& m) {
  f.May("sid", m.sid, kSmallRule);
  f.May("u", m.u, kPositiveRule);
  f.Need("level", m.level, Words(kLevelWords));
  f.Need("code", m.code, kTextRule);
  f.Need("message", m.message, kTextRule);
  f.Or("counters", m.counters, MapRule<FigureRule>{});
}

template <class F>
void Describe(F& f, Described<F, Ok>& m) {
  f.Need("re", m.re, kCountRule);
  f.May("sid", m.sid, kSmallRule);
}

template <class F>
void Describe(F& f, Described<F, Refusal>& m) {
  f.May("re", m.re, kCountRule);
  f.May("sid", m.sid, kSmallRule);
  f.Need("code", m.code, kCodeRule);
  f.Need("message", m.message, kTextRule);
  f.May("field", m.field, kTextRule);
  f.May("retry_s", m.retry_s, kSmallRule);
}

template <class F>
void Describe(F& f, Described<F, Closed>& m) {
  f.May("re", m.re, kCountRule);
  f.Need("sid", m.sid, kSmallRule);
  f.Need("code", m.code, kCodeRule);
  f.Need("reason", m.reason, kTextRule);
  f.May("retry_s", m.retry_s, kSmallRule);
}

}  // namespace a2f
