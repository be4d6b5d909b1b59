from io import BytesIO

import numpy as np
import pytest

from a2f_ws.names import ARKIT, WEIGHTS
from a2f_ws.output.livelink_csv import (
    HEADER,
    missing_poses,
    read,
    timecode,
    timecode_us,
    write,
)
from a2f_ws.output.recording import Recording
from a2f_ws.rig.table import load_rigs
from a2f_ws.timebase import PoseRate

APP_HEADER = (
    "Timecode,BlendshapeCount,EyeBlinkLeft,EyeLookDownLeft,EyeLookInLeft,EyeLookOutLeft,"
    "EyeLookUpLeft,EyeSquintLeft,EyeWideLeft,EyeBlinkRight,EyeLookDownRight,EyeLookInRight,"
    "EyeLookOutRight,EyeLookUpRight,EyeSquintRight,EyeWideRight,JawForward,JawRight,JawLeft,"
    "JawOpen,MouthClose,MouthFunnel,MouthPucker,MouthRight,MouthLeft,MouthSmileLeft,"
    "MouthSmileRight,MouthFrownLeft,MouthFrownRight,MouthDimpleLeft,MouthDimpleRight,"
    "MouthStretchLeft,MouthStretchRight,MouthRollLower,MouthRollUpper,MouthShrugLower,"
    "MouthShrugUpper,MouthPressLeft,MouthPressRight,MouthLowerDownLeft,MouthLowerDownRight,"
    "MouthUpperUpLeft,MouthUpperUpRight,BrowDownLeft,BrowDownRight,BrowInnerUp,BrowOuterUpLeft,"
    "BrowOuterUpRight,CheekPuff,CheekSquintLeft,CheekSquintRight,NoseSneerLeft,NoseSneerRight,"
    "TongueOut,HeadYaw,HeadPitch,HeadRoll,LeftEyeYaw,LeftEyePitch,LeftEyeRoll,RightEyeYaw,"
    "RightEyePitch,RightEyeRoll"
)


def recording(rows, fps=60):
    rate = PoseRate.of(fps)
    return Recording(
        rig="arkit",
        curves=WEIGHTS,
        rate=rate,
        times_us=np.array([rate.t_us(i) for i in range(len(rows))], np.int64),
        utterances=np.ones(len(rows), np.int64),
        rows=np.array(rows, np.float32),
    )


def written(subject):
    out = BytesIO()
    write(subject, out)
    return out.getvalue().decode("ascii")


def test_the_header_is_that_of_a_file_of_the_app():
    assert ",".join(HEADER) == APP_HEADER
    assert len(HEADER) == 63


def test_a_line_is_timecode_61_and_61_values_by_name():
    row = np.full(68, -0.0)
    for name, value in (("eyeBlinkLeft", 0.5), ("jawLeft", 0.25), ("jawRight", 0.125)):
        row[WEIGHTS.index(name)] = value
    row[WEIGHTS.index("mouthLeft")] = 1 / 3
    row[WEIGHTS.index("tongueUp")] = 1
    lines = written(recording([row, row])).splitlines()
    assert len(lines) == 3
    fields = lines[2].split(",")
    assert fields[:3] == ["00:00:00:01.000", "61", "0.5000000000"]
    assert len(fields) == 63
    values = dict(zip(HEADER, fields, strict=True))
    assert {name: value for name, value in values.items() if value != "0.0000000000"} == {
        "Timecode": "00:00:00:01.000",
        "BlendshapeCount": "61",
        "EyeBlinkLeft": "0.5000000000",
        "JawLeft": "0.2500000000",
        "JawRight": "0.1250000000",
        "MouthLeft": "0.3333333433",
    }


