"""Both halves of a connection, back to back: frames of one go into the other."""

import msgpack
import pytest

from a2f_ws.errors import MisuseError, PeerError
from a2f_ws.wire.client_protocol import ClientProtocol
from a2f_ws.wire.codec import encode
from a2f_ws.wire.greeting import AudioOffer, Hello, Ready
from a2f_ws.wire.messages import AudioFormat
from a2f_ws.wire.replies import Credit, Error, Ok, Opened, Pong, Poses, Rest, Utterance
from a2f_ws.wire.requests import Audio, End, Identify, Open, Ping
from a2f_ws.wire.server_protocol import STRANGER_BYTES, ServerProtocol
from a2f_ws.wire.states import ClientState, ServerState

HELLO = Hello(
    protocol=1,
    server="a2f-ws/0.1.0",
    instance="i",
    models=(),
    rigs=("arkit",),
    audio=AudioOffer(formats=("s16le",), rate=(8000, 192_000), channels_max=8),
    limits={},
)
IDENTIFY = Identify(protocol=1, client="test/1")
OPEN = Open(id=1, sid=0, rig="arkit", fps=60, audio=AudioFormat(format="s16le", rate=16000))
OPENED = Opened(
    re=1,
    sid=0,
    layout=1,
    model="m",
    rig="arkit",
    fps=60,
    curves=("jawOpen",),
    transforms=(),
    row=1,
    idle={},
    look_ahead_us=120_000,
    look_back_us=400_000,
    credit_us=60_000_000,
)
AUDIO = Audio(sid=0, u=1, first=0, pcm=b"\0\0")
ANSWERS = [
    OPENED,
    Rest(sid=0, layout=1, data=bytes(4)),
    Utterance(sid=0, u=1, state="started", poses=0, t_us=0),
    Credit(sid=0, u=1, to_us=1),
    Poses(sid=0, u=1, layout=1, i=0, t_us=0, n=1, data=bytes(4)),
    Utterance(sid=0, u=1, state="poses_done", poses=1, t_us=0),
    Ok(re=1),
]


@pytest.fixture(params=[False, True], ids=["msgpack", "json"])
def both(request):
    return ServerProtocol(request.param), ClientProtocol(request.param)


def test_a_client_that_waits_for_every_answer_is_served(both):
    server, client = both
    assert client.receive(server.send(HELLO)) == HELLO
    assert server.receive(client.send(IDENTIFY)) == IDENTIFY
    assert client.receive(server.send(Ready(connection="c"))) == Ready(connection="c")
    for request in (OPEN, AUDIO, End(sid=0, u=1)):
        assert server.receive(client.send(request)) == request
    for answer in ANSWERS:
        assert client.receive(server.send(answer)) == answer
    assert (server.state, client.state) == (ServerState.READY, ClientState.READY)


def test_a_client_that_sends_everything_at_once_is_served(both):
    server, client = both
    requests = [IDENTIFY, OPEN, AUDIO, End(sid=0, u=1)]
    frames = [client.send(request) for request in requests]
    replies = [server.send(HELLO)]
    assert [server.receive(frame) for frame in frames] == requests
    replies += [server.send(answer) for answer in (Ready(connection="c"), *ANSWERS)]
    assert [client.receive(frame) for frame in replies][2:] == ANSWERS
    assert (server.state, client.state) == (ServerState.READY, ClientState.READY)


def test_either_side_may_ask_for_the_time(both):
    server, client = both
    client.receive(server.send(HELLO))
    assert server.receive(client.send(Ping(t=1))) == Ping(t=1)
    assert client.receive(server.send(Pong(t=1, server_us=2))) == Pong(t=1, server_us=2)
    assert client.receive(server.send(Ping(t=3))) == Ping(t=3)
    assert server.receive(client.send(Pong(t=3))) == Pong(t=3)


def test_audio_before_identify_is_refused_and_the_connection_goes_on(both):
    server, _ = both
    server.send(HELLO)
    with pytest.raises(PeerError) as caught:
        server.receive(encode(OPEN, server.is_json))
    fault = caught.value
    assert (fault.code, fault.closes, fault.field) == (4409, False, "op")
    assert (fault.sid, fault.re) == (0, 1)
    assert fault.message == "op: found open while greeted, wanted identify or ping or pong"
    assert server.send(Error.of(fault))
    assert server.receive(encode(IDENTIFY, server.is_json)) == IDENTIFY


