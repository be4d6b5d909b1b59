"""How the weights of a face are treated before the rig: value · gain + offset."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from a2f_ws.errors import PeerError
from a2f_ws.names import WEIGHTS, Floats, instead
from a2f_ws.style.style import Style
from a2f_ws.wire.codes import Code
from a2f_ws.wire.messages import WeightSet


@dataclass(frozen=True, slots=True, eq=False)
class Weighting:
    """Gains and offsets of all weights.

    Attributes:
        gains: float32 (68,), factors, order `names.WEIGHTS`.
        offsets: float32 (68,), added then.
    """

    gains: Floats
    offsets: Floats

    def changed(
        self, name: str, *, gain: float | None = None, offset: float | None = None
    ) -> "Weighting":
        """Another treatment of one weight.

        Args:
            name: One of `names.WEIGHTS`.
            gain: Factor; None = as it is.
            offset: Added after the gain; None = as it is.

        Returns:
            New arrays; what is not named is as before.

        Raises:
            ValueError: There is no such weight; the text gives the nearest ones.
        """
        if name not in WEIGHTS:
            raise ValueError(f"no weight {name!r}; {instead(name, WEIGHTS)}")
        gains, offsets = self.gains.copy(), self.offsets.copy()
        row = WEIGHTS.index(name)
        if gain is not None:
            gains[row] = gain
        if offset is not None:
            offsets[row] = offset
        return Weighting(gains, offsets)

    def styled(self, style: Style) -> "Weighting":
        """What a style makes of it."""
        weighting = self
        for name, gain in style.gains.items():
            weighting = weighting.changed(name, gain=gain)
        for name, offset in style.offsets.items():
            weighting = weighting.changed(name, offset=offset)
        return weighting

    def after(self, changes: Mapping[str, WeightSet] | None) -> "Weighting":
        """What a client's wishes make of it.

        Raises:
            PeerError: 4422, there is no such weight.
        """
        weighting = self
        for name, change in (changes or {}).items():
            try:
                weighting = weighting.changed(name, gain=change.gain, offset=change.offset)
            except ValueError as error:
                raise PeerError(Code.BAD_VALUE, str(error), field=f"weights.{name}") from None
        return weighting

    def equals(self, other: "Weighting") -> bool:
        """True when faces are treated alike."""
        return np.array_equal(self.gains, other.gains) and np.array_equal(
            self.offsets, other.offsets
        )
