"""Running a server in earnest: being watched, keeping a log, being set up anew."""

import asyncio
import json
from collections import Counter
from types import SimpleNamespace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.live.raw import RATE, WAIT_S, raw, speech
from tests.live.test_serve import serving
from tests.live.test_server import page


def place(told):
    """What the tests of a server in this process need to know of one in another."""
    return SimpleNamespace(url=told["url"], port=told["port"])


async def wait_until(condition):
    """Ask again and again until it holds."""
    async with asyncio.timeout(WAIT_S):
        while not await condition():
            await asyncio.sleep(0.05)


async def samples(server):
    """All values that /metrics tells, by name and labels."""
    status, headers, body = await page(server, "/metrics")
    assert status == 200
    assert headers["Content-Type"].startswith("text/plain; version=")
    assert headers["Cache-Control"] == "no-store"
    families = text_string_to_metric_families(body)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
        if not sample.name.endswith("_bucket")
    }


async def test_metrics_count_what_a_client_sent_got_and_was_refused(server):
    async with raw(server) as one:
        await one.open()
        await one.audio(speech(0.5))
        await one.send("end", sid=1, u=1)
        await one.until("utterance", state="poses_done")
        await one.send("end", sid=9, u=1)
        await one.until("error")
        found = await samples(server)
        rows = sum(m["n"] for m in one.seen if m["op"] == "poses")
        messages = sum(m["op"] == "poses" for m in one.seen)
    assert found["a2f_ws_connections",] == 1
    assert found["a2f_ws_sessions", "embedded"] == 1
    assert found["a2f_ws_utterances_total", "poses_done"] == 1
    assert found["a2f_ws_poses_total",] == rows == 30 + 15
    assert found["a2f_ws_queue_age_seconds_count", "outbox"] == messages
    assert 0 < found["a2f_ws_added_latency_seconds_count",] <= messages
    assert 0 < found["a2f_ws_added_latency_seconds_sum",] < WAIT_S
    assert found["a2f_ws_errors_total", "4404"] == 1
    assert found["a2f_ws_bytes_total", "received"] > 0.5 * RATE * 4
    assert found["a2f_ws_bytes_total", "sent"] > rows * 52 * 4
    assert found["a2f_ws_inference_batch_size_sum", "embedded"] >= 30
    assert found["a2f_ws_inference_seconds_sum", "embedded"] > 0
    assert found["a2f_ws_draining",] == 0


async def test_metrics_count_a_refused_page_and_forget_connections_that_went(server):
    async with raw(server, subprotocols=["chat"], greets=False) as one:
        assert (await one.closing())[0] == 4406
    async with raw(server):
        pass

    async def is_alone():
        return (await samples(server))["a2f_ws_connections",] == 0

    await wait_until(is_alone)
    found = await samples(server)
    assert found["a2f_ws_errors_total", "4406"] == 1
    assert found["a2f_ws_connections_opened_total",] == 1


async def test_the_greeting_says_that_there_are_metrics(server):
    async with raw(server) as one:
        assert "metrics" in one.seen[0]["capabilities"]


async def test_burst_speech_is_not_part_of_the_added_latency(server):
    async with raw(server) as one:
        await one.open(pacing="burst")
        await one.audio(speech(0.3))
        await one.send("end", sid=1, u=1)
        await one.until("utterance", state="poses_done")
        found = await samples(server)
    assert found["a2f_ws_queue_age_seconds_count", "outbox"] > 0
    assert found["a2f_ws_added_latency_seconds_count",] == 0


