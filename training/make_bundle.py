"""Writes a synthetic bundle: `python -m training.make_bundle FOLDER [--size mark] [--seed 0]`.

It has the files and sizes of a downloaded one and is made of random numbers.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from training.bundle.size import NETWORKS, SIZES, Size, with_network
from training.bundle.writer import write_bundle, write_emotion_bundle

_NUMBERS: Final = (
    "vertices", "frontal", "shapes", "tongue_vertices", "tongue_shapes", "emotion_rows", "layers",
    "window",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files and list them."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    folder: Path = asked.folder
    try:
        if asked.audio2emotion:
            write_emotion_bundle(folder, seed=asked.seed)
        else:
            write_bundle(folder, size=_size(asked), seed=asked.seed)
    except ValueError as error:
        parser.error(str(error))
    for path in sorted(folder.iterdir()):
        print(f"{path.name:22} {path.stat().st_size:>11,} bytes")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.make_bundle", description=(__doc__ or "").partition("\n\n")[2]
    )
    parser.add_argument("folder", type=Path, help="where the files go")
    parser.add_argument("--size", choices=tuple(SIZES), default="mark", help="default: mark")
    parser.add_argument("--network", choices=NETWORKS, help="default: the size's own")
    parser.add_argument("--seed", type=int, default=0, help="start of the random numbers, >= 0")
    parser.add_argument("--audio2emotion", action="store_true", help="an Audio2Emotion bundle")
    for name in _NUMBERS:
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, help="instead of the size's")
    return parser


def _size(asked: argparse.Namespace) -> Size:
    """The named size with what was asked for instead; the rest follows from it."""
    size = SIZES[asked.size]
    if asked.network is not None:
        size = with_network(size, asked.network)
    numbers = {name: getattr(asked, name) for name in _NUMBERS}
    given = {name: number for name, number in numbers.items() if number is not None}
    if "vertices" in given:
        given.setdefault("frontal", round(size.frontal * given["vertices"] / size.vertices))
    return replace(size, **given)


if __name__ == "__main__":
    sys.exit(main())
