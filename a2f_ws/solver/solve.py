"""From what a mesh has of every pose to the weights of a face, frame after frame."""

from collections.abc import Callable, Sequence
from copy import copy
from typing import Final, Protocol, Self

import numpy as np

from a2f_ws.errors import MisuseError
from a2f_ws.names import Floats
from a2f_ws.solver.admm import Admm
from a2f_ws.solver.bvls import Bvls
from a2f_ws.solver.exact import Exact
from a2f_ws.solver.joined import slices
from a2f_ws.solver.normal import Normal


class Method(Protocol):
    """A way to solve rows."""

    def run(self, data: Floats, previous: Sequence[Floats]) -> Floats:
        """Weights float32 (B, a); `previous`, the last weights of each row's state, moves on."""
        ...

    def beside(self) -> Self:
        """The same for another thread: it shares what is never changed."""
        ...


METHODS: Final[dict[str, Callable[[Sequence[Normal]], Method]]] = {
    "admm": Admm,
    "bvls": Bvls,
    "exact": Exact,
}
"""By name: NVIDIA's GPU path and service; the SDK's host path; the best fit to the mesh."""


class SolverState:
    """What the solver remembers of one utterance.

    Attributes:
        previous: float32 (a,), the active weights of the last frame, 0 at the start.
    """

    __slots__ = ("previous",)

    def __init__(self, width: int) -> None:
        """Start with a face at rest."""
        self.previous: Floats = np.zeros(width, np.float32)


class Solver:
    """Solves the tracks of a face (skin, tongue), for rows of any states; one thread at a time.

    Attributes:
        width: a, active poses of all tracks.
        size: n, poses of all tracks.
    """

    def __init__(self, parts: Sequence[Normal], method: str) -> None:
        """Prepare.

        Args:
            parts: The tracks, at least one.
            method: One of `METHODS`.

        Raises:
            MisuseError: No track, or a method that there is not.
            ModelError: The method needs more regularisation than the rig has.
        """
        if not parts or method not in METHODS:
            raise MisuseError(
                f"solver: found {len(parts)} tracks and {method!r}, wanted one of {[*METHODS]}"
            )
        self._method = METHODS[method](parts)
        self.width: int = slices(parts)[-1].stop
        self.size: int = sum(part.size for part in parts)
        starts = np.cumsum([0, *(part.size for part in parts)])
        active = [start + part.active for part, start in zip(parts, starts, strict=False)]
        self._active = np.concatenate(active)

    def beside(self) -> "Solver":
        """The same for another thread; its results have the same bits."""
        other = copy(self)
        other._method = self._method.beside()
        return other

    def new_state(self) -> SolverState:
        """The state of an utterance that has shown no face yet."""
        return SolverState(self.width)

    def solve(self, data: Floats, states: Sequence[SolverState]) -> Floats:
        """Weights of faces; the states move on by their rows.

        Args:
            data: float32 (B, a), Dᵀ(target − neutral) of the active poses, tracks one after
                another; finite.
            states: B states; rows of one state stand in the order of time.

        Returns:
            float32 (B, n), 0 … 1, before multipliers and offsets, 0 for poses that are not
            active; new array. A row's bits do not depend on the other states' rows.

        Raises:
            MisuseError: Another width, or not one state for each row.
        """
        if data.shape != (len(states), self.width):
            wanted = f"({len(states)}, {self.width})"
            raise MisuseError(f"solver: data of shape {data.shape}, wanted {wanted}")
        solved = self._method.run(np.ascontiguousarray(data), [state.previous for state in states])
        out = np.zeros((len(data), self.size), np.float32)
        out[:, self._active] = solved
        return out
