"""Poses as a client reads them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from a2f_ws.errors import PeerError
from a2f_ws.mesh import Mesh
from a2f_ws.names import Floats
from a2f_ws.timebase import PoseRate
from a2f_ws.wire.codes import Code
from a2f_ws.wire.geometry import Parts


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


class Meshes(dict[int, Mesh]):
    """Index of a pose → its mesh, for the poses of one message whose mesh has come."""


@dataclass(frozen=True, slots=True, eq=False)
class Pose(Mapping[str, float]):
    """One pose; also a mapping of its curves by name.

    Attributes:
        u: Its utterance.
        i: Its index in the utterance.
        t_us: Its time after sample 0 of the utterance, microseconds.
        row: float32 (R,), curves in the order of `names`, then transforms; read only.
        columns: What the row consists of.
        meshes: Those of its message that have come so far.
    """

    u: int
    i: int
    t_us: int
    row: Floats
    columns: Columns
    meshes: Mapping[int, Mesh] = field(default_factory=Meshes)

    @property
    def mesh(self) -> Mesh | None:
        """Of a session opened with `geometry_hz`: the mesh of this pose, its arrays read only.

        Live poses do not wait for it, so it is there only some time after the pose: ask when the
        pose is shown, or see `Session.on_mesh`. None before that, where none was computed, and
        where poses wait to be read for seconds.
        """
        return self.meshes.get(self.i)

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
        meshes: Index of a pose → its mesh, for those that have come; live ones come later.
    """

    u: int
    i: int
    rows: Floats
    columns: Columns
    meshes: Meshes = field(default_factory=Meshes)

    def t_us(self, k: int) -> int:
        """Time of row k after sample 0 of the utterance, microseconds."""
        return self.columns.rate.t_us(self.i + k)

    def poses(self) -> Iterator[Pose]:
        """The poses one by one."""
        for k, row in enumerate(self.rows):
            i = self.i + k
            yield Pose(self.u, i, self.t_us(k), row, self.columns, self.meshes)


def mesh_of(parts: Parts) -> Mesh:
    """The parts of a `geometry` as arrays.

    Raises:
        PeerError: 4422, they are no vertices.
    """
    return Mesh(
        skin=_vertices(parts.skin, field="parts.skin"),
        tongue=_vertices(parts.tongue, field="parts.tongue"),
        jaw=None if parts.jaw is None else _floats(parts.jaw),
        eyes=None if parts.eyes is None else _floats(parts.eyes),
    )


def _vertices(data: bytes | None, *, field: str) -> Floats | None:
    if data is None:
        return None
    if len(data) % 12:
        text = f"found {len(data)} bytes, wanted vertices of 12 bytes each"
        raise PeerError(Code.BAD_VALUE, text, field=field)
    return _floats(data).reshape(-1, 3)


def _floats(data: bytes) -> Floats:
    return np.frombuffer(data, "<f4").astype(np.float32, copy=False)
