"""Visemes of the phone classes of training/visemes.csv, and of real speech."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from a2f_ws.commands.loading import load_catalog
from a2f_ws.names import FACE, WEIGHTS
from a2f_ws.offline import animate
from a2f_ws.output.speech import SpeechFile
from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.table import load_rigs
from a2f_ws.timebase import PoseRate
from training.lips import ARTICULATORS
from training.net.face import SHARES

ROOT = Path(__file__).resolve().parents[2]
RIGS = load_rigs()
RIG = RIGS["visemes"]
BOTH = ("Left", "Right")

VISEME_OF = {
    "sil": "sil", "PP": "PP", "FF": "FF", "TH": "TH", "DD": "DD", "LL": "nn", "SS": "SS",
    "CH": "CH", "RR": "RR", "KK": "kk", "WW": "ou", "YY": "ih", "aa": "aa", "ae": "aa",
    "ah": "aa", "ao": "oh", "eh": "E", "ih": "ih", "iy": "ih", "ow": "oh", "uh": "ou",
    "uw": "ou", "yy": "ou", "oe": "oh", "er": "RR",
}  # fmt: skip
"""Phone class → viseme; HH and ax have none of their own."""

TARGETS = {
    "sil": "sil", "PP": "PP", "FF": "FF", "TH": "TH", "DD": "DD", "kk": "KK", "CH": "CH",
    "SS": "SS", "nn": "LL", "RR": "RR er", "aa_1": "aa", "aa_2": "ae", "aa_3": "ah", "E": "eh",
    "ih_1": "ih", "ih_2": "iy", "oh": "ao ow oe", "ou_1": "uw yy WW", "ou_2": "uh",
}  # fmt: skip
"""Term of the table, after `near_` → the classes whose targets it is the mean of."""

SCALES = {
    "open": 4.0, "seal": 3.0, "round": 1.0, "funnel": 3.0, "spread": 2.5, "tuck": 1.5,
    "lower": 0.5, "tip": 0.6, "out": 1.0, "back": 0.9,
}  # fmt: skip


def classes():
    """Phone class → float32 (82,), the face of its target."""
    with (ROOT / "training" / "visemes.csv").open(newline="", encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    faces = {}
    for name, *numbers in rows:
        target = dict(zip(ARTICULATORS, map(float, numbers), strict=False))
        face = dict.fromkeys(WEIGHTS, 0.0)
        for articulator, amount in target.items():
            for weight, factor in SHARES[articulator].items():
                face[weight] += factor * amount
        face["mouthClose"] = target["close"] * face["jawOpen"]
        for side in BOTH:
            face[f"mouthLowerDown{side}"] *= (1 - target["close"]) * (1 - 0.7 * target["tuck"])
        values = [min(max(face.get(one, 0.0), 0.0), 1.0) for one in FACE]
        faces[name] = np.array(values, np.float32)
    return faces


CLASSES = classes()


def measures(face):
    """The table's terms of a face, written out."""
    w = dict(zip(FACE, face.astype(float), strict=True))

    def mean(name):
        return (w[f"{name}Left"] + w[f"{name}Right"]) / 2

    held = w["mouthClose"] / max(w["jawOpen"], 0.05)
    seal = min(max(mean("mouthPress") / 0.45, held, 0.0), 1.0)
    return {
        "open": max(w["jawOpen"] - w["mouthClose"], 0.0) / 0.8,
        "seal": seal,
        "round": w["mouthPucker"] / 0.8,
        "funnel": (w["mouthFunnel"] - 0.125 * w["mouthPucker"]) / 0.75,
        "spread": mean("mouthStretch") / 0.4,
        "tuck": w["mouthRollLower"] / 0.75 - 0.24 * seal,
        "lower": mean("mouthLowerDown") / 0.55,
        "tip": w["tongueTipUp"],
        "out": w["tongueOut"] / 0.45,
        "back": (w["tongueUp"] - 0.2 * w["tongueTipUp"]) / 0.7,
    }


@pytest.mark.parametrize("name", TARGETS)
def test_the_tables_numbers_are_those_of_the_targets(name):
    each = [measures(CLASSES[one]) for one in TARGETS[name].split()]
    target = {term: np.mean([one[term] for one in each]) for term in SCALES}
    wanted = {term: 2 * SCALES[term] * target[term] for term in SCALES}
    offset = -sum(SCALES[term] * target[term] ** 2 for term in SCALES)
    written = RIG.document["terms"][f"near_{name}"]
    assert written["offset"] == pytest.approx(offset, abs=0.0051)
    for term, number in wanted.items():
        assert written.get(term, 0.0) == pytest.approx(number, abs=0.0051)


@pytest.mark.parametrize(("phone", "viseme"), VISEME_OF.items())
def test_a_phones_target_shows_its_viseme_most(phone, viseme):
    row = Mapper(RIG).map(CLASSES[phone][None])[0]
    shown = dict(zip(RIG.curves, row.tolist(), strict=True))
    assert max(shown, key=shown.get) == viseme
    assert shown[viseme] > 0.35


