"""The rig of one client, on its mesh and treated as it wants: what makes rows of faces."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import msgspec

from a2f_ws.catalog import Catalog
from a2f_ws.errors import PeerError
from a2f_ws.names import Floats
from a2f_ws.rig.contents import RigTable
from a2f_ws.rig.faults import WishError
from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.matching import Fit
from a2f_ws.rig.sweep import Sweep
from a2f_ws.rig.trim import CurveTrim
from a2f_ws.shaping.sweep_faces import positions
from a2f_ws.wire.codes import Code
from a2f_ws.wire.messages import CurveSet
from a2f_ws.wire.requests import Open, Set

SWEEPS_MAX: Final = 32
"""Rigs whose sweep is kept: it is made in a millisecond or two (ours)."""

PLAIN_MAX: Final = 64
"""Rigs as they are, or on a mesh, whose mapper is kept: large ones take milliseconds (ours)."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitting:
    """A rig as one client wants it.

    Attributes:
        rig: The rig asked for; None = the best one for what the mesh has.
        have: Names of the curves on the client's mesh; empty = all of the rig's.
        fit: The rig on that mesh.
        trims: Treatment of single curves.
        swap: Groups whose left and right change places.
        mapper: Made of fit, trims and swap.
    """

    rig: RigTable | None
    have: tuple[str, ...]
    fit: Fit
    trims: dict[str, CurveTrim]
    swap: tuple[str, ...]
    mapper: Mapper

    @property
    def table(self) -> RigTable:
        """What rows consist of: the rig with the curves that the mesh has."""
        return self.fit.table

    def rows(self, faces: Floats) -> bytes:
        """Rows of faces, float32 (B, 82), as they are sent: float32, little endian."""
        return self.mapper.map(faces).astype("<f4", copy=False).tobytes()

    def swept(self, faces: Floats) -> bytes:
        """Rows of faces that carry a time (`shaping.sweep_faces`): one curve moves at a time."""
        rows = sweep_of(self.table).rows(positions(faces))
        return rows.astype("<f4", copy=False).tobytes()

    def maps_like(self, other: "Fitting") -> bool:
        """True when both make the same rows of the same faces."""
        return (
            self.rig is other.rig
            and self.have == other.have
            and self.trims == other.trims
            and self.swap == other.swap
        )


@lru_cache(SWEEPS_MAX)
def sweep_of(table: RigTable) -> Sweep:
    """The movements of a rig."""
    return Sweep(table)


@lru_cache(PLAIN_MAX)
def plain_mapper(table: RigTable) -> Mapper:
    """What makes rows of a rig that nobody has treated; sessions share it."""
    return Mapper(table)


def fitting_of(message: Open, catalog: Catalog) -> Fitting:
    """The rig that an `open` asks for.

    Raises:
        PeerError: Something is unknown or out of range; `field` says which.
    """
    rig = catalog.rig(message.rig, table=message.table)
    have = message.have or ()
    fit = catalog.fit(rig, have)
    trims = _trims({}, message.curves or {})
    swap = message.swap or ()
    return Fitting(rig, have, fit, trims, swap, _mapper(fit.table, trims, swap=swap))


def refitted(fitting: Fitting, message: Set, *, catalog: Catalog) -> Fitting:
    """The rig after a `set`.

    Raises:
        PeerError: Something is unknown or out of range; `field` says which.
    """
    rig = _rig_after(fitting, message, catalog=catalog)
    have = fitting.have if message.have is None else message.have
    is_same = rig is fitting.rig and have == fitting.have
    fit = fitting.fit if is_same else catalog.fit(rig, have)
    trims = _trims(fitting.trims if is_same else {}, message.curves or {})
    swap = _kept_groups(fitting.swap, fit.table) if message.swap is None else message.swap
    return Fitting(rig, have, fit, trims, swap, _mapper(fit.table, trims, swap=swap))


def _trims(base: dict[str, CurveTrim], changes: dict[str, CurveSet]) -> dict[str, CurveTrim]:
    """Trims after a `set`: within a curve, too, an absent field stays as it is."""
    trims = dict(base)
    for name, change in changes.items():
        given = {
            key: value for key, value in msgspec.structs.asdict(change).items() if value is not None
        }
        old = trims.get(name, CurveTrim())
        trims[name] = CurveTrim(
            **{"gain": old.gain, "offset": old.offset, "min": old.min, "max": old.max, **given}
        )
    return trims


def _rig_after(fitting: Fitting, message: Set, *, catalog: Catalog) -> RigTable | None:
    """The rig that a `set` asks for: the session's own one goes before those of the server."""
    name = message.rig
    if name is None or (fitting.rig is not None and name == fitting.rig.name):
        return fitting.rig
    return catalog.rig(name)


def _kept_groups(swap: tuple[str, ...], table: RigTable) -> tuple[str, ...]:
    return tuple(group for group in swap if group in table.groups)


def _mapper(table: RigTable, trims: dict[str, CurveTrim], *, swap: tuple[str, ...]) -> Mapper:
    if not trims and not swap:
        return plain_mapper(table)
    try:
        return Mapper(table, curves=trims, swap=swap)
    except WishError as error:
        raise PeerError(Code.BAD_VALUE, str(error), field=error.field) from None
