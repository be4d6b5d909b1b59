"""Live Link Face recordings: the CSV files of Epic's iPhone app, which many tools import."""

import csv
from io import TextIOWrapper
from itertools import pairwise
from statistics import median
from typing import BinaryIO, Final

import numpy as np

from a2f_ws.names import ARKIT
from a2f_ws.output.arkit_rows import arkit_curves, arkit_names
from a2f_ws.output.recording import Recording
from a2f_ws.timebase import FPS_MAX, FPS_MIN, MICROSECONDS, PoseRate

RIG: Final = "arkit"
"""The rig whose curves are those of the app; what is read from a file has it."""

APP_ORDER: Final = {
    "jawLeft": "jawRight",
    "jawRight": "jawLeft",
    "mouthLeft": "mouthRight",
    "mouthRight": "mouthLeft",
}
"""Where the app's files depart from the order of the Live Link Face packet: right before left.

Source: headers of recordings made with the app (`anim/*.csv` of alexdjulin/
LiveLinkFace-CSV-Retarget-For-Motionbuilder and others agree). Importers go by name.
"""

POSES: Final = tuple(APP_ORDER.get(name, name) for name in ARKIT)
ANGLES: Final = (
    "HeadYaw", "HeadPitch", "HeadRoll",
    "LeftEyeYaw", "LeftEyePitch", "LeftEyeRoll",
    "RightEyeYaw", "RightEyePitch", "RightEyeRoll",
)  # fmt: skip
"""Rotations of head and eyes, radians. Source: as `APP_ORDER`."""

COLUMNS: Final = tuple(name[0].upper() + name[1:] for name in POSES) + ANGLES
HEADER: Final = ("Timecode", "BlendshapeCount", *COLUMNS)
"""First line; older versions of the app write BlendShapeCount, importers take both."""

TICKS_HZ: Final = 60
"""Frames of a timecode per second, whatever the pose rate.

Source: recordings of the app, at 30 poses per second too, and Unreal's importer, which divides by
60 (`LiveLinkFaceImporterFactory.cpp`).
"""

MILLITICKS_HZ: Final = TICKS_HZ * 1000


def missing_poses(recording_curves: tuple[str, ...]) -> tuple[str, ...]:
    """The poses of a Live Link Face recording that some curves lack."""
    known = arkit_names(recording_curves)
    return tuple(name for name in ARKIT if name not in known)


def write(recording: Recording, out: BinaryIO) -> None:
    """Write a recording of one of `arkit_rows.RIGS`, one line per pose.

    Poses of the tongue beyond tongueOut have no column. Only `unreal/livelink` has angles; those of
    other rigs are 0.

    Args:
        recording: Has all 52 poses.
        out: Where the bytes go.
    """
    text = TextIOWrapper(out, "ascii", newline="\n")
    text.write(",".join(HEADER) + "\n")
    columns = {name: k for k, name in enumerate(arkit_names(recording.curves))}
    names = [name[0].lower() + name[1:] for name in COLUMNS]
    line = ",".join(["%s", str(len(COLUMNS)), *["%.10f"] * len(COLUMNS)])
    rows = np.zeros((len(recording.rows), len(COLUMNS)), np.float32)
    known = [k for k, name in enumerate(names) if name in columns]
    # A zero is added so that none is negative.
    rows[:, known] = arkit_curves(recording)[:, [columns[names[k]] for k in known]] + np.float32(0)
    for t_us, row in zip(recording.times_us.tolist(), rows, strict=True):
        text.write(line % (timecode(t_us), *row.tolist()) + "\n")
    text.detach()


def timecode(t_us: int) -> str:
    """The timecode of a time: HH:MM:SS:FF.mmm, FF.mmm in sixtieths of a second, rounded."""
    ticks, milli = divmod((t_us * MILLITICKS_HZ + MICROSECONDS // 2) // MICROSECONDS, 1000)
    seconds, frame = divmod(ticks, TICKS_HZ)
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}:{frame:02}.{milli:03}"


def timecode_us(code: str) -> int:
    """The time of a timecode, microseconds, rounded.

    Raises:
        ValueError: It is none.
    """
    hours, minutes, seconds, frames = code.split(":")
    whole_s = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    return whole_s * MICROSECONDS + round(float(frames) * MICROSECONDS / TICKS_HZ)


def read(content: BinaryIO) -> Recording:
    """Read a Live Link Face recording, the app's own files included.

    Args:
        content: The file. Columns are found by name; angles are left out.

    Returns:
        The 52 poses, times from the first line on, and the pose rate that the times suggest.

    Raises:
        ValueError: It is no such file.
    """
    try:
        text = TextIOWrapper(content, "utf-8-sig", newline="")
        header, *lines = [line for line in csv.reader(text) if line] or [[]]
    except csv.Error as error:
        raise ValueError(str(error)) from error
    lacking = [name for name in COLUMNS[: len(POSES)] if name not in header]
    if header[:1] != [HEADER[0]] or lacking:
        raise ValueError(f"column {(lacking or HEADER)[0]} is missing")
    columns = [header.index(name[0].upper() + name[1:]) for name in ARKIT]
    times_us, rows = [], []
    for number, line in enumerate(lines, start=2):
        try:
            times_us.append(timecode_us(line[0]))
            rows.append([float(line[column]) for column in columns])
        except (ValueError, IndexError) as error:
            raise ValueError(f"line {number}: {error}") from error
    times = np.array(times_us, np.int64)
    return Recording(
        rig=RIG,
        curves=ARKIT,
        rate=_rate(times_us),
        times_us=times - times[:1].sum(),
        utterances=np.ones(len(times), np.int64),
        rows=np.array(rows, np.float32).reshape(len(times), len(ARKIT)),
    )


def _rate(times_us: list[int]) -> PoseRate:
    """The whole number of poses per second next to the usual distance of two poses."""
    steps = [after - before for before, after in pairwise(times_us)]
    step_us = median(steps) if steps else MICROSECONDS / TICKS_HZ
    hz = round(MICROSECONDS / step_us) if step_us > 0 else TICKS_HZ
    return PoseRate.of(min(max(hz, FPS_MIN), FPS_MAX))
