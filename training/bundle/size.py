"""How large a synthetic bundle is: vertices, shapes, layers, samples of a window."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

WINDOW: Final = 8320
"""Samples of a window of the released models (network specification: 25 steps of 320 and 320)."""

JAW_LEN: Final = 15
EYES_LEN: Final = 4
IMPLICIT_LEN: Final = 16
EXPLICIT_LEN: Final = 10
EMOTION_LEN: Final = IMPLICIT_LEN + EXPLICIT_LEN
SOURCE_FRAMES: Final = 240
"""Least length of the shot that the default implicit emotion comes from, frames."""

NETWORKS: Final = ("faithful", "light", "tiny")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Sizes of one bundle.

    Attributes:
        name: Told as the actor of the bundle.
        vertices: Vertices of the skin, >= 200.
        frontal: Vertices of the solver's mask, 1 … `vertices`.
        shapes: Components of the skin, 1 … 272 or as many as the mesh can carry.
        tongue_vertices: Vertices of the tongue, >= 50.
        tongue_shapes: Components of the tongue, >= 1.
        emotion_rows: Rows of the implicit emotion database, >= 480.
        layers: Transformer layers of a faithful network, >= 1.
        window: Samples of a window; 8320 for all networks but the tiny one, which wants a multiple
            of 16.
        network: One of `NETWORKS`.
        figures: Whose `model_config.json` it has, "mark" or "claire".

    Raises:
        ValueError: A size out of its range; the text names it, what was found and what was wanted.
    """

    name: str
    vertices: int
    frontal: int
    shapes: int
    tongue_vertices: int
    tongue_shapes: int
    emotion_rows: int
    layers: int = 1
    window: int = WINDOW
    network: str = "faithful"
    figures: str = "mark"

    def __post_init__(self) -> None:
        if self.network not in NETWORKS:
            raise ValueError(
                f"network: found {self.network!r}, wanted one of {', '.join(NETWORKS)}"
            )
        for name, low, high in (
            ("vertices", 200, 10**7),
            ("frontal", 1, self.vertices),
            ("shapes", 1, 3 * self.vertices),
            ("tongue_vertices", 50, 10**7),
            ("tongue_shapes", 1, 3 * self.tongue_vertices),
            ("emotion_rows", 2 * SOURCE_FRAMES, 10**7),
            ("layers", 1, 12),
        ):
            found = getattr(self, name)
            if not low <= found <= high:
                raise ValueError(f"{name}: found {found}, wanted {low} … {high}")
        if self.network != "tiny" and self.window != WINDOW:
            raise ValueError(
                f"window: found {self.window}, wanted {WINDOW} for the {self.network} network"
            )
        if self.window < 16 or self.window % 16:
            raise ValueError(f"window: found {self.window}, wanted a positive multiple of 16")

    @property
    def width(self) -> int:
        """Length of a row of `result`."""
        return self.shapes + self.tongue_shapes + JAW_LEN + EYES_LEN


SIZES: Final[Mapping[str, Size]] = {
    size.name: size
    for size in (
        Size(
            name="mark", vertices=61520, frontal=10085, shapes=272,
            tongue_vertices=5602, tongue_shapes=10, emotion_rows=20600,
        ),
        Size(
            name="claire", vertices=61520, frontal=10085, shapes=140,
            tongue_vertices=5602, tongue_shapes=10, emotion_rows=20600,
            layers=4, figures="claire",
        ),
        Size(
            name="small", vertices=3000, frontal=1200, shapes=24,
            tongue_vertices=400, tongue_shapes=10, emotion_rows=2000, network="light",
        ),
        Size(
            name="tiny", vertices=300, frontal=180, shapes=6,
            tongue_vertices=60, tongue_shapes=4, emotion_rows=600, window=400, network="tiny",
        ),
    )
}  # fmt: skip
"""The two released models, and two for tests."""


def with_network(size: Size, network: str) -> Size:
    """The size with another network, and with its window where that needs the full one."""
    window = size.window if network == "tiny" else WINDOW
    return replace(size, network=network, window=window)
