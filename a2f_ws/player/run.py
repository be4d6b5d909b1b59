"""Poses without a hole between them."""

from typing import Final

import numpy as np

from a2f_ws.names import Floats
from a2f_ws.player.layout import Layout

SMALLEST: Final = 16
"""Rows that a run has room for at first; the room doubles when it is full."""


class Run:
    """Poses first … end − 1 of one layout, without a hole, in a ring.

    Attributes:
        layout: Layout of all rows.
        first: Index of the oldest pose kept.
        end: Index after the newest.
    """

    __slots__ = ("_ring", "end", "first", "layout")

    def __init__(self, layout: Layout, first: int) -> None:
        self.layout = layout
        self.first = first
        self.end = first
        self._ring = np.zeros((SMALLEST, layout.row), np.float32)

    @property
    def first_us(self) -> int:
        """Time of the oldest pose kept."""
        return self.layout.rate.t_us(self.first)

    @property
    def last_us(self) -> int:
        """Time of the newest pose."""
        return self.layout.rate.t_us(self.end - 1)

    def row(self, i: int) -> Floats:
        """float32 (R,): the row of pose i, first <= i < end; a view, to be read only."""
        found: Floats = self._ring[i % len(self._ring)]
        return found

    def write(self, i: int, rows: Floats) -> None:
        """Take poses i, i + 1, …; first <= i <= end; those already here are replaced."""
        end = max(self.end, i + len(rows))
        if end - self.first > len(self._ring):
            self._grow(end - self.first)
        for k in range(len(rows)):
            self._ring[(i + k) % len(self._ring)] = rows[k]
        self.end = end

    def _grow(self, count: int) -> None:
        size = len(self._ring)
        while size < count:
            size *= 2
        ring = np.zeros((size, self.layout.row), np.float32)
        for i in range(self.first, self.end):
            ring[i % size] = self.row(i)
        self._ring = ring
