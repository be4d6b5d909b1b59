"""Samples of the model rate, kept as long as somebody may still read them."""

from typing import Final

import numpy as np

from a2f_ws.errors import MisuseError
from a2f_ws.names import Floats

_CAPACITY_MIN: Final = 16_384


class SampleStore:
    """A run of samples that grows on the right and is dropped on the left.

    Attributes:
        start: Absolute index of the first sample ever; before it is silence.
        end: Index after the last sample.
    """

    def __init__(self, start: int = 0) -> None:
        """An empty store whose first sample will have the index `start`."""
        self.start = start
        self.end = start
        self._kept = start
        self._memory: Floats = np.empty(_CAPACITY_MIN, dtype=np.float32)
        self._base = start

    @property
    def kept(self) -> int:
        """Index of the first sample that can still be read, if anything was dropped."""
        return self._kept

    @property
    def memory_bytes(self) -> int:
        """Memory in use, bytes: at most 16 times what is kept, or 64 KiB."""
        return self._memory.nbytes

    def append(self, samples: Floats) -> None:
        """Take the next samples.

        Args:
            samples: float32 (n,); copied.
        """
        if self.end - self._base + len(samples) > len(self._memory):
            self._make_room(len(samples))
        at = self.end - self._base
        self._memory[at : at + len(samples)] = samples
        self.end += len(samples)

    def read(self, first: int, out: Floats) -> None:
        """Write the samples from index `first` on; zeros before `start` and from `end` on.

        Args:
            first: Index of the first one; may be negative.
            out: float32 (n,), overwritten.

        Raises:
            MisuseError: Some of them were dropped.
        """
        if first < self._kept != self.start:
            raise MisuseError(f"samples from {first} on: those before {self._kept} were dropped")
        left = min(max(first, self.start), first + len(out))
        right = max(min(first + len(out), self.end), left)
        out[: left - first] = 0.0
        out[left - first : right - first] = self._memory[left - self._base : right - self._base]
        out[right - first :] = 0.0

    def drop_before(self, index: int) -> None:
        """Forget the samples before an index; an index beyond `end` means `end`."""
        self._kept = max(self._kept, min(index, self.end))

    def _make_room(self, count: int) -> None:
        """Move what is kept to the front of a memory at least twice as large as needed.

        The doubling makes the cost of a sample constant over the life of the store.
        """
        kept = self._memory[self._kept - self._base : self.end - self._base]
        needed = 2 * (len(kept) + count)
        is_right = needed <= len(self._memory) <= max(8 * needed, _CAPACITY_MIN)
        memory = self._memory if is_right else np.empty(max(needed, _CAPACITY_MIN), np.float32)
        memory[: len(kept)] = kept
        self._memory = memory
        self._base = self._kept
