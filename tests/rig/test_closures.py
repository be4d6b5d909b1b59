"""Sealed lips stay sealed in every rig, and vowels open it: what the mouth shows, rig by rig."""

import numpy as np
import pytest

from a2f_ws.names import FACE, WEIGHTS
from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.matching import fitted
from a2f_ws.rig.spelling import keys
from a2f_ws.rig.table import load_rigs
from tests.rig.mouths import GAPS, gap
from tests.rig.tables import face
from tests.rig.test_visemes import CLASSES

RIGS = load_rigs()
EVERY = pytest.mark.parametrize("name", RIGS)
CLOSERS = ("mouthclose", "mouthclosed")
SEALING = [name for name in RIGS if any(keys(one)[-1] in CLOSERS for one in RIGS[name].curves)]


def gaps(name, faces, table=None):
    """How far the mouth is open, 0 to about 1, float (B,), by the curves that the rig sends."""
    table = table or RIGS[name]
    rows = Mapper(table).map(faces)
    return gap(name, dict(zip(table.curves, rows.T.astype(float), strict=False)))


def sealed_faces(count=300):
    """Faces with sealed lips over any jaw, whatever else the mouth does about it."""
    rng = np.random.default_rng(7)
    faces = np.zeros((count, len(FACE)), np.float32)
    faces[:, : len(WEIGHTS)] = rng.uniform(0, 0.5, (count, len(WEIGHTS)))
    for names, share in (
        (("mouthRollLower", "mouthStretchLeft", "mouthStretchRight", "tongueOut"), 0.4),
        (("mouthFunnel", "mouthLowerDownLeft", "mouthLowerDownRight"), 0.5),
    ):
        for one in names:
            faces[:, FACE.index(one)] *= share
    jaw = rng.uniform(0.05, 1.0, count)
    for one in ("jawOpen", "mouthClose"):
        faces[:, FACE.index(one)] = jaw
    return faces


@EVERY
def test_every_rig_says_here_how_its_mouth_opens(name):
    assert name in GAPS


@EVERY
def test_sealed_lips_are_sealed_at_any_jaw_in_every_rig(name):
    assert gaps(name, sealed_faces()).max() < 0.1


@EVERY
def test_a_vowels_open_jaw_opens_every_rig(name):
    wide = face(jawOpen=0.6, mouthLowerDownLeft=0.15, mouthLowerDownRight=0.15)
    assert gaps(name, wide)[0] > 0.5
    assert gaps(name, face())[0] == 0.0


@EVERY
def test_the_targets_of_bilabials_close_and_those_of_vowels_open_every_rig(name):
    shown = {phone: float(gaps(name, CLASSES[phone][None])[0]) for phone in CLASSES}
    assert shown["PP"] < 0.1
    assert min(shown[phone] for phone in ("aa", "ae", "ah", "eh", "ao")) > 0.25
    assert min(shown[phone] for phone in ("aa", "ae")) > max(shown["PP"], shown["SS"], shown["FF"])


@pytest.mark.parametrize("name", SEALING)
def test_a_mesh_without_the_shape_that_seals_lips_closes_with_its_jaw(name):
    have = [curve for curve in RIGS[name].curves if keys(curve)[-1] not in CLOSERS]
    fit = fitted(RIGS[name], have).table
    assert gaps(name, sealed_faces(), table=fit).max() < 0.1
    assert gaps(name, face(jawOpen=0.6), table=fit)[0] > 0.5


@EVERY
def test_half_the_lips_leave_half_of_the_gap(name):
    """A seal that comes and goes has no step in it, where a rig has more than visemes."""
    half = [gaps(name, face(jawOpen=0.4, mouthClose=seal))[0] for seal in np.linspace(0, 0.4, 21)]
    steps = np.diff(half)
    assert steps.max() < 0.02
    if "viseme" not in name and name not in ("unity/oculus",):
        assert np.abs(steps).max() < 0.2
