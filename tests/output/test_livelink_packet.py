import struct
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.output.livelink_packet import VALUES, device_of, packet, subject_name

NUMBERS = st.floats(-4.0, 4.0, width=32)


def read(content):
    """What the packet says, told from the layout alone: every field has a place and a length."""
    at = 0

    def take(size):
        nonlocal at
        at += size
        assert at <= len(content), f"the packet ends at {len(content)}, wanted {at}"
        return content[at - size : at]

    def number(size):
        return int.from_bytes(take(size), "big", signed=True)

    def real():
        return struct.unpack("!f", take(4))[0]

    found = {"version": take(1)[0]}
    found["device"] = take(number(4)).decode("ascii")
    found["subject"] = take(number(4)).decode("ascii")
    found["frame"], found["part"] = number(4), real()
    found["rate"] = number(4), number(4)
    found["values"] = [real() for _ in range(take(1)[0])]
    assert at == len(content)
    return found


def test_the_values_are_the_52_poses_and_nine_angles_of_unreal_in_its_order():
    assert len(VALUES) == 61
    assert VALUES[:3] == ("EyeBlinkLeft", "EyeLookDownLeft", "EyeLookInLeft")
    assert VALUES[15:19] == ("JawLeft", "JawRight", "JawOpen", "MouthClose")
    assert VALUES[21:23] == ("MouthLeft", "MouthRight")
    assert VALUES[51:] == (
        "TongueOut", "HeadYaw", "HeadPitch", "HeadRoll", "LeftEyeYaw", "LeftEyePitch",
        "LeftEyeRoll", "RightEyeYaw", "RightEyePitch", "RightEyeRoll",
    )  # fmt: skip


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=64),
    st.lists(NUMBERS, min_size=61, max_size=61),
    st.floats(0.0, 86_399.9),
)
def test_every_field_is_read_back_by_a_decoder_of_the_layout(subject, values, seconds):
    wanted = np.array(values, np.float32)
    content = packet(device_of(subject), subject, values=wanted, seconds=seconds)
    found = read(content)
    assert len(content) == 270 + 36 + len(subject)
    assert (found["version"], found["rate"]) == (6, (60, 1))
    assert (found["device"], found["subject"]) == (device_of(subject), subject)
    assert found["values"] == wanted.tolist()
    assert 0.0 <= found["part"] <= 1.0
    # A frame is a sixtieth of a second; its part is a float32.
    assert found["frame"] + found["part"] == pytest.approx(seconds * 60, abs=1e-6)


def test_the_package_pylivelinkface_reads_the_same_face():
    theirs = pytest.importorskip("pylivelinkface")
    values = np.linspace(-1.0, 1.0, 61).astype(np.float32)
    content = packet(device_of("Ann"), "Ann", values=values, seconds=3_723.5)
    has_face, face = theirs.PyLiveLinkFace.decode(content)
    assert has_face
    assert (face.name, face.fps) == ("Ann", 60)
    # It takes the last byte of the length, 36, for a part of the name.
    assert face.uuid == "$" + device_of("Ann")
    got = [face.get_blendshape(shape) for shape in theirs.FaceBlendShape]
    assert [shape.name for shape in theirs.FaceBlendShape] == list(VALUES)
    assert got == values.tolist()
    assert face._frames == 3_723 * 60 + 30


def test_a_timecode_counts_frames_from_midnight_to_midnight():
    def frame(seconds):
        found = read(packet("d", "s", values=np.zeros(61, np.float32), seconds=seconds))
        return found["frame"], found["part"]

    assert frame(0.0) == (0, 0.0)
    assert frame(1.0125) == (60, pytest.approx(0.75, abs=1e-5))
    assert frame(86_400.0) == (0, 0.0)
    assert frame(86_399.999)[0] == 24 * 3_600 * 60 - 1


def test_each_subject_has_a_device_of_its_own_that_stays_the_same():
    assert device_of("Ann") == device_of("Ann") != device_of("Ben")
    assert UUID(device_of("Ann")).version == 5
    assert len(device_of("Ann")) == 36


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ann 2", "Ann 2"),
        ("Jörg", "J_rg"),
        ("話す\n", "___"),
        ("", "_"),
        ("   ", "_"),
        ("x" * 90, "x" * 64),
    ],
)
def test_a_subject_is_ascii_that_unreal_can_show(text, name):
    assert subject_name(text) == name
