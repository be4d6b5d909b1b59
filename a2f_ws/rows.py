"""Rows of a batch: products whose bits do not depend on the company, and rounds of states."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from a2f_ws.names import Floats

TILE: Final = 8
"""Rows of one product (ours). A matrix library sums in another order for another number of rows,
so a product always has as many; eight are few enough for a single row not to pay for idle ones."""


def product(rows: Floats, matrix: Floats) -> Floats:
    """The product rows @ matrix, every row with the same bits whatever rows stand beside it.

    Args:
        rows: float32 (B, K).
        matrix: float32 (K, N).

    Returns:
        float32 (B, N), new array.
    """
    count = len(rows)
    whole = -(-count // TILE) * TILE
    if whole != count:
        padded = np.zeros((whole, rows.shape[1]), np.float32)
        padded[:count] = rows
        rows = padded
    tiles = np.ascontiguousarray(rows).reshape(-1, TILE, rows.shape[1])
    result: Floats = np.empty((len(tiles), TILE, matrix.shape[1]), np.float32)
    for tile, out in zip(tiles, result, strict=True):
        np.dot(tile, matrix, out=out)
    return result.reshape(whole, -1)[:count]


def rounds(states: Sequence[object]) -> list[list[int]]:
    """Rows that can be computed together: the n-th ones of all states make the n-th round.

    Args:
        states: The state of each row, told apart by identity; rows of one state in order of time.

    Returns:
        Row numbers, round after round.
    """
    seen: dict[int, int] = {}
    found: list[list[int]] = []
    for row, state in enumerate(states):
        turn = seen.get(id(state), 0)
        seen[id(state)] = turn + 1
        if turn == len(found):
            found.append([])
        found[turn].append(row)
    return found
