"""Every measure of a system on a set.

Source: `training/README.md`, section "The measures".
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from a2f_ws.names import Floats
from training.evaluate import CLOSED, Take, bilabials_closed, jitter, lag_ms
from training.evaluation.sets import Speech
from training.lips import Reals, lip_aperture
from training.rule import FIRST_SHARE, SILENCE, STEP_S, Phone, kinds_of, rule_aperture
from training.speech.phones import VISEME_OF, VISEMES
from training.speech.targets import at_10_khz, first_formant_hz

FPS: Final = 60
COARSE: Final = {
    "sil": 0, "PP": 1, "FF": 2, "aa": 3, "E": 3, "TH": 4, "DD": 4, "KK": 4, "SS": 4, "I": 4,
    "O": 5, "U": 5, "RR": 5, "CH": 5,
}  # fmt: skip
_MARGIN: Final = 0.2
"""Share of a phone at each of its ends that is not scored."""
_SILENCE_MIN_S: Final = 0.15
_PAUSE_MIN_S, _PAUSE_MARGIN_S = 0.25, 0.1
_OPEN_VOWELS: Final = frozenset({"aa", "ae", "ah", "eh", "ao"})
_OPEN_VOWEL_MIN_S: Final = 0.06
_F1_VOWEL_MIN_S: Final = 0.05
_VOWELS: Final = frozenset(k for k, v in VISEME_OF.items() if k.islower() and k != "sil" and v)


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """What a system did for one clip at 60 poses per second.

    Attributes:
        weights: float32 (n, 52), ARKit.
        visemes: int (n,), index in `VISEMES` of what it recognises; -1 where it says nothing.
    """

    weights: Floats
    visemes: NDArray[np.int64]


System = Callable[[Speech], Performance]


@dataclass(frozen=True, slots=True)
class Row:
    """A system on a set; shares unless said otherwise.

    Attributes:
        micro: Visemes right.
        macro: Mean of the recalls of the visemes.
        coarse: Coarse groups right.
        coarse_macro: Mean of the recalls of the groups.
        closed: Bilabials closed.
        false_closed: Open vowels closed.
        rule_r: Correlation of the aperture with the rule model's.
        f1_rho: Rank correlation of the aperture with F1 at vowels.
        lag_ms: Median lag, milliseconds, positive = late.
        lag_iqr_ms: Its interquartile range.
        jitter: Aperture above 8 Hz over its standard deviation.
        pause: Mean aperture in pauses over the 95th percentile.
        opening: 95th percentile of the aperture over the rule model's.
        recalls: Of each of `VISEMES`.
    """

    micro: float
    macro: float
    coarse: float
    coarse_macro: float
    closed: float
    false_closed: float
    rule_r: float
    f1_rho: float
    lag_ms: float
    lag_iqr_ms: float
    jitter: float
    pause: float
    opening: float
    recalls: tuple[float, ...]


def measure(system: System, speeches: Sequence[Speech], *, clean: Sequence[Speech]) -> Row:
    """Run a system on a set and measure it.

    Args:
        system: What is measured.
        speeches: What it hears.
        clean: The same clips without noise, for formants and loudness.
    """
    done = [system(speech) for speech in speeches]
    takes = [take(p, s) for p, s in zip(done, clean, strict=True)]
    truth, found = _scored(done, clean)
    groups = np.array([COARSE[name] for name in VISEMES])
    recalls, coarse = _recalls(truth, found), groups[truth] == _grouped(found, groups)
    closed, total = bilabials_closed(takes)
    apertures = [lip_aperture(take.weights) for take in takes]
    loud = float(np.percentile(np.concatenate(apertures), 95))
    rules = [rule_aperture(s.phones, s.samples, rate_hz=16_000) for s in clean]
    lags = [lag_ms(take) for take in takes]
    return Row(
        micro=float(np.mean(truth == found)),
        macro=float(np.nanmean(recalls)),
        coarse=float(np.mean(coarse)),
        coarse_macro=float(np.mean([coarse[groups[truth] == g].mean() for g in range(6)])),
        closed=closed / total,
        false_closed=false_closed(takes, apertures, limit=CLOSED * loud),
        rule_r=_likeness(takes, apertures, rules=rules),
        f1_rho=_formants(clean, apertures),
        lag_ms=float(np.median(lags)),
        lag_iqr_ms=float(np.subtract(*np.percentile(lags, [75, 25]))),
        jitter=float(np.mean([jitter(take) for take in takes])),
        pause=pauses(clean, apertures) / loud,
        opening=loud / float(np.percentile(np.concatenate(rules), 95)),
        recalls=tuple(recalls.tolist()),
    )


def macro(done: Sequence[Performance], speeches: Sequence[Speech]) -> float:
    """Mean recall of the visemes."""
    return float(np.nanmean(_recalls(*_scored(done, speeches))))


def times(speech: Speech) -> Reals:
    """Moments of the poses of a clip, seconds."""
    return np.arange(int(len(speech.samples) / 16_000 * FPS)) / FPS


def parts(speech: Speech) -> Iterator[tuple[str, float, float]]:
    """Classes with their times; diphthongs cut in two."""
    for phone in speech.phones:
        kinds, length = kinds_of(phone), phone.end_s - phone.start_s
        middle = phone.start_s + FIRST_SHARE * length
        if len(kinds) == 1:
            yield kinds[0], phone.start_s, phone.end_s
        else:
            yield kinds[0], phone.start_s, middle
            yield kinds[1], middle, phone.end_s


def take(performance: Performance, speech: Speech) -> Take:
    """The performance as `training.evaluate` takes it."""
    return Take(times(speech), performance.weights, speech.phones, speech.samples)


def _inside(moments: Reals, start: float, *, end: float) -> NDArray[np.bool_]:
    margin = _MARGIN * (end - start)
    return (moments >= start + margin) & (moments < end - margin)


def _scored(
    done: Sequence[Performance], speeches: Sequence[Speech]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    truth: list[int] = []
    found: list[int] = []
    for performance, speech in zip(done, speeches, strict=True):
        moments = times(speech)
        for kind, start, end in parts(speech):
            viseme = VISEME_OF[kind]
            if viseme is None or (kind == "sil" and end - start < _SILENCE_MIN_S):
                continue
            said = performance.visemes[_inside(moments, start, end=end)]
            truth += [VISEMES.index(viseme)] * len(said)
            found += said.tolist()
    return np.array(truth), np.array(found)


def _recalls(truth: NDArray[np.int64], found: NDArray[np.int64]) -> Reals:
    shares = [
        np.mean(found[truth == i] == i) if (truth == i).any() else np.nan
        for i in range(len(VISEMES))
    ]
    return np.array(shares, np.float64)


def _grouped(found: NDArray[np.int64], groups: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(found < 0, -1, groups[np.maximum(found, 0)])


def false_closed(takes: Sequence[Take], apertures: Sequence[Reals], *, limit: float) -> float:
    """Share of the open vowels whose median aperture is below the limit of closed lips."""
    results = []
    for take, aperture in zip(takes, apertures, strict=True):
        for phone in take.phones:
            is_long = phone.end_s - phone.start_s >= _OPEN_VOWEL_MIN_S
            if is_long and kinds_of(phone)[0] in _OPEN_VOWELS and len(kinds_of(phone)) == 1:
                near = aperture[_inside(take.times_s, phone.start_s, end=phone.end_s)]
                results += [float(np.median(near)) <= limit] if near.size else []
    return float(np.mean(results))


def _likeness(
    takes: Sequence[Take], apertures: Sequence[Reals], *, rules: Sequence[Reals]
) -> float:
    asked = [
        np.interp(take.times_s, np.arange(len(rule)) * STEP_S, rule)
        for take, rule in zip(takes, rules, strict=True)
    ]
    return float(np.corrcoef(np.concatenate(apertures), np.concatenate(asked))[0, 1])


def _formants(speeches: Sequence[Speech], apertures: Sequence[Reals]) -> float:
    pairs = []
    for speech, aperture in zip(speeches, apertures, strict=True):
        slow = at_10_khz(speech.samples)
        for kind, start, end in parts(speech):
            if kind in _VOWELS and end - start >= _F1_VOWEL_MIN_S:
                middle = 0.5 * (start + end)
                formant_hz = first_formant_hz(slow, middle)
                index = min(round(middle * FPS), len(aperture) - 1)
                if formant_hz is not None:
                    pairs.append((formant_hz, aperture[index]))
    return float(spearmanr(*zip(*pairs, strict=True)).statistic)


def pauses(speeches: Sequence[Speech], apertures: Sequence[Reals]) -> float:
    """Mean aperture in pauses, away from their ends; not a number where there are none."""
    values: list[float] = []
    for speech, aperture in zip(speeches, apertures, strict=True):
        moments = times(speech)
        for phone in _mergedpauses(speech.phones):
            if phone.end_s - phone.start_s >= _PAUSE_MIN_S:
                first, last = phone.start_s + _PAUSE_MARGIN_S, phone.end_s - _PAUSE_MARGIN_S
                values += aperture[(moments >= first) & (moments <= last)].tolist()
    return float(np.mean(values)) if values else float("nan")


def _mergedpauses(phones: Sequence[Phone]) -> list[Phone]:
    found: list[Phone] = []
    for phone in phones:
        if phone.name not in SILENCE:
            continue
        if found and phone.start_s - found[-1].end_s < 1e-6:
            found[-1] = Phone(phone.name, found[-1].start_s, phone.end_s)
        else:
            found.append(phone)
    return found
