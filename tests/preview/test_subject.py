import struct

import numpy as np
import pytest

from a2f_ws.names import ARKIT
from a2f_ws.output.livelink_packet import VALUES
from a2f_ws.preview.subject import RIG, ROLES, Subject
from a2f_ws.rig.table import load_rigs

MINUTE = range(0, 60_000_000, 16_667)


def values(content):
    """The 61 values, which end a packet."""
    return dict(zip(VALUES, struct.unpack("!61f", content[-244:]), strict=True))


def shown(subject, row=(), *, layout=0, now_us=0):
    row = np.array(row, np.float32)
    return values(subject.packet(row, layout, now_us=now_us, seconds=0.0))


def test_the_rig_of_packets_has_their_values_in_their_order():
    assert load_rigs()[RIG].curves == VALUES


def test_curves_go_to_the_values_of_their_names():
    subject = Subject("Ann")
    subject.opened(3, ("TongueOut", "ear", "jawOpen", "HeadYaw"), roles={})
    found = shown(subject, [0.25, 9.0, 0.5, -0.125], layout=3)
    # The head breathes at any time.
    quiet = shown(subject, [0.0, 0.0, 0.0, 0.0], layout=3)
    assert (found["TongueOut"], found["JawOpen"]) == (0.25, 0.5)
    assert found["HeadYaw"] - quiet["HeadYaw"] == pytest.approx(-0.125, abs=1e-6)
    others = set(VALUES) - {"TongueOut", "JawOpen", "HeadYaw", "HeadPitch", "HeadRoll"}
    assert not any(found[name] for name in others)


def test_the_row_shown_keeps_the_meaning_of_its_own_layout():
    subject = Subject("Ann")
    subject.opened(1, ("JawOpen", "MouthLeft"), roles={})
    subject.opened(2, ("MouthLeft", "JawOpen"), roles={})
    for layout, name in ((1, "JawOpen"), (2, "MouthLeft")):
        assert shown(subject, [0.5, 0.0], layout=layout)[name] == 0.5
    subject.left()
    assert shown(subject, [0.5, 0.0], layout=2)["MouthLeft"] == 0.0


def test_a_face_that_nobody_moves_blinks_looks_about_and_moves_its_head():
    subject = Subject("Ann")
    frames = [shown(subject, now_us=now_us) for now_us in MINUTE]
    blinks = np.array([frame["EyeBlinkLeft"] for frame in frames])
    # Some fifteen a minute; each is a stretch of closed frames.
    assert 8 <= ((blinks[1:] > 0.5) & (blinks[:-1] <= 0.5)).sum() <= 25
    for name in ("EyeLookInLeft", "EyeLookUpRight", "HeadYaw", "HeadPitch", "HeadRoll"):
        assert np.ptp([frame[name] for frame in frames]) > 0.02
    assert not any(frame["JawOpen"] for frame in frames)


def test_two_subjects_do_not_blink_together_and_one_always_does_it_alike():
    def blinks(name):
        return [shown(Subject(name), now_us=now_us)["EyeBlinkLeft"] for now_us in MINUTE]

    assert blinks("Ann") == blinks("Ann") != blinks("Ben")


def test_the_angles_of_the_eyes_follow_the_gaze_of_idle_life():
    # 30 degrees are a full look; to the character's left one eye looks out, the other one in.
    for now_us in MINUTE[::50]:
        frame = shown(Subject("Ann"), now_us=now_us)
        left = frame["EyeLookOutLeft"] - frame["EyeLookInLeft"]
        up = frame["EyeLookUpLeft"] - frame["EyeLookDownLeft"]
        for side in ("Left", "Right"):
            assert frame[f"{side}EyeYaw"] == pytest.approx(left * np.pi / 6, abs=1e-6)
            assert frame[f"{side}EyePitch"] == pytest.approx(up * np.pi / 6, abs=1e-6)
            assert frame[f"{side}EyeRoll"] == 0.0


def test_gaze_is_left_alone_where_the_network_drives_it():
    subject = Subject("Ann")
    roles = {"blinkLeft": (0, 1.0), "head": (61, 1.0), "breath": (3, 1.0)}
    subject.opened(1, VALUES, roles=roles)
    row = np.zeros(68, np.float32)
    frames = [shown(subject, row, layout=1, now_us=now_us) for now_us in MINUTE]
    assert max(frame["EyeBlinkLeft"] for frame in frames) > 0.9
    for name in ("EyeBlinkRight", "EyeLookInLeft", "EyeLookOutRight", "LeftEyeYaw"):
        assert not any(frame[name] for frame in frames)


def test_roles_speak_of_poses_that_there_are():
    poses = {name[0].upper() + name[1:] for name in ARKIT}
    assert {VALUES[index] for index, _ in ROLES.values()} <= poses
    assert VALUES[ROLES["lookOutRight"][0]] == "EyeLookOutRight"


@pytest.mark.parametrize(
    ("angles", "scale"), [("radians", 1.0), ("degrees", 57.29578), ("half_turns", 0.3183099)]
)
def test_only_angles_are_told_in_the_unit_that_is_wanted(angles, scale):
    row = np.full(61, 0.5, np.float32)
    found, plain = (Subject("Ann", angles=unit) for unit in (angles, "radians"))
    for subject in (found, plain):
        subject.opened(1, VALUES, roles={})
    got, wanted = (shown(one, row, layout=1) for one in (found, plain))
    for at, name in enumerate(VALUES):
        assert got[name] == pytest.approx(wanted[name] * (scale if at >= 52 else 1.0), rel=1e-5)
