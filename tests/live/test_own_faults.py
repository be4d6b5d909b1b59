"""A fault of the backend or of ours ends one session or one client, and nothing else."""

import json
import logging

import numpy as np

from a2f_ws.logs import JsonLines, OfLibrary
from a2f_ws.pipeline import Pipeline
from tests.fakes import FakeBackend
from tests.live.raw import RATE, raw, speech, witness


class Choosy(FakeBackend):
    """Cannot compute windows that hold the value 0.77 somewhere."""

    def run(self, windows, emotions):
        if (windows == np.float32(0.77)).any():
            raise RuntimeError("out of memory")
        return super().run(windows, emotions)


async def test_a_backend_that_fails_for_one_session_closes_that_session_only(serving, bundle):
    backend = Choosy(
        buffer_len=bundle.buffer_len,
        buffer_ofs=bundle.buffer_ofs,
        width=bundle.columns.width,
        emotion_len=bundle.emotion_len,
    )
    server = await serving(Pipeline(bundle, backend))
    async with witness(server), raw(server) as one:
        for sid in (1, 2):
            await one.open(sid=sid, pacing="burst")
        await one.audio(np.full(RATE, 0.77, np.float32), sid=1)
        await one.audio(speech(1.0), sid=2)
        await one.send("end", sid=2, u=1)
        error = await one.until("error")
        closed = await one.until("closed")
        assert (error["sid"], error["code"]) == (1, 4500)
        assert (closed["sid"], closed["code"]) == (1, 4500)
        assert [m["u"] for m in one.seen if m.get("state") == "interrupted"] == [1]
        if not any(m.get("state") == "poses_done" for m in one.seen):
            await one.until("utterance", sid=2, state="poses_done")
        assert sum(m["n"] for m in one.seen if m["op"] == "poses" and m["sid"] == 2) == 60 + 15
        await one.open(sid=1, pacing="burst")
        assert (await one.until("opened"))["sid"] == 1
        assert len([m for m in one.seen if m["op"] in ("error", "closed")]) == 2


async def test_lines_of_the_log_about_a_session_say_connection_and_session(serving, bundle, caplog):
    backend = Choosy(
        buffer_len=bundle.buffer_len,
        buffer_ofs=bundle.buffer_ofs,
        width=bundle.columns.width,
        emotion_len=bundle.emotion_len,
    )
    server = await serving(Pipeline(bundle, backend))
    with caplog.at_level(logging.DEBUG, logger="a2f_ws"):
        async with raw(server) as one:
            await one.open(sid=7, pacing="burst")
            await one.send("set", sid=7, params={"skin_strenght": 1.0})
            await one.until("error")
            await one.audio(np.full(RATE, 0.77, np.float32), sid=7)
            await one.until("closed")
            (name,) = {connection.name for connection in server._connections}
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records]
    told = {line["message"]: line for line in lines if "session" in line}
    for text in ("refused set with 4422: params.skin_strenght", "the backend failed on a window"):
        assert (told[text]["connection"], told[text]["session"]) == (name, 7)
    assert "RuntimeError: out of memory" in told["the backend failed on a window"]["traceback"]


async def test_lines_of_the_library_say_the_connection_once_it_is_let_in(server, caplog):
    caplog.handler.addFilter(OfLibrary())
    with caplog.at_level(logging.INFO, logger="websockets"):
        async with raw(server) as one:
            await one.open()
            await one.until("rest")
            (connection,) = server._connections
            broken = RuntimeError("a bug")
            connection._socket.logger.error("failed", exc_info=broken)
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records]
    ours = [line for line in lines if line["logger"] == "websockets.server"]
    told = {line["message"]: (line.get("connection"), line["address"]) for line in ours}
    assert told["connection open"] == (None, "127.0.0.1")
    assert told["failed"] == (connection.name, "127.0.0.1")


async def test_a_bug_of_ours_ends_one_connection_only(server):
    async with witness(server), raw(server) as one:
        await one.open()
        await one.until("rest")
        broken = max(server._connections, key=lambda connection: connection.name)
        broken._sessions._voices[2] = None
        await one.audio(np.zeros(RATE // 10, np.float32), sid=2)
        code, reason = await one.closing()
        assert (code, reason) == (4500, "internal error, see the server's log")
