"""A backend on a GPU that may be lost while people speak."""

import logging
from collections.abc import Callable

import numpy as np

from a2f_ws.errors import ModelError
from a2f_ws.inference.backend import Backend
from a2f_ws.inference.gpu import DeviceLostError
from a2f_ws.inference.lent import LentBackend
from a2f_ws.names import Floats

log = logging.getLogger(__name__)


class GuardedBackend:
    """Goes on with another backend when the GPU is lost, where that is allowed.

    CUDA does not give a lost GPU back to the same process, so there is no way back either.

    Attributes:
        name: Of what runs the network now.
        max_batch: Most rows of one call; stays as it was.
        cost_s: What one row costs alone, seconds.
        is_lost: True when the GPU is gone and nothing took its place: every call fails.
        is_guest: True while the GPU of another worker computes instead.
    """

    def __init__(self, first: Backend, *, second: Callable[[], Backend] | None) -> None:
        """Begin with the first one.

        Args:
            first: On a GPU; belongs to this from now on.
            second: Gives what takes its place, and what comes after that; None = nothing may.
        """
        self._now, self._second = first, second
        self.name, self.cost_s = first.name, first.cost_s
        self.max_batch = first.max_batch
        self.is_lost = self.is_guest = False
        self._news = ""

    def take_news(self) -> str:
        """What happened since this was asked last, one sentence; empty = nothing did."""
        news, self._news = self._news, ""
        return news

    def run(self, windows: Floats, emotions: Floats) -> Floats:
        """The network's results for independent windows; see `Backend.run`.

        Raises:
            DeviceLostError: The GPU is lost, and nothing may take its place.
            ModelError: The network could not be run, by what took its place either.
        """
        while True:
            try:
                return self._in_parts(windows, emotions)
            except DeviceLostError as fault:
                if self._second is None:
                    self.is_lost = True
                    raise
                why = str(fault)
            # Not above, where the fault would keep what the GPU was used with from being freed.
            self._fall(self._second, why)

    def close(self) -> None:
        """Free what runs the network now; closing twice is allowed."""
        self._now.close()

    def _fall(self, second: Callable[[], Backend], fault: str) -> None:
        """Take what comes next.

        Raises:
            ModelError: There is nothing, or it cannot be loaded.
        """
        before = self._now
        log.error("%s is lost: %s; finding what takes its place", before.name, fault)
        before.close()
        try:
            self._now = second()
        except ModelError:
            self.is_lost = True
            raise
        self.is_guest = isinstance(self._now, LentBackend)
        self.name, self.cost_s = self._now.name, self._now.cost_s
        self._news = f"the GPU was lost; {self.name} computes instead"
        log.warning("%s", self._news)

    def _in_parts(self, windows: Floats, emotions: Floats) -> Floats:
        """Results in batches that what runs now can take, which may be smaller than before."""
        most = self._now.max_batch
        if len(windows) <= most:
            return self._now.run(windows, emotions)
        parts = [slice(first, first + most) for first in range(0, len(windows), most)]
        return np.concatenate([self._now.run(windows[part], emotions[part]) for part in parts])
