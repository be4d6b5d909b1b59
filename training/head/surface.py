"""Deforms and cuts surfaces: smooth fields over a mesh, clipping at a plane."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix, diags
from scipy.sparse.csgraph import dijkstra
from scipy.sparse.linalg import spsolve

from training.head.mesh import Mesh, compact
from training.head.source import Array, Ints


def edges(triangles: Ints) -> Ints:
    """Each edge once, (E, 2), ascending."""
    pairs = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    return np.unique(np.sort(pairs, axis=1), axis=0)


def laplacian(count: int, triangles: Ints) -> csr_matrix:
    """Difference of each vertex from the mean of its neighbours, (V, V)."""
    first, second = edges(triangles).T
    ones = np.ones(2 * len(first))
    joined = coo_matrix(
        (ones, (np.concatenate([first, second]), np.concatenate([second, first]))), (count, count)
    ).tocsr()
    degrees = np.asarray(joined.sum(axis=1)).ravel()
    return (
        diags((degrees > 0).astype(float)) - diags(1.0 / np.maximum(degrees, 1.0)) @ joined
    ).tocsr()


def distances(positions: Array, triangles: Ints, *, start: Ints, limit: float) -> Array:
    """Length of the shortest way along edges from the nearest of `start`; inf beyond `limit`."""
    first, second = edges(triangles).T
    lengths = np.linalg.norm(positions[first] - positions[second], axis=1)
    graph = coo_matrix((lengths, (first, second)), (len(positions), len(positions))).tocsr()
    found: Array = dijkstra(graph, directed=False, indices=start, limit=limit, min_only=True)
    return found


def spread(
    positions: Array, triangles: Ints, *, handles: Ints, values: Array, reach: float
) -> Array:
    """A smooth field that takes given values at some vertices and fades to nothing around them.

    Args:
        positions: float64 (V, 3), centimetres.
        triangles: int64 (T, 3).
        handles: Vertices whose values are given.
        values: float64 (H, 3).
        reach: Way along the surface from the nearest handle where the field has become 0, cm.

    Returns:
        float64 (V, 3).

    Source:
        Thin plate: least squares of the squared Laplacian (Botsch and Sorkine, 2008).
    """
    field = np.zeros((len(positions), values.shape[1]))
    field[handles] = values
    away = distances(positions, triangles, start=handles, limit=reach)
    free = np.isfinite(away)
    free[handles] = False
    inner = np.flatnonzero(free)
    matrix = laplacian(len(positions), triangles)
    square = (matrix.T @ matrix).tocsr()[inner]
    known = square @ field
    solved = spsolve(square[:, inner].tocsc(), -known)
    field[inner] = solved.reshape(len(inner), -1)
    return field


def smoothed(values: Array, triangles: Ints, *, times: int, where: Array | None = None) -> Array:
    """Values averaged with their neighbours' a number of times, weighted by `where` (V,)."""
    matrix = laplacian(len(values), triangles)
    share = 0.5 if where is None else 0.5 * where.reshape(-1, *[1] * (values.ndim - 1))
    for _ in range(times):
        values = values - share * (matrix @ values)
    return values


def clipped(mesh: Mesh, *, point: Array, normal: Array) -> tuple[Mesh, Ints]:
    """The part of a mesh on the side of a plane that its normal points to.

    Returns:
        The part, and its vertices on the plane in order around the cut.
    """
    height = (mesh.positions - point) @ normal
    knife = _Knife(height > 0.0)
    triangles = [piece for corners in mesh.triangles.tolist() for piece in knife.cut(corners)]
    both = np.array(list(knife.crossed), np.int64).reshape(-1, 2)
    share = (height[both[:, 0]] / (height[both[:, 0]] - height[both[:, 1]]))[:, None]

    def grown(values: Array) -> Array:
        between = values[both[:, 0]] * (1.0 - share) + values[both[:, 1]] * share
        return np.concatenate([values, between])

    whole = replace(
        mesh,
        positions=grown(mesh.positions),
        triangles=np.array(triangles, np.int64),
        colours=grown(mesh.colours),
        shapes={name: grown(delta) for name, delta in mesh.shapes.items()},
    )
    used = np.unique(whole.triangles)
    return compact(whole), np.searchsorted(used, _around(knife.rim))


class _Knife:
    """Cuts triangles one by one and remembers the edges that it met.

    Attributes:
        crossed: New vertex of each edge that was cut, by the edge's ends.
        rim: Pairs of new vertices that one cut joined.
    """

    def __init__(self, kept: NDArray[np.bool_]) -> None:
        self.crossed: dict[tuple[int, int], int] = {}
        self.rim: list[tuple[int, int]] = []
        self._kept = kept

    def cut(self, corners: list[int]) -> list[list[int]]:
        """What is left of a triangle: none, one or two."""
        polygon: list[int] = []
        ends: list[int] = []
        for a, b in zip(corners, corners[1:] + corners[:1], strict=True):
            if self._kept[a]:
                polygon.append(a)
            if self._kept[a] != self._kept[b]:
                edge = (min(a, b), max(a, b))
                polygon.append(self.crossed.setdefault(edge, len(self._kept) + len(self.crossed)))
                ends.append(polygon[-1])
        if ends:
            self.rim.append((ends[0], ends[1]))
        return [[polygon[0], *polygon[i : i + 2]] for i in range(1, len(polygon) - 1)]


def _around(links: list[tuple[int, int]]) -> list[int]:
    """The longest closed chain of links in order, whichever way each link points."""
    beside: dict[int, list[int]] = {}
    for a, b in links:
        beside.setdefault(a, []).append(b)
        beside.setdefault(b, []).append(a)
    longest: list[int] = []
    left = set(beside)
    while left:
        chain = dict.fromkeys([min(left)])
        while after := [v for v in beside[next(reversed(chain))] if v not in chain]:
            chain[after[0]] = None
        left -= set(chain)
        longest = max(longest, list(chain), key=len)
    return longest
