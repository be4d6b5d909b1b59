/** The fields of the messages that clients send, in the order of the wire. */
#pragma once

#include "Shapes.h"

namespace a2f {

template <class F>
void Describe(F& f, Described<F, Ping>& m) {
  f.May("id", m.id, kCountRule);
  f.Need("t", m.t, kCountRule);
}

template <class F>
void Describe(F& f, Described<F, Pong>& m) {
  f.May("re", m.re, kCountRule);
  f.Need("t", m.t, kCountRule);
  f.May("server_us", m.server_us, kCountRule);
}

template <class F>
void Describe(F& f, Described<F, Identify>& m) {
  f.May("id", m.id, kCountRule);
  f.Need("protocol", m.protocol, kPositiveRule);
  f.Need("client", m.client, kNameRule);
  f.May("proof", m.proof, kTokenRule);
  f.May("token", m.token, kTokenRule);
}

template <class F>
void Describe(F& f, Described<F, Open>& m) {
  f.May("id", m.id, kCountRule);
  f.Need("sid", m.sid, kSmallRule);
  f.Need("rig", m.rig, kNameRule);
  f.Need("fps", m.fps, RateRule{});
  f.May("audio", m.audio, kPartRule);
  f.May("model", m.model, kNameRule);
  f.Or("pacing", m.pacing, Words(kPacingWords));
  f.Or("ahead_us", m.ahead_us, WholeRule{250000, 60000000});
  f.May("params", m.params, kValuesRule);
  f.May("curves", m.curves, kSetsRule);
  f.May("emotion", m.emotion, kSharesRule);
  f.Or("want", m.want, ListRule<WordRule>{Words(kWantWords)});
  f.Or("role", m.role, Words(kRoleWords));
  f.May("name", m.name, kNameRule);
  f.Or("clock", m.is_clock, kFlagRule);
  f.May("have", m.have, kNamesRule);
  f.May("table", m.table, AnyMapRule{});
  f.May("resume", m.resume, kTokenRule);
  f.May("cache", m.cache, kFlagRule);
  f.May("weights", m.weights, kSetsRule);
  f.Or("geometry_hz", m.geometry_hz, WholeRule{1, 60});
  f.May("swap", m.swap, kNamesRule);
}

template <class F>
void Describe(F& f, Described<F, Audio>& m) {
  f.May("id", m.id, kCountRule);
  f.Need("sid", m.sid, kSmallRule);
  f.Need("u", m.u, kPositiveRule);
  f.Need("first", m.first, kCountRule);
  f.Need("pcm", m.pcm, BinRule{});
  f.May("hash", m.hash, BinRule{32});
}

template <class F>
void Describe(F& f, Described<F, End>& m) {
  f.May("id", m.id, kCountRule);
  f.Need("sid", m.sid, kSmallRule);
  f.Need("u", m.u, kPositiveRule);
}

template <class F>
void Describe(F& f, Described<F, Emotion>& m) {
  f.May("id", m.id, kCountRule);
  f.Need("sid", m.sid, kSmallRule);
  f.Need("values", m.values, kSharesRule);
  f.May("u", m.u, kPositiveRule);
  f.May("t_us", m.t_us, kCountRule);
  f.Or("transition_us", m.transition_us, WholeRule{0, 60000000});
}

template <class F>
void Describe(F& f, Described<F, Set>& m) {
  f.May("id", m.id, kCountRule);
  f.Need("sid", m.sid, kSmallRule);
  f.May("params", m.params, kValuesRule);
  f.May("curves", m.curves, kSetsRule);
  f.May("swap", m.swap, kNamesRule);
  f.May("visible", m.visible, kFlagRule);
  f.May("model", m.model, kNameRule);
  f.May("rig", m.rig, kNameRule);
  f.May("have", m.have, kNamesRule);
  f.May("fps", m.fps, RateRule{});
  f.May("weights", m.weights, kSetsRule);
}

template <class F>
void Describe(F& f, Described<F, Interrupt>& m) {
  f.May("id", m.id, kCountRule);
  f.Need("sid", m.sid, kSmallRule);
  f.May("u", m.u, kPositiveRule);
  f.May("t_us", m.t_us, kCountRule);
}

template <class F>
void Describe(F& f, Described<F, Played>& m) {
  f.May("id", m.id, kCountRule);
  f.Need("sid", m.sid, kSmallRule);
  f.Need("u", m.u, kPositiveRule);
  f.Need("t_us", m.t_us, kCountRule);
  f.Or("rate", m.rate, RealRule{0.1, 10.0});
  f.Or("paused", m.is_paused, kFlagRule);
}

template <class F>
void Describe(F& f, Described<F, Close>& m) {
  f.May("id", m.id, kCountRule);
  f.Need("sid", m.sid, kSmallRule);
}

}  // namespace a2f
