/** A server in a few lines, so that a whole client can be led through what servers do. */
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "Client/Character.h"
#include "Client/Client.h"

void CheckConversation();
void CheckLoss();
void CheckResume();
void CheckRefusals();
void CheckWatching();
void CheckListening();
void CheckStrangers();
void CheckOwnServer();
void CheckCredentials();
void CheckNames();
void CheckForeignClocks();
void CheckForeignCharacter();
void CheckMemory();
void CheckSources();

namespace stage {

/** A RIFF WAVE file of 16-bit samples. */
std::vector<std::uint8_t> WavFile(int rate, int channels, const std::vector<std::int16_t>& samples);

/** The wire: what the client asks of it, as messages. */
class Wire final : public a2f::Wire {
 public:
  void Connect(const std::string& url, const char* subprotocol) override;
  void Send(const std::uint8_t* frame, std::size_t size) override;
  void Close(int code, const std::string& reason) override;

  /** The oldest message of that kind that was not taken yet; others before it stay. */
  template <typename Kind>
  std::optional<Kind> Take() {
    for (auto it = sent.begin(); it != sent.end(); ++it) {
      if (Kind* found = std::get_if<Kind>(&*it)) {
        Kind kind = std::move(*found);
        sent.erase(it);
        return kind;
      }
    }
    return std::nullopt;
  }

  std::deque<a2f::Message> sent;
  /** Bytes that the messages are views of. */
  std::deque<std::vector<std::uint8_t>> kept;
  std::vector<std::string> urls;
  int closed = 0;
  bool was_refused = false;
};

/** A client with one character, its clock, and the server's words put into its ear. */
struct Stage : a2f::CharacterListener {
  explicit Stage(int rate = 16000);

  Wire wire;
  a2f::Client client{wire, "ws://10.0.0.9:8765", {}};
  a2f::SilentOutput output;
  a2f::Character character{client, output, *this};
  std::int64_t now_us = 1000000;
  std::vector<float> row;
  std::vector<std::string> told;

  /** Begin the session, connect and greet. */
  void Begin(a2f::Open open = {});
  void Greet(const char* instance = "first");
  /** Answer the newest `open`; two curves, 50 poses a second. */
  bool Answer(std::optional<a2f::Received> received = std::nullopt);
  void Hand(const a2f::Message& message);
  void Poses(std::int32_t u, std::int64_t i, int n, float value);
  void Tell(std::int32_t u, a2f::UtteranceState state, std::int64_t poses = 0,
            std::int64_t t_us = 0);
  void Say(double seconds);
  /** Let time pass in frames of 10 ms; the row shown last is kept. */
  void Pass(std::int64_t us);
  /** Frames of sound of an utterance that have come to the server, in order and without a hole. */
  std::int64_t Frames(std::int32_t u);

  void OnRows() override { told.emplace_back("rows"); }
  void OnConnected() override { told.emplace_back("connected"); }
  void OnLineBegun(std::int32_t u) override { told.push_back("begun " + std::to_string(u)); }
  void OnLineEnded(std::int32_t u) override { told.push_back("ended " + std::to_string(u)); }
  void OnError(int code, const std::string&) override {
    told.push_back("error " + std::to_string(code));
  }
  void OnEnded(int code, const std::string&) override {
    told.push_back("over " + std::to_string(code));
  }

  bool Was(const std::string& what) const;

 private:
  std::int32_t sid_ = 0;
  std::int32_t layout_ = 0;
  std::vector<std::uint8_t> frame_;
  std::vector<std::int64_t> next_;
};

}  // namespace stage
