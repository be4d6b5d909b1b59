"""A server that hears the emotion of voices, over sockets and with its threads."""

import asyncio
import threading
import time

import numpy as np
import pytest

from a2f_ws.catalog import Catalog
from a2f_ws.commands.loading import Wishes, load_catalog
from a2f_ws.errors import ModelError
from a2f_ws.inference.emotion_bundle import load_emotion_bundle
from a2f_ws.model import Model
from a2f_ws.names import EMOTIONS
from a2f_ws.offline import animate
from a2f_ws.output.speech import SpeechFile
from a2f_ws.recognizer import Recognizer
from a2f_ws.rig.table import load_rigs
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from a2f_ws.timebase import PoseRate
from tests.data.emotion_bundles import logits_of, write_emotion
from tests.fakes import FakeClassifier
from tests.live.conftest import hosted
from tests.live.raw import RATE, raw

ANGER, JOY = EMOTIONS.index("anger"), EMOTIONS.index("joy")
CURVES = {name: {name: 1.0} for name in EMOTIONS}
FELT = {"rig": "felt", "table": {"title": "emotions", "source": "test", "curves": CURVES}}
LOUD, QUIET = 0.35, 0.15
CHUNK_S = 0.05


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_emotion(tmp_path_factory.mktemp("a2e") / "moods")


@pytest.fixture(scope="module")
def catalog(folder):
    """The embedded model beside the tiny classifier, as `serve --audio2emotion` loads them."""
    return load_catalog("embedded", wishes=Wishes(audio2emotion=str(folder)))


class SlowClassifier(FakeClassifier):
    """Answers when it is allowed to."""

    def __init__(self):
        super().__init__(logits_of)
        self.may_answer = threading.Event()

    def run(self, windows):
        self.may_answer.wait(20.0)
        return super().run(windows)


class SleepyClassifier(FakeClassifier):
    """Takes longer than the voice does."""

    COST_S = 0.5

    def __init__(self):
        super().__init__(logits_of)

    def run(self, windows):
        time.sleep(self.COST_S)
        return super().run(windows)


def with_classifier(pipeline, folder, classifier):
    recognizer = Recognizer(load_emotion_bundle(folder), classifier)
    return Catalog([Model("embedded", pipeline, recognizer=recognizer)], load_rigs())


def voice(level, seconds):
    random = np.random.default_rng(1)
    return (level * random.uniform(-1, 1, round(seconds * RATE))).astype(np.float32)


def serving(catalog):
    return hosted(Server(catalog, Settings(port=0)))


def told(one, op):
    return [message for message in one.seen if message["op"] == op]


def rows(one, *, width=10):
    """All poses in order, float32 (poses, width)."""
    parts = [np.frombuffer(m["data"], "<f4").reshape(m["n"], width) for m in told(one, "poses")]
    return np.concatenate(parts)


async def speak(one, samples):
    """A line in real time."""
    step = round(CHUNK_S * RATE)
    for first in range(0, len(samples), step):
        await one.audio(samples[first : first + step], first=first)
        await asyncio.sleep(CHUNK_S)
    await one.send("end", sid=1, u=1)


async def line(server, samples, *, lives=False, **fields):
    """A client that says one line and reads all of it."""
    async with raw(server) as one:
        await one.open(**{**FELT, "pacing": "live" if lives else "burst", **fields})
        await one.until("opened")
        if lives:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(speak(one, samples))
                await one.until("utterance", state="poses_done")
        else:
            await one.audio(samples)
            await one.send("end", sid=1, u=1)
            await one.until("utterance", state="poses_done")
        return one


async def test_loud_speech_looks_angry_and_quiet_speech_happy(catalog):
    async with serving(catalog) as server:
        samples = np.concatenate((voice(LOUD, 1.5), voice(QUIET, 1.5)))
        shown = rows(await line(server, samples, lives=True))
        assert len(shown) == 195
        assert shown[80, ANGER] > 0.3
        assert shown[80, JOY] < 0.1
        assert shown[170, JOY] > 0.2
        assert shown[170, ANGER] < 0.15


async def test_poses_are_the_same_in_number_and_time_as_without_recognition(catalog, embedded):
    found = []
    for one in (catalog, Catalog([Model("embedded", embedded)], load_rigs())):
        async with serving(one) as server:
            client = await line(server, voice(LOUD, 1.0), lives=True)
            poses = told(client, "poses")
            times = [m["t_us"] for m in poses for _ in range(m["n"])]
            assert times == sorted(times)
            found.append((sum(m["n"] for m in poses), poses[0]["t_us"], poses[-1]["i"]))
            assert not [m for m in told(client, "status") if m["code"] in ("behind", "dropped")]
    assert found[0][:2] == found[1][:2] == (75, 0)


