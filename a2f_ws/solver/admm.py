"""Four steps of ADMM: what NVIDIA's GPU path and service compute, all tracks at once.

With W² = diag(AᵀA)/16 and M = (AᵀA + W²)⁻¹, the SDK starts at z = clip(A⁻¹b), y = 0 and does four
times

    x = M·(W²∘(z − y) + Aᵀb),  z ← clip(y + x),  y ← y + 1.9·(x − z)

Between two clips everything is linear. With q the dual before its own 1.9·z is taken away, that is
y = q − 1.9·z, one step is one product, one sum and one clip:

    [e, q] = T·[z, q] + [c, 1.9·c],  z = clip(e),  c = M·Aᵀb

Source: SDK, `blendshape_solver_gpu.cpp` and `admm.cu`; the rearrangement is ours.
"""

from collections.abc import Sequence
from copy import copy
from typing import Final, Self

import numpy as np

from a2f_ws.names import Floats
from a2f_ws.rows import rounds
from a2f_ws.solver.admm_matrices import Matrices, prepare_admm
from a2f_ws.solver.joined import CANCELLED
from a2f_ws.solver.normal import Normal

_TILE: Final = 16
"""Rows that are worked on at once (ours)."""

_ZERO: Final = np.float32(0.0)


class Admm:
    """Solves rows of any states; not for two threads at once.

    The products are matrix times vector, row by row: a row has the same bits in any company.
    """

    def __init__(self, parts: Sequence[Normal]) -> None:
        """Invert.

        Args:
            parts: The tracks, solved as one block-diagonal problem of a poses.

        Raises:
            ModelError: A matrix cannot be inverted.
        """
        self._matrices = prepare_admm(parts)
        self._tiles: dict[int, _Tile] = {}

    def beside(self) -> Self:
        """See `Method.beside`: the matrices are shared, the memory to work in is not."""
        other = copy(self)
        other._tiles = {}
        return other

    def run(self, data: Floats, previous: Sequence[Floats]) -> Floats:
        """Weights for rows of data.

        Args:
            data: float32 (B, a), right-hand sides without the temporal term.
            previous: B arrays float32 (a,), the last weights of each row's state; overwritten.
                Rows of one state stand in the order of time.

        Returns:
            float32 (B, a), 0 … 1, new array.
        """
        linear = np.empty((len(data), len(self._matrices.of_data)), np.float32)
        np.matmul(self._matrices.of_data, data[:, :, None], out=linear[:, :, None])
        out = np.empty_like(data)
        for turn in rounds(previous):
            for start in range(0, len(turn), _TILE):
                self._solve(turn[start : start + _TILE], linear, previous=previous, out=out)
        out += _ZERO  # -0.0 becomes 0.0: a vectorised clip may keep either.
        return out

    def _solve(
        self, rows: list[int], linear: Floats, *, previous: Sequence[Floats], out: Floats
    ) -> None:
        tile = self._tiles.get(len(rows))
        if tile is None:
            tile = self._tiles[len(rows)] = _Tile(self._matrices, len(rows))
        for place, row in enumerate(rows):
            tile.linear[place] = linear[row]
            tile.previous[place] = previous[row]
        tile.solve()
        for place, row in enumerate(rows):
            out[row] = previous[row][:] = tile.solved[place]


class _Tile:
    """Memory for n rows of different states, so that a frame allocates nothing.

    Attributes:
        linear: float32 (n, 3a), to be filled in: what the data give.
        previous: float32 (n, a), to be filled in.
        solved: float32 (n, a), the result of `solve`.
    """

    def __init__(self, matrices: Matrices, rows: int) -> None:
        a = len(matrices.last)
        self._matrices = matrices
        # A single row is a plain vector, which makes every call cheaper and the bits no other.
        self._is_single = rows == 1
        self._product = np.dot if self._is_single else np.matmul
        self.linear, self.previous = _zeros(rows, 3 * a), _zeros(rows, a)
        self.solved = _zeros(rows, a)
        self._line, self._z = self._rows(self.linear), self._rows(self.solved)
        self._temporal = np.zeros_like(self._line)
        self._lower = np.zeros_like(self._z)
        self._one, self._upper = np.ones_like(self._z), np.ones_like(self._z)
        one, two = self._rows(_zeros(rows, 2 * a)), self._rows(_zeros(rows, 2 * a))
        steps = (
            (matrices.first, self._z, one),
            (matrices.step, one, two),
            (matrices.step, two, one),
            (matrices.last, one, self._z),
        )
        shift = self._line[..., a:]
        self._steps = [
            (
                matrix,
                self._vectors(source),
                self._vectors(result),
                result,
                shift[..., : len(matrix)],
                result[..., :a],
            )
            for matrix, source, result in steps
        ]

    def solve(self) -> None:
        """Add the temporal term and solve; twice where there are cancel pairs."""
        if (of_previous := self._matrices.of_previous) is not None:
            previous, temporal = self._rows(self.previous), self._temporal
            self._product(of_previous, self._vectors(previous), out=self._vectors(temporal))
            np.add(self._line, temporal, out=self._line)
        self._descend(self._one)
        if len(self._matrices.pairs[0]):
            self._cancel()
            self._descend(self._upper)

    def _descend(self, upper: Floats) -> None:
        lower, product = self._lower, self._product
        np.maximum(self._line[..., : self._z.shape[-1]], lower, out=self._z)
        np.minimum(self._z, upper, out=self._z)
        for matrix, source, result, total, shift, clipped in self._steps:
            product(matrix, source, out=result)
            np.add(total, shift, out=total)
            np.maximum(clipped, lower, out=clipped)
            np.minimum(clipped, upper, out=clipped)

    def _cancel(self) -> None:
        """Leave the smaller one of each pair no room."""
        first, second = self._matrices.pairs
        first_wins = self._z[..., first] >= self._z[..., second]
        self._upper[..., first] = np.where(first_wins, 1.0, CANCELLED)
        self._upper[..., second] = np.where(first_wins, CANCELLED, 1.0)

    def _rows(self, array: Floats) -> Floats:
        return array[0] if self._is_single else array

    def _vectors(self, array: Floats) -> Floats:
        return array if self._is_single else array[:, :, None]


def _zeros(rows: int, columns: int) -> Floats:
    return np.zeros((rows, columns), np.float32)
