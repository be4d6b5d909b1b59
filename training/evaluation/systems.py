"""Systems that the evaluation compares: ours and anchors."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from a2f_ws.names import ARKIT, Floats
from training.evaluation.measures import Performance, System, parts, times
from training.evaluation.sets import Speech
from training.lips import ARTICULATORS, arkit_of
from training.net.face import EMOTION_LEN
from training.net.shape import BUFFER_OFS, CLASSES, VISEME_INDEX
from training.rule import articulate, target_of
from training.speech.phones import KINDS, VISEME_OF, VISEMES

_BATCH: Final = 64
PRIOR_POWER: Final = 0.5
"""Power of the classes' frequency that their probabilities are divided by before one is chosen."""


def session_of(network: Path | bytes) -> onnxruntime.InferenceSession:
    """A session on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    source = network if isinstance(network, bytes) else str(network)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def windows_of(speech: Speech, *, length: int, offset: int) -> Floats:
    """Windows (n, 1, length) of a clip, one for each of `times`."""
    padding = np.zeros(length, np.float32)
    padded = np.concatenate([padding[:offset], speech.samples, padding])
    starts = [round(t * 16_000) for t in times(speech)]
    return np.stack([padded[s : s + length] for s in starts])[:, None]


PROTOTYPE_OFS: Final = 4160
"""The face's sample of the prototype: the middle of its window."""


def network(
    model: Path | bytes,
    *,
    length: int,
    offset: int | None = None,
    log_prior: Floats | None = None,
) -> System:
    """A network of ours with output `numbers`, or the prototype.

    Args:
        model: The ONNX file.
        length: Samples of its window.
        offset: The face's sample; None: `BUFFER_OFS`, the prototype's `PROTOTYPE_OFS`.
        log_prior: float32 (27,), subtracted from the log probabilities of the classes.

    Raises:
        ValueError: The network does not say what it recognises.
    """
    session = session_of(model)
    names = {output.name for output in session.get_outputs()}
    if "viseme" in names:
        middle = PROTOTYPE_OFS if offset is None else offset
        return _prototype(session, length=length, offset=middle)
    if "numbers" not in names:
        raise ValueError(f"{model!r}: found {sorted(names)}, wanted `numbers` (export --numbers)")
    sample = BUFFER_OFS if offset is None else offset

    def run(speech: Speech) -> Performance:
        windows = windows_of(speech, length=length, offset=sample)
        rows = []
        for first in range(0, len(windows), _BATCH):
            piece = windows[first : first + _BATCH]
            emotion = np.zeros((len(piece), 1, EMOTION_LEN), np.float32)
            rows.append(session.run(["result", "numbers"], {"input": piece, "emotion": emotion}))
        result = np.concatenate([row[0][:, 0] for row in rows])
        kinds = np.concatenate([row[1][:, 0, CLASSES] for row in rows])
        return Performance(result[:, : len(ARKIT)], chosen(kinds, log_prior))

    return run


def _prototype(session: onnxruntime.InferenceSession, *, length: int, offset: int) -> System:
    """The network of 0.1.0: ARKit weights and the visemes' probabilities."""

    def run(speech: Speech) -> Performance:
        windows = windows_of(speech, length=length, offset=offset)
        rows = []
        for first in range(0, len(windows), _BATCH):
            piece = windows[first : first + _BATCH]
            emotion = np.zeros((len(piece), EMOTION_LEN), np.float32)
            rows.append(session.run(["arkit", "viseme"], {"input": piece, "emotion": emotion}))
        weights, visemes = (np.concatenate(parts) for parts in zip(*rows, strict=True))
        return Performance(weights, np.asarray(visemes.argmax(axis=1), np.int64))

    return run


def chosen(kinds: Floats, log_prior: Floats | None) -> NDArray[np.int64]:
    """The likeliest viseme of each row of log probabilities of the classes."""
    shifted = kinds if log_prior is None else kinds - log_prior
    likely = [
        np.logaddexp.reduce(shifted[:, i == VISEME_INDEX], axis=1) for i in range(len(VISEMES))
    ]
    return np.asarray(np.argmax(np.stack(likely, axis=1), axis=1))


def oracle(speech: Speech) -> Performance:
    """What the alignment itself asks for."""
    moments = times(speech)
    curves = articulate(speech.phones, moments, samples=speech.samples, rate_hz=16_000)
    visemes = np.full(len(moments), -1, np.int64)
    for kind, start, end in parts(speech):
        viseme = VISEME_OF[kind]
        if viseme is not None:
            visemes[(moments >= start) & (moments < end)] = VISEMES.index(viseme)
    return Performance(_face(curves), visemes)


def energy(speech: Speech) -> Performance:
    """The jaw follows the loudness of 40 ms: the anchor that everything has to beat."""
    moments = times(speech)
    sums = np.concatenate([[0.0], np.cumsum(speech.samples.astype(np.float64) ** 2)])
    first = np.clip((moments - 0.02) * 16_000, 0, len(speech.samples)).astype(int)
    last = np.clip((moments + 0.02) * 16_000, 0, len(speech.samples)).astype(int)
    level = np.sqrt((sums[last] - sums[first]) / np.maximum(last - first, 1))
    opening = np.clip(level / max(float(np.percentile(level, 95)), 1e-6), 0.0, 1.0)
    curves = np.zeros((len(moments), len(ARTICULATORS)))
    curves[:, ARTICULATORS.index("jaw")] = 0.75 * opening
    visemes = np.select([opening < 0.05, opening < 0.35], [0, VISEMES.index("DD")],
                        VISEMES.index("aa"))  # fmt: skip
    return Performance(_face(curves), np.asarray(visemes, np.int64))


def from_visemes(shares: Mapping[str, Floats]) -> Performance:
    """Faces of a system that only names visemes, through the same table.

    Args:
        shares: (n,) of each viseme, 0 … 1; what is missing to 1 is silence.
    """
    count = len(next(iter(shares.values())))
    table = np.zeros((count, len(VISEMES)))
    for name, share in shares.items():
        table[:, VISEMES.index(name)] += share
    table[:, 0] += np.clip(1.0 - table.sum(axis=1), 0.0, None)
    return Performance(_face(table @ viseme_articulators()), table.argmax(axis=1))


def viseme_articulators() -> Floats:
    """float32 (14, 11): articulators of each viseme, those of its most typical class."""
    typical = {v: k for k in reversed(KINDS) if (v := VISEME_OF[k])} | {"I": "ih", "U": "uw"}
    return np.stack([target_of(typical[name]) for name in VISEMES]).astype(np.float32)


def _face(curves: NDArray[np.floating]) -> Floats:
    return arkit_of(curves).astype(np.float32)
