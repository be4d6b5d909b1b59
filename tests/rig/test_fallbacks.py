"""Fallbacks that move transforms otherwise."""

import numpy as np
import pytest

from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.matching import fitted
from a2f_ws.rig.table import load_rigs
from tests.rig.tables import face, mapped, table

RIGS = load_rigs()
JAW = """
[curves]
open = "jawOpen"
close = "mouthClose"
[transforms.jaw]
pitch = { jawOpen = 25.0 }
yaw = { jawLeft = 6.0 }
[transforms.head]
[idle]
head = "head"
[[fallback]]
lacking = ["close"]
curves = { open = { jawOpen = 1.0, mouthClose = -1.0 } }
transforms = { jaw = { pitch = { jawOpen = 25.0, mouthClose = -25.0, min = 0.0 } } }
"""


def turned(rig, name, **values):
    """Degrees by which a transform turns for one face."""
    at = len(rig.curves) + 7 * rig.transforms.index(name)
    return float(np.degrees(2 * np.arccos(min(Mapper(rig).map(face(**values))[0, at + 3], 1.0))))


def test_a_fallback_may_move_a_transform_otherwise_as_a_whole():
    whole, bare = (fitted(table(JAW), have).table for have in (["open", "close"], ["open"]))
    sealed = {"jawOpen": 0.4, "mouthClose": 0.4}
    assert turned(whole, "jaw", **sealed) == pytest.approx(10.0, abs=1e-3)
    assert turned(bare, "jaw", **sealed) == 0.0
    assert turned(bare, "jaw", jawOpen=0.4) == pytest.approx(10.0, abs=1e-3)
    assert turned(whole, "jaw", jawLeft=0.5) == pytest.approx(3.0, abs=1e-3)
    assert turned(bare, "jaw", jawLeft=0.5) == 0.0
    assert bare.transforms == whole.transforms == ("jaw", "head")
    assert bare.idle == {"head": (8, 1.0)}


def test_sides_swap_in_the_transforms_of_a_fallback_too():
    text = JAW.replace(", min = 0.0 }", " }, yaw = { jawLeft = 6.0 }")
    rig = fitted(table('swap = ["jaw"]\n' + text), ["open"]).table
    assert turned(rig, "jaw", jawRight=0.5) == pytest.approx(3.0, abs=1e-3)
    assert turned(rig, "jaw", jawLeft=0.5) == 0.0


@pytest.mark.parametrize("lacking", [{"Mouth_Close"}, {"Mouth_Close", "Merged_Open_Mouth"}])
def test_teeth_do_not_part_behind_the_sealed_lips_of_a_character_without_mouth_close(lacking):
    rig = fitted(RIGS["cc4"], [name for name in RIGS["cc4"].curves if name not in lacking]).table
    opens = "Merged_Open_Mouth" if len(lacking) == 1 else "Jaw_Open"
    for jaw in (0.05, 0.3):
        assert mapped(rig, jawOpen=jaw, mouthClose=jaw)[opens] == 0.0
        assert turned(rig, "jaw", jawOpen=jaw, mouthClose=jaw) == 0.0
    bone = 0.0 if opens == "Merged_Open_Mouth" else 10.0
    assert turned(rig, "jaw", jawOpen=0.4) == pytest.approx(bone, abs=1e-3)
    assert turned(RIGS["cc4"], "jaw", jawOpen=0.4) == pytest.approx(10.0, abs=1e-3)
