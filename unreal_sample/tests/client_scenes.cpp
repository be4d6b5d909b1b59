/** Scenes between a client and a server. */

#include <cmath>

#include "Checks.h"
#include "client_stage.h"

using checks::Holds;
using stage::Stage;
using State = a2f::UtteranceState;

void CheckConversation() {
  Stage scene;
  scene.Begin();
  Holds(scene.wire.Take<a2f::Identify>().has_value(), "it identifies itself");
  Holds(scene.Answer() && scene.Was("rows") && scene.Was("connected"), "the session is open");
  scene.Say(1.0);
  Holds(scene.Frames(1) == 16000, "a line is sent as a whole, in order");
  Holds(scene.wire.Take<a2f::End>().has_value(), "and ended");
  scene.Tell(1, State::kStarted);
  scene.Pass(100000);
  Holds(scene.output.HeardFrames(scene.now_us) == 0, "sound waits for poses");
  scene.Poses(1, 0, 50, 0.5F);
  scene.Poses(1, 50, 13, 0.5F);
  scene.Tell(1, State::kAudioDone, 63, 1000000);
  scene.Tell(1, State::kPosesDone, 63, 1240000);
  scene.Pass(500000);
  Holds(std::fabs(scene.row.at(0) - 0.5F) < 1e-5F, "the pose at the play head is shown");
  const auto played = scene.wire.Take<a2f::Played>();
  Holds(played && played->u == 1, "the server is told where the sound is");
  scene.Pass(1500000);
  Holds(scene.Was("begun 1") && scene.Was("ended 1") && scene.row.at(0) == 0.0F,
        "played out: rest");
  Holds(!scene.wire.was_refused, "what it sent can be read");
  scene.Say(1.0);
  scene.Tell(2, State::kStarted);
  scene.Poses(2, 0, 50, 0.8F);
  scene.Pass(300000);
  Holds(scene.row.at(0) > 0.7F, "the next line");
  scene.character.Interrupt(scene.now_us);
  const auto interrupt = scene.wire.Take<a2f::Interrupt>();
  Holds(interrupt && interrupt->u == 2 && interrupt->t_us.value_or(0) > 100000, "barge-in is told");
  scene.Say(0.5);
  scene.Poses(2, 50, 10, 0.9F);
  scene.Tell(2, State::kInterrupted, 60, 1180000);
  scene.Tell(3, State::kStarted);
  scene.Pass(200000);
  Holds(scene.row.at(0) == 0.0F, "late poses of what was interrupted are never shown");
  scene.Poses(3, 0, 38, 0.3F);
  scene.Tell(3, State::kPosesDone, 38, 740000);
  scene.Pass(300000);
  Holds(std::fabs(scene.row.at(0) - 0.3F) < 1e-5F, "the line said at once is");
  checks::Part("conversation");
}

void CheckLoss() {
  Stage scene;
  scene.Begin();
  scene.Answer();
  scene.Say(4.0);
  scene.Tell(1, State::kStarted);
  for (int k = 0; k < 4; ++k) scene.Poses(1, 50 * k, 50, 0.5F);
  scene.Pass(1000000);
  scene.wire.sent.clear();
  scene.client.Disconnected(1006, "", scene.now_us);
  Holds(scene.client.State() == a2f::ClientState::kWaiting, "it waits for the next try");
  scene.Pass(500000);
  Holds(std::fabs(scene.row.at(0) - 0.5F) < 1e-5F, "the face goes on as far as poses have come");
  scene.Pass(600000);
  Holds(scene.wire.urls.size() == 2, "it tries again after a second");
  scene.Greet("second");
  Holds(scene.client.Restarts() == 1, "another run of the server is known");
  const auto open = scene.wire.Take<a2f::Open>();
  Holds(open && open->resume == "token1", "it asks for its session");
  a2f::Refusal refusal;
  refusal.re = open->id;
  refusal.sid = open->sid;
  refusal.code = 4404;
  scene.Hand(refusal);
  a2f::Closed closed;
  closed.sid = open->sid;
  closed.code = 4404;
  scene.Hand(closed);
  scene.wire.sent.erase(scene.wire.sent.begin(), scene.wire.sent.end() - 1);
  Holds(scene.Answer(), "and opens it afresh where there is none");
  const auto audio = scene.wire.Take<a2f::Audio>();
  Holds(audio && audio->u == 1 && audio->first > 16000 && audio->first < 32000,
        "the line is taken up a look-back before the play head");
  scene.client.Disconnected(4490, "", scene.now_us);
  Holds(scene.client.State() == a2f::ClientState::kClosed && scene.Was("over 4490"),
        "taken over: no more tries");
  scene.Pass(100000);
  Holds(scene.row.size() == 2, "a face without a session keeps its rows");
  checks::Part("loss");
}

