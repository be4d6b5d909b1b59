"""`bs_skin_config.json` and `bs_tongue_config.json`: how a solver is to fit a rig; checked."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import msgspec
import msgspec.structs

from a2f_ws.errors import ModelError
from a2f_ws.inference.manifest import read_json

TEMPLATE_BB_SIZE: Final = 54.7
"""Where a configuration names none, centimetres. Source: SDK, `blendshape_solver.h`."""

NO_PAIR: Final = -1

STRENGTH_MAX: Final = 1e9
"""Of a strength and of the template's size, as the solver takes them (ours)."""

TRIM_MAX: Final = 1e3
"""Of a multiplier and of an offset, a hundred times what a client may ask for (ours)."""

_Strength = Annotated[float, msgspec.Meta(ge=0, le=STRENGTH_MAX)]
_Size = Annotated[float, msgspec.Meta(ge=1, le=STRENGTH_MAX)]
_Number = Annotated[float, msgspec.Meta(ge=-TRIM_MAX, le=TRIM_MAX)]
_Int = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]


class SolverConfig(msgspec.Struct, frozen=True):
    """Object `blendshape_params`; what the names mean stands in `SolverData`."""

    l1: _Strength = msgspec.field(name="strengthL1regularization")
    l2: _Strength = msgspec.field(name="strengthL2regularization")
    temporal: _Strength = msgspec.field(name="strengthTemporalSmoothing")
    symmetry: _Strength = msgspec.field(name="strengthSymmetry")
    pose_count: _Int = msgspec.field(name="numPoses")
    active: tuple[_Int, ...] = msgspec.field(name="bsSolveActivePoses")
    cancel: tuple[_Int, ...] = msgspec.field(name="bsSolveCancelPoses")
    symmetry_ids: tuple[_Int, ...] = msgspec.field(name="bsSolveSymmetryPoses")
    multipliers: tuple[_Number, ...] = msgspec.field(name="bsWeightMultipliers")
    offsets: tuple[_Number, ...] = msgspec.field(name="bsWeightOffsets")
    template_bb_size: _Size = msgspec.field(name="templateBBSize", default=TEMPLATE_BB_SIZE)


class _File(msgspec.Struct, frozen=True):
    blendshape_params: SolverConfig


def read_solver_config(path: Path) -> SolverConfig:
    """The configuration of one rig.

    Raises:
        ModelError: A key is missing, of another type or out of range, an array is not as long as
            `numPoses`, a pair is no pair, or no pose is active.

    Source:
        SDK, `parse_helper.cpp`, and `ValidatePairs` of `blendshape_solver_base.cpp`.
    """
    config = read_json(path, _File).blendshape_params
    fields = {field.name: field.encode_name for field in msgspec.structs.fields(SolverConfig)}
    for name in ("active", "cancel", "symmetry_ids", "multipliers", "offsets"):
        values = getattr(config, name)
        if len(values) != config.pose_count:
            wanted = f"{config.pose_count} as numPoses says"
            raise _wrong(path, fields[name], found=f"{len(values)} items", wanted=wanted)
    for name in ("cancel", "symmetry_ids"):
        _check_pairs(getattr(config, name), path, key=fields[name])
    if not any(config.active):
        raise _wrong(path, fields["active"], found="no active pose", wanted="one at least")
    return config


def pairs(ids: Sequence[int]) -> int:
    """How many pairs there are."""
    return len(set(ids) - {NO_PAIR})


def _check_pairs(ids: Sequence[int], path: Path, *, key: str) -> None:
    for pair, count in Counter(ids).items():
        if pair != NO_PAIR and count != 2:  # noqa: PLR2004 - a pair
            raise _wrong(path, key, found=f"{pair} at {count} poses", wanted="at two, a pair")


def _wrong(path: Path, key: str, *, found: str, wanted: str) -> ModelError:
    return ModelError(f"{path}: blendshape_params.{key}: found {found}, wanted {wanted}")
