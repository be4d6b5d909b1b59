"""The row shown, and how it gets from one aim to another."""

from typing import Final

import numpy as np

from a2f_ws.names import Floats
from a2f_ws.player.layout import Layout

START_BLEND_US: Final = 80_000
REST_BLEND_US: Final = 100_000
"""Numbers of protocol §19 (*PosePlayer*)."""


class Blend:
    """The row shown last, the rest row, and the blend that runs.

    A blend is linear in the client's clock, begins at the row shown last and replaces a running
    one. Its aim may move: what is shown is the mixture of the row it began at and the aim of now.
    At the moment it begins the row shown stands, so asking twice for one moment gives one row.

    Attributes:
        layout: Layout of the row shown last.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._rest_layout = layout
        self._rest = layout.neutral()
        self._has_new_rest = False
        self._is_speaking = False
        self._has_shown = False
        self._shown = self._rest
        self._from = self._rest
        self._start_us = 0
        self._length_us = 0

    def take_rest(self, row: Floats, layout: Layout) -> None:
        """Take a rest row; until something was shown it is what the first blend begins at."""
        is_same = self._rest_layout.id == layout.id and np.array_equal(self._rest, row)
        self._has_new_rest = self._has_new_rest or not is_same
        self._rest_layout = layout
        self._rest = row.astype(np.float32)
        if not self._has_shown:
            self.layout = layout
            self._shown = self._rest
            self._has_new_rest = False

    def to_rest(self, length_us: int, *, now_us: int) -> Floats:
        """The row to show on the way to rest, or at it.

        Args:
            length_us: Length of the blend if an utterance was shown until now; a blend to rest
                that runs already gives way only if it would take longer than this.
            now_us: The client's clock, never less than before.

        Returns:
            float32 (R,), new array.
        """
        if self._is_speaking or self._left_us(now_us) > length_us:
            self._begin(length_us, now_us)
        elif self._has_new_rest:
            self._begin(REST_BLEND_US, now_us)
        self._is_speaking = False
        self._has_new_rest = False
        return self._show(self._rest, self._rest_layout, now_us=now_us)

    def to_pose(self, row: Floats, layout: Layout, *, is_apart: bool, now_us: int) -> Floats:
        """The row to show while an utterance shows.

        Args:
            row: float32 (R,), where the face ought to be now.
            layout: Its layout.
            is_apart: True when it does not follow from what was shown last: blend.
            now_us: The client's clock, never less than before.

        Returns:
            float32 (R,), new array.
        """
        if is_apart or not self._is_speaking:
            self._begin(START_BLEND_US, now_us)
        self._is_speaking = True
        return self._show(row, layout, now_us=now_us)

    def _left_us(self, now_us: int) -> int:
        return max(0, self._start_us + self._length_us - now_us)

    def _begin(self, length_us: int, now_us: int) -> None:
        self._from = self._shown
        self._start_us = now_us
        self._length_us = length_us

    def _show(self, aim: Floats, layout: Layout, *, now_us: int) -> Floats:
        if layout.id != self.layout.id or self._left_us(now_us) == 0:
            self._length_us = 0
        if self._length_us == 0:
            self._shown = aim.copy()
        elif now_us == self._start_us:
            self._shown = self._from
        else:
            share = (now_us - self._start_us) / self._length_us
            self._shown = layout.mix(self._from, aim, share=share)
        self.layout = layout
        self._has_shown = True
        return self._shown.copy()