void CheckResume() {
  Stage scene;
  scene.Begin();
  scene.Answer();
  scene.Say(2.0);
  scene.Tell(1, State::kStarted);
  scene.Poses(1, 0, 50, 0.5F);
  scene.client.Disconnected(1006, "", scene.now_us);
  scene.Pass(1100000);
  scene.wire.sent.clear();
  scene.Greet();
  a2f::Received received;
  received.u = 1;
  received.to_us = 1500000;
  Holds(scene.Answer(received) && scene.client.Restarts() == 0, "the same run of the server");
  const auto audio = scene.wire.Take<a2f::Audio>();
  Holds(audio && audio->first == 24000, "sound goes on where the server has it");
  Holds(!scene.wire.Take<a2f::Audio>()->pcm.size == false, "in further messages");
  a2f::Values joy{{"joy", 0.5}};
  scene.character.Feel(joy, 300000);
  const auto emotion = scene.wire.Take<a2f::Emotion>();
  Holds(emotion.has_value(), "an emotion is asked for");
  scene.client.Disconnected(1006, "", scene.now_us);
  scene.Pass(2100000);
  scene.wire.sent.clear();
  scene.Greet();
  Holds(scene.Answer(received), "lost before its answer");
  Holds(scene.wire.Take<a2f::Emotion>().has_value(), "it is asked for again");
  checks::Part("resume");
}

void CheckRefusals() {
  Stage scene;
  scene.client.Start(scene.now_us);
  scene.Pass(8200000);
  Holds(scene.wire.closed == 1 && scene.client.State() == a2f::ClientState::kWaiting,
        "a socket that never opens is given up");
  Holds(!scene.client.WantsLocalServer(), "elsewhere no server of one's own is wanted");
  scene.client.Redirect("ws://127.0.0.1:1", scene.now_us);
  scene.client.Disconnected(1006, "", scene.now_us);
  Holds(scene.client.WantsLocalServer(), "on this machine it is");
  a2f::Open open;
  scene.character.Begin(open);
  scene.client.Start(scene.now_us);
  scene.Greet();
  const auto asked = scene.wire.Take<a2f::Open>();
  a2f::Refusal refusal;
  refusal.re = asked->id;
  refusal.sid = asked->sid;
  refusal.code = 4404;
  refusal.message = "found rig 'x', wanted one of arkit";
  scene.Hand(refusal);
  Holds(scene.Was("error 4404") && scene.Was("over 4404"), "a rig that is not there ends it");
  Holds(scene.character.Doing().problem == refusal.message, "and the doctor says why");
  scene.character.Begin(open);
  const auto again = scene.wire.Take<a2f::Open>();
  refusal.re = again->id;
  refusal.sid = again->sid;
  refusal.code = 4429;
  refusal.retry_s = 3;
  scene.Hand(refusal);
  scene.Pass(2900000);
  Holds(!scene.wire.Take<a2f::Open>(), "a full server is left alone for as long as it says");
  scene.Pass(300000);
  Holds(scene.wire.Take<a2f::Open>().has_value(), "and then asked again");
  const std::uint8_t garbage[] = {0xc1, 0xff};
  scene.client.Receive({garbage, 2}, scene.now_us);
  Holds(scene.client.State() == a2f::ClientState::kClosed, "bytes that are no message end it");
  checks::Part("refusals");
}

void CheckWatching() {
  Stage scene;
  a2f::Open open;
  open.role = a2f::Role::kWatch;
  open.name = "hall";
  scene.Begin(open);
  Holds(scene.Answer(), "a watcher is let in");
  std::vector<std::uint8_t> pcm(3200, 1);
  const auto speak = [&](std::int32_t u, std::int64_t first) {
    a2f::Audio audio;
    audio.sid = 1;
    audio.u = u;
    audio.first = first;
    audio.pcm = {pcm.data(), pcm.size()};
    scene.Hand(audio);
  };
  scene.Tell(5, State::kStarted);
  for (int k = 0; k < 10; ++k) speak(5, 1600 * k);
  scene.Poses(5, 0, 63, 0.5F);
  scene.Tell(5, State::kAudioDone, 63, 1000000);
  scene.Tell(5, State::kPosesDone, 63, 1240000);
  scene.Pass(600000);
  Holds(std::fabs(scene.row.at(0) - 0.5F) < 1e-5F, "what is said elsewhere is shown");
  scene.Pass(1400000);
  Holds(scene.Was("ended 5"), "and heard to its end");
  scene.Tell(1, State::kStarted);
  for (int k = 0; k < 5; ++k) speak(1, 1600 * k);
  scene.Poses(1, 0, 38, 0.7F);
  scene.Pass(400000);
  Holds(scene.Was("begun 6") && std::fabs(scene.row.at(0) - 0.7F) < 1e-5F,
        "a speaker who comes anew has numbers that rise here");
  checks::Part("watching");
}

void CheckListening() {
  Stage scene;
  a2f::Open open;
  a2f::AudioFormat format;
  format.source = a2f::AudioSource::kMic;
  open.audio = format;
  scene.Begin(open);
  scene.Answer();
  const std::vector<float> block(160, 0.1F);
  for (int k = 0; k < 100; ++k) {
    scene.character.Hear(block.data(), block.size(), scene.now_us);
    if (k == 1) scene.Tell(1, State::kStarted);
    if (k >= 12 && k % 2 == 0) scene.Poses(1, (k - 12) / 2, 1, 0.6F);
    scene.Pass(10000);
  }
  Holds(scene.Frames(1) >= 15000, "a microphone is sent as it comes");
  Holds(std::fabs(scene.row.at(0) - 0.6F) < 1e-5F, "its face follows");
  Holds(scene.output.PutFrames() == 0, "and nobody hears it here");
  scene.character.Interrupt(scene.now_us);
  scene.Pass(300000);
  Holds(scene.row.at(0) == 0.0F, "it can be stopped");
  checks::Part("listening");
}
