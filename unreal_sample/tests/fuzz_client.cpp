/**
 * libFuzzer: a whole conversation. The input is a row of frames, each behind its length in two
 * bytes; the client greets, takes what comes, shows it and says something itself now and then.
 */

#include <cmath>
#include <cstdlib>
#include <vector>

#include "Core/ClientProtocol.h"
#include "Core/Idle.h"
#include "Core/PosePlayer.h"

namespace {

/** What the client does about a message; the player must bear anything. */
void Take(const a2f::Message& message, a2f::PosePlayer& player) {
  if (const auto* opened = std::get_if<a2f::Opened>(&message)) {
    player.TakeOpened(*opened);
  } else if (const auto* rest = std::get_if<a2f::Rest>(&message)) {
    player.TakeRest(rest->layout, rest->data);
  } else if (const auto* poses = std::get_if<a2f::Poses>(&message)) {
    player.TakePoses(poses->u, poses->layout, poses->i, poses->data);
  } else if (const auto* told = std::get_if<a2f::Utterance>(&message)) {
    player.TakeUtterance(told->u, told->state, told->poses, told->t_us);
  } else if (const auto* credit = std::get_if<a2f::Credit>(&message)) {
    player.Listen(credit->u, credit->to_us);
  } else if (const auto* played = std::get_if<a2f::Played>(&message)) {
    player.rate = played->rate;
    player.is_paused = played->is_paused;
    player.Cue(played->u, played->t_us);
  } else if (const auto* status = std::get_if<a2f::Status>(&message)) {
    if (status->u && status->level == a2f::StatusLevel::kError) player.Interrupt(*status->u);
  }
}

/** What is shown is finite, whatever came. */
void Show(a2f::PosePlayer& player, std::int32_t u, std::optional<std::int64_t> play_us,
          std::int64_t now_us) {
  const a2f::RowView row = player.Sample(u, play_us, now_us);
  std::vector<float> shown(row.data, row.data + row.size);
  if (row.size != player.Shown().Row()) std::abort();
  const auto offsets = a2f::IdleOffsetsAt(static_cast<std::uint32_t>(now_us), now_us, a2f::IdleLevel::kAlive);
  for (const float amount : offsets) {
    if (!std::isfinite(amount)) std::abort();
  }
  a2f::ApplyIdle(shown.data(), shown.size(), offsets, player.Shown().idle);
  for (const float value : shown) {
    if (!std::isfinite(value)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  a2f::ClientProtocol protocol;
  a2f::PosePlayer player;
  std::vector<std::uint8_t> sent;
  std::int64_t now_us = 0;
  for (std::size_t at = 0; at + 2 <= size;) {
    const std::size_t told = static_cast<std::size_t>(data[at]) << 8 | data[at + 1];
    at += 2;
    const std::size_t length = told < size - at ? told : size - at;
    const std::vector<std::uint8_t> frame(data + at, data + at + length);
    at += length;
    const a2f::Outcome outcome = protocol.Receive({frame.data(), frame.size()});
    if (outcome == a2f::Outcome::kMessage) Take(protocol.Last(), player);
    if (outcome == a2f::Outcome::kRefused && protocol.LastFault().closes) protocol.Close();
    protocol.Send(a2f::Identify{{}, 1, "fuzz/1", {}, {}}, sent);
    now_us += 16667 + static_cast<std::int64_t>(told) * 97;
    const auto u = static_cast<std::int32_t>(told & 7);
    Show(player, u, player.LiveUs(u, now_us), now_us);
    Show(player, u, now_us / 2, now_us);
  }
  return 0;
}
