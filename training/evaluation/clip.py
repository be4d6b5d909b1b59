"""Films models side by side: `python -m training.evaluation.clip OUT.mp4 NAME=BUNDLE …`.

The head of the embedded bundle says one clip of LibriVox with the faces of each model, drawn
offscreen by three.js in Chromium, with sound. Beside the film lies a sheet of the frames that tell
most: closed lips, lip under the teeth, rounding, the open vowel, and the longest pause.
Wants Chromium, `npm ci` in `browser_sample`, and FFmpeg.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import soundfile

from a2f_ws.commands.loading import load_catalog
from a2f_ws.names import WEIGHTS, Floats
from a2f_ws.offline import animate
from a2f_ws.output.speech import SpeechFile
from a2f_ws.timebase import PoseRate
from training.evaluation.measures import parts
from training.evaluation.sets import LIBRIVOX, Speech, librivox
from training.head.sheet import render
from training.speech.phones import VISEME_OF

HEAD: Final = Path(__file__).parents[2] / "engines" / "head.glb"
FPS: Final = 30
VIEW: Final[Mapping[str, Any]] = {
    "width": 360,
    "height": 380,
    "eye": (0.0, 0.0, 0.56),
    "target": (0.0, -0.015, 0.08),
    "fov": 24,
}
MOMENTS: Final[Mapping[str, str]] = {
    "p b m": "PP",
    "f v": "FF",
    "o": "O",
    "a": "aa",
    "pause": "sil",
}
"""What the sheet shows, and the viseme that stands for it."""
SHOWN: Final = 2
"""Moments of each kind, the longest ones."""
MARGIN_S: Final = 0.1
"""So near to its beginning and end a clip is not looked at."""


def weights_of(bundle: Path, sound: Path) -> Floats:
    """Faces of a model for a file, float32 (n, 68) in the order of `WEIGHTS`, at `FPS`."""
    with SpeechFile(sound) as speech:
        recording = animate(speech, load_catalog(str(bundle), []), rate=PoseRate(FPS, 1))
    order = [recording.curves.index(name) for name in WEIGHTS]
    return recording.rows[:, order]


def moments_of(speech: Speech) -> list[tuple[str, float]]:
    """Labels and middles, seconds, of what the sheet shows."""
    end_s = len(speech.samples) / 16_000
    found = []
    for label, viseme in MOMENTS.items():
        fitting = [
            (first_s - last_s, 0.5 * (first_s + last_s))
            for kind, first_s, last_s in parts(speech)
            if VISEME_OF[kind] == viseme and MARGIN_S < first_s < end_s - MARGIN_S
        ]
        found += [(label, middle_s) for _, middle_s in sorted(fitting)[:SHOWN]]
    return found


def cells(faces: Mapping[str, Floats], index: int, *, label: str = "") -> list[dict[str, Any]]:
    """One cell for each model, of the pose with that index."""
    return [
        {
            "label": f"{name} {label}".strip(),
            "weights": dict(
                zip(WEIGHTS, rows[min(index, len(rows) - 1)].round(4).tolist(), strict=True)
            ),
        }
        for name, rows in faces.items()
    ]


def film(faces: Mapping[str, Floats], sound: Path, *, out: Path) -> None:
    """Write the film.

    Raises:
        RuntimeError: No browser, no three.js, or the page failed.
        subprocess.CalledProcessError: FFmpeg failed.
    """
    count = round(soundfile.info(sound).duration * FPS)
    sheets = [
        {"name": f"{index:05d}", "columns": len(faces), "cells": cells(faces, index), **VIEW}
        for index in range(count)
    ]
    with tempfile.TemporaryDirectory() as folder:
        render(HEAD.read_bytes(), sheets, folder=Path(folder), limit_s=10.0 * count)
        pictures = ["-framerate", str(FPS), "-i", f"{folder}/%05d.png"]
        coded = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "22", "-c:a", "aac"]
        even = ["-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2"]
        command = ["ffmpeg", "-y", "-loglevel", "error", *pictures, "-i", str(sound)]
        subprocess.run([*command, *coded, *even, "-shortest", str(out)], check=True)


def sheet(faces: Mapping[str, Floats], speech: Speech, *, out: Path) -> None:
    """Write the sheet of moments.

    Raises:
        RuntimeError: No browser, no three.js, or the page failed.
    """
    shown = [
        cell
        for label, moment_s in moments_of(speech)
        for cell in cells(faces, round(moment_s * FPS), label=f"{label} {moment_s:.2f} s")
    ]
    one = {"name": out.stem, "columns": SHOWN * len(faces), "cells": shown, **VIEW}
    render(HEAD.read_bytes(), [one], folder=out.parent)


def main(arguments: Sequence[str]) -> int:
    """Film models saying one clip."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("models", nargs="+", metavar="NAME=BUNDLE")
    parser.add_argument("--clip", type=int, default=1, help="number of the clip, from 1")
    asked = parser.parse_args(arguments)
    speech = librivox()[asked.clip - 1]
    sound = LIBRIVOX / f"{speech.name}.wav"
    named = [model.split("=", 1) for model in asked.models]
    faces = {name: weights_of(Path(bundle), sound) for name, bundle in named}
    sheet(faces, speech, out=asked.out.with_suffix(".png"))
    film(faces, sound, out=asked.out)
    print(f"{asked.out}: {len(speech.samples) / 16_000:.1f} s of {', '.join(faces)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
