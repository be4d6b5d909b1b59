"""What the pipeline asks of whatever runs a network."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np

from a2f_ws.errors import MisuseError
from a2f_ws.names import Floats

States: TypeAlias = tuple[Floats, ...]
"""What a network remembers of one utterance, in the order of the bundle's `states`."""


class Backend(Protocol):
    """A loaded network, used by one thread at a time.

    Attributes:
        name: What runs it, for people, such as "ONNX Runtime 1.20 (CPU)".
        max_batch: Most rows of one call, >= 1.
        cost_s: What one row costs alone, measured at load, seconds; 0 = not known.
    """

    name: str
    max_batch: int
    cost_s: float

    def run(self, windows: Floats, emotions: Floats) -> Floats:
        """The network's results for independent windows.

        Args:
            windows: float32 (B, S), samples of the model rate, 1 <= B <= max_batch; not changed.
            emotions: float32 (B, E), implicit emotions first; not changed.

        Returns:
            float32 (B, N), an array of the caller's own.

        Raises:
            ModelError: The network could not be run.
            MisuseError: The shapes are not those of the network.
        """
        ...

    def close(self) -> None:
        """Free the network; `run` must not be called any more. Closing twice is allowed."""
        ...


class BlockBackend(Protocol):
    """A loaded network that gives faces in blocks, used by one thread at a time; keeps no state.

    Attributes:
        name: As of a `Backend`.
        max_batch: Most rows of one call, >= 1.
        cost_s: What one block costs alone, measured at load, seconds; 0 = not known.
        initial: The states of an utterance that begins.
    """

    name: str
    max_batch: int
    cost_s: float
    initial: States

    def run(
        self, windows: Floats, emotions: Floats, *, states: Sequence[States]
    ) -> tuple[Floats, list[States]]:
        """The next block of each of some utterances.

        Args:
            windows: float32 (B, S), samples of the model rate, 1 <= B <= max_batch; not changed.
            emotions: float32 (B, F, E), one per frame, implicit emotions first; not changed.
            states: B of them, what the block before has left; not changed.

        Returns:
            float32 (B, F, N), the frames that become faces, and the B states after them; the
            caller's own.

        Raises:
            ModelError: The network could not be run.
            MisuseError: The shapes are not those of the network.
        """
        ...

    def close(self) -> None:
        """Free the network; `run` must not be called any more. Closing twice is allowed."""
        ...


AnyBackend: TypeAlias = Backend | BlockBackend
"""What runs a network; a bundle says which of the two its own is."""


def check_batch(windows: Floats, emotions: Floats, *, lengths: tuple[int, int], most: int) -> None:
    """What every backend wants of a batch.

    Args:
        windows: See `Backend.run`.
        emotions: See `Backend.run`.
        lengths: Samples of a window and values of an emotion.
        most: Most rows.

    Raises:
        MisuseError: The number of rows, a shape or a type is wrong.
    """
    rows = len(windows)
    if not 1 <= rows <= most:
        raise MisuseError(f"windows: found {rows} rows, wanted 1 to {most}")
    for name, values, length in zip(
        ("windows", "emotions"), (windows, emotions), lengths, strict=True
    ):
        if values.shape != (rows, length) or values.dtype != np.float32:
            found = f"{values.dtype} {values.shape}"
            raise MisuseError(f"{name}: found {found}, wanted float32 {(rows, length)}")
