import pytest

from a2f_ws.names import EMOTIONS, EYES, FACE, WEIGHTS
from a2f_ws.rig.mirror import GROUPS, mirror, mirrored_columns


def test_every_input_mirrors_to_an_input_and_back_with_the_same_sign():
    for name in FACE:
        other = mirror(name)
        assert other.name in FACE
        assert mirror(other.name) == (name, other.sign)


def test_sides_change_and_what_has_none_stays():
    assert mirror("eyeLookInLeft") == ("eyeLookInRight", 1)
    assert mirror("mouthRight") == ("mouthLeft", 1)
    assert mirror("jawOpen") == ("jawOpen", 1)
    assert mirror("joy") == ("joy", 1)


def test_a_yaw_of_the_eyes_turns_round_and_a_pitch_does_not():
    assert mirror("eyeLeftY") == ("eyeRightY", -1)
    assert mirror("eyeLeftX") == ("eyeRightX", 1)


def test_the_groups_share_out_all_weights_and_eyes_and_no_emotion():
    members = [name for group in GROUPS.values() for name in group]
    assert sorted(members) == sorted(WEIGHTS + EYES)
    assert not set(members) & set(EMOTIONS)
    assert list(GROUPS) == ["eyes", "brows", "jaw", "mouth", "cheeks", "nose", "tongue"]


def test_a_group_named_twice_is_swapped_once():
    assert mirrored_columns(["jaw", "jaw"], GROUPS) == mirrored_columns(["jaw"], GROUPS)
    at, other = FACE.index("jawLeft"), FACE.index("jawRight")
    assert mirrored_columns(["jaw"], GROUPS)[at] == (other, 1)


def test_an_unknown_group_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match=r"no group 'mouht' to swap \(did you mean 'mouth'\?\)"):
        mirrored_columns(["mouht"], GROUPS)
