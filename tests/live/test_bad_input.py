"""Whatever one client sends: it gets one clear answer, the server and everybody else go on."""

import msgpack
import numpy as np
import pytest

from tests.live.raw import AUDIO, raw, speech, witness

MAP = b"\x82\xa2op\xa4ping"
OPEN = {"op": "open", "sid": 5, "rig": "arkit", "fps": 60, "audio": AUDIO}


def packed(**fields):
    return msgpack.packb(fields)


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xc1", id="a byte that msgpack never has"),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", id="another protocol"),
        pytest.param(b"\x93\x01\x02\x03", id="a list"),
        pytest.param(b"\x2a", id="a number"),
        pytest.param(b"\x83\xa2op\xa4ping\xa1t\x01\xa1t\x02", id="a key twice"),
        pytest.param(b"\x82\xa2op\xa4ping\x01\x02", id="a key that is no string"),
        pytest.param(b"\x82\xa2op\xa4ping\xa1\xff\x01", id="a key that is no UTF-8"),
        pytest.param(packed(op="ping", t=1) + b"\x00", id="a byte too many"),
        pytest.param(b"\x82\xa2op\xa4ping\xa1t", id="a value too few"),
        pytest.param(MAP + b"\xa1t\xd4\x01\x02", id="an extension type"),
        pytest.param(b"\xdf\xff\xff\xff\xff", id="a map that claims 2^32 entries"),
        pytest.param(b"\xdd\xff\xff\xff\xff", id="a list that claims 2^32 entries"),
        pytest.param(MAP + b"\xa1t\xc6\xff\xff\xff\xff\x00", id="bytes that claim 4 GiB"),
        pytest.param(MAP + b"\xa1t\xdb\xff\xff\xff\xffx", id="text that claims 4 GiB"),
        pytest.param(MAP + b"\xa1t" + b"\x91" * 5_000 + b"\x00", id="5,000 lists in one another"),
        pytest.param('{"op":"ping","t":1}', id="a text frame"),
    ],
)
async def test_bytes_that_are_no_message_close_with_4400(server, frame):
    async with witness(server), raw(server) as one:
        await one.socket.send(frame)
        code, reason = await one.closing()
        assert code == 4400
        assert reason


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(b'{"op":"ping","t":1}', id="a binary frame"),
        pytest.param('{"op":"ping","t":NaN}', id="NaN"),
        pytest.param('{"op":"ping","t":1,"t":2}', id="a key twice"),
        pytest.param('{"op":"ping",', id="half a map"),
        pytest.param('["ping"]', id="a list"),
        pytest.param("", id="nothing"),
    ],
)
async def test_text_that_is_no_message_closes_with_4400(server, frame):
    json_only = ("a2f.v1.json",)
    async with witness(server), raw(server, subprotocols=json_only, greets=False) as one:
        await one.socket.recv()
        await one.socket.send(frame)
        code, _ = await one.closing()
        assert code == 4400


