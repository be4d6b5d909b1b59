"""Random numbers and curves that are the same in every language: integers and polynomials."""

from typing import Final

MASK: Final = 0xFFFF_FFFF
FIRST_FACTOR: Final = 0x85EB_CA6B
SECOND_FACTOR: Final = 0xC2B2_AE35


def finalise(h: int) -> int:
    """Mix the bits of a 32-bit number; a permutation of 0 … 2³² − 1.

    Source:
        The 32-bit finaliser of MurmurHash3 (Austin Appleby, public domain), with its two factors.
    """
    h ^= h >> 16
    h = h * FIRST_FACTOR & MASK
    h ^= h >> 13
    h = h * SECOND_FACTOR & MASK
    return h ^ h >> 16


def unit(seed: int, role: int, *, slot: int) -> float:
    """A random number in 0 … 1 (without 1), the same for the same three numbers."""
    h = finalise(seed & MASK)
    h = finalise(h ^ role)
    return finalise(h ^ (slot & MASK)) / (MASK + 1)


def phase_us(seed: int, role: int, *, slot_us: int) -> int:
    """How far a role's slots are moved, 0 … `slot_us` − 1: no two characters keep step."""
    return int(unit(seed, role, slot=MASK) * slot_us)


def ease(x: float) -> float:
    """From 0 to 1 without a corner at either end; x outside 0 … 1 is held."""
    x = min(max(x, 0.0), 1.0)
    return x * x * (3.0 - 2.0 * x)


def settle(x: float) -> float:
    """From 1 to 0, fast first and slow at the end; x outside 0 … 1 is held.

    (1 − x)³ · (1 + 3x): flat at both ends, steepest at a third.
    """
    x = min(max(x, 0.0), 1.0)
    rest = 1.0 - x
    return rest * rest * rest * (1.0 + 3.0 * x)


def wander(seed: int, role: int, *, now_us: int, slot_us: int) -> float:
    """A smooth random walk about 0, within −1 … 1, with a new direction about once per slot.

    Source:
        Uniform cubic B-spline over one random value per slot: no corner, no jump in speed.
    """
    t_us = now_us + phase_us(seed, role, slot_us=slot_us)
    slot = t_us // slot_us
    x = (t_us - slot * slot_us) / slot_us
    a, b, c, d = (2.0 * unit(seed, role, slot=slot + k) - 1.0 for k in range(4))
    y = 1.0 - x
    return (
        y * y * y * a
        + (3.0 * x * x * x - 6.0 * x * x + 4.0) * b
        + (3.0 * y * y * y - 6.0 * y * y + 4.0) * c
        + x * x * x * d
    ) / 6.0


def leap(seed: int, role: int, *, at_role: int, now_us: int, slot_us: int, leap_us: int) -> float:
    """A walk about 0, within −1 … 1, that stands and then leaps, once per slot.

    Near places are likelier than far ones: the cube of an even random number.

    Args:
        seed: The character's.
        role: Stream of the places.
        at_role: Stream of the times; two walks with the same one leap together.
        now_us: The client's clock, >= 0.
        slot_us: Length of a slot.
        leap_us: How long a leap takes, < `slot_us`.
    """
    t_us = now_us + phase_us(seed, at_role, slot_us=slot_us)
    slot = t_us // slot_us
    begin_us = int(unit(seed, at_role, slot=slot) * (slot_us - leap_us))
    before, after = (2.0 * unit(seed, role, slot=slot + k) - 1.0 for k in range(2))
    before, after = before * before * before, after * after * after
    return before + (after - before) * ease((t_us - slot * slot_us - begin_us) / leap_us)
