"""Lines that were said before: their faces, shared by the sessions of a server."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from a2f_ws.names import Floats

LINE_BYTES: Final = 1_024
"""Counted for a line beside its faces (ours)."""

PENDING_PART: Final = 2
"""Lines that are being said now may take one part in so many of the whole (ours)."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line that was said to its end, with every pose computed.

    Attributes:
        end: Sample frame after its last one.
        faces: float32 (n, 82), from its first pose on, those that ease to rest included; read
            only.
    """

    end: int
    faces: Floats

    @property
    def size_bytes(self) -> int:
        """What it takes."""
        return LINE_BYTES + self.faces.nbytes


class Cache:
    """Keeps the lines that were asked for last, up to a size.

    Attributes:
        size_bytes: What the lines take.
        pending_bytes: What those take that are still being said.
    """

    def __init__(self, limit_bytes: int) -> None:
        """Be empty.

        Args:
            limit_bytes: Most that all lines take, those still being said included, >= 1.
        """
        self.size_bytes = self.pending_bytes = 0
        self._limit_bytes = limit_bytes
        self._lines: OrderedDict[bytes, Line] = OrderedDict()

    def __len__(self) -> int:
        """Lines kept."""
        return len(self._lines)

    def find(self, key: bytes) -> Line | None:
        """The line of a key, which then counts as asked for last."""
        line = self._lines.get(key)
        if line is not None:
            self._lines.move_to_end(key)
        return line

    def keep(self, key: bytes, line: Line) -> None:
        """Keep a line; those that were not asked for longest make room."""
        if key in self._lines:
            self.size_bytes -= self._lines.pop(key).size_bytes
        if line.size_bytes > self._limit_bytes // PENDING_PART:
            return
        self._lines[key] = line
        self.size_bytes += line.size_bytes
        self._make_room()

    def borrow(self, size_bytes: int) -> bool:
        """Room for a line that is being said; False = there is none, and it cannot be kept."""
        if self.pending_bytes + size_bytes > self._limit_bytes // PENDING_PART:
            return False
        self.pending_bytes += size_bytes
        self._make_room()
        return True

    def give_back(self, size_bytes: int) -> None:
        """Give up room that was borrowed."""
        self.pending_bytes -= size_bytes

    def _make_room(self) -> None:
        while self._lines and self.size_bytes + self.pending_bytes > self._limit_bytes:
            _, line = self._lines.popitem(last=False)
            self.size_bytes -= line.size_bytes
