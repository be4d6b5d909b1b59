"""Frames of the load generator, against a library that others wrote."""

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

from a2f_ws.benching.socket_frames import BINARY, PING, Splitter, framed


def served():
    """The library's server, past its handshake."""
    client, server = ClientProtocol(parse_uri("ws://localhost")), ServerProtocol()
    client.send_request(client.connect())
    server.receive_data(b"".join(client.data_to_send()))
    server.send_response(server.accept(server.events_received()[0]))
    server.data_to_send()
    return server


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 700, 65_535])
def test_a_server_reads_what_was_framed(length):
    server, payload = served(), bytes(k % 251 for k in range(length))
    server.receive_data(bytes(framed(payload)))
    assert server.events_received() == [Frame(Opcode.BINARY, payload)]


def test_a_payload_can_be_changed_in_its_place():
    server, frame = served(), framed(b"first 0000 end")
    at = frame.index(b"0000")
    frame[at : at + 4] = b"1234"
    server.receive_data(bytes(frame))
    assert server.events_received()[0].data == b"first 1234 end"


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1_000, 1 << 20])
def test_frames_are_found_however_the_socket_cuts_them(step):
    server = served()
    payloads = [b"", b"x", b"y" * 125, b"z" * 126, b"w" * 5_000, b"v" * 70_000]
    for payload in payloads:
        server.send_binary(payload)
    server.send_ping(b"there?")
    stream, splitter = b"".join(server.data_to_send()), Splitter()
    found = [
        frame
        for at in range(0, len(stream), step)
        for frame in splitter.feed(stream[at : at + step])
    ]
    assert found == [*((BINARY, payload) for payload in payloads), (PING, b"there?")]