def test_the_angles_of_unreals_rig_go_to_their_columns():
    rig = load_rigs()["unreal/livelink"]
    rows = np.zeros((1, len(rig.curves)), np.float32)
    for name, value in (("JawOpen", 0.5), ("HeadYaw", -0.25), ("RightEyePitch", 0.125)):
        rows[:, rig.curves.index(name)] = value
    subject = Recording(
        rig=rig.name,
        curves=rig.curves,
        rate=PoseRate.of(60),
        times_us=np.zeros(1, np.int64),
        utterances=np.ones(1, np.int64),
        rows=rows,
    )
    assert missing_poses(rig.curves) == ()
    lines = written(subject).splitlines()
    values = dict(zip(HEADER, lines[1].split(","), strict=True))
    assert {name: value for name, value in values.items() if value != "0.0000000000"} == {
        "Timecode": "00:00:00:00.000",
        "BlendshapeCount": "61",
        "JawOpen": "0.5000000000",
        "HeadYaw": "-0.2500000000",
        "RightEyePitch": "0.1250000000",
    }


@pytest.mark.parametrize(
    ("t_us", "code"),
    [
        (0, "00:00:00:00.000"),
        (16_666, "00:00:00:01.000"),
        (33_333, "00:00:00:02.000"),
        (20_000, "00:00:00:01.200"),
        (999_999, "00:00:01:00.000"),
        (1_000_000, "00:00:01:00.000"),
        (59_983_333, "00:00:59:59.000"),
        (3_723_500_000, "01:02:03:30.000"),
        (100 * 3_600_000_000, "100:00:00:00.000"),
    ],
)
def test_a_timecode_counts_sixtieths_whatever_the_pose_rate(t_us, code):
    assert timecode(t_us) == code
    # Half a thousandth of a sixtieth of a second, rounded to whole microseconds.
    assert abs(timecode_us(code) - t_us) <= 9


def test_reading_gives_back_what_was_written():
    weights = np.random.default_rng(3).random((40, 68)).astype(np.float32)
    subject = recording(weights, fps=30)
    got = read(BytesIO(written(subject).encode()))
    assert (got.rig, got.curves, got.rate) == ("arkit", ARKIT, PoseRate.of(30))
    # Ten decimals; times as in the test above.
    np.testing.assert_allclose(got.rows, weights[:, :52], atol=1e-10, rtol=6e-8)
    np.testing.assert_allclose(got.times_us, subject.times_us, atol=9)


def test_a_file_of_an_older_app_reads_from_its_first_line_on():
    old = APP_HEADER.replace("BlendshapeCount", "BlendShapeCount")
    zeros = ",0.0" * 60
    text = f"{old}\r\n12:27:47:47.169,61,0.5{zeros}\r\n12:27:47:49.169,61,0.25{zeros}\r\n\r\n"
    got = read(BytesIO(b"\xef\xbb\xbf" + text.encode()))
    assert got.times_us.tolist() == [0, 33_333]
    assert got.rate == PoseRate.of(30)
    assert got.rows[:, 0].tolist() == [0.5, 0.25]


def test_an_empty_recording_has_a_header_only():
    text = written(recording(np.zeros((0, 68))))
    assert text == APP_HEADER + "\n"
    assert len(read(BytesIO(text.encode())).rows) == 0


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "column EyeBlinkLeft is missing"),
        ("name,value\n1,2\n", "column EyeBlinkLeft is missing"),
        (APP_HEADER.replace("Timecode", "Time"), "column Timecode is missing"),
        (APP_HEADER.replace("JawOpen", "Jaw"), "column JawOpen is missing"),
        (APP_HEADER + "\n00:00:00:00.000,61,0.5\n", "line 2: list index out of range"),
        (APP_HEADER + "\n0,61" + ",0" * 61, "line 2: not enough values to unpack"),
        (APP_HEADER + "\n0:0:0:0,61,x" + ",0" * 60, "line 2: could not convert string to float"),
    ],
)
def test_something_else_is_refused_with_its_place(text, wanted):
    with pytest.raises(ValueError, match=wanted):
        read(BytesIO(text.encode()))