async def test_a_log_of_json_lines_names_connections_and_hides_nothing_between():
    words = ("--log-format", "json", "--exit-with-stdin")
    async with serving(*words) as (process, told):
        async with raw(place(told)) as one:
            await one.send("open", sid=1, rig="nowhere", fps=60)
            await one.until("closed")
        async with raw(place(told), subprotocols=["chat"], greets=False) as other:
            await other.closing()
        await asyncio.sleep(0.2)
        process.stdin.close()
        _, err = await process.communicate()
    lines = [json.loads(line) for line in err.decode().splitlines()]
    assert {"time", "level", "message", "logger"} <= set.intersection(*(set(one) for one in lines))
    about = Counter(line.get("connection") for line in lines)
    assert about["c1"] >= 3
    told_of = [line for line in lines if line.get("connection") == "c1"]
    assert {line["address"] for line in told_of} == {"127.0.0.1"}
    assert "raw/1" in " ".join(line["message"] for line in told_of)


async def test_a_changed_file_acts_on_new_connections_and_a_broken_one_on_none(tmp_path):
    config = tmp_path / "a2f.toml"
    config.write_text("[server]\ncredit_s = 7.0\n", "utf-8")
    async with serving("--config", str(config), "--exit-with-stdin") as (process, told):

        async def credit_us():
            async with raw(place(told)) as one:
                return one.seen[0]["limits"]["credit_us"]

        assert await credit_us() == 7_000_000
        config.write_text("[server]\ncredit_s = 9.0\nport = 1\n", "utf-8")

        async def is_new():
            return await credit_us() == 9_000_000

        await wait_until(is_new)
        config.write_text("[server\n", "utf-8")
        await asyncio.sleep(1.3)
        config.write_text("[server]\ncredit_s = 'much'\n", "utf-8")
        await asyncio.sleep(1.3)
        assert await credit_us() == 9_000_000
        process.stdin.close()
        _, err = await process.communicate()
    log = err.decode()
    assert "new credit_s" in log
    faults = [line for line in log.splitlines() if "the configuration stays as it was" in line]
    assert ["credit_s" in fault for fault in faults] == [False, True]
    assert "port act after a restart" not in log


async def test_a_file_that_changes_right_after_the_start_is_taken(tmp_path):
    config = tmp_path / "a2f.toml"
    config.write_text("[server]\ncredit_s = 7.0\n", "utf-8")
    async with serving("--config", str(config), "--exit-with-stdin") as (process, told):
        config.write_text("[server]\ncredit_s = 9.0\n", "utf-8")

        async def is_new():
            async with raw(place(told)) as one:
                return one.seen[0]["limits"]["credit_us"] == 9_000_000

        await wait_until(is_new)
        process.stdin.close()
        await process.communicate()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_readiness_costs_no_body_for_head(server, method):
    status, _, body = await page(server, "/readyz", method=method)
    assert (status, body) == (200, "ok\n" if method == "GET" else "")


async def test_what_a_watcher_is_told_does_not_count_as_utterances_and_latency(server):
    async with raw(server) as one, raw(server) as other:
        await one.open(name="face")
        await one.until("opened")
        await other.open(role="watch", name="face")
        await other.until("opened")
        await one.audio(speech(0.4))
        await one.send("end", sid=1, u=1)
        await one.until("utterance", state="poses_done")
        await other.until("utterance", state="poses_done")
        found = await samples(server)
        messages = sum(m["op"] == "poses" for m in one.seen)
    assert (found["a2f_ws_sessions", "embedded"], found["a2f_ws_watchers",]) == (1, 1)
    assert found["a2f_ws_utterances_total", "poses_done"] == 1
    assert 0 < found["a2f_ws_added_latency_seconds_count",] <= messages
    assert 0 <= found["a2f_ws_queue_age_seconds_sum", "outbox"] < WAIT_S
    assert found["a2f_ws_poses_total",] > sum(m.get("n", 0) for m in one.seen)


async def test_sessions_that_are_closed_stay_in_the_counts(server):
    async with raw(server) as one:
        for _ in range(2):
            await one.open()
            await one.audio(speech(0.2))
            await one.send("interrupt", sid=1)
            await one.send("close", sid=1)
            await one.until("closed")
    found = await samples(server)
    assert found["a2f_ws_utterances_total", "started"] == 2
    assert found["a2f_ws_utterances_total", "interrupted"] == 2
    assert found["a2f_ws_sessions", "embedded"] == 0
