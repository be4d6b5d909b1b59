#include "samples.h"

a2f::Opened OpenedOf(std::int32_t layout, std::size_t curves) {
  a2f::Opened opened;
  opened.layout = layout;
  opened.curves.resize(curves);
  opened.row = static_cast<std::int32_t>(curves);
  return opened;
}

std::vector<a2f::Message> Replies() {
  return {a2f::Hello{}, a2f::Ready{}, OpenedOf(1, 0), a2f::Rest{0, 1, {}}, a2f::Poses{0, 1, 1, 0, 0, 1, {}},
          a2f::Audio{}, a2f::Played{}, a2f::Geometry{}, a2f::Utterance{}, a2f::Credit{},
          a2f::Status{}, a2f::Ok{}, a2f::Refusal{{}, {}, 4400, "x", {}, {}},
          a2f::Closed{{}, 0, 1000, "x", {}}, a2f::Ping{}, a2f::Pong{}};
}

std::vector<a2f::Message> Requests() {
  a2f::Open open;
  open.audio = a2f::AudioFormat{};
  return {a2f::Identify{{}, 1, "x/1", {}, {}}, open, a2f::Audio{}, a2f::End{}, a2f::Emotion{}, a2f::Set{},
          a2f::Interrupt{}, a2f::Played{}, a2f::Close{}, a2f::Ping{}, a2f::Pong{}};
}
