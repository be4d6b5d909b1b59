"""Other lip-sync programs, each as a system of the evaluation.

Source: `training/README.md`, section "The measures".
"""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from a2f_ws.names import Floats
from training.evaluation.measures import FPS, Performance, System, times
from training.evaluation.sets import Speech
from training.evaluation.systems import from_visemes
from training.speech.phones import VISEMES

SCRIPT: Final = Path(__file__).with_name("peers.mjs")
NODE_PEERS: Final = ("rhubarb", "headaudio", "wawa")
"""npm: rhubarb-lip-sync-wasm 0.1.8, @met4citizen/headaudio 0.1.0, wawa-lipsync 0.0.2."""
_RHUBARB: Final = {
    "A": "PP", "B": "SS", "C": "E", "D": "aa", "E": "O", "F": "U", "G": "FF", "H": "DD", "X": "sil",
}  # fmt: skip
_VOWELS: Final = {"aa": "aa", "ee": "E", "ih": "I", "oh": "O", "ou": "U"}
_SIGMA_FRAMES: Final = 0.060 / 2.355 * FPS
"""Steps are smoothed with a Gaussian of 60 ms full width at half maximum."""


def node_peer(name: str, modules: Path) -> System:
    """A peer that runs in Node.js.

    Args:
        name: One of `NODE_PEERS`.
        modules: The folder `node_modules` with the peer.
    """

    def run(speech: Speech) -> Performance:
        with tempfile.NamedTemporaryFile(suffix=".raw") as file:
            pcm = np.round(np.clip(speech.samples, -1.0, 1.0) * 32767.0).astype("<i2")
            Path(file.name).write_bytes(pcm.tobytes())
            command = ["node", str(SCRIPT), name, str(modules), file.name]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
        last = done.stdout.strip().splitlines()[-1]
        return from_visemes(_smoothed(json.loads(last), times(speech)))

    return run


def pylipsync() -> System:
    """PyPI pylipsync 0.2.1, uLipSync in Python: five vowels and silence."""
    from pylipsync import PhonemeAnalyzer  # type: ignore[import-untyped, import-not-found, unused-ignore]  # noqa: PLC0415 - a peer

    analyzer = PhonemeAnalyzer()

    def run(speech: Speech) -> Performance:
        segments = analyzer.extract_phoneme_segments(speech.samples, 16_000, return_seconds=True)
        moments = times(speech)
        starts = np.array([segment.start for segment in segments])
        index = np.clip(np.searchsorted(starts, moments, side="right") - 1, 0, len(starts) - 1)
        shares = {
            _VOWELS[name]: np.array([_target(segments[i], name) for i in index], np.float32)
            for name in _VOWELS
        }
        return from_visemes(shares)

    return run


def _target(segment: object, name: str) -> float:
    phonemes = getattr(segment, "phonemes", ())
    return float(next((p.target for p in phonemes if p.name == name), 0.0))


def _smoothed(
    events: Sequence[tuple[float, str]], moments: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> dict[str, Floats]:
    """Shares of the visemes that hold from each event to the next."""
    starts = np.array([start for start, _ in events])
    names = [_RHUBARB.get(name, name) for _, name in events]
    index = np.clip(np.searchsorted(starts, moments, side="right") - 1, 0, len(names) - 1)
    reach = int(np.ceil(4 * _SIGMA_FRAMES))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / _SIGMA_FRAMES) ** 2)
    kernel /= kernel.sum()
    shares = {}
    for name in VISEMES:
        steps = np.array([float(names[i] == name) for i in index])
        padded = np.pad(steps, reach, mode="edge")
        shares[name] = np.convolve(padded, kernel, "valid").astype(np.float32)
    return shares
