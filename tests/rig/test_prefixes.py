"""Names of meshes that say first whose they are."""

import pytest

from a2f_ws.names import ARKIT
from a2f_ws.rig.matching import best, fitted
from a2f_ws.rig.table import load_rigs
from tests.rig.tables import mapped
from tests.rig.test_heads import OPEN, fit, names
from tests.rig.test_matching import RIG

RIGS = load_rigs()


@pytest.mark.parametrize("prefix", ["Head_", "ARKit_", "bs_", "Face.M_F00_000_00_", "My Head-"])
def test_a_prefix_that_all_names_share_is_left_out_where_a_mesh_would_be_refused(prefix):
    have = [prefix + name for name in ARKIT]
    for found in (best(RIGS.values(), have), fitted(RIGS["browser/arkit"], have)):
        assert (found.table.name, found.table.curves) == ("browser/arkit", tuple(have))
        assert mapped(found.table, jawOpen=0.5)[prefix + "jawOpen"] == 0.5


def test_names_without_the_prefix_of_the_others_are_taken_as_they_stand():
    have = ["Head_jawOpen", "Head_mouthClose", "Head_cheek_Puff", "Teeth_jawOpen", "blink_L"]
    assert fitted(RIG, have).table.curves == ("blink_L",)
    found = fitted(RIG, have[:4])
    assert found.table.curves == ("Head_jawOpen", "Head_mouthClose", "Head_cheek_Puff")
    assert found.unmatched == ("Teeth_jawOpen",)


def test_few_names_share_a_prefix_by_chance():
    assert best(RIGS.values(), ["Fcl_BRW_Angry", "Fcl_BRW_Joy"]) is None
    assert fitted(RIG, ["Door_jawOpen"]).table.curves == ()
    assert best(RIGS.values(), ["Door_open", "Door_shut", "Door_wide", "Door_locked"]) is None


def test_without_any_rig_for_auto_no_prefix_helps():
    assert best([], ["Head_jawOpen", "Head_jawLeft", "Head_mouthClose"]) is None


def test_a_shared_prefix_is_kept_where_the_rig_knows_the_names_with_it():
    have = ["V_Open", "V_Explosive", "V_Tight_O", "V_Wide"]
    assert best(RIGS.values(), have).table.name == "cc4"


@pytest.mark.parametrize(
    "bone",
    [
        "DEF-jaw", "Bip01 Jaw", "Bip01_Jaw", "ValveBiped.Bip01_Jaw", "C_Jaw_JNT", "rig:C_jaw_JNT",
        "DEF-jaw.001", "Armature|DEF-jaw",
    ],
)  # fmt: skip
def test_jaw_bones_are_known_by_the_names_that_rigs_give_them(bone):
    for found in (best(RIGS.values(), ["Hips", bone]), fitted(RIGS["jaw"], [bone])):
        assert (found.table.name, found.table.curves) == ("jaw", (bone,))


@pytest.mark.parametrize("prefix", ["Face.M_F00_000_00_", "Face_M_F00_000_00_"])
def test_a_vroid_face_is_known_below_the_prefix_that_older_exports_write(prefix):
    plain = fit("vroid")
    found = best(RIGS.values(), [prefix + name for name in names("vroid")])
    assert found.table.name == plain.table.name
    assert found.table.curves == tuple(prefix + name for name in plain.table.curves)
    assert mapped(found.table, **OPEN)[prefix + "Fcl_MTH_A"] > 0.5


START = "CTRL_expressions_"


@pytest.mark.parametrize("prefix", ["CTRL_expressions.", "ctrl_expressions.", ""])
def test_a_metahuman_is_known_by_the_names_of_its_dna_and_without_their_prefix(prefix):
    rig = RIGS["unreal/metahuman"]
    controls = [name for name in rig.curves if name.startswith(START)]
    plain = fitted(rig, controls)
    have = [prefix + name.removeprefix(START) for name in controls]
    for found in (best(RIGS.values(), have), fitted(rig, have)):
        assert found.table.name == "unreal/metahuman"
        assert found.missing == ()
        wanted = [prefix + name.removeprefix(START) for name in plain.table.curves]
        assert list(found.table.curves) == wanted
        pose = {"jawOpen": 0.5, "mouthClose": 0.25, "eyeBlinkLeft": 1.0, "tongueTipUp": 0.5}
        shown = mapped(found.table, **pose)
        assert list(shown.values()) == list(mapped(plain.table, **pose).values())
        assert found.table.idle == plain.table.idle
