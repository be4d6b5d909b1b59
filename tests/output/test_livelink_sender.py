import logging
import socket

import pytest

from a2f_ws.errors import ConfigError
from a2f_ws.output.livelink_sender import Sender, address_of


@pytest.fixture
def ear():
    """A socket that hears what is sent to this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hearing:
        hearing.bind(("127.0.0.1", 0))
        hearing.settimeout(5)
        yield hearing


def test_what_is_sent_arrives_as_it_was(ear):
    sender = Sender(f"127.0.0.1:{ear.getsockname()[1]}")
    assert sender.send(b"one")
    assert sender.send(b"two")
    assert [ear.recv(100), ear.recv(100)] == [b"one", b"two"]
    sender.close()


def test_a_host_with_addresses_of_both_kinds_is_reached_where_unreal_listens(ear):
    sender = Sender(f"localhost:{ear.getsockname()[1]}")
    sender.send(b"hello")
    assert ear.recv(100) == b"hello"
    sender.close()


def test_nobody_there_stops_nothing_and_whoever_comes_later_hears(caplog):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hearing:
        hearing.bind(("127.0.0.1", 0))
        address = hearing.getsockname()
    sender = Sender(f"127.0.0.1:{address[1]}")
    with caplog.at_level(logging.WARNING):
        for _ in range(200):
            sender.send(b"is anybody there")
    assert len(caplog.records) <= 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hearing:
        hearing.bind(address)
        hearing.settimeout(5)
        sender.send(b"hello")
        sender.send(b"hello")
        assert hearing.recv(100) == b"hello"
    sender.close()


def test_a_packet_that_the_machine_cannot_send_is_told_once(caplog):
    sender = Sender("127.0.0.1:11111")
    with caplog.at_level(logging.WARNING):
        assert [sender.send(bytes(70_000)) for _ in range(3)] == [False] * 3
        assert sender.send(b"small")
    assert len(caplog.records) == 1
    assert "127.0.0.1:11111: 1 packet(s) not sent: " in caplog.text
    sender.close()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("10.0.0.5", ("10.0.0.5", 11_111)),
        ("unreal.local:54321", ("unreal.local", 54_321)),
        ("::1", ("::1", 11_111)),
        ("[::1]", ("::1", 11_111)),
        ("[::1]:12", ("::1", 12)),
    ],
)
def test_an_address_is_a_host_and_perhaps_a_port(text, address):
    assert address_of(text) == address


@pytest.mark.parametrize("text", ["", ":1", "host:", "host:x", "host:0", "host:65536", "[::1]:-1"])
def test_what_is_no_address_is_answered_with_an_example(text):
    with pytest.raises(ConfigError, match=r"wanted HOST:PORT, such as 127.0.0.1:11111"):
        address_of(text)


def test_a_host_that_nobody_knows_is_told_by_name():
    with pytest.raises(ConfigError, match=r"nobody knows the host 'no-such-host\.invalid'"):
        Sender("no-such-host.invalid:11111")
