#include "ClipReader.h"

#include <algorithm>

#include "Shapes.h"

namespace a2f {

namespace {

constexpr std::uint8_t kMagic[] = {0xa8, 'a', '2', 'f', 'c', 'l', 'i', 'p', '1'};
constexpr std::size_t kClipBytes = std::size_t{256} << 20;
constexpr std::size_t kPartBytes = std::size_t{4} << 20;
constexpr std::uint8_t kBin32 = 0xc6;
constexpr std::size_t kPartHeader = 5;
/** Parts that come first, in this order: clip, opened, rest, utterance "started". */
constexpr std::size_t kHeadPart = 0, kOpenedPart = 1, kRestPart = 2, kStartedPart = 3;

/** `sound` of the head, whose fields are those of the format and three more. */
struct ClipSound {
  std::array<std::uint8_t, 32> hash{};
  AudioFormat format;
  std::int64_t frames = 0;
};

template <class F>
void Describe(F& f, Described<F, ClipSound>& m) {
  f.Need("hash", m.hash, BinRule{32});
  f.Need("format", m.format.format, Words(kFormatWords));
  f.Need("rate", m.format.rate, WholeRule{8000, 192000});
  f.Need("channels", m.format.channels, WholeRule{1, 8});
  f.Need("frames", m.frames, kCountRule);
}

bool HasTwice(Names names, std::string& twin) {
  std::sort(names.begin(), names.end());
  const auto found = std::adjacent_find(names.begin(), names.end());
  if (found != names.end()) twin = *found;
  return found != names.end();
}

}  // namespace

bool ClipReader::Refuse(const std::string& text) {
  why_ = {kBadValue, "part " + std::to_string(part_) + ": " + text, {}, false};
  return false;
}

bool ClipReader::Read(Bytes content) {
  if (content.size > kClipBytes) return Refuse("found more than 256 MiB");
  const bool has_magic = content.size >= sizeof kMagic &&
                         std::equal(std::begin(kMagic), std::end(kMagic), content.data);
  if (!has_magic) return Refuse("found another beginning, wanted a2fclip1");
  for (std::size_t at = sizeof kMagic; at < content.size; ++part_) {
    const std::uint8_t* const head = content.data + at;
    if (content.size - at < kPartHeader) return Refuse("is cut off before a length");
    if (head[0] != kBin32) return Refuse("found another type, wanted a bin 32");
    std::size_t size = 0;
    for (std::size_t k = 1; k < kPartHeader; ++k) size = size << 8 | head[k];
    if (size > kPartBytes) return Refuse("found more than 4 MiB");
    at += kPartHeader;
    if (size > content.size - at) return Refuse("is cut off in a message");
    if (!Part({content.data + at, size})) return false;
    at += size;
  }
  return is_over_ || Refuse("found the end, wanted utterance poses_done before it");
}

bool ClipReader::Part(Bytes frame) {
  Fault fault;
  const Outcome outcome = codec_.Decode(frame, message_, fault);
  if (outcome == Outcome::kRefused) return Refuse(fault.message);
  if (outcome == Outcome::kIgnored) return Head(frame);
  if (is_over_) return Refuse("found a message, wanted nothing behind the poses");
  if (!Take(message_)) return false;
  ++taken_;
  return true;
}

bool ClipReader::Head(Bytes frame) {
  Cursor cursor(frame);
  Plain map;
  cursor.Next(map);
  Fault fault;
  Reading reading;
  reading.fault = &fault;
  FieldReader reader(reading, cursor, map.count);
  Cursor at;
  Plain op;
  if (!reader.Find("op", at) || !at.Next(op) || op.Text() != "clip") return true;
  if (is_over_ || taken_ != kHeadPart) return Refuse("found clip, wanted it first and once");
  ClipHead& m = clip_.head_;
  ClipSound sound;
  reader.Need("protocol", m.protocol, kSmallRule);
  reader.Need("maker", m.maker, kTextRule);
  reader.Need("source", m.source, kTextRule);
  reader.Need("sound", sound, kPartRule);
  reader.Need("poses", m.poses, kCountRule);
  reader.Need("emotion", m.emotion, MapRule<RealRule>{kShareRule});
  reader.May("key", m.key, BinRule{32});
  reader.Or("line", m.line, MapRule<TextRule>{kTextRule});
  if (reading.has_failed) return Refuse(fault.message);
  if (m.protocol != kVersion) {
    return Refuse("protocol: found " + std::to_string(m.protocol) + ", wanted 1");
  }
  m.sound_hash = sound.hash;
  m.sound = sound.format;
  m.frames = sound.frames;
  ++taken_;
  return true;
}

bool ClipReader::Take(const Message& message) {
  const auto* const told = std::get_if<Utterance>(&message);
  const auto* const poses = std::get_if<Poses>(&message);
  const auto* const opened = std::get_if<Opened>(&message);
  const auto* const rest = std::get_if<Rest>(&message);
  if (taken_ == kOpenedPart && opened) return TakeOpened(*opened);
  if (taken_ == kRestPart && rest) return TakeRest(*rest);
  if (taken_ >= kStartedPart && told) return TakeState(*told);
  if (taken_ > kStartedPart && poses) return TakePoses(*poses);
  return Refuse(std::string("found ") + OpName(static_cast<Op>(message.index())) +
                ", wanted clip, opened, rest, utterance, then poses and utterance");
}

bool ClipReader::IsSame(std::int32_t sid, std::int32_t layout, std::int32_t u) {
  const Opened& opened = clip_.opened_;
  const bool is_same = sid == opened.sid && layout == opened.layout && (u_ == 0 || u == u_);
  return is_same || Refuse("sid, layout or u: found another one, wanted the same in all parts");
}

bool ClipReader::TakeOpened(const Opened& opened) {
  clip_.opened_ = opened;
  return HasNames(opened) && HasPlaces(opened);
}

bool ClipReader::HasNames(const Opened& opened) {
  std::string twin;
  if (HasTwice(opened.curves, twin)) return Refuse("curves: found " + twin + " twice");
  return !HasTwice(opened.transforms, twin) || Refuse("transforms: found " + twin + " twice");
}

bool ClipReader::HasPlaces(const Opened& opened) {
  const std::size_t curves = opened.curves.size();
  for (const auto& [role, place] : opened.idle) {
    const auto index = static_cast<std::size_t>(place.index);
    std::size_t known = 0;
    while (known < kIdleRoles && role != IdleRoleName(known)) ++known;
    const bool is_head = known == kIdleHead;
    if (is_head && (index < curves || (index - curves) % kTransform != 0)) {
      return Refuse("idle.head: found another place, wanted the first one of a transform");
    }
    const std::size_t most = known < kIdleHead ? curves : static_cast<std::size_t>(opened.row);
    if (index >= most) {
      return Refuse("idle." + role + ": found place " + std::to_string(index) +
                    ", wanted one below " + std::to_string(most));
    }
  }
  return true;
}

bool ClipReader::TakeRest(const Rest& rest) {
  return IsSame(rest.sid, rest.layout, 0) && Floats(rest.data, 1, clip_.rest_);
}

bool ClipReader::TakePoses(const Poses& poses) {
  if (!IsSame(poses.sid, poses.layout, poses.u)) return false;
  if (poses_ == 0) clip_.first_ = poses.i;
  const std::int64_t wanted = clip_.first_ + poses_;
  if (poses.i != wanted) {
    return Refuse("i: found " + std::to_string(poses.i) + ", wanted " + std::to_string(wanted));
  }
  const std::int64_t t_us = clip_.opened_.fps.TimeUs(poses.i);
  if (poses.t_us != t_us) {
    return Refuse("t_us: found " + std::to_string(poses.t_us) + ", wanted " + std::to_string(t_us));
  }
  poses_ += poses.n;
  return Floats(poses.data, poses.n, clip_.rows_);
}

bool ClipReader::TakeState(const Utterance& told) {
  if (!IsSame(told.sid, clip_.opened_.layout, told.u)) return false;
  if (taken_ == kStartedPart) {
    if (told.state != UtteranceState::kStarted) return Refuse("found another state, wanted started");
    u_ = told.u;
    clip_.start_us_ = clip_.sound_end_us_ = clip_.end_us_ = told.t_us;
    return true;
  }
  if (told.state == UtteranceState::kPosesDone) return Finish(told);
  const bool is_end = told.state == UtteranceState::kAudioDone && !is_heard_ &&
                      told.t_us >= clip_.start_us_;
  if (!is_end) return Refuse("found a state at a time, which cannot be here");
  is_heard_ = true;
  clip_.sound_end_us_ = told.t_us;
  return true;
}

bool ClipReader::Finish(const Utterance& told) {
  if (poses_ > 0) clip_.end_us_ = clip_.opened_.fps.TimeUs(clip_.first_ + poses_ - 1);
  const bool is_whole =
      told.poses == poses_ && clip_.head_.poses == poses_ && told.t_us == clip_.end_us_;
  is_over_ = true;
  return is_whole || Refuse("found " + std::to_string(told.poses) + " poses to " +
                            std::to_string(told.t_us) + ", wanted " + std::to_string(poses_) +
                            " to " + std::to_string(clip_.end_us_));
}

/** Append so many rows; they are whole and finite. */
bool ClipReader::Floats(Bytes data, std::int32_t rows, std::vector<float>& floats) {
  const std::size_t count = static_cast<std::size_t>(rows) *
                            static_cast<std::size_t>(clip_.opened_.row);
  if (data.size != 4 * count) {
    return Refuse("data: found " + std::to_string(data.size) + " bytes, wanted " +
                  std::to_string(4 * count));
  }
  return AppendFloats(data, floats) || Refuse("data: found a value that is not finite");
}

}  // namespace a2f
