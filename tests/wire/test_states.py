"""The state tables: complete, and in agreement with each other."""

import pytest

from a2f_ws.wire.codec import FROM_CLIENT, FROM_SERVER
from a2f_ws.wire.greeting import Hello, Ready
from a2f_ws.wire.requests import Identify
from a2f_ws.wire.states import (
    CLIENT_RECEIVES,
    CLIENT_SENDS,
    SERVER_RECEIVES,
    SERVER_SENDS,
    ClientState,
    ServerState,
)

SERVER_TABLES = [SERVER_RECEIVES, SERVER_SENDS]
CLIENT_TABLES = [CLIENT_RECEIVES, CLIENT_SENDS]


@pytest.mark.parametrize("table", SERVER_TABLES)
def test_every_state_of_the_server_has_a_row(table):
    assert set(table) == set(ServerState)


@pytest.mark.parametrize("table", CLIENT_TABLES)
def test_every_state_of_the_client_has_a_row(table):
    assert set(table) == set(ClientState)


@pytest.mark.parametrize("table", SERVER_TABLES + CLIENT_TABLES)
def test_every_move_ends_in_a_state_of_the_table(table):
    for moves in table.values():
        assert set(moves.values()) <= set(table)


@pytest.mark.parametrize(
    ("table", "kinds"),
    [
        (SERVER_RECEIVES, FROM_CLIENT),
        (CLIENT_SENDS, FROM_CLIENT),
        (SERVER_SENDS, FROM_SERVER),
        (CLIENT_RECEIVES, FROM_SERVER),
    ],
)
def test_every_message_of_a_direction_may_come_some_time_and_no_other(table, kinds):
    assert {kind for moves in table.values() for kind in moves} == set(kinds)


@pytest.mark.parametrize("table", SERVER_TABLES + CLIENT_TABLES)
def test_nothing_comes_or_goes_on_a_closed_connection(table):
    closed = next(state for state in table if state.value == "closed")
    assert table[closed] == {}


def test_a_ready_server_takes_everything_but_identify():
    assert set(SERVER_RECEIVES[ServerState.READY]) == set(FROM_CLIENT) - {Identify}


def sendings(connection):
    """What can follow when either side sends one more message."""
    server, client, up, down = connection
    if len(up) < 2:
        for kind, state in CLIENT_SENDS[client].items():
            yield server, state, (*up, kind), down
    if len(down) < 2:
        is_told_ready = Ready in down or client is ClientState.READY
        for kind, state in SERVER_SENDS[server].items():
            if server is not ServerState.READY or (kind is Ready) is not is_told_ready:
                yield state, client, up, (*down, kind)


def arrivals(connection):
    """What can follow when a message arrives; it must have a row."""
    server, client, up, down = connection
    if up and server is not ServerState.CONNECTED:
        assert up[0] in SERVER_RECEIVES[server]
        yield SERVER_RECEIVES[server][up[0]], client, up[1:], down
    if down:
        assert down[0] in CLIENT_RECEIVES[client]
        yield server, CLIENT_RECEIVES[client][down[0]], up, down[1:]


def test_whatever_either_side_sends_the_other_takes_in_every_state_they_can_be_in_together():
    """All interleavings, with up to two messages under way in each direction.

    A connection is (server, client, messages to the server, messages to the client). The server
    greets before it reads, and says `ready` before anything else that needs it.
    """
    start = (ServerState.CONNECTED, ClientState.CONNECTED, (), ())
    seen, waiting = {start}, [start]
    while waiting:
        connection = waiting.pop()
        following = {*sendings(connection), *arrivals(connection)} - seen
        seen |= following
        waiting += following
    assert {server for server, *_ in seen} == set(ServerState) - {ServerState.CLOSED}
    assert {client for _, client, *_ in seen} == set(ClientState) - {ClientState.CLOSED}
    assert (ServerState.READY, ClientState.READY, (), ()) in seen


def test_the_greeting_is_sent_once():
    assert [state for state in ServerState if Hello in SERVER_SENDS[state]] == [
        ServerState.CONNECTED
    ]
