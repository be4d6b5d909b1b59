"""From cuts to what the network gives for them."""

from collections.abc import Sequence
from typing import Protocol, cast

import numpy as np

from a2f_ws.animation.params import INPUT_STRENGTH, ParamSet
from a2f_ws.errors import ModelError
from a2f_ws.inference.backend import Backend, BlockBackend
from a2f_ws.inference.bundle import Bundle
from a2f_ws.names import Floats
from a2f_ws.shaping.blocks import BlockResults
from a2f_ws.shaping.cut import Cut


class Results(Protocol):
    """A network as faces see it; used by one thread at a time."""

    def of(self, cuts: Sequence[Cut], emotions: Floats) -> Floats:
        """Results for speech and silence.

        Args:
            cuts: B of them, those of one utterance in order of time.
            emotions: float32 (B, 10), those of the faces, as strong as they are wanted.

        Returns:
            float32 (B, N).

        Raises:
            ModelError: The backend failed, or gave values that are not finite.
        """

    def silence(self, emotions: Floats) -> Floats:
        """Results (B, N) for silence in which emotions, float32 (B, 10), are in force."""

    def forget(self, cuts: Sequence[Cut]) -> None:
        """The faces of these cuts are there: let go of what no later one needs."""


def results_of(bundle: Bundle, backend: Backend | BlockBackend, *, params: ParamSet) -> Results:
    """A bundle's network on what runs it.

    Args:
        bundle: The bundle.
        backend: A `BlockBackend` where it gives faces in blocks.
        params: The face parameters that cuts have.
    """
    if bundle.blocks is None:
        return WindowResults(bundle, cast(Backend, backend), params=params)
    return BlockResults(bundle, cast(BlockBackend, backend), params=params)


class WindowResults:
    """See `Results`: one window for each face, in any order."""

    def __init__(self, bundle: Bundle, backend: Backend, *, params: ParamSet) -> None:
        """Compute with what runs a bundle's network; cuts have these face parameters."""
        self._bundle, self._backend = bundle, backend
        self._strength = params.column(INPUT_STRENGTH)

    def of(self, cuts: Sequence[Cut], emotions: Floats) -> Floats:
        """See `Results.of`."""
        windows = np.zeros((len(cuts), self._bundle.buffer_len), np.float32)
        for row, cut in enumerate(cuts):
            if cut.samples is not None:
                np.multiply(cut.samples, cut.params[self._strength], out=windows[row])
        return self._run(windows, emotions)

    def silence(self, emotions: Floats) -> Floats:
        """See `Results.silence`."""
        return self._run(np.zeros((len(emotions), self._bundle.buffer_len), np.float32), emotions)

    def forget(self, cuts: Sequence[Cut]) -> None:
        """Nothing is kept from face to face."""

    def _run(self, windows: Floats, emotions: Floats) -> Floats:
        """Network output (B, N) for windows (B, S) and explicit emotions (B, 10)."""
        result = self._backend.run(windows, self._bundle.emotion_rows(emotions))
        if not np.isfinite(result).all():
            raise ModelError(f"{self._bundle.name}: the network gave values that are not finite")
        return result
