"""Calibrates, cuts targets and packs: `python -m training.speech.pack FOLDER SOURCE`; resumable.

Every source is compared with the aligner and moved by the median difference. Kokoro's own times
come in steps of 25 ms, so that the aligner's replace them where it finds the same phones.
"""

import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import soxr
from numpy.typing import NDArray

from training.rule import SILENCE, Phone
from training.speech.align import align, words_of
from training.speech.phones import arpabet_of, parts_of
from training.speech.store import RATE_HZ, Utterance, load
from training.speech.targets import targets

COARSE: Final = ("kokoro", "world")
"""Sources that take the aligner's times; prompts come with them."""
VARIANTS: Final = {"kokoro": ((0.80, 0.93), (1.04, 1.20)), "world": ((0.84, 1.18),),
                   "flite": ((0.82, 1.2),), "festival": ((0.82, 1.2),), "espeak": (),
                   "prompts": ((0.80, 0.93), (1.04, 1.20))}  # fmt: skip
"""Ranges of the factors that pitch, formants and speed of further copies are multiplied by."""
CALIBRATED_ON: Final = 60
SHORTEST_PAUSE_S: Final = 0.03


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a source's times differ from the aligner's.

    Attributes:
        offset_s: Median of aligner minus source at the starts of phones, seconds.
        spread_s: Median of the absolute deviations from that.
        within_20_ms: Share of the deviations below 20 ms.
        phones: Compared phones.
    """

    offset_s: float
    spread_s: float
    within_20_ms: float
    phones: int


def calibration(utterances: list[Utterance]) -> Calibration:
    """Compare a source's phone starts with the aligner's."""
    differences: list[float] = []
    for utterance in utterances:
        phones = align(utterance.samples, words_of(utterance))
        starts = _starts(utterance)
        spoken = [phone for phone in phones or () if phone.name not in SILENCE]
        if len(spoken) == len(starts):
            pairs = list(zip(spoken, starts, strict=True))[1:]
            differences += [phone.start_s - start for phone, start in pairs]
    values = np.array(differences)
    offset = float(np.median(values))
    rest = np.abs(values - offset)
    within = float(np.mean(rest < 0.02))
    return Calibration(offset, float(np.median(rest)), within, len(values))


def _starts(utterance: Utterance) -> list[float]:
    starts = []
    for symbol, start, end in utterance.segments():
        phones = arpabet_of(symbol).split()
        starts += [start + (end - start) * i / len(phones) for i in range(len(phones))]
    return starts


def moved(utterance: Utterance, offset_s: float) -> Utterance:
    """The utterance with its inner boundaries later by some time."""
    length_s = len(utterance.samples) / RATE_HZ
    ends_s = np.clip(utterance.ends_s + offset_s, 0.0, length_s)
    ends_s[-1] = length_s
    return Utterance(utterance.samples, utterance.symbols, ends_s)


def realigned(utterance: Utterance, phones: list[Phone]) -> Utterance:
    """The utterance's symbols at the aligner's times."""
    spoken = [phone for phone in phones if phone.name not in SILENCE]
    symbols, ends, index = [""], [0.0], 0
    for symbol in utterance.symbols:
        count = len(arpabet_of(symbol).split())
        if count:
            first, last = spoken[index], spoken[index + count - 1]
            if first.start_s - ends[-1] >= SHORTEST_PAUSE_S and symbols[-1]:
                symbols.append("")
                ends.append(first.start_s)
            ends[-1] = first.start_s
            symbols.append(symbol)
            ends.append(last.end_s)
            index += count
    symbols.append("")
    ends.append(len(utterance.samples) / RATE_HZ)
    return Utterance(utterance.samples, tuple(symbols), np.array(ends))


def varied(utterance: Utterance, factor: float) -> Utterance:
    """The utterance with pitch, formants and speed multiplied by a factor."""
    sound = soxr.resample(utterance.samples, RATE_HZ * factor, RATE_HZ, "HQ")
    return Utterance(np.asarray(sound, np.float32), utterance.symbols, utterance.ends_s / factor)


def timed(utterance: Utterance, *, offset_s: float, is_coarse: bool) -> Utterance | None:
    """The utterance with corrected times; None where nobody knows them well enough."""
    if not is_coarse:
        return moved(utterance, offset_s)
    return aligned(utterance)


def aligned(utterance: Utterance) -> Utterance | None:
    """The utterance's symbols at the times that the aligner gives; None where it loses its way."""
    phones = align(utterance.samples, words_of(utterance)) if any(utterance.symbols) else None
    spoken = [phone for phone in phones or () if phone.name not in SILENCE]
    wanted = sum(len(arpabet_of(symbol).split()) for symbol in utterance.symbols)
    is_complete = phones is not None and len(spoken) == wanted
    return realigned(utterance, phones or []) if is_complete else None


def pack(folder: Path, source: str) -> Calibration:
    """Write `FOLDER/packed/SOURCE-NAME.npz` for every utterance that has none yet."""
    paths = sorted((folder / "speech" / source).glob("[tv]*[0-9].npz"))
    result = calibration([load(path) for path in paths[:: max(len(paths) // CALIBRATED_ON, 1)]])
    out = folder / "packed"
    out.mkdir(exist_ok=True)
    for path in paths:
        target = out / f"{source}-{path.stem}.npz"
        if target.exists() or (out / f"{source}-{path.stem}.none").exists():
            continue
        original = timed(load(path), offset_s=result.offset_s, is_coarse=source in COARSE)
        if original is None:
            (out / f"{source}-{path.stem}.none").touch()
            continue
        chance = random.Random(path.stem)
        ranges = VARIANTS[source] if path.stem.startswith("train") else ()
        copies = [original, *(varied(original, chance.uniform(*limits)) for limits in ranges)]
        _write(target, copies)
    return result


def _write(path: Path, copies: list[Utterance]) -> None:
    arrays: dict[str, NDArray[Any]] = {}
    for index, copy in enumerate(copies):
        found = targets(parts_of(copy), copy.samples)
        arrays[f"pcm{index}"] = np.round(np.clip(copy.samples, -1, 1) * 32767.0).astype(np.int16)
        arrays[f"curves{index}"] = found.curves.astype(np.float16)
        arrays[f"decisions{index}"] = found.decisions.astype(np.float16)
        arrays[f"kinds{index}"] = found.kinds
    half_written = path.with_suffix(".part")
    with half_written.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]
    half_written.replace(path)


def main(arguments: list[str]) -> int:
    """Pack one source and add its calibration to `calibration.json`."""
    folder, source = Path(arguments[0]), arguments[1]
    result = pack(folder, source)
    report = folder / "calibration.json"
    known = json.loads(report.read_text()) if report.is_file() else {}
    known[source] = {
        "offset_ms": round(1000 * result.offset_s, 1),
        "spread_ms": round(1000 * result.spread_s, 1),
        "within_20_ms": round(result.within_20_ms, 3),
        "phones": result.phones,
    }
    report.write_text(json.dumps(known, indent=2) + "\n")
    print(source, known[source])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
