"""Life without a server: blinks, gaze, breath and small head motion."""

from enum import StrEnum
from typing import Final

import numpy as np

from a2f_ws.names import Floats
from a2f_ws.player.layout import Roles
from a2f_ws.player.noise import ease, leap, phase_us, settle, unit, wander

ROLES: Final[tuple[str, ...]] = (
    "blinkLeft", "blinkRight", "squintLeft", "squintRight",
    "lookUpLeft", "lookUpRight", "lookDownLeft", "lookDownRight",
    "lookInLeft", "lookInRight", "lookOutLeft", "lookOutRight",
    "breath", "head",
)  # fmt: skip
"""Roles of `opened.idle` in the order of the amounts; the last one, head, has three amounts."""

CURVES: Final = ROLES[:-1]
AMOUNTS: Final = len(CURVES) + 3
HEAD: Final = len(CURVES)


class Level(StrEnum):
    """How much life."""

    OFF = "off"
    BLINK = "blink"
    ALIVE = "alive"


BLINK_AT, BLINK_KIND, BLINK_LENGTH, BLINK_DEPTH, BLINK_AGAIN = 1, 2, 3, 4, 5
SQUINT = 8
LOOK_AT, LOOK_YAW, LOOK_PITCH, DRIFT_YAW, DRIFT_PITCH = 16, 17, 18, 19, 20
FLICK_AT, FLICK_YAW, FLICK_PITCH = 24, 25, 26
BREATH_AT, BREATH_DEPTH = 32, 33
HEAD_SLOW, HEAD_FAST = 40, 44
"""The `role` in (seed, role, slot): each random number of an event has a stream of its own."""

BLINK_SLOT_US: Final = 4_000_000
BLINK_ROOM_US: Final = 3_200_000
CLOSE_US: Final = 75_000
SHUT_US: Final = 20_000
OPEN_US: Final = 150_000
AGAIN_US: Final = 300_000
AGAIN_SLACK_US: Final = 150_000
SKIPPED: Final = 0.1
DOUBLED: Final = 0.1
"""One slot of 4 s has one blink, at times none or two: 15 a minute, seldom more than 8 s apart.

Ours, after what is known of people: about 75 ms to close and twice as long to open (VanderWerf et
al. 2003, *Eyelid movements*), about 17 a minute at rest, uneven, now and then two in a row
(Bentivoglio et al. 1997, *Analysis of blink rate patterns in normal subjects*).
"""

SQUINT_WITH_BLINK: Final = 0.1
SQUINT_AMOUNT: Final = 0.03
SQUINT_SLOT_US: Final = 6_000_000

FULL_LOOK_DEG: Final = 30.0
LOOK_SLOT_US: Final = 1_900_000
LOOK_US: Final = 40_000
LOOK_YAW_DEG: Final = 6.0
LOOK_PITCH_DEG: Final = 3.0
FLICK_SLOT_US: Final = 600_000
FLICK_US: Final = 20_000
FLICK_DEG: Final = 0.4
DRIFT_SLOT_US: Final = 3_000_000
DRIFT_DEG: Final = 1.0
"""Gaze in degrees about straight ahead: fixations, micro-saccades of less than a degree, drift.

Ours. A look weight of 1 is 30° (rig conventions of ARKit users); a saccade of 5° lasts 20 to 50 ms
and one comes every one to two seconds in conversation.
"""

BREATH_SLOT_US: Final = 4_200_000
BREATH_SLACK_US: Final = 400_000
INHALE_US: Final = 1_500_000
EXHALE_US: Final = 2_100_000
BREATH_LEAST: Final = 0.7

HEAD_SLOW_RAD: Final = 0.03
HEAD_SLOW_SLOT_US: Final = 2_700_000
HEAD_FAST_RAD: Final = 0.006
HEAD_FAST_SLOT_US: Final = 900_000
"""Head motion, radians about each axis of the row's own space: alike, so axes do not matter."""


def offsets(seed: int, now_us: int, *, level: Level) -> Floats:
    """The amount of every role, from nothing but these three values.

    Args:
        seed: Any number of the character's own, 0 … 2³² − 1.
        now_us: The client's clock, >= 0.
        level: How much.

    Returns:
        float32 (16,): 13 amounts 0 … 1 in the order of `CURVES`, then the head's rotation about
        x, y and z, radians.
    """
    amounts = np.zeros(AMOUNTS, np.float32)
    if level is Level.OFF:
        return amounts
    shut = _blink(seed, now_us)
    amounts[0:2] = shut
    amounts[2:4] = SQUINT_WITH_BLINK * shut
    if level is Level.ALIVE:
        squint = wander(seed, SQUINT, now_us=now_us, slot_us=SQUINT_SLOT_US)
        amounts[2:4] += SQUINT_AMOUNT * (1.0 + squint)
        _look(amounts, seed, now_us=now_us)
        amounts[12] = _breath(seed, now_us)
        for axis in range(3):
            amounts[HEAD + axis] = HEAD_SLOW_RAD * wander(
                seed, HEAD_SLOW + axis, now_us=now_us, slot_us=HEAD_SLOW_SLOT_US
            ) + HEAD_FAST_RAD * wander(
                seed, HEAD_FAST + axis, now_us=now_us, slot_us=HEAD_FAST_SLOT_US
            )
    return amounts