@pytest.mark.parametrize(
    ("message", "code", "field"),
    [
        ({"op": "sing"}, 4400, "op"),
        ({"op": 7}, 4400, "op"),
        ({"sid": 1}, 4400, "op"),
        ({"op": "audio", "sid": 1, "u": 1, "first": 0}, 4400, "pcm"),
        ({"op": "audio", "sid": 1, "u": 1, "first": 0, "pcm": "text"}, 4400, "pcm"),
        ({"op": "audio", "sid": 1, "u": 1, "first": 0.5, "pcm": b""}, 4400, "first"),
        ({"op": "audio", "sid": 1, "u": 0, "first": 0, "pcm": b""}, 4422, "u"),
        ({"op": "audio", "sid": 1, "u": 1, "first": -1, "pcm": b""}, 4422, "first"),
        ({"op": "audio", "sid": 1, "u": 1, "first": 2**63, "pcm": b""}, 4422, "first"),
        ({"op": "audio", "sid": -1, "u": 1, "first": 0, "pcm": b""}, 4422, "sid"),
        ({"op": "audio", "sid": True, "u": 1, "first": 0, "pcm": b""}, 4400, "sid"),
        ({"op": "emotion", "sid": 1, "values": {"joy": 2.0}}, 4422, "values.joy"),
        ({"op": "emotion", "sid": 1, "values": {"joy": float("nan")}}, 4422, "values.joy"),
        ({"op": "emotion", "sid": 1, "values": {"glee": 1.0}}, 4422, "values.glee"),
        ({"op": "emotion", "sid": 1, "values": {}, "u": 1}, 4400, "t_us"),
        ({"op": "played", "sid": 1, "u": 1, "t_us": 0, "rate": 0.0}, 4422, "rate"),
        ({"op": "played", "sid": 1, "u": 9, "t_us": 0}, 4409, "u"),
        ({"op": "set", "sid": 1, "params": {"skin_strength": 1e9}}, 4422, "params.skin_strength"),
        ({"op": "set", "sid": 1, "fps": [1, 0]}, 4422, "fps.1"),
        ({"op": "set", "sid": 1, "swap": ["ears"]}, 4422, "swap.0"),
        ({"op": "set", "sid": 1, "have": ["jaw bone"]}, 4422, "have"),
        ({"op": "identify", "protocol": 1, "client": "again/1"}, 4409, "op"),
        ({"op": "hello", "sid": 1}, 4400, "protocol"),
        ({"op": "opened"}, 4400, None),
    ],
)
async def test_a_request_that_is_wrong_gets_one_error_and_the_socket_stays(
    server, message, code, field
):
    async with witness(server), raw(server) as one:
        await one.open(pacing="burst")
        await one.until("rest")
        await one.socket.send(msgpack.packb(message))
        await one.send("ping", t=7)
        error, pong = await one.answers(2)
        assert (error["op"], error["code"]) == ("error", code)
        assert field is None or error["field"] == field
        assert len(error["message"]) > 10
        assert (pong["op"], pong["t"]) == ("pong", 7)
        await one.audio(speech(0.1))
        await one.send("end", sid=1, u=1)
        assert (await one.until("utterance", state="poses_done"))["poses"] == 6 + 15


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"audio": {"format": "f32le", "rate": 0}}, 4422, "audio.rate"),
        ({"audio": {"format": "f32le", "rate": 10**9}}, 4422, "audio.rate"),
        ({"audio": {"format": "f32le", "rate": 16_000, "channels": 9}}, 4422, "audio.channels"),
        ({"audio": {"format": "mp3", "rate": 16_000}}, 4422, "audio.format"),
        ({"audio": {"format": "f32le"}}, 4400, "audio.rate"),
        ({"audio": None}, 4400, "audio"),
        ({"fps": 9}, 4422, "fps"),
        ({"fps": [1, 1]}, 4422, "fps"),
        ({"fps": "60"}, 4400, "fps"),
        ({"model": "nobody"}, 4404, "model"),
        ({"rig": "nowhere"}, 4404, "rig"),
        ({"rig": "x" * 65}, 4422, "rig"),
        ({"rig": "auto"}, 4422, "have"),
        ({"role": "watch"}, 4400, "name"),
        ({"pacing": "slow"}, 4422, "pacing"),
        ({"ahead_us": 1}, 4422, "ahead_us"),
        ({"want": ["audio"]}, 4422, "want.0"),
    ],
)
async def test_an_open_that_fails_gets_an_error_and_closed(server, fields, code, field):
    async with witness(server), raw(server) as one:
        await one.socket.send(msgpack.packb({**OPEN, "id": 3, **fields}))
        await one.audio(speech(0.1), sid=5)
        await one.audio(speech(0.1), sid=5, first=1_600)
        await one.send("ping", t=7)
        error, closed, unknown, pong = await one.answers(4)
        assert (error["re"], error["sid"], error["code"]) == (3, 5, code)
        assert error["field"] == field
        assert (closed["op"], closed["sid"], closed["code"]) == ("closed", 5, code)
        assert (unknown["code"], unknown["sid"]) == (4404, 5)
        assert pong["op"] == "pong"


async def test_a_malformed_open_on_an_open_session_does_not_close_it(server):
    async with witness(server), raw(server) as one:
        await one.open(sid=5)
        await one.open(sid=5, fps=1)
        await one.send("ping", t=7)
        opened, error, pong = await one.answers(3)
        assert (opened["op"], error["code"], pong["op"]) == ("opened", 4422, "pong")


