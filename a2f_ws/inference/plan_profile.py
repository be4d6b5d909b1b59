"""How many rows a TensorRT engine is made for: what `trt_info.json` says, checked."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from a2f_ws.errors import ModelError
from a2f_ws.inference.bundle import Bundle

MOST: Final = 128
"""Rows of the largest batch, as NVIDIA's service sets it; more of them is taken down to it."""

USUAL: Final = 8
"""Rows that an engine is tuned for where the bundle does not say it (ours)."""

_SHAPES: Final = re.compile(r"--(min|opt|max)Shapes=(.+)")
_POOL: Final = re.compile(r"--memPoolSize=tacticSharedMem:([0-9.]+)([BKMG]?)")
_UNITS: Final = {"B": 1, "K": 1 << 10, "M": 1 << 20, "": 1 << 20, "G": 1 << 30}
"""Of `--memPoolSize`; MiB unless said otherwise. Source: trtexec's help."""

_RANK: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one engine can take.

    Attributes:
        least: Fewest rows, 1.
        usual: Rows that it is tuned for.
        most: Most rows.
        tactic_shared_bytes: Shared memory of the GPU that its kernels may take, None = all.
    """

    least: int = 1
    usual: int = USUAL
    most: int = MOST
    tactic_shared_bytes: int | None = None

    @property
    def text(self) -> str:
        """For names and people, such as "1/16/128"."""
        limit = "" if self.tactic_shared_bytes is None else f"/{self.tactic_shared_bytes}B"
        return f"{self.least}/{self.usual}/{self.most}{limit}"


def profile_of(bundle: Bundle, *, most: int = MOST) -> Profile:
    """The profile for a bundle.

    Args:
        bundle: Its `trt_info.json` counts where there is one.
        most: Rows beyond which nobody will ask, 1 … 128.

    Raises:
        ModelError: The file contradicts the bundle's other files, or itself.
    """
    if bundle.trt_info is None:
        return Profile(usual=min(USUAL, most), most=most)
    place = str(bundle.path / "trt_info.json")
    sizes = {"input": bundle.buffer_len, "emotion": bundle.emotion_len}
    rows: dict[str, int] = {}
    limit = None
    for word in _words(bundle.trt_info, place):
        if found := _SHAPES.fullmatch(word):
            rows[found[1]] = _rows(found[2], sizes, place=f"{place}: --{found[1]}Shapes")
        elif found := _POOL.fullmatch(word):
            limit = round(float(found[1]) * _UNITS[found[2]])
    largest = min(rows.get("max", most), most)
    usual = min(rows.get("opt", USUAL), largest)
    least = rows.get("min", 1)
    if least != 1:
        raise ModelError(f"{place}: --minShapes: found {least} rows, wanted 1")
    return Profile(usual=usual, most=largest, tactic_shared_bytes=limit)


def _words(info: Mapping[str, object], place: str) -> Iterator[str]:
    """The arguments of the builder, filled in."""
    groups, defaults = info.get("trt_build_param"), info.get("defaults", {})
    if not isinstance(groups, Mapping) or not isinstance(defaults, Mapping):
        raise ModelError(f"{place}: trt_build_param: missing, wanted lists of arguments by name")
    for name, words in groups.items():
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            text = f"trt_build_param.{name}: found {words!r}, wanted a list of texts"
            raise ModelError(f"{place}: {text}")
        for word in words:
            try:
                yield word.format_map(defaults)
            except (KeyError, ValueError, IndexError) as fault:
                text = f"trt_build_param.{name}: found {word!r}, wanted {fault} among the defaults"
                raise ModelError(f"{place}: {text}") from fault


def _rows(text: str, sizes: Mapping[str, int], *, place: str) -> int:
    """Rows of "input:8x1x8320,emotion:8x1x26", whose other axes have to be the bundle's."""
    rows = set()
    seen = {}
    for part in text.split(","):
        name, _, shape = part.partition(":")
        axes = shape.split("x")
        if len(axes) != _RANK or not all(axis.isdecimal() for axis in axes):
            raise ModelError(f"{place}: found {part!r}, wanted NAME:ROWSx1xSIZE")
        rows.add(int(axes[0]))
        seen[name] = (int(axes[1]), int(axes[2]))
    wanted = {name: (1, size) for name, size in sizes.items()}
    if seen != wanted or len(rows) != 1 or min(rows) < 1:
        shapes = ",".join(f"{name}:Nx1x{size}" for name, size in sizes.items())
        raise ModelError(f"{place}: found {text!r}, wanted {shapes}, N >= 1 and the same in all")
    return rows.pop()
