"""The mouth that an alignment of phones asks for: the yardstick of the evaluation, not a product.

Source: `training/README.md`, section "The rule model"; targets and dominances in `visemes.csv`.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from a2f_ws.names import ARKIT, Floats

Reals: TypeAlias = NDArray[np.float64]

SILENCE: Final = frozenset({"SIL", "<sil>", "+SPN+", "+NSN+"})
"""Names of pauses and noises in the alignments."""

STEP_S: Final = 0.005
"""Time between two values of the curves, seconds."""

ARTICULATORS: Final = (
    "jaw", "close", "round", "funnel", "spread", "tuck", "ulr", "lld", "ttip", "tout", "tback",
)  # fmt: skip
"""Columns of `visemes.csv`, targets first, then dominances in the same order."""

_ANTICIPATION_S: Final = np.array(
    [0.055, 0.022, 0.120, 0.080, 0.080, 0.030, 0.050, 0.050, 0.040, 0.035, 0.050]
)
_CARRY_OVER_S: Final = np.array(
    [0.050, 0.020, 0.070, 0.055, 0.060, 0.030, 0.045, 0.045, 0.040, 0.035, 0.050]
)
_BLUR_S: Final = 0.012
_RAMP_S: Final = 0.025
_DIPHTHONG_SPLIT: Final = 0.58
_VOWELS: Final = frozenset(
    ("aa", "ae", "ah", "ax", "ao", "eh", "ih", "iy", "ow", "uh", "uw", "yy", "oe", "er")
)
_JAW, _CLOSE, _TUCK, _LLD = (ARTICULATORS.index(name) for name in ("jaw", "close", "tuck", "lld"))

CLASSES: Final[dict[str, tuple[str, ...]]] = {
    "AA": ("aa",), "AE": ("ae",), "AH": ("ah",), "AO": ("ao",), "AW": ("aa", "uh"),
    "AY": ("aa", "ih"), "B": ("PP",), "CH": ("CH",), "D": ("DD",), "DH": ("TH",), "EH": ("eh",),
    "ER": ("er",), "EY": ("eh", "ih"), "F": ("FF",), "G": ("KK",), "HH": ("HH",), "IH": ("ih",),
    "IY": ("iy",), "JH": ("CH",), "K": ("KK",), "L": ("LL",), "M": ("PP",), "N": ("DD",),
    "NG": ("KK",), "OW": ("ow", "uh"), "OY": ("ao", "ih"), "P": ("PP",), "R": ("RR",),
    "S": ("SS",), "SH": ("CH",), "T": ("DD",), "TH": ("TH",), "UH": ("uh",), "UW": ("uw",),
    "V": ("FF",), "W": ("WW",), "Y": ("YY",), "Z": ("SS",), "ZH": ("CH",),
}  # fmt: skip
"""Phone classes of the ARPAbet phones of an English alignment; diphthongs have two."""


@dataclass(frozen=True, slots=True)
class Phone:
    """One phone of an alignment.

    Attributes:
        name: ARPAbet, or one of `SILENCE`.
        start_s: First moment, seconds from the start of the clip.
        end_s: Moment after the last, seconds.
    """

    name: str
    start_s: float
    end_s: float


def lip_aperture(weights: NDArray[np.floating]) -> Reals:
    """How far the lips are apart, 0 … 1.2.

    Args:
        weights: (n, >= 52), the ARKit weights first, in the order of `names.ARKIT`.

    Returns:
        float64 (n,).
    """
    pose = {name: weights[:, i].astype(np.float64) for i, name in enumerate(ARKIT)}
    down = pose["mouthLowerDownLeft"] + pose["mouthLowerDownRight"]
    up = pose["mouthUpperUpLeft"] + pose["mouthUpperUpRight"]
    press = pose["mouthPressLeft"] + pose["mouthPressRight"]
    roll = pose["mouthRollLower"] + pose["mouthRollUpper"]
    gap = pose["jawOpen"] - pose["mouthClose"] + 0.175 * (down + up)
    shape = 0.2 * pose["mouthFunnel"] - 0.1 * pose["mouthPucker"] - 0.125 * press - 0.075 * roll
    return np.clip(gap + shape, 0.0, 1.2)


def rule_aperture(phones: Sequence[Phone], samples: Floats, *, rate_hz: int) -> Reals:
    """The lip aperture that the phones ask for, every `STEP_S` from 0 to the end of the sound.

    Args:
        phones: The alignment, in the order of time.
        samples: float32 (n,), the sound, for the loudness of vowels.
        rate_hz: Its sample rate.

    Returns:
        float64 (ceil(duration / STEP_S),).
    """
    times = np.arange(0.0, len(samples) / rate_hz, STEP_S)
    articulators = _articulate(phones, times, samples=samples, rate_hz=rate_hz)
    return lip_aperture(_to_arkit(articulators))


def _articulate(phones: Sequence[Phone], times: Reals, *, samples: Floats, rate_hz: int) -> Reals:
    table = _table()
    level = _level_db(samples, rate_hz, times=times)
    blend = np.zeros((len(times), len(ARTICULATORS)))
    total = np.full_like(blend, 1e-9)
    parts = [part for phone in phones for part in _split(phone)]
    for kind, start, end in parts:
        target, alpha = (values.copy() for values in table[kind])
        if kind in _VOWELS:
            inside = (times >= start) & (times < end)
            peak_db = level[inside].max(initial=-200.0) - np.percentile(level, 80)
            target[[_JAW, _LLD]] *= np.clip(1.0 + 0.028 * peak_db, 0.65, 1.25)
            target[_JAW] *= np.clip(0.55 + 0.45 * (end - start) / 0.12, 0.6, 1.08)
        if kind == "sil" and end - start < 0.1:
            alpha *= 0.25
        first, last = _plateau(kind, start, end=end)
        early = np.maximum(first - times, 0.0)[:, None] / _ANTICIPATION_S
        late = np.maximum(times - last, 0.0)[:, None] / _CARRY_OVER_S
        weight = alpha * np.exp(-early - late)
        blend += weight * target
        total += weight
    curves = _blur(blend / total)
    _seal(curves, times, parts=parts)
    return curves


def _split(phone: Phone) -> list[tuple[str, float, float]]:
    kinds = ("sil",) if phone.name in SILENCE else CLASSES[phone.name]
    if len(kinds) == 1:
        return [(kinds[0], phone.start_s, phone.end_s)]
    middle = phone.start_s + _DIPHTHONG_SPLIT * (phone.end_s - phone.start_s)
    return [(kinds[0], phone.start_s, middle), (kinds[1], middle, phone.end_s)]


def _plateau(kind: str, start: float, *, end: float) -> tuple[float, float]:
    length = end - start
    if kind == "sil":
        return start + min(0.04, 0.3 * length), end - min(0.06, 0.35 * length)
    early, late = {"PP": (0.05, 0.75), "FF": (0.15, 0.8)}.get(kind, (0.25, 0.7))
    return start + early * length, start + late * length


def _seal(curves: Reals, times: Reals, *, parts: Sequence[tuple[str, float, float]]) -> None:
    for kind, start, end in parts:
        length = end - start
        if kind == "PP":
            window = _raised_cosine(times, start - 0.005, last=start + 0.72 * length)
            curves[:, _CLOSE] = np.maximum(curves[:, _CLOSE], window)
            inside = window >= 1.0
            curves[inside, _JAW] = np.minimum(curves[inside, _JAW], 0.22)
        elif kind == "FF":
            window = _raised_cosine(times, start + 0.1 * length, last=start + 0.8 * length)
            curves[:, _TUCK] = np.maximum(curves[:, _TUCK], window)


def _raised_cosine(times: Reals, first: float, *, last: float) -> Reals:
    outside = np.maximum(np.maximum(first - times, times - last), 0.0)
    return np.asarray(0.5 + 0.5 * np.cos(np.pi * np.minimum(outside / _RAMP_S, 1.0)))


def _blur(curves: Reals) -> Reals:
    reach = round(4 * _BLUR_S / STEP_S)
    offsets = np.arange(-reach, reach + 1) * STEP_S
    kernel = np.exp(-0.5 * (offsets / _BLUR_S) ** 2)
    kernel /= kernel.sum()
    padded = np.pad(curves, ((reach, reach), (0, 0)), mode="edge")
    return np.stack([np.convolve(column, kernel, "valid") for column in padded.T], axis=1)


def _level_db(samples: Floats, rate_hz: int, *, times: Reals) -> Reals:
    """Loudness in 20 ms around each moment, decibels."""
    energy = np.concatenate([[0.0], np.cumsum(samples.astype(np.float64) ** 2)])
    first = np.clip((times - 0.01) * rate_hz, 0, len(samples)).astype(np.int64)
    last = np.clip((times + 0.01) * rate_hz, 0, len(samples)).astype(np.int64)
    power = (energy[last] - energy[first]) / np.maximum(last - first, 1)
    return np.asarray(10.0 * np.log10(power + 1e-10))


def _to_arkit(articulators: Reals) -> Reals:
    """Weights that the aperture reads; the others stay 0."""
    value = dict(zip(ARTICULATORS, np.clip(articulators, 0.0, 1.0).T, strict=True))
    jaw_open = 0.8 * value["jaw"]
    lower = 0.55 * value["lld"] * (1.0 - value["close"]) * (1.0 - 0.7 * value["tuck"])
    poses = {
        "jawOpen": jaw_open,
        "mouthClose": value["close"] * jaw_open,
        "mouthFunnel": 0.1 * value["round"] + 0.75 * value["funnel"],
        "mouthPucker": 0.8 * value["round"],
        "mouthRollLower": 0.18 * value["close"] + 0.75 * value["tuck"],
        "mouthRollUpper": 0.15 * value["close"],
        "mouthPressLeft": 0.45 * value["close"],
        "mouthPressRight": 0.45 * value["close"],
        "mouthLowerDownLeft": lower,
        "mouthLowerDownRight": lower,
        "mouthUpperUpLeft": 0.5 * value["ulr"],
        "mouthUpperUpRight": 0.5 * value["ulr"],
    }
    weights = np.zeros((len(articulators), len(ARKIT)))
    for name, curve in poses.items():
        weights[:, ARKIT.index(name)] = np.clip(curve, 0.0, 1.0)
    return weights


def _table() -> dict[str, tuple[Reals, Reals]]:
    path = Path(__file__).with_name("visemes.csv")
    with path.open(newline="", encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    count = len(ARTICULATORS)
    values = {row[0]: np.array(row[1:], np.float64) for row in rows}
    return {kind: (both[:count], both[count:]) for kind, both in values.items()}
