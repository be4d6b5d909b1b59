/** What a game has of its own: a server, passwords, names. */

#include "Checks.h"
#include "Client/OwnServer.h"
#include "Client/UniqueNames.h"
#include "Core/Codec.h"
#include "client_stage.h"

using checks::Holds;
using stage::Stage;
using Phase = a2f::ClientState;

namespace {

/** A client at an address of this machine where nothing answers. */
struct Lobby {
  Lobby() { client.Start(now_us); }

  stage::Wire wire;
  a2f::Client client{wire, "ws://127.0.0.1:8765", {}};
  a2f::OwnServer own;
  std::int64_t now_us = 1000000;
  /** What the server says of itself, and how often it was asked to start. */
  std::string url;
  int starts = 0;

  void Tick(std::int64_t us) {
    for (const std::int64_t end_us = now_us + us; now_us < end_us; now_us += 10000) {
      client.Tick(now_us);
      if (own.Tick(client, url, now_us)) ++starts;
    }
  }

  void Greet(const char* instance) {
    client.Connected(now_us);
    a2f::Hello hello;
    hello.instance = instance;
    hello.audio.formats = {"s16le"};
    a2f::Ready ready;
    ready.connection = "c1";
    for (const a2f::Message& message : {a2f::Message(hello), a2f::Message(ready)}) {
      a2f::Encode(message, frame);
      client.Receive({frame.data(), frame.size()}, now_us);
    }
  }

  std::vector<std::uint8_t> frame;
};

}  // namespace

void CheckOwnServer() {
  Lobby lobby;
  lobby.Tick(500000);
  Holds(lobby.starts == 0, "no server is started while the address may still answer");
  lobby.client.Disconnected(1006, "", lobby.now_us);
  lobby.Tick(500000);
  Holds(lobby.starts > 0 && lobby.wire.urls.size() == 1, "nobody answers: one is wanted");
  lobby.url = "ws://127.0.0.1:40001";
  lobby.Tick(10000);
  Holds(lobby.client.Url() == lobby.url && lobby.wire.urls.back() == lobby.url, "the client moves");
  lobby.Greet("first");
  lobby.starts = 0;
  lobby.Tick(1000000);
  Holds(lobby.starts == 0 && lobby.client.State() == Phase::kReady, "and stays there");

  // It crashes: its address goes before the socket is known to be closed.
  lobby.url.clear();
  lobby.Tick(1900000);
  Holds(lobby.starts == 0, "one that crashes is let rest");
  lobby.client.Disconnected(1006, "", lobby.now_us);
  lobby.Tick(200000);
  Holds(lobby.starts > 0, "and started again");
  lobby.Tick(3000000);
  lobby.url = "ws://127.0.0.1:40002";
  lobby.Tick(10000);
  Holds(lobby.wire.urls.back() == lobby.url, "however long it takes, the client moves to the next");
  lobby.Greet("second");
  Holds(lobby.client.State() == Phase::kReady && lobby.client.Restarts() == 1, "and is served");

  // The socket may also close first, or not at all.
  lobby.client.Disconnected(1006, "", lobby.now_us);
  lobby.url.clear();
  lobby.Tick(5000000);
  lobby.url = "ws://127.0.0.1:40003";
  lobby.Tick(10000);
  lobby.Greet("third");
  lobby.url = "ws://127.0.0.1:40004";
  lobby.Tick(10000);
  lobby.Greet("fourth");
  Holds(lobby.client.Url() == lobby.url && lobby.client.State() == Phase::kReady,
        "a third and a fourth time");
  checks::Part("a server of one's own");
}

void CheckCredentials() {
  Lobby lobby;
  lobby.client.Introduce({"game/1", "", "first"});
  lobby.Greet("a");
  const auto without = lobby.wire.Take<a2f::Identify>();
  Holds(without && !without->token, "on the connection that is there nothing changes");
  lobby.client.Disconnected(1006, "", lobby.now_us);
  lobby.Tick(1500000);
  lobby.Greet("a");
  const auto with = lobby.wire.Take<a2f::Identify>();
  Holds(with && with->token == "first" && with->client == "game/1", "on the next one it does");
  checks::Part("credentials");
}

void CheckNames() {
  a2f::UniqueNames names;
  Holds(names.Claim("Ada") == "Ada" && names.Claim("ada") == "ada 2", "a name that is taken");
  Holds(names.Claim("Ada") == "Ada 3", "and once more");
  names.Release("Ada 2");
  names.Release("nobody");
  Holds(names.Claim("Ada") == "Ada 2" && names.Claim("Ada") == "Ada 4",
        "one that was given back is had again; the others keep theirs");
  checks::Part("names");
}
