"""How well a mouth follows speech: closures, lag and jitter, from poses and an alignment.

`python -m training.evaluate --help` measures whole systems on whole sets.

Source: `training/README.md`, section "The measures".
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from a2f_ws.names import Floats
from training.lips import Reals, lip_aperture
from training.rule import SILENCE, STEP_S, Phone, rule_aperture

BILABIALS: Final = frozenset({"P", "B", "M", "PP"})
BILABIAL_MIN_S: Final = 0.03
MARGIN_S: Final = 0.04
"""A closure counts from this long before its phone to this long after it."""
CLOSED: Final = 0.15
"""Lips are closed at this share of the set's 95th percentile of aperture."""
LAG_MAX_S: Final = 0.25
JITTER_HZ: Final = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """Poses that some system gave for one clip.

    Attributes:
        times_s: (n,), moment of each pose from the start of the clip, rising.
        weights: float32 (n, >= 52), the ARKit weights first.
        phones: The clip's alignment.
        samples: float32 (m,), the clip's sound.
        rate_hz: Its sample rate.
    """

    times_s: Reals
    weights: Floats
    phones: Sequence[Phone]
    samples: Floats
    rate_hz: int = 16_000


def bilabials(phones: Sequence[Phone]) -> list[Phone]:
    """Each p, b and m of at least 30 ms that neither begins nor ends the utterance."""
    spoken = [phone for phone in phones if phone.name not in SILENCE]
    return [
        phone
        for phone in spoken[1:-1]
        if phone.name in BILABIALS and phone.end_s - phone.start_s >= BILABIAL_MIN_S - 1e-9
    ]


def bilabials_closed(takes: Sequence[Take]) -> tuple[int, int]:
    """How many bilabials reach a closure, and of how many.

    The aperture is compared with the 95th percentile over all of the takes, so that a constant gain
    changes nothing.
    """
    apertures = [lip_aperture(take.weights) for take in takes]
    limit = CLOSED * float(np.percentile(np.concatenate(apertures), 95))
    closed = total = 0
    for take, aperture in zip(takes, apertures, strict=True):
        for phone in bilabials(take.phones):
            first, last = phone.start_s - MARGIN_S, phone.end_s + MARGIN_S
            near = aperture[(take.times_s >= first) & (take.times_s <= last)]
            total += 1
            closed += bool(near.size and near.min() <= limit)
    return closed, total


def lag_ms(take: Take) -> float:
    """Shift at which the take's aperture looks most like the rule's; positive is late."""
    rule = rule_aperture(take.phones, take.samples, rate_hz=take.rate_hz)
    grid = np.arange(len(rule)) * STEP_S
    mouth = np.interp(grid, take.times_s, lip_aperture(take.weights))
    reach = round(LAG_MAX_S / STEP_S)
    shifts = range(-reach, reach + 1)
    likeness = [_correlation(mouth, rule, shift=shift) for shift in shifts]
    return shifts[int(np.argmax(likeness))] * STEP_S * 1000.0


def median_lag_ms(takes: Sequence[Take]) -> float:
    """Median of `lag_ms` over the takes."""
    return float(np.median([lag_ms(take) for take in takes]))


def jitter(take: Take) -> float:
    """Share of the aperture's movement above 8 Hz: RMS of that part over the standard deviation."""
    aperture = lip_aperture(take.weights)
    step_s = float(np.mean(np.diff(take.times_s)))
    spectrum = np.fft.rfft(aperture - aperture.mean())
    spectrum[np.fft.rfftfreq(len(aperture), step_s) < JITTER_HZ] = 0.0
    fast = np.fft.irfft(spectrum, len(aperture))
    return float(np.sqrt(np.mean(fast**2)) / aperture.std())


def _correlation(mouth: Reals, rule: Reals, *, shift: int) -> float:
    length = len(rule) - abs(shift)
    late, early = max(shift, 0), max(-shift, 0)
    return float(np.corrcoef(mouth[late : late + length], rule[early : early + length])[0, 1])


def main() -> int:
    """The table of `training.evaluation`."""
    from training.evaluation import table  # noqa: PLC0415 - heavy, and imports this module

    return table.main()


if __name__ == "__main__":
    sys.exit(main())
