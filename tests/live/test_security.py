"""Passwords, tokens and rights at a real server."""

import asyncio
import json

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from a2f_ws.client import ServerError, ServerGoneError
from a2f_ws.client import connect as connect_client
from a2f_ws.security.tokens import new_token
from tests.live.locked import (
    ENDED,
    OWNER,
    PASSWORD,
    SPEAKER,
    WATCHER,
    bearer,
    proven,
    rewrite,
    shown,
)
from tests.live.raw import raw, witness


async def test_the_right_password_lets_in_and_no_other(serving, scripted, password):
    server = await serving(scripted, password_file=password)
    async with raw(server, greets=False) as one:
        await proven(one, PASSWORD)
        await one.until("ready")
        await one.open()
        await one.until("opened")
    async with raw(server, greets=False) as one:
        await proven(one, "Correct horse battery")
        assert await one.closing() == (4401, "identify.proof: the password is wrong")
    async with raw(server, greets=False) as one:
        await shown(one)
        code, reason = await one.closing()
        assert code == 4401 and "wanted identify.proof: the password" in reason


async def test_what_comes_behind_a_wrong_proof_is_not_looked_at(serving, scripted, password):
    server = await serving(scripted, password_file=password)
    async with raw(server, greets=False) as one:
        await one.until("hello")
        await shown(one, proof="wrong")
        await one.open()
        assert (await one.closing())[0] == 4401
        assert {message["op"] for message in one.seen} == {"hello"}


async def test_nothing_is_done_for_a_client_that_has_not_identified_itself(
    serving, scripted, password
):
    server = await serving(scripted, password_file=password)
    async with raw(server, greets=False) as one:
        await one.open()
        await one.until("error", code=4409)


async def test_an_overheard_proof_is_worth_nothing_on_the_next_connection(
    serving, scripted, password
):
    server = await serving(scripted, password_file=password)
    async with raw(server, greets=False) as one:
        overheard = await proven(one, PASSWORD)
        await one.until("ready")
    async with raw(server, greets=False) as one:
        await one.until("hello")
        await shown(one, proof=overheard)
        assert (await one.closing())[0] == 4401


async def test_guessing_passwords_is_slowed_down_and_the_bystander_is_not(
    serving, scripted, password, tokens
):
    server = await serving(scripted, password_file=password, tokens=str(tokens))
    codes = []
    async with witness(server, **bearer(SPEAKER)):
        for number in range(20):
            async with raw(server, greets=False) as one:
                await proven(one, f"guess {number}")
                codes.append((await one.closing())[0])
    assert codes[:5] == 5 * [4401]
    assert codes.count(4429) >= 14


async def test_a_thousand_wrong_tokens_change_nothing_for_others(serving, scripted, tokens):
    server = await serving(scripted, tokens=str(tokens), connects_per_s=1000.0)

    async def attempt(number):
        found = new_token()
        how = bearer(found) if number % 2 else {}
        async with raw(server, greets=False, **how) as one:
            if not how:
                await shown(one, token=found)
            return await one.closing()

    async with witness(server, **bearer(SPEAKER)):
        ends = []
        for first in range(0, 1000, 20):
            ends += await asyncio.gather(*(attempt(first + number) for number in range(20)))
    assert {code for code, _ in ends} == {4401, 4429}
    assert {reason for _, reason in ends} <= {
        "identify.token: not known here",
        "bearer token: not known here",
        "too many wrong tokens; retry in 1 s",
    }
    async with raw(server, **bearer(SPEAKER)) as one:
        await one.open()
        await one.until("opened")


async def test_a_token_that_has_ended_is_refused_in_words(serving, scripted, tokens):
    server = await serving(scripted, tokens=str(tokens))
    async with raw(server, greets=False) as one:
        await shown(one, token=ENDED)
        assert await one.closing() == (4401, "identify.token: ended has expired")


