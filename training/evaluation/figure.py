"""Draws utterances: `python -m training.evaluation.figure FOLDER NETWORK OUT.png`.

Spectrogram, alignment, and what the mouth does: the rule's and the network's.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot

from a2f_ws.names import ARKIT
from training.evaluation import sets
from training.evaluation.measures import System, times
from training.evaluation.sets import Speech
from training.evaluation.systems import network, oracle
from training.lips import lip_aperture
from training.net.shape import BUFFER_LEN

COUNT: Final = 4
"""Clips of the woman; two of the man follow."""
_COLOURS: Final = {"rule": "0.6", "network": "tab:blue"}


def draw(speeches: list[Speech], systems: Mapping[str, System], *, out: Path) -> None:
    """Write one picture with three rows for each clip."""
    mpl.use("Agg")
    figure, axes = pyplot.subplots(
        3 * len(speeches), 1, figsize=(18, 6.5 * len(speeches)), layout="constrained"
    )
    for index, speech in enumerate(speeches):
        _clip(speech, systems, axes=axes[3 * index : 3 * index + 3])
    figure.savefig(out, dpi=70)
    pyplot.close(figure)


def _clip(speech: Speech, systems: Mapping[str, System], *, axes: Any) -> None:  # noqa: ANN401 - matplotlib is loosely typed
    moments, end_s = times(speech), len(speech.samples) / 16_000
    axes[0].specgram(speech.samples + 1e-6, NFFT=400, Fs=16_000, noverlap=240, cmap="magma")
    axes[0].set_title(speech.name)
    for name, system in systems.items():
        weights = system(speech).weights
        pucker = weights[:, ARKIT.index("mouthPucker")] + weights[:, ARKIT.index("mouthFunnel")]
        axes[1].plot(moments, lip_aperture(weights), color=_COLOURS[name], label=name)
        axes[2].plot(moments, pucker, color=_COLOURS[name], label=name)
    for phone in speech.phones:
        for axis in axes:
            axis.axvline(phone.start_s, color="0.8", linewidth=0.5)
        middle = 0.5 * (phone.start_s + phone.end_s)
        axes[1].text(middle, 0.95, phone.name, ha="center", fontsize=8)
        if phone.name == "PP":
            axes[1].axvspan(phone.start_s, phone.end_s, color="tab:red", alpha=0.15)
    axes[1].set_ylabel("lip aperture")
    axes[2].set_ylabel("pucker + funnel")
    axes[1].legend(loc="upper right")
    for axis, top in zip(axes[1:], (1.0, 1.2), strict=True):
        axis.set_ylim(0.0, top)
    for axis in axes:
        axis.set_xlim(0.0, end_s)


def main(arguments: list[str]) -> int:
    """Draw six clips."""
    folder, path, out = (Path(argument) for argument in arguments)
    speeches = sets.allison(folder / "sets")[:COUNT] + sets.librivox()[:2]
    systems: dict[str, System] = {
        "rule": oracle,
        "network": network(path, length=BUFFER_LEN),
    }
    draw([first_seconds(speech) for speech in speeches], systems, out=out)
    return 0


def first_seconds(speech: Speech, most_s: float = 5.0) -> Speech:
    """The first seconds of a clip."""
    phones = tuple(phone for phone in speech.phones if phone.end_s <= most_s)
    samples = np.ascontiguousarray(speech.samples[: round(most_s * 16_000)])
    return Speech(speech.name, samples, phones)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