async def test_audio_before_open_gets_one_4404(server):
    async with witness(server), raw(server) as one:
        for k in range(3):
            await one.audio(speech(0.1), first=k * 1_600)
        await one.send("ping", t=7)
        error, pong = await one.answers(2)
        assert (error["code"], error["sid"], error["field"]) == (4404, 1, "sid")
        assert pong["op"] == "pong"


async def test_requests_before_identify_get_4409(server):
    async with witness(server), raw(server, greets=False) as one:
        await one.audio(speech(0.1))
        await one.open()
        await one.send("ping", t=7)
        audio, opening, pong = await one.answers(3)
        assert (audio["code"], opening["code"], pong["t"]) == (4409, 4409, 7)
        await one.greet()
        await one.open()
        assert (await one.until("opened"))["sid"] == 1


@pytest.mark.parametrize(
    "pcm",
    [
        pytest.param(b"\0\0\0", id="three bytes"),
        pytest.param(np.array([0, np.nan], "<f4").tobytes(), id="NaN"),
        pytest.param(np.array([np.inf, 0], "<f4").tobytes(), id="infinity"),
        pytest.param(np.array([0, -np.inf], "<f4").tobytes(), id="minus infinity"),
        pytest.param(np.array([0, 3e38], "<f4").tobytes(), id="far too loud"),
    ],
)
async def test_sound_that_cannot_be_gets_4422_and_is_dropped(server, pcm):
    async with witness(server), raw(server) as one:
        await one.open(pacing="burst")
        await one.audio(speech(0.2))
        await one.audio(pcm, first=3_200)
        await one.audio(speech(0.2), first=3_200)
        await one.send("end", sid=1, u=1)
        error = await one.until("error")
        assert (error["code"], error["field"]) == (4422, "pcm")
        assert (await one.until("utterance", state="poses_done"))["poses"] == 24 + 15


async def test_a_gap_of_ten_to_the_fifteenth_samples_interrupts_its_utterance(server):
    async with witness(server), raw(server) as one:
        await one.open()
        await one.audio(speech(0.2))
        await one.audio(speech(0.2), first=10**15)
        assert (await one.until("utterance", state="interrupted"))["u"] == 1
        error = await one.until("error")
        assert (error["code"], error["field"]) == (4422, "first")
        await one.audio(speech(0.2), u=2)
        await one.send("end", sid=1, u=2)
        assert (await one.until("utterance", state="poses_done"))["u"] == 2


async def test_another_version_is_closed_with_4426(server):
    async with witness(server), raw(server, greets=False) as one:
        await one.send("identify", protocol=2, client="raw/2")
        code, reason = await one.closing()
        assert code == 4426
        assert "wanted 1" in reason


async def test_who_does_not_identify_in_time_is_closed_with_4408(serving, embedded):
    server = await serving(embedded, handshake_s=0.2)
    async with witness(server), raw(server, greets=False) as one:
        await one.send("ping", t=1)
        code, reason = await one.closing()
        assert code == 4408
        assert "0.2 s" in reason


async def test_a_message_over_the_limit_is_closed_with_1009(serving, embedded):
    server = await serving(embedded, message_bytes=65_536)
    async with witness(server), raw(server) as one:
        await one.open()
        await one.audio(bytes(65_536))
        code, _ = await one.closing()
        assert code == 1009


async def test_the_next_line_may_follow_an_interrupt_in_the_same_millisecond(server):
    async with witness(server), raw(server) as one:
        await one.open(pacing="burst")
        for u in range(1, 30):
            await one.audio(speech(0.5), u=u)
            await one.send("interrupt", sid=1)
        await one.audio(speech(0.2), u=30)
        await one.send("end", sid=1, u=30)
        done = await one.until("utterance", state="poses_done")
        assert (done["u"], done["poses"]) == (30, 12 + 15)
        finals = [m["u"] for m in one.seen if m.get("state") == "interrupted"]
        assert finals == list(range(1, 30))
        assert [m for m in one.seen if m["op"] == "error"] == []