async def test_a_slow_recognizer_does_not_hold_up_poses(embedded, folder):
    classifier = SlowClassifier()
    try:
        async with serving(with_classifier(embedded, folder, classifier)) as server:
            client = await line(server, voice(LOUD, 1.5), lives=True)
            assert len(rows(client)) == 105
            assert not rows(client).any()
            assert not [m for m in told(client, "status") if m["code"] in ("behind", "dropped")]
            classifier.may_answer.set()
    finally:
        classifier.may_answer.set()
    assert len(classifier.calls) <= 2


async def test_a_recognizer_slower_than_its_interval_leaves_windows_out(embedded, folder):
    classifier, start = SleepyClassifier(), time.monotonic()
    async with serving(with_classifier(embedded, folder, classifier)) as server:
        client = await line(server, voice(LOUD, 3.0), lives=True)
        shown = rows(client)
        assert len(shown) == 195
        assert shown[170, ANGER] > 0.2
        assert not [m for m in told(client, "status") if m["code"] in ("behind", "dropped")]
    assert 3 <= len(classifier.calls) <= 1 + (time.monotonic() - start) / SleepyClassifier.COST_S


async def test_a_failing_network_ends_recognition_of_that_session_with_a_status(embedded, folder):
    classifier = FakeClassifier(logits_of)
    classifier.fail_with = ModelError("broken on purpose")
    async with serving(with_classifier(embedded, folder, classifier)) as server:
        client = await line(server, voice(LOUD, 0.5), emotion={"joy": 0.5})
        codes = [message["code"] for message in told(client, "status")]
        assert codes.count("recognition") == 1
        assert not told(client, "error")
        assert (rows(client)[:30, JOY] == np.float32(0.5)).all()
        classifier.fail_with = None
        other = rows(await line(server, voice(LOUD, 1.0)))
        assert other[50, ANGER] > 0.2


async def test_values_that_are_not_finite_count_as_failure(embedded, folder):
    classifier = FakeClassifier(lambda window: np.full(6, np.nan, np.float32))
    async with serving(with_classifier(embedded, folder, classifier)) as server:
        client = await line(server, voice(LOUD, 0.5))
        assert "recognition" in [message["code"] for message in told(client, "status")]


async def test_burst_poses_have_the_same_bits_every_time_and_in_any_company(catalog):
    async with serving(catalog) as server:
        samples = np.concatenate((voice(QUIET, 0.7), voice(LOUD, 0.9)))
        face = {"rig": "arkit", "table": None}
        first = await line(server, samples, **face)
        async with asyncio.TaskGroup() as tasks:
            others = [tasks.create_task(line(server, samples, **face)) for _ in range(2)]
            tasks.create_task(line(server, voice(LOUD, 0.8), lives=True))
        wanted = rows(first, width=68)
        for other in others:
            assert np.array_equal(rows(other.result(), width=68), wanted)


async def test_a_file_animated_has_the_poses_that_the_server_gives(catalog, tmp_path):
    import soundfile

    samples = np.concatenate((voice(LOUD, 0.8), voice(QUIET, 0.7)))
    path = tmp_path / "line.wav"
    soundfile.write(path, samples, RATE, subtype="FLOAT")
    with SpeechFile(path) as speech:
        recording = animate(speech, catalog, rate=PoseRate(60, 1))
    async with serving(catalog) as server:
        client = await line(server, samples, rig="arkit", table=None)
    assert np.array_equal(recording.rows, rows(client, width=68)[:, : recording.rows.shape[1]])


async def test_the_greeting_announces_recognition_and_its_parameters(catalog, embedded):
    async with serving(catalog) as server, raw(server) as one:
        hello = told(one, "hello")[0]
        assert "audio2emotion" in hello["capabilities"]
        listed = {param["name"]: param for param in hello["models"][0]["params"]}
        assert listed["max_emotions"]["default"] == 6
        assert listed["emotion_recognition"] == {
            "name": "emotion_recognition", "min": 0.0, "max": 1.0, "default": 1.0
        }  # fmt: skip
    deaf = Catalog([Model("embedded", embedded)], load_rigs())
    async with serving(deaf) as server, raw(server) as one:
        assert "audio2emotion" not in told(one, "hello")[0]["capabilities"]
