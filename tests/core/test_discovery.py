"""Records of servers on the network."""

import pytest

from a2f_ws.web.discovery import SERVICE, Place, place_from, txt

HOME = Place(
    name="studio",
    addresses=("192.0.2.7",),
    port=8765,
    auth="token",
    models=("embedded", "claire"),
    version="0.1.0",
)


def encoded(place, **changes):
    said = {**txt(place), **changes}
    return {key.encode(): value.encode() for key, value in said.items()}


def test_the_text_record_says_all_that_a_client_needs():
    assert txt(HOME) == {
        "protocol": "1",
        "path": "/",
        "auth": "token",
        "tls": "0",
        "models": "embedded,claire",
        "version": "0.1.0",
    }


def test_what_a_record_says_is_read_back_the_same():
    found = place_from(f"studio.{SERVICE}", encoded(HOME), addresses=HOME.addresses, port=HOME.port)
    assert found == HOME
    assert found.url == "ws://192.0.2.7:8765/"


def test_a_server_with_tls_is_reached_by_wss():
    found = place_from("x", encoded(HOME, tls="1"), addresses=["fd00::2"], port=443)
    assert found.url == "wss://[fd00::2]:443/"


def test_addresses_of_version_4_come_first_and_those_of_one_link_last():
    addresses = ["fe80::1%eth0", "fd00::2", "169.254.1.1", "192.0.2.7"]
    found = place_from("x", encoded(HOME), addresses=addresses, port=1)
    assert found.addresses == ("192.0.2.7", "169.254.1.1", "fd00::2", "fe80::1%eth0")


def test_many_models_are_cut_at_a_whole_name_within_255_bytes():
    names = tuple(f"modell-{k:03}-ä" for k in range(60))
    said = txt(Place(name="x", addresses=(), port=1, models=names))["models"]
    assert len(f"models={said}".encode()) <= 255
    assert tuple(said.split(",")) == names[: len(said.split(","))]
    assert len(said.split(",")) > 15


@pytest.mark.parametrize(
    ("values", "addresses"),
    [
        ({}, []),
        ({b"path": b"//evil"[1:] + b" x"}, ["192.0.2.7"]),
        ({b"path": b"@evil.example/"}, ["192.0.2.7"]),
        ({b"path": b"/\x1b[2J"}, ["192.0.2.7"]),
    ],
)
def test_records_that_lead_nowhere_or_elsewhere_are_left_out(values, addresses):
    assert place_from("x", values, addresses=addresses, port=1) is None


def test_a_record_that_says_nothing_is_read_as_an_open_server():
    found = place_from("x", {}, addresses=["192.0.2.7"], port=8765)
    assert (found.protocol, found.auth, found.has_tls, found.models) == (0, "none", False, ())


def test_names_of_strangers_cannot_steer_a_terminal():
    values = {
        b"version": b"\x1b[31m1",
        b"auth": b"\xff",
        b"protocol": "¹".encode(),
        b"models": None,
    }
    found = place_from("a\x1b]0;b\x07", values, addresses=["192.0.2.7"], port=1)
    assert found.name == "a?]0;b?"
    assert found.version == "?[31m1"
    assert found.protocol == 0
