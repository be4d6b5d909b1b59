"""Finds what averaging took and how rare classes are: `python -m training.net.tune FOLDER NAME`.

On the validation voices only; what it finds lies beside the checkpoint as NAME.json.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime

from a2f_ws.names import ARKIT, Floats
from training.evaluation.measures import (
    Performance,
    Row,
    System,
    macro,
    measure,
)
from training.evaluation.sets import Speech, levelled, noisy
from training.evaluation.systems import chosen, session_of, windows_of
from training.net.decode import Decoding
from training.net.export import weights_of
from training.net.face import EMOTION_LEN
from training.net.graph import build, build_decoder
from training.net.shape import BUFFER_LEN, BUFFER_OFS, CLASSES, CURVES
from training.rule import Phone
from training.speech.pack import COARSE, timed
from training.speech.phones import KINDS, parts_of
from training.speech.store import load
from training.speech.targets import ARTICULATORS, targets

CLIPS: Final = {"world": 60, "kokoro": 20, "festival": 15, "flite": 15, "espeak": 10}
"""Validation clips of each source: mostly of `world`, whose six voices no training hears."""
PRIOR_POWERS: Final = (0.0, 0.2, 0.4, 0.6, 0.8)
LARGE: Final = 97.0
"""Percentile that stands for large values."""
MOST_GAIN: Final = 1.3
GAINED: Final = ("round", "spread", "ttip", "tback", "twide", "tnarrow", "tdown", "troll")
"""Articulators that get one. What opens the lips needs none (its aperture already reaches the
rule's), the decisions see to `close` and `tuck`, and `tout` is too rare to measure."""


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A validation clip and what the network says to it: `numbers` float32 (n, 45)."""

    speech: Speech
    numbers: Floats


def validation(folder: Path) -> list[Speech]:
    """The clips, with corrected times."""
    offsets = json.loads((folder / "calibration.json").read_text())
    found = []
    for source, count in CLIPS.items():
        for path in sorted((folder / "speech" / source).glob("validate-*.npz"))[:count]:
            offset_s = offsets[source]["offset_ms"] / 1000.0
            utterance = timed(load(path), offset_s=offset_s, is_coarse=source in COARSE)
            if utterance is not None:
                phones = tuple(Phone(*part) for part in parts_of(utterance))
                found.append(Speech(f"{source} {path.stem}", utterance.samples, phones))
    return [_as_heard(speech, index) for index, speech in enumerate(found)]


def _as_heard(speech: Speech, index: int) -> Speech:
    """A third of the clips in noise, a third soft: the world is not a synthesiser's output."""
    if index % 3 == 0:
        return noisy(speech, 20.0)
    return levelled(speech, -20.0) if index % 3 == 1 else speech


def hear(checkpoint: Path, speeches: Sequence[Speech]) -> list[Heard]:
    """Run the network without its decoding."""
    model = build(weights_of(checkpoint), Decoding(), shows_numbers=True)
    session = session_of(model.SerializeToString())
    heard = []
    for speech in speeches:
        windows = windows_of(speech, length=BUFFER_LEN, offset=BUFFER_OFS)
        emotion = np.zeros((len(windows), 1, EMOTION_LEN), np.float32)
        numbers = session.run(["numbers"], {"input": windows, "emotion": emotion})[0]
        heard.append(Heard(speech, np.asarray(numbers)[:, 0]))
    return heard


class Trial:
    """Measures decodings of what has been heard."""

    def __init__(self, heard: Sequence[Heard]) -> None:
        self._heard = {item.speech.name: item for item in heard}
        self._speeches = [item.speech for item in heard]

    def row(self, decoding: Decoding, log_prior: Floats | None = None) -> Row:
        """All measures of one decoding."""
        run = self._system(decoding, log_prior)
        return measure(run, self._speeches, clean=self._speeches)

    def macro(self, log_prior: Floats) -> float:
        """Mean recall of the visemes."""
        found = [chosen(self._heard[s.name].numbers[:, CLASSES], log_prior) for s in self._speeches]
        nothing = np.zeros((0, 52), np.float32)
        return macro([Performance(nothing, one) for one in found], self._speeches)

    def _system(self, decoding: Decoding, log_prior: Floats | None) -> System:
        session = session_of(build_decoder(decoding).SerializeToString())

        def run(speech: Speech) -> Performance:
            numbers = self._heard[speech.name].numbers
            result = _decoded(session, numbers)
            return Performance(result, chosen(numbers[:, CLASSES], log_prior))

        return run


def _decoded(session: onnxruntime.InferenceSession, numbers: Floats) -> Floats:
    emotion = np.zeros((len(numbers), 1, EMOTION_LEN), np.float32)
    feeds = {"numbers": numbers[:, None], "emotion": emotion}
    result: Floats = session.run(["result"], feeds)[0]
    return result[:, 0, : len(ARKIT)]


def gains(heard: Sequence[Heard]) -> tuple[float, ...]:
    """Ratio of each articulator's large values, asked over given; never below 1."""
    asked = np.concatenate(
        [
            targets(
                [(p.name, p.start_s, p.end_s) for p in one.speech.phones], one.speech.samples
            ).curves
            for one in heard
        ]
    )
    given = np.concatenate([one.numbers[:, CURVES] for one in heard])
    ratios = np.percentile(asked, LARGE, axis=0) / np.percentile(given, LARGE, axis=0)
    limited = np.clip(np.nan_to_num(ratios, nan=1.0), 1.0, MOST_GAIN)
    is_gained = [name in GAINED for name in ARTICULATORS]
    return tuple(round(float(g), 3) for g in np.where(is_gained, limited, 1.0))


def tune(heard: Sequence[Heard]) -> tuple[Decoding, Floats, float]:
    """Decoding, logarithm of the classes' frequencies, and the power to subtract it with.

    The decisions' slopes and biases stay as they are: from 1 to 3 and from -3 to 2 they move the
    closures of the validation voices by less than half a per cent and nothing else at all.
    """
    trial = Trial(heard)
    log_prior = _log_prior([item.speech for item in heard])
    power = max(PRIOR_POWERS, key=lambda p: trial.macro(np.float32(p) * log_prior))
    return Decoding(gains=gains(heard)), log_prior, power


def _log_prior(speeches: Sequence[Speech]) -> Floats:
    seconds = np.full(len(KINDS), 0.1)
    for speech in speeches:
        for phone in speech.phones:
            seconds[KINDS.index(phone.name)] += phone.end_s - phone.start_s
    return np.asarray(np.log(seconds / seconds.sum()), np.float32)


def main(arguments: list[str]) -> int:
    """Tune one checkpoint."""
    folder, name = Path(arguments[0]), arguments[1]
    heard = hear(folder / f"{name}.pt", validation(folder))
    decoding, log_prior, power = tune(heard)
    scaled = np.float32(power) * log_prior
    row = Trial(heard).row(decoding, scaled)
    found = {
        "decoding": asdict(decoding),
        "prior_power": power,
        "log_prior": scaled.tolist(),
        "validation": asdict(row),
    }
    (folder / f"{name}.json").write_text(json.dumps(found, indent=2) + "\n")
    print(decoding, f"prior ** {power}")
    print(row)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
