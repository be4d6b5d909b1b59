#include "Codec.h"

#include <utility>

#include "RequestShapes.h"

namespace a2f {

namespace {

constexpr const char* kOpNames[kOps] = {
    "hello",  "ready", "opened", "rest",     "poses", "audio", "played",  "geometry",
    "utterance", "credit", "status", "ok",   "error", "closed", "ping",   "pong",
    "identify", "open", "end",   "emotion",  "set",   "interrupt", "close"};

/** What no single field tells. */
template <class T>
void CheckWhole(FieldReader&, const T&) {}

void CheckRows(FieldReader& reader, Bytes data, std::int32_t rows) {
  if (data.size % (4 * static_cast<std::size_t>(rows)) == 0) return;
  reader.Refuse(kBadValue, "data", std::to_string(data.size) + " bytes",
                std::to_string(rows) + " rows of floats");
}

void CheckWhole(FieldReader& reader, const Rest& m) { CheckRows(reader, m.data, 1); }

void CheckWhole(FieldReader& reader, const Poses& m) { CheckRows(reader, m.data, m.n); }

void CheckWhole(FieldReader& reader, const Opened& m) {
  const std::size_t wanted = m.curves.size() + 7 * m.transforms.size();
  if (static_cast<std::size_t>(m.row) == wanted) return;
  reader.Refuse(kBadValue, "row", std::to_string(m.row),
                std::to_string(wanted) + ": curves + 7 * transforms");
}

void CheckWhole(FieldReader& reader, const Open& m) {
  if (m.role == Role::kSpeak && !m.audio) reader.Refuse(kMistyped, "audio", "nothing", "a format");
  if (m.role == Role::kWatch && !m.name) reader.Refuse(kMistyped, "name", "nothing", "a name");
}

void CheckWhole(FieldReader& reader, const Emotion& m) {
  if (m.u && !m.t_us) reader.Refuse(kMistyped, "t_us", "nothing", "a time, as there is u");
  if (m.t_us && !m.u) reader.Refuse(kMistyped, "u", "nothing", "an utterance, as there is t_us");
}

template <std::size_t K>
void ReadAs(FieldReader& reader, Message& message) {
  auto& m = message.emplace<K>();
  Describe(reader, m);
  if (!reader.HasFailed()) CheckWhole(reader, std::as_const(m));
}

using ReadMessage = void (*)(FieldReader&, Message&);

template <std::size_t... K>
constexpr std::array<ReadMessage, kOps> ReadersOf(std::index_sequence<K...>) {
  return {&ReadAs<K>...};
}

constexpr std::array<ReadMessage, kOps> kReaders = ReadersOf(std::make_index_sequence<kOps>());

template <std::size_t K>
void WriteAs(const Message& message, const char* name, Packer& packer) {
  const auto& m = *std::get_if<K>(&message);
  FieldCounter counter;
  Describe(counter, m);
  packer.Map(counter.count + 1);
  packer.Text("op");
  packer.Text(name);
  FieldWriter writer(packer);
  Describe(writer, m);
}

using WriteMessage = void (*)(const Message&, const char*, Packer&);

template <std::size_t... K>
constexpr std::array<WriteMessage, kOps> WritersOf(std::index_sequence<K...>) {
  return {&WriteAs<K>...};
}

constexpr std::array<WriteMessage, kOps> kWriters = WritersOf(std::make_index_sequence<kOps>());

}  // namespace

const char* OpName(Op op) { return kOpNames[static_cast<std::size_t>(op)]; }

Outcome Codec::Decode(Bytes frame, Message& message, Fault& fault) {
  if (const char* why = check_.Look(frame)) {
    fault = {kMistyped, std::string("not a message: ") + why, {}, true};
    return Outcome::kRefused;
  }
  Cursor cursor(frame);
  Plain head;
  cursor.Next(head);
  Reading reading;
  reading.fault = &fault;
  FieldReader reader(reading, cursor, head.count);
  Cursor at;
  Plain op;
  if (!reader.Find("op", at) || !at.Next(op) || op.kind != Kind::kText) {
    reader.Refuse(kMistyped, "op", "none", "text");
    return Outcome::kRefused;
  }
  for (std::size_t k = 0; k < kOps; ++k) {
    if (op.Text() != kOpNames[k]) continue;
    kReaders[k](reader, message);
    return reader.HasFailed() ? Outcome::kRefused : Outcome::kMessage;
  }
  return Outcome::kIgnored;
}

void Encode(const Message& message, std::vector<std::uint8_t>& frame) {
  frame.clear();
  Packer packer(frame);
  const std::size_t k = message.index();
  kWriters[k](message, kOpNames[k], packer);
}

}  // namespace a2f
