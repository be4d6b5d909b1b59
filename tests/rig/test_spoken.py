"""Every rig driven by human speech: it closes where the speaker does and opens in vowels."""

import json
from pathlib import Path

import numpy as np
import pytest

from a2f_ws.commands.loading import load_catalog
from a2f_ws.names import FACE
from a2f_ws.offline import animate
from a2f_ws.output.speech import SpeechFile
from a2f_ws.rig.faults import Faults
from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.parse import parse
from a2f_ws.rig.table import load_rigs
from a2f_ws.timebase import PoseRate
from tests.rig.mouths import VOWELS, gap

ROOT = Path(__file__).resolve().parents[2]
RIGS = load_rigs()
EVERY = pytest.mark.parametrize("name", RIGS)
RATE_HZ = 60
SLACK_S = 0.04
"""How far beside a phone's borders lips may close: borders are drawn to a pose or two."""

BILABIALS = ("P", "B", "M")
OPEN_VOWELS = ("AE", "EH", "AY", "AW")
CLOSE_VOWELS = ("IY", "IH", "UW", "UH")
CLASSIFIED = ("visemes", "unity/oculus")
"""Rigs whose curves say what is spoken: a p may replace a vowel from one pose to the next."""


@pytest.fixture(scope="module")
def faces():
    """Faces of seven seconds of speech, float32 (N, 82)."""
    catalog = load_catalog("embedded")
    document = {
        "title": "Faces",
        "source": "this test",
        "range": {"min": -1000.0, "max": 1000.0},
        "curves": {name: {name: 1.0} for name in FACE},
    }
    catalog.rigs["faces"] = parse(document, "faces", faults=Faults("faces"))
    with SpeechFile(ROOT / "a2f_ws" / "samples" / "speech.flac") as file:
        recording = animate(file, catalog, rig="faces", rate=PoseRate.of(RATE_HZ))
    return np.asarray(recording.rows, np.float32)


def phones(*kinds):
    """Start and end of phones in the clip, seconds."""
    path = ROOT / "tests/data/speech/sense_and_sensibility_01_austen_64kb-0870.phone.json"
    words = json.loads(path.read_text(encoding="utf-8"))["w"]
    found = [phone for word in words for phone in word["w"] if phone["t"] in kinds]
    return [(one["b"], one["b"] + one["d"]) for one in found]


def opening(name, faces):
    table = RIGS[name]
    rows = Mapper(table).map(faces).T.astype(float)
    return np.asarray(gap(name, dict(zip(table.curves, rows, strict=False))))


def during(values, start, end):
    times = np.arange(len(values)) / RATE_HZ
    return values[(times >= start) & (times <= end)]


@EVERY
def test_lips_meet_in_all_bilabials_of_a_spoken_sentence_but_one(name, faces):
    shown = opening(name, faces)
    closest = [
        during(shown, start - SLACK_S, end + SLACK_S).min() for start, end in phones(*BILABIALS)
    ]
    assert len(closest) == 7
    # One m of 40 ms is only half recognised.
    assert sorted(closest)[-2] < 0.2
    assert np.median(closest) < 0.05


@EVERY
def test_vowels_open_the_mouth_of_every_rig_and_open_ones_further(name, faces):
    shown = opening(name, faces)
    wide, narrow, shut = (
        np.mean([during(shown, *span).mean() for span in phones(*kinds)])
        for kinds in (OPEN_VOWELS, CLOSE_VOWELS, BILABIALS)
    )
    assert wide > 0.2
    assert wide > 2 * shut
    if name not in VOWELS:
        assert wide > 1.5 * narrow
        assert narrow > 1.5 * shut


@EVERY
def test_speech_moves_no_curve_beyond_its_range_and_none_by_leaps(name, faces):
    table = RIGS[name]
    rows = Mapper(table).map(faces)[:, : len(table.curves)]
    assert (rows >= [value.low for value in table.values.values()]).all()
    assert (rows <= [value.high for value in table.values.values()]).all()
    assert np.ptp(rows, axis=0).max() > 0.3
    if name not in CLASSIFIED:
        assert np.abs(np.diff(rows, axis=0)).max() < 0.45