def apply(row: Floats, amounts: Floats, *, roles: Roles) -> Floats:
    """A row with idle life added.

    A curve becomes row + gain · amount, held between 0 and gain; a row that is outside already
    stays where it is rather than being pulled in. A blink's amount is scaled by what the row's
    own blink and squint of that eye leave open: 1 − blink − squint, each in parts of its gain,
    held within 0 … 1. The head's rotation vector times its gain becomes the small quaternion
    (x/2, y/2, z/2, 1), normalised, multiplied in from the left.

    Args:
        row: float32 (R,), from `PosePlayer.sample`; not changed.
        amounts: float32 (16,), from `offsets`.
        roles: `opened.idle`; what it leaves out (gaze, when the network drives it) is not moved,
            names that are not known are ignored.

    Returns:
        float32 (R,), new array.
    """
    out = row.copy()
    for k, role in enumerate(CURVES):
        entry = roles.get(role)
        if entry is not None:
            index, gain = entry
            amount = float(amounts[k])
            if role.startswith("blink"):
                amount *= _open_share(row, roles, side=role.removeprefix("blink"))
            before = float(out[index])
            after = before + gain * amount
            out[index] = min(max(after, min(0.0, gain, before)), max(0.0, gain, before))
    if "head" in roles:
        _turn(out, amounts[HEAD:], entry=roles["head"])
    return out


def _open_share(row: Floats, roles: Roles, *, side: str) -> float:
    share = 1.0
    for role in ("blink" + side, "squint" + side):
        if role in roles and roles[role][1] != 0.0:
            index, gain = roles[role]
            share -= float(row[index]) / gain
    return min(max(share, 0.0), 1.0)


def _turn(out: Floats, turn: Floats, *, entry: tuple[int, float]) -> None:
    index, gain = entry
    x, y, z = (0.5 * gain * float(v) for v in turn)
    size = (x * x + y * y + z * z + 1.0) ** 0.5
    x, y, z, w = x / size, y / size, z / size, 1.0 / size
    a, b, c, d = (float(v) for v in out[index : index + 4])
    out[index] = w * a + x * d + y * c - z * b
    out[index + 1] = w * b - x * c + y * d + z * a
    out[index + 2] = w * c + x * b - y * a + z * d
    out[index + 3] = w * d - x * a - y * b - z * c


def _look(amounts: Floats, seed: int, *, now_us: int) -> None:
    yaw_deg = _angle_deg(seed, 0, now_us=now_us, reach_deg=LOOK_YAW_DEG)
    pitch_deg = _angle_deg(seed, 1, now_us=now_us, reach_deg=LOOK_PITCH_DEG)
    up, left = pitch_deg / FULL_LOOK_DEG, yaw_deg / FULL_LOOK_DEG
    amounts[4:6] = max(up, 0.0)
    amounts[6:8] = max(-up, 0.0)
    amounts[8:10] = max(-left, 0.0), max(left, 0.0)
    amounts[10:12] = max(left, 0.0), max(-left, 0.0)


def _angle_deg(seed: int, axis: int, *, now_us: int, reach_deg: float) -> float:
    """Gaze about one axis: 0 yaw, + to the character's left; 1 pitch, + up."""
    look = leap(
        seed,
        LOOK_YAW + axis,
        at_role=LOOK_AT,
        now_us=now_us,
        slot_us=LOOK_SLOT_US,
        leap_us=LOOK_US,
    )
    flick = leap(
        seed,
        FLICK_YAW + axis,
        at_role=FLICK_AT,
        now_us=now_us,
        slot_us=FLICK_SLOT_US,
        leap_us=FLICK_US,
    )
    drift = wander(seed, DRIFT_YAW + axis, now_us=now_us, slot_us=DRIFT_SLOT_US)
    return reach_deg * look + FLICK_DEG * flick + DRIFT_DEG * drift


def _blink(seed: int, now_us: int) -> float:
    t_us = now_us + phase_us(seed, BLINK_AT, slot_us=BLINK_SLOT_US)
    slot = t_us // BLINK_SLOT_US
    kind = unit(seed, BLINK_KIND, slot=slot)
    if kind < SKIPPED:
        return 0.0
    at_us = t_us - slot * BLINK_SLOT_US
    at_us -= int(unit(seed, BLINK_AT, slot=slot) * BLINK_ROOM_US)
    length = 0.85 + 0.3 * unit(seed, BLINK_LENGTH, slot=slot)
    depth = 0.94 + 0.06 * unit(seed, BLINK_DEPTH, slot=slot)
    shut = _lid(at_us / length)
    if kind >= 1.0 - DOUBLED:
        at_us -= AGAIN_US + int(unit(seed, BLINK_AGAIN, slot=slot) * AGAIN_SLACK_US)
        shut = max(shut, _lid(at_us / length))
    return depth * shut


def _lid(t_us: float) -> float:
    """How far a lid is closed `t_us` after it began to."""
    if t_us < CLOSE_US:
        return ease(t_us / CLOSE_US)
    return settle((t_us - CLOSE_US - SHUT_US) / OPEN_US)


def _breath(seed: int, now_us: int) -> float:
    t_us = now_us + phase_us(seed, BREATH_AT, slot_us=BREATH_SLOT_US)
    slot = t_us // BREATH_SLOT_US
    at_us = t_us - slot * BREATH_SLOT_US
    at_us -= int(unit(seed, BREATH_AT, slot=slot) * BREATH_SLACK_US)
    depth = BREATH_LEAST + (1.0 - BREATH_LEAST) * unit(seed, BREATH_DEPTH, slot=slot)
    if at_us < INHALE_US:
        return depth * ease(at_us / INHALE_US)
    return depth * settle((at_us - INHALE_US) / EXHALE_US)