@pytest.mark.parametrize(
    ("phone", "vowel"),
    [("aa", "aa"), ("ah", "aa"), ("ao", "oh"), ("ow", "oh"), ("eh", "ee"), ("iy", "ih"),
     ("uw", "ou"), ("yy", "ou")],
)  # fmt: skip
def test_a_vowels_target_shows_that_vowel_most_on_a_vrm(phone, vowel):
    rig = RIGS["unity/vrm1"]
    row = Mapper(rig).map(CLASSES[phone][None])[0]
    shown = dict(zip(rig.curves, row.tolist(), strict=False))
    vowels = {name: shown[name] for name in ("aa", "ih", "ou", "ee", "oh")}
    assert max(vowels, key=vowels.get) == vowel
    assert vowels[vowel] > 0.6


def test_sealed_lips_are_a_p_at_any_jaw_whatever_else_the_mouth_does():
    rng = np.random.default_rng(0)
    faces = np.zeros((500, len(FACE)), np.float32)
    faces[:, : len(WEIGHTS)] = rng.uniform(0, 0.5, (500, len(WEIGHTS)))
    jaw = rng.uniform(0.05, 1.0, 500)
    for name in ("jawOpen", "mouthClose"):
        faces[:, FACE.index(name)] = jaw
    for name in ("mouthRollLower", "mouthStretchLeft", "mouthStretchRight", "tongueOut"):
        faces[:, FACE.index(name)] *= 0.4
    for name in ("mouthFunnel", "mouthLowerDownLeft", "mouthLowerDownRight"):
        faces[:, FACE.index(name)] *= 0.5
    rows = Mapper(RIG).map(faces)
    shown = dict(zip(RIG.curves, rows.T, strict=True))
    assert shown["PP"].min() > 0.9
    for vowel in ("aa", "E", "ih", "oh", "ou"):
        assert shown[vowel].max() < 0.1


def test_visemes_add_up_to_one_and_rest_is_silence():
    faces = np.random.default_rng(1).uniform(-0.2, 1.2, (400, len(FACE))).astype(np.float32)
    rows = Mapper(RIG).map(faces)
    np.testing.assert_allclose(rows.sum(axis=1), 1.0, atol=1e-5)
    rest = Mapper(RIG).map(np.zeros((1, len(FACE)), np.float32))[0]
    assert dict(zip(RIG.curves, rest, strict=True)) == {
        name: float(name == "sil") for name in RIG.curves
    }


@pytest.fixture(scope="module")
def speech():
    """Rows of seven seconds of human speech, by rig."""
    catalog = load_catalog("embedded")
    rows = {}
    for rig in ("arkit", "visemes", "unity/vrm1"):
        with SpeechFile(ROOT / "a2f_ws" / "samples" / "speech.flac") as file:
            recording = animate(file, catalog, rig=rig, rate=PoseRate.of(60))
        rows[rig] = dict(zip(recording.curves, np.asarray(recording.rows).T, strict=False))
    return rows


def bilabials():
    """Start and end of each p, b, m in the clip, seconds."""
    path = ROOT / "tests/data/speech/sense_and_sensibility_01_austen_64kb-0870.phone.json"
    words = json.loads(path.read_text(encoding="utf-8"))["w"]
    phones = [phone for word in words for phone in word["w"]]
    return [(one["b"], one["b"] + one["d"]) for one in phones if one["t"] in ("P", "B", "M")]


def test_speech_goes_through_many_visemes_and_shows_most_bilabials_in_full(speech):
    shown, face = speech["visemes"], speech["arkit"]
    leading = np.array(list(shown))[np.argmax(list(shown.values()), axis=0)]
    assert {"sil", "PP", "FF", "DD", "RR", "aa", "ih", "ou"} <= set(leading)
    assert (np.diff(np.unique(leading, return_inverse=True)[1]) != 0).sum() > 40
    sealed = (face["mouthClose"] > 0.05) & (face["mouthClose"] > 0.9 * face["jawOpen"])
    assert sealed.any()
    assert shown["PP"][sealed].min() > 0.9
    times = np.arange(len(shown["PP"])) / 60
    peaks = [
        shown["PP"][(times >= start - 0.04) & (times <= end + 0.04)].max()
        for start, end in bilabials()
    ]
    assert len(peaks) == 7
    assert (np.array(peaks) > 0.9).sum() >= 5


def test_speech_moves_all_vowels_of_a_vrm_and_none_in_a_bilabial(speech):
    shown, face = speech["unity/vrm1"], speech["arkit"]
    vowels = np.stack([shown[name] for name in ("aa", "ih", "ou", "ee", "oh")])
    assert (vowels.max(axis=1) > 0.25).all()
    assert vowels.sum(axis=0).max() <= 1.0 + 1e-6
    sealed = (face["mouthClose"] > 0.05) & (face["mouthClose"] > 0.9 * face["jawOpen"])
    assert vowels[:, sealed].max() < 0.05
