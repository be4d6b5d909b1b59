"""Poses as a client reads them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from a2f_ws.names import Floats
from a2f_ws.timebase import PoseRate


class Columns:
    """What the rows of one layout consist of.

    Attributes:
        curves: Names of the curves, in row order.
        index: Curve → its place in a row.
        rate: Poses per second.
    """

    def __init__(self, curves: tuple[str, ...], rate: PoseRate) -> None:
        """Number the curves."""
        self.curves = curves
        self.index = {name: k for k, name in enumerate(curves)}
        self.rate = rate


@dataclass(frozen=True, slots=True, eq=False)
class Pose(Mapping[str, float]):
    """One pose; also a mapping of its curves by name.

    Attributes:
        u: Its utterance.
        i: Its index in the utterance.
        t_us: Its time after sample 0 of the utterance, microseconds.
        row: float32 (R,), curves in the order of `names`, then transforms; read only.
        columns: What the row consists of.
    """

    u: int
    i: int
    t_us: int
    row: Floats
    columns: Columns

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the curves, in row order."""
        return self.columns.curves

    def __getitem__(self, name: str) -> float:
        """The value of a curve.

        Raises:
            KeyError: The rig has no such curve.
        """
        return float(self.row[self.columns.index[name]])

    def __iter__(self) -> Iterator[str]:
        """Names of the curves, in row order."""
        return iter(self.columns.curves)

    def __len__(self) -> int:
        """Number of curves."""
        return len(self.columns.curves)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Consecutive poses, as they came in one message.

    Attributes:
        u: Their utterance.
        i: Index of the first one.
        rows: float32 (n, R), read only.
        columns: What a row consists of.
    """

    u: int
    i: int
    rows: Floats
    columns: Columns

    def t_us(self, k: int) -> int:
        """Time of row k after sample 0 of the utterance, microseconds."""
        return self.columns.rate.t_us(self.i + k)

    def poses(self) -> Iterator[Pose]:
        """The poses one by one."""
        for k, row in enumerate(self.rows):
            yield Pose(self.u, self.i + k, self.t_us(k), row, self.columns)
