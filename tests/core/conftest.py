"""A client without a socket."""

import pytest

from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.emotion_bundle import load_emotion_bundle
from a2f_ws.inference.onnx_blocks import OnnxBlocks
from a2f_ws.pipeline import Pipeline
from a2f_ws.recognizer import Recognizer
from tests.core.desk import Desk, Guest
from tests.core.repeated import LINE
from tests.data.block_bundles import write_gru, write_latents
from tests.data.emotion_bundles import logits_of, write_emotion
from tests.fakes import FakeClassifier


@pytest.fixture
def desk(scripted):
    """A client of a server with that model."""
    return Desk(scripted)


@pytest.fixture
def burst(desk):
    """A burst session at 60 poses a second, its greeting read."""
    desk.open(pacing="burst")
    desk.work()
    desk.read()
    return desk


@pytest.fixture(scope="session")
def moods(tmp_path_factory):
    """A tiny Audio2Emotion bundle."""
    return load_emotion_bundle(write_emotion(tmp_path_factory.mktemp("a2e") / "moods"))


@pytest.fixture
def recognizer(moods):
    """Hears loud voices as angry, quiet ones as happy."""
    return Recognizer(moods, FakeClassifier(logits_of))


@pytest.fixture(params=["live", "burst"])
def session(request, desk):
    """A session with a cache, that has said LINE as its first utterance."""
    desk.open(cache=True, pacing=request.param)
    desk.work()
    desk.line(LINE)
    desk.finish()
    return desk


@pytest.fixture
def speaker(desk):
    """Speaks as "hall" at 60 poses a second."""
    desk.open(name="hall")
    desk.work()
    desk.read()
    return desk


@pytest.fixture
def watcher(speaker):
    """Watches it, its greeting read."""
    guest = Guest(speaker)
    guest.watch()
    guest.read()
    return guest


@pytest.fixture(scope="session", params=[write_gru, write_latents])
def in_blocks(request, tmp_path_factory):
    """A pipeline whose network gives faces in blocks."""
    bundle = load_bundle(request.param(tmp_path_factory.mktemp("blocks") / "bundle"))
    return Pipeline(bundle, OnnxBlocks(bundle))
