"""The packets in which Epic's Live Link Face app sends a face to Unreal, as bytes. No I/O."""

import struct
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from a2f_ws.names import ARKIT, Floats
from a2f_ws.output.livelink_csv import ANGLES

PORT: Final = 11_111
"""Where Unreal's Live Link Face source listens unless it is set otherwise."""

VERSION: Final = 6
VALUES: Final = tuple(name[0].upper() + name[1:] for name in ARKIT) + ANGLES
"""Names of the 61 values in order: 52 poses, then the angles of head and eyes.

Source of version, order and layout: `AppleARKitLiveLinkSource.cpp` and
`FOREACH_ENUM_EARFACEBLENDSHAPE` of Unreal Engine; the bytes as the Python package pylivelinkface
reads them. All numbers are big-endian.
"""

LENGTH: Final = struct.Struct(">i")
MOMENT: Final = struct.Struct(">ifiiB")
FACE: Final = struct.Struct(f">{len(VALUES)}f")

RATE_HZ: Final = 60
"""Frames of a timecode per second: what the app sends, whatever the pose rate."""

DAY_S: Final = 86_400
NAME_MAX: Final = 64
STRANGE: Final = "_"


def packet(device: str, subject: str, *, values: Floats, seconds: float) -> bytes:
    """One face of one subject.

    Args:
        device: ASCII, names the sender; one for each subject.
        subject: ASCII, what the user picks in Unreal.
        values: float32 (61,), in the order of `VALUES`: poses 0 … 1, then angles.
        seconds: Time of day, which becomes the timecode: frame number and part of a frame.

    Returns:
        270 bytes, and the two names.
    """
    frame, part = _frame(seconds)
    return b"".join(
        (
            bytes([VERSION]),
            *(LENGTH.pack(len(name)) + name.encode("ascii") for name in (device, subject)),
            MOMENT.pack(frame, part, RATE_HZ, 1, len(VALUES)),
            FACE.pack(*values.tolist()),
        )
    )


def device_of(subject: str) -> str:
    """The device that a subject comes from: a UUID as telephones have, always the same."""
    return str(uuid5(NAMESPACE_URL, f"a2f-ws:{subject}")).upper()


def subject_name(text: str) -> str:
    """A name that Unreal can read: printable ASCII, 1 to 64 characters; others become `_`."""
    kept = (char if char.isascii() and char.isprintable() else STRANGE for char in text)
    return "".join(kept)[:NAME_MAX].strip() or STRANGE


def _frame(seconds: float) -> tuple[int, float]:
    """Number of the frame since midnight, and how much of it has passed, 0 … 1."""
    frames = (seconds % DAY_S) * RATE_HZ
    whole = int(frames)
    return whole, frames - whole
