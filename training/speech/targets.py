"""What the face should do at every 10 ms of an utterance.

Source: the rule model of `training/README.md`; what is added to it stands in its section "Targets".
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import soxr
from numpy.typing import NDArray

from a2f_ws.names import Floats
from training.lips import ARTICULATORS as RULE_ARTICULATORS
from training.lips import Reals
from training.rule import (
    ANTICIPATION_S,
    CARRY_OVER_S,
    VOWELS,
    Part,
    Table,
    blend,
    level_db,
    raised_cosine,
    seal,
    targets_and_dominances,
)
from training.speech.phones import KINDS
from training.speech.store import RATE_HZ

STEP_S: Final = 0.01
FIRST_S: Final = 0.005
"""Moments of the targets: 5 ms, 15 ms, 25 ms …"""

ARTICULATORS: Final = (*RULE_ARTICULATORS, "twide", "tnarrow", "tdown", "troll")
DECISIONS: Final = ("seal", "tuck", "silence")
"""What is decided and not averaged: lips together, lip under the teeth, nobody speaks."""

_FADES_S: Final = (
    np.append(ANTICIPATION_S, [0.05, 0.05, 0.055, 0.06]),
    np.append(CARRY_OVER_S, [0.045, 0.045, 0.05, 0.05]),
)

F1_SHARE: Final = 0.45
"""Share of a vowel's opening that follows its own first formant instead of its class (ours)."""
F1_LOW, F1_HIGH = -1.5, 1.5
"""Standard scores of F1 within the utterance that stand for a closed and an open vowel (ours)."""
_FORMANT_RATE_HZ: Final = 10_000
_LPC_ORDER: Final = 12


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """Targets at `FIRST_S` and every 10 ms after it.

    Attributes:
        curves: float32 (n, 15), order `ARTICULATORS`, 0 … 1.
        decisions: float32 (n, 3), order `DECISIONS`, 0 … 1.
        kinds: int8 (n,), index in `KINDS`.
    """

    curves: Floats
    decisions: Floats
    kinds: NDArray[np.int8]


def targets(parts: Sequence[Part], samples: Floats) -> Targets:
    """Targets of one utterance.

    Args:
        parts: Its classes with their times, pauses included.
        samples: float32 (n,) at 16 kHz.
    """
    times: Reals = np.arange(FIRST_S, len(samples) / RATE_HZ, STEP_S, dtype=np.float64)
    openness = _openness(parts, samples)
    curves = blend(
        parts,
        times,
        level_db=level_db(samples, RATE_HZ, times=times),
        table=_table(),
        fades_s=_FADES_S,
        jaw_factors={i: 1.0 - F1_SHARE + 2.0 * F1_SHARE * open_ for i, open_ in openness.items()},
    )
    sealed, tucked = seal(curves, times, parts=parts)
    decisions = np.stack([sealed, tucked, _silence(times, parts)], axis=1)
    kinds = np.zeros(len(times), np.int8)
    for kind, start, end in parts:
        kinds[(times >= start) & (times < end)] = KINDS.index(kind)
    return Targets(curves.astype(np.float32), decisions.astype(np.float32), kinds)


def _silence(times: Reals, parts: Sequence[Part]) -> Reals:
    silence = np.zeros_like(times)
    for kind, start, end in parts:
        if kind == "sil" and end - start >= 0.1:
            silence = np.maximum(silence, raised_cosine(times, start + 0.05, last=end - 0.07))
    return silence


def _openness(parts: Sequence[Part], samples: Floats) -> dict[int, float]:
    """How open each vowel's first formant says it is, 0 … 1, by the index of its part."""
    found: dict[int, float] = {}
    slow = at_10_khz(samples)
    for index, (kind, start, end) in enumerate(parts):
        if kind in VOWELS and end - start >= 0.05:
            formant_hz = first_formant_hz(slow, 0.5 * (start + end))
            if formant_hz is not None:
                found[index] = formant_hz
    if len(found) < 5:
        return {}
    values = np.array(list(found.values()))
    score = (values - values.mean()) / max(float(values.std()), 30.0)
    shares = np.clip((score - F1_LOW) / (F1_HIGH - F1_LOW), 0.0, 1.0)
    return dict(zip(found, shares.tolist(), strict=True))


def at_10_khz(samples: Floats) -> Reals:
    """Sound at 16 kHz as `first_formant_hz` takes it, float64."""
    return np.asarray(soxr.resample(samples, RATE_HZ, _FORMANT_RATE_HZ, "HQ"), np.float64)


def first_formant_hz(sound: Reals, moment_s: float) -> float | None:
    """First formant near a moment, by linear prediction of order 12 at 10 kHz.

    Args:
        sound: float64 (n,) at 10 kHz.
        moment_s: Middle of the 30 ms that are looked at.
    """
    middle = round(moment_s * _FORMANT_RATE_HZ)
    piece = sound[max(middle - 150, 0) : middle + 150]
    if len(piece) < 300 or float(np.abs(piece).max()) < 1e-3:
        return None
    piece = np.append(piece[0], piece[1:] - 0.97 * piece[:-1]) * np.hamming(len(piece))
    lags = np.array([piece[: len(piece) - k] @ piece[k:] for k in range(_LPC_ORDER + 1)])
    lags[0] *= 1.0001
    toeplitz = lags[np.abs(np.subtract.outer(np.arange(_LPC_ORDER), np.arange(_LPC_ORDER)))]
    predictor = np.linalg.solve(toeplitz, lags[1:])
    roots = np.roots(np.concatenate([[1.0], -predictor]))
    roots = roots[roots.imag > 0]
    frequency = np.angle(roots) * _FORMANT_RATE_HZ / (2 * np.pi)
    bandwidth = -np.log(np.abs(roots)) * _FORMANT_RATE_HZ / np.pi
    likely = np.sort(frequency[(frequency > 200) & (frequency < 1200) & (bandwidth < 500)])
    return float(likely[0]) if likely.size else None


@cache
def _table() -> Table:
    path = Path(__file__).parents[1] / "tongue.csv"
    with path.open(newline="", encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    extra = {row[0]: np.array(row[1:], np.float64) for row in rows}
    table = {}
    for kind, (target, dominance) in targets_and_dominances().items():
        tip = max(dominance[RULE_ARTICULATORS.index("ttip")], 0.3)
        more = extra[kind]
        table[kind] = (np.append(target, more), np.append(dominance, np.full(len(more), tip)))
    return table
