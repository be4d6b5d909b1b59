"""The bounded fit to the mesh itself: ours, of the three methods the closest.

Per frame it finds the one minimum, over weights in 0 … 1, of

    ½·‖D·x − t‖²  +  l1²·0.125·s·(Σx)²  +  symmetry·5·s·Σ(xᵢ − xⱼ)²
                  +  (l2·5 + temporal·50)·s·‖x − x_prev‖²

that is ½·xᵀAx − bᵀx with the SDK's matrix A and b = Dᵀt + (l2·10 + temporal·100)·s·x_prev. What A
has on its diagonal so weighs the step from the last frame, not the weights themselves: a face that
is held comes as close to its mesh as the rig can, however strong the smoothing. In the SDK's
right-hand side the last frame has a hundredth of the temporal term and nothing of l2, so that both
mostly shrink the face. And the bounds are weighed against the distance to the mesh, where `bvls`
takes the residual of the normal equations.
"""

from collections.abc import Sequence
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from a2f_ws.names import Floats
from a2f_ws.solver.joined import (
    Doubles,
    block_diagonal,
    check_invertible,
    holds,
    joined_pairs,
)
from a2f_ws.solver.normal import Normal
from a2f_ws.solver.restricted import Restricted

Claims = NDArray[np.bool_]

_TOLERANCE: Final = 1e-9
"""Of weights, and of forces as parts of the largest of A's diagonal (ours)."""

_PATIENCE: Final = 5
"""Exchanges in a row that may bring no progress, before they are made one at a time (ours)."""

_MOST_EXCHANGES: Final = 1_000
"""Far more than any problem needs; the exchanges end by themselves (ours)."""


class Exact:
    """Solves rows of any states, one after another, each from the bounds of its last frame."""

    def __init__(self, parts: Sequence[Normal]) -> None:
        """Invert.

        Args:
            parts: The tracks, solved as one block-diagonal problem of a poses.

        Raises:
            ModelError: A cannot be inverted, so there would be more than one minimum.
        """
        check_invertible(parts)
        self._matrix = block_diagonal(parts)
        self._restricted = Restricted(self._matrix)
        self._hold = holds(parts)
        self._pairs = joined_pairs(parts)
        self._least_force = _TOLERANCE * float(np.diag(self._matrix).max())

    def beside(self) -> Self:
        """See `Method.beside`: nothing is kept from row to row."""
        return self

    def run(self, data: Floats, previous: Sequence[Floats]) -> Floats:
        """Weights for rows of data.

        Args:
            data: float32 (B, a), right-hand sides without the temporal term.
            previous: B arrays float32 (a,), the last weights of each row's state; overwritten.
                Rows of one state stand in the order of time.

        Returns:
            float32 (B, a), 0 … 1, new array.
        """
        out = np.empty_like(data)
        for row, last in enumerate(previous):
            x = self._solve(data[row] + self._hold * last, np.asarray(last, np.float64))
            out[row] = last[:] = x
        return out

    def _solve(self, b: Doubles, guess: Doubles) -> Doubles:
        first, second = self._pairs
        held = np.zeros(len(b), np.bool_)
        x = self._minimum(b, guess, held=held)
        if len(first):
            first_wins = x[first] >= x[second]
            held[np.where(first_wins, second, first)] = True
            x = self._minimum(b, x, held=held)
        return x

    def _minimum(self, b: Doubles, guess: Doubles, *, held: Claims) -> Doubles:
        """The minimum with some weights held at 0, float64 (a,).

        Unknowns change sides all at once as long as that helps, then, for a while, the first one
        alone, which always ends.

        Source:
            Block principal pivoting: Júdice and Pires, Computers & Operations Research 21 (1994);
            single exchanges by the least index: Murty, Linear Algebra and its Applications 7
            (1974).
        """
        at_zero, at_one = (guess <= 0.0) | held, (guess >= 1.0) & ~held
        unheld = self._restricted.unheld(b)
        fewest, patience = len(b) + 1, _PATIENCE
        for _ in range(_MOST_EXCHANGES):
            is_free = ~(at_zero | at_one)
            x = self._restricted.solve(
                at_one.astype(np.float64),
                free=is_free.nonzero()[0],
                bound=(~is_free).nonzero()[0],
                unheld=unheld,
            )
            sinks, rises, leaves = self._wrong(x, b, at_zero=at_zero & ~held, at_one=at_one)
            wrong = (sinks | rises | leaves).nonzero()[0]
            if len(wrong) == 0:
                break
            if len(wrong) < fewest:
                fewest, patience = len(wrong), _PATIENCE
            elif patience > 0:
                patience -= 1
            else:
                wrong = wrong[:1]
            at_zero[wrong], at_one[wrong] = sinks[wrong], rises[wrong]
        return np.minimum(np.maximum(x, 0.0), 1.0)

    def _wrong(
        self, x: Doubles, b: Doubles, *, at_zero: Claims, at_one: Claims
    ) -> tuple[Claims, Claims, Claims]:
        """Weights that are to go to 0, to 1, and to be freed."""
        force = self._matrix @ x - b
        pulled_up, pulled_down = force < -self._least_force, force > self._least_force
        return (
            x < -_TOLERANCE,
            x > 1.0 + _TOLERANCE,
            (at_zero & pulled_up) | (at_one & pulled_down),
        )