async def test_a_token_in_the_address_is_no_token(serving, scripted, tokens):
    server = await serving(scripted, tokens=str(tokens))
    address = f"{server.url}/?token={SPEAKER}&access_token={SPEAKER}"
    async with connect(address, subprotocols=["a2f.v1.json"], compression=None) as socket:
        assert json.loads(await socket.recv())["auth"]["kind"] == "token"
        await socket.send('{"op": "identify", "protocol": 1, "client": "raw/1"}')
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd.code == 4401


async def test_who_may_only_watch_opens_no_session_of_its_own(serving, scripted, tokens):
    server = await serving(scripted, tokens=str(tokens))
    async with raw(server, **bearer(WATCHER)) as one:
        await one.open(sid=7)
        error, closed = await one.until("error"), await one.until("closed")
        assert (error["code"], error["field"], error["sid"]) == (4403, "role", 7)
        assert "watch" in error["message"]
        assert (closed["code"], closed["sid"]) == (4403, 7)


async def test_who_may_only_speak_watches_nobody(serving, scripted, tokens):
    server = await serving(scripted, tokens=str(tokens))
    async with raw(server, **bearer(SPEAKER)) as one:
        await one.send("open", sid=1, rig="arkit", fps=60, role="watch", name="stage")
        assert (await one.until("error"))["code"] == 4403


async def test_tokens_come_and_go_while_the_server_runs(serving, scripted, tokens):
    rewrite(tokens, "speaker")
    server = await serving(scripted, tokens=str(tokens))
    async with raw(server, greets=False) as one:
        await shown(one, token=OWNER)
        assert (await one.closing())[0] == 4401
    async with raw(server, **bearer(SPEAKER)) as stays, raw(server, **bearer(SPEAKER)) as other:
        rewrite(tokens, "speaker", "owner")
        async with raw(server, greets=False) as one:
            await shown(one, token=OWNER)
            await one.until("ready")
        await stays.open()
        await stays.until("opened")
        rewrite(tokens, "owner")
        code, reason = await other.closing()
        assert (code, reason) == (4401, "what let speaker in has ended or was withdrawn")
        assert (await stays.closing())[0] == 4401


async def test_a_broken_file_of_tokens_leaves_those_that_were(serving, scripted, tokens, caplog):
    server = await serving(scripted, tokens=str(tokens))
    async with raw(server, **bearer(SPEAKER)) as one:
        tokens.write_text("[[token")
        async with raw(server, **bearer(OWNER)) as other:
            await other.open()
            await other.until("opened")
        await one.open()
        await one.until("opened")
    assert "stays in force" in caplog.text


async def test_the_python_client_shows_password_or_token(serving, scripted, password, tokens):
    server = await serving(scripted, password_file=password, tokens=str(tokens))
    async with connect_client(server.url, password=PASSWORD) as client:
        await client.open()
    async with connect_client(server.url, token=SPEAKER, is_json=True) as client:
        await client.open()
    async with connect_client(server.url, token=WATCHER) as client:
        with pytest.raises(ServerError, match="wanted what the token allows: watch") as refused:
            await client.open()
        assert (refused.value.code, refused.value.field) == (4403, "role")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "a password or token is wanted, and none was given"),
        ({"password": "wrong"}, "a password or token is wrong: .*the password is wrong"),
        ({"token": "a2f_wrong"}, "a password or token is wrong: .*not known here"),
    ],
)
async def test_the_python_client_says_in_words_why_it_was_not_let_in(
    serving, scripted, password, tokens, *, options, words
):
    server = await serving(scripted, password_file=password, tokens=str(tokens))
    with pytest.raises(ServerGoneError, match=words) as fault:
        async with connect_client(server.url, **options):
            pass
    assert fault.value.code == 4401


async def test_a_password_is_not_asked_for_where_there_is_none(fake_server):
    async with connect_client(fake_server.url, password=PASSWORD, token=SPEAKER) as client:
        assert client.hello.auth.kind == "none"
        await client.open()