def test_identify_twice_is_refused(both):
    server, client = both
    server.send(HELLO)
    server.receive(client.send(IDENTIFY))
    with pytest.raises(PeerError) as caught:
        server.receive(encode(IDENTIFY, server.is_json))
    assert (caught.value.code, caught.value.closes) == (4409, False)
    with pytest.raises(MisuseError):
        client.send(IDENTIFY)


def test_a_message_of_the_server_is_refused_from_a_client(both):
    server, _ = both
    server.send(HELLO)
    with pytest.raises(PeerError) as caught:
        server.receive(encode(HELLO, server.is_json))
    assert (caught.value.code, caught.value.closes) == (4409, False)


def test_another_version_closes(both):
    server, client = both
    server.send(HELLO)
    with pytest.raises(PeerError) as caught:
        server.receive(encode(Identify(protocol=2, client="new/2"), server.is_json))
    assert (caught.value.code, caught.value.closes, caught.value.field) == (4426, True, "protocol")
    fields = {name: getattr(HELLO, name) for name in HELLO.__struct_fields__}
    with pytest.raises(PeerError) as caught:
        client.receive(encode(Hello(**{**fields, "protocol": 2}), client.is_json))
    assert (caught.value.code, caught.value.closes) == (4426, True)


def test_a_server_greets_before_it_says_anything_else(both):
    server, _ = both
    with pytest.raises(MisuseError):
        server.send(Ready(connection="c"))
    server.send(HELLO)
    with pytest.raises(MisuseError):
        server.send(OPENED)
    with pytest.raises(MisuseError):
        server.send(HELLO)


def test_a_client_identifies_before_it_asks_for_anything(both):
    _, client = both
    with pytest.raises(MisuseError):
        client.send(OPEN)


def test_a_client_refuses_a_server_that_does_not_greet(both):
    _, client = both
    with pytest.raises(PeerError) as caught:
        client.receive(encode(OPENED, client.is_json))
    assert (caught.value.code, caught.value.sid) == (4409, 0)


def test_a_client_ignores_ops_and_fields_of_a_newer_server():
    client = ClientProtocol(is_json=False)
    assert client.receive(msgpack.packb({"op": "weather", "sky": "blue"})) is None
    assert client.state is ClientState.CONNECTED
    newer = {**msgpack.unpackb(encode(HELLO, is_json=False)), "mood": "good"}
    assert client.receive(msgpack.packb(newer)) == HELLO


def test_a_refused_frame_does_not_move_the_state(both):
    server, _ = both
    server.send(HELLO)
    with pytest.raises(PeerError):
        server.receive("" if server.is_json else b"")
    assert server.state is ServerState.GREETED


def test_after_close_nothing_comes_or_goes(both):
    server, client = both
    server.send(HELLO)
    server.close()
    client.close()
    with pytest.raises(MisuseError):
        server.send(Pong(t=0))
    with pytest.raises(MisuseError):
        client.send(IDENTIFY)
    with pytest.raises(PeerError) as caught:
        server.receive(encode(IDENTIFY, server.is_json))
    assert caught.value.message == "op: found identify while closed, wanted nothing"
    with pytest.raises(PeerError):
        client.receive(encode(HELLO, client.is_json))


def test_before_identify_a_message_may_be_long_but_not_very_long():
    server = ServerProtocol(is_json=False)
    server.send(HELLO)
    short, long = (
        b"\x83\xa2op\xa4ping\xa1t\x01\xa1x\xc6" + size.to_bytes(4, "big") + bytes(size)
        for size in (STRANGER_BYTES - 19, STRANGER_BYTES - 18)
    )
    assert (len(short), len(long)) == (STRANGER_BYTES, STRANGER_BYTES + 1)
    assert server.receive(short) == Ping(t=1)
    with pytest.raises(PeerError) as caught:
        server.receive(long)
    assert (caught.value.closes, caught.value.code) == (True, 1009)
    server.receive(encode(IDENTIFY, is_json=False))
    assert server.receive(long) == Ping(t=1)
