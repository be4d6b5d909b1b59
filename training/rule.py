"""The mouth that an alignment of phones asks for: the yardstick of the evaluation, not a product.

Source: `training/README.md`, section "The rule model"; targets and dominances in `visemes.csv`.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np

from a2f_ws.names import Floats
from training.lips import ARTICULATORS, Reals, arkit_of, lip_aperture

SILENCE: Final = frozenset({"SIL", "<sil>", "+SPN+", "+NSN+", "sil"})
"""Names of pauses and noises in the alignments."""

STEP_S: Final = 0.005
"""Time between two values of the curves, seconds."""

Part: TypeAlias = tuple[str, float, float]
"""Class, start and end in seconds."""
Table: TypeAlias = Mapping[str, tuple[Reals, Reals]]
"""Targets and dominances of each class."""

ANTICIPATION_S: Final = np.array(
    [0.055, 0.022, 0.120, 0.080, 0.080, 0.030, 0.050, 0.050, 0.040, 0.035, 0.050]
)
CARRY_OVER_S: Final = np.array(
    [0.050, 0.020, 0.070, 0.055, 0.060, 0.030, 0.045, 0.045, 0.040, 0.035, 0.050]
)
"""Times in which a phone's weight falls to 1/e before and after its plateau, in that order."""
_BLUR_S: Final = 0.012
_RAMP_S: Final = 0.025
FIRST_SHARE: Final = 0.58
"""Share of a diphthong's time that its first vowel takes (ours)."""
SEALED_JAW: Final = 0.22
"""Most that the jaw opens behind closed lips (ours)."""
VOWELS: Final = frozenset(
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
        name: ARPAbet, a class of `visemes.csv`, or one of `SILENCE`.
        start_s: First moment, seconds from the start of the clip.
        end_s: Moment after the last, seconds.
    """

    name: str
    start_s: float
    end_s: float


def rule_aperture(phones: Sequence[Phone], samples: Floats, *, rate_hz: int) -> Reals:
    """The lip aperture that the phones ask for, every `STEP_S` from 0 to the end of the sound.

    Args:
        phones: The alignment, in the order of time.
        samples: float32 (n,), the sound, for the loudness of vowels.
        rate_hz: Its sample rate.

    Returns:
        float64 (ceil(duration / STEP_S),).
    """
    times: Reals = np.arange(0.0, len(samples) / rate_hz, STEP_S, dtype=np.float64)
    articulators = articulate(phones, times, samples=samples, rate_hz=rate_hz)
    return lip_aperture(arkit_of(articulators))


def articulate(phones: Sequence[Phone], times: Reals, *, samples: Floats, rate_hz: int) -> Reals:
    """The articulators that the phones ask for.

    Args:
        phones: The alignment, in the order of time.
        times: (n,), moments in even steps, seconds.
        samples: float32 (m,), the sound, for the loudness of vowels.
        rate_hz: Its sample rate.

    Returns:
        float64 (n, 11), order `ARTICULATORS`.
    """
    parts = [part for phone in phones for part in _split(phone)]
    curves = blend(
        parts,
        times,
        level_db=level_db(samples, rate_hz, times=times),
        table=targets_and_dominances(),
        fades_s=(ANTICIPATION_S, CARRY_OVER_S),
    )
    seal(curves, times, parts=parts)
    return curves


def blend(
    parts: Sequence[Part],
    times: Reals,
    *,
    level_db: Reals,
    table: Table,
    fades_s: tuple[Reals, Reals],
    jaw_factors: Mapping[int, float] | None = None,
) -> Reals:
    """The blurred mean of all classes' targets, each with its weight.

    Args:
        parts: The classes with their times.
        times: (n,), moments in even steps, seconds.
        level_db: (n,), loudness at these moments.
        table: Targets and dominances, (k,) each.
        fades_s: Anticipation and carry-over, (k,) each.
        jaw_factors: Factors of the jaw's target, by the index of the part.

    Returns:
        float64 (n, k).
    """
    curves = np.zeros((len(times), len(fades_s[0])))
    total = np.full_like(curves, 1e-9)
    loud_db = np.percentile(level_db, 80)
    for index, (kind, start, end) in enumerate(parts):
        target, alpha = (values.copy() for values in table[kind])
        if kind in VOWELS:
            inside = (times >= start) & (times < end)
            peak_db = level_db[inside].max(initial=-200.0) - loud_db
            target[_JAW] *= (jaw_factors or {}).get(index, 1.0)
            target[[_JAW, _LLD]] *= np.clip(1.0 + 0.028 * peak_db, 0.65, 1.25)
            target[_JAW] *= np.clip(0.55 + 0.45 * (end - start) / 0.12, 0.6, 1.08)
        if kind == "sil" and end - start < 0.1:
            alpha *= 0.25
        first, last = _plateau(kind, start, end=end)
        early = np.maximum(first - times, 0.0)[:, None] / fades_s[0]
        late = np.maximum(times - last, 0.0)[:, None] / fades_s[1]
        weight = alpha * np.exp(-early - late)
        curves += weight * target
        total += weight
    return _blur(curves / total, float(times[1] - times[0]))


def kinds_of(phone: Phone) -> tuple[str, ...]:
    """Its classes, one or two."""
    return ("sil",) if phone.name in SILENCE else CLASSES.get(phone.name, (phone.name,))


def _split(phone: Phone) -> list[Part]:
    kinds = kinds_of(phone)
    if len(kinds) == 1:
        return [(kinds[0], phone.start_s, phone.end_s)]
    middle = phone.start_s + FIRST_SHARE * (phone.end_s - phone.start_s)
    return [(kinds[0], phone.start_s, middle), (kinds[1], middle, phone.end_s)]


def _plateau(kind: str, start: float, *, end: float) -> tuple[float, float]:
    length = end - start
    if kind == "sil":
        return start + min(0.04, 0.3 * length), end - min(0.06, 0.35 * length)
    early, late = {"PP": (0.05, 0.75), "FF": (0.15, 0.8)}.get(kind, (0.25, 0.7))
    return start + early * length, start + late * length


def seal(curves: Reals, times: Reals, *, parts: Sequence[Part]) -> tuple[Reals, Reals]:
    """Close the lips in p b m and tuck them in f v, in place.

    Returns:
        Both windows, (n,) each, 0 … 1: lips together, lip under the teeth.
    """
    together, under = np.zeros_like(times), np.zeros_like(times)
    for kind, start, end in parts:
        length = end - start
        if kind == "PP":
            window = raised_cosine(times, start - 0.005, last=start + 0.72 * length)
            together = np.maximum(together, window)
        elif kind == "FF":
            window = raised_cosine(times, start + 0.1 * length, last=start + 0.8 * length)
            under = np.maximum(under, window)
    curves[:, _CLOSE] = np.maximum(curves[:, _CLOSE], together)
    curves[:, _TUCK] = np.maximum(curves[:, _TUCK], under)
    inside = together >= 1.0
    curves[inside, _JAW] = np.minimum(curves[inside, _JAW], SEALED_JAW)
    return together, under


def raised_cosine(times: Reals, first: float, *, last: float) -> Reals:
    """1 from `first` to `last` with ramps of 25 ms around it; 0 where there is nothing between."""
    if last < first:
        return np.zeros_like(times)
    outside = np.maximum(np.maximum(first - times, times - last), 0.0)
    return np.asarray(0.5 + 0.5 * np.cos(np.pi * np.minimum(outside / _RAMP_S, 1.0)))


def _blur(curves: Reals, step_s: float) -> Reals:
    reach = round(4 * _BLUR_S / step_s)
    offsets = np.arange(-reach, reach + 1) * step_s
    kernel = np.exp(-0.5 * (offsets / _BLUR_S) ** 2)
    kernel /= kernel.sum()
    padded = np.pad(curves, ((reach, reach), (0, 0)), mode="edge")
    return np.stack([np.convolve(column, kernel, "valid") for column in padded.T], axis=1)


def level_db(samples: Floats, rate_hz: int, *, times: Reals) -> Reals:
    """Loudness in 20 ms around each moment, decibels."""
    energy = np.concatenate([[0.0], np.cumsum(samples.astype(np.float64) ** 2)])
    first = np.clip((times - 0.01) * rate_hz, 0, len(samples)).astype(np.int64)
    last = np.clip((times + 0.01) * rate_hz, 0, len(samples)).astype(np.int64)
    power = (energy[last] - energy[first]) / np.maximum(last - first, 1)
    return np.asarray(10.0 * np.log10(power + 1e-10))


def target_of(kind: str) -> Reals:
    """(11,), the articulators of a class, order `ARTICULATORS`."""
    return targets_and_dominances()[kind][0]


@cache
def targets_and_dominances() -> Table:
    """Both of each class of `visemes.csv`, (11,) each."""
    path = Path(__file__).with_name("visemes.csv")
    with path.open(newline="", encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    count = len(ARTICULATORS)
    values = {row[0]: np.array(row[1:], np.float64) for row in rows}
    return {kind: (both[:count], both[count:]) for kind, both in values.items()}
