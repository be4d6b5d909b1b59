"""One face as Unreal sees it: rows of a session in, packets out. No I/O, no clock."""

from collections.abc import Mapping
from math import radians
from typing import Final
from zlib import crc32

import numpy as np

from a2f_ws.names import Floats
from a2f_ws.output.livelink_csv import ANGLES
from a2f_ws.output.livelink_packet import VALUES, device_of, packet
from a2f_ws.player import idle
from a2f_ws.player.idle import Level
from a2f_ws.player.layout import Roles

RIG: Final = "unreal/livelink"
"""The rig whose curves are the values of a packet, angles in radians."""

ANGLE_UNITS: Final[Mapping[str, float]] = {
    "radians": 1.0,
    "degrees": 180.0 / np.pi,
    "half_turns": 1.0 / np.pi,
}
"""What radians are multiplied by for those who want angles otherwise.

Epic's blueprints multiply head angles by about 50, which suits radians; senders made with Unreal
itself give degrees / 180.
"""

HEAD: Final = (VALUES.index("HeadPitch"), VALUES.index("HeadYaw"), VALUES.index("HeadRoll"))
"""Where turns about x, y and z go. Idle turns are alike in both directions: signs do not matter."""

FIRST_ANGLE: Final = len(VALUES) - len(ANGLES)

ROLES: Final[Roles] = {
    f"{role}{side}": (VALUES.index(f"{curve}{side}"), 1.0)
    for role, curve in (
        ("blink", "EyeBlink"), ("squint", "EyeSquint"), ("lookUp", "EyeLookUp"),
        ("lookDown", "EyeLookDown"), ("lookIn", "EyeLookIn"), ("lookOut", "EyeLookOut"),
    )
    for side in ("Left", "Right")
}  # fmt: skip
"""Idle life of a face that nobody moves."""


LOOKS: Final = tuple(
    (VALUES.index(f"{side}Eye{angle}"), f"look{way}{side}", sign)
    for side, left, right in (("Left", "Out", "In"), ("Right", "In", "Out"))
    for angle, ways in (("Yaw", (left, right)), ("Pitch", ("Up", "Down")))
    for way, sign in zip(ways, (1.0, -1.0), strict=True)
)
"""Which angle of an eye grows or falls with which role: + yaw is to the character's left, + pitch
up (engines/unreal/README.md)."""


class Subject:
    """A face that is always there: at rest and alive, or as a session moves it.

    Attributes:
        name: What the user picks in Unreal.
    """

    def __init__(self, name: str, *, angles: str = "radians") -> None:
        """Be at rest.

        Args:
            name: Printable ASCII.
            angles: Unit of the angles of head and eyes, one of `ANGLE_UNITS`.
        """
        self.name = name
        self._device, self._seed = device_of(name), crc32(name.encode("ascii"))
        self._scale = np.float32(ANGLE_UNITS[angles])
        self._roles = ROLES
        self._wanted: Floats = np.zeros(len(VALUES), np.float32)
        self._columns: dict[int, tuple[list[int], list[int]]] = {}

    def opened(self, layout: int, curves: tuple[str, ...], *, roles: Roles) -> None:
        """Take an `opened`: what rows of this layout consist of.

        Args:
            layout: `opened.layout`.
            curves: `opened.curves`, of the rig `RIG` or of one with the same poses in camelCase.
            roles: `opened.idle`; gaze is left out of it where the network drives gaze.
        """
        places = {name: at for at, name in enumerate(VALUES)}
        known = [(places.get(name[:1].upper() + name[1:]), k) for k, name in enumerate(curves)]
        pairs = [(at, k) for at, k in known if at is not None]
        before = dict(list(self._columns.items())[-1:])
        self._columns = before | {layout: ([at for at, _ in pairs], [k for _, k in pairs])}
        self._roles = {role: ROLES[role] for role in roles if role in ROLES}

    def left(self) -> None:
        """Nobody moves the face any more."""
        self._columns, self._roles = {}, ROLES

    def packet(self, row: Floats, layout: int, *, now_us: int, seconds: float) -> bytes:
        """The packet of a moment.

        Args:
            row: float32 (R,), what a player shows; of a layout that is not known, a face at rest.
            layout: Its layout.
            now_us: The clock of idle life, microseconds, >= 0.
            seconds: Time of day.
        """
        values: Floats = np.zeros(len(VALUES), np.float32)
        places, columns = self._columns.get(layout, ([], []))
        values[places] = row[columns]
        amounts = idle.offsets(self._seed, now_us, level=Level.ALIVE)
        values = idle.apply(values, amounts, roles=self._roles)
        for at, turn in zip(HEAD, amounts[idle.HEAD :], strict=True):
            values[at] += turn
        for at, role, sign in LOOKS:
            if role in self._roles:
                values[at] += sign * radians(idle.FULL_LOOK_DEG) * amounts[idle.ROLES.index(role)]
        values[FIRST_ANGLE:] *= self._scale
        return packet(self._device, self.name, values=values, seconds=seconds)
