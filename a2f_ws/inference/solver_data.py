"""The blendshape rig of a skin or tongue, and how a solver is to fit it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from a2f_ws.errors import ModelError
from a2f_ws.inference.bundle import Bundle
from a2f_ws.inference.npz import Archive
from a2f_ws.inference.solver_config import SolverConfig, read_solver_config
from a2f_ws.names import WEIGHTS, Floats

NEUTRAL: Final = "neutral"
MASK: Final = "frontalMask"
NAMES: Final = "poseNames"
NO_WEIGHT: Final = -1
"""Column of a pose that is none of the 68."""

REACH_MAX: Final = 100.0
"""How far a pose may move a vertex, in diagonals of the neutral's bounding box (ours)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SolverData:
    """A rig of n poses on the R vertices that a fit looks at, and its regularisation.

    Attributes:
        config_path: `bs_*_config.json`, for messages.
        data_path: `bs_*.npz`, for messages.
        names: Poses in the file's order, without "neutral".
        neutral: float32 (R, 3), the rig's own neutral, centimetres.
        deltas: float32 (n, R, 3), what each pose adds to it.
        vertices: int32 (R,), those vertices in the mask's order; None = all of the mesh.
        diagonal: Of the whole neutral's bounding box, centimetres, > 0.
        l1: Strength of the penalty on the weights' sum, >= 0.
        l2: Strength of the penalty on their squares, >= 0.
        symmetry: Strength that keeps pairs alike, >= 0.
        temporal: Strength that holds on to the weights before, >= 0.
        template_bb_size: Size for which the strengths are meant, centimetres, >= 1.
        active: bool (n,), True for poses that are solved for.
        cancel: int32 (n,), number of a pose's pair of which one is zero, -1 = none.
        symmetry_ids: int32 (n,), number of a pose's pair of like weights, -1 = none.
        multipliers: float32 (n,), what weights are multiplied by after the fit.
        offsets: float32 (n,), what is added to them then.
    """

    config_path: Path
    data_path: Path
    names: tuple[str, ...]
    neutral: Floats
    deltas: Floats
    vertices: NDArray[np.int32] | None
    diagonal: float
    l1: float
    l2: float
    symmetry: float
    temporal: float
    template_bb_size: float
    active: NDArray[np.bool_]
    cancel: NDArray[np.int32]
    symmetry_ids: NDArray[np.int32]
    multipliers: Floats
    offsets: Floats


def read_solvers(bundle: Bundle) -> tuple[SolverData, SolverData]:
    """The rigs of a geometry bundle's skin and tongue.

    Raises:
        ModelError: As `read_solver_data`; or none of the skin's poses is one of the 68 weights, or
            both rigs have a pose of the same name.
    """
    skin_config, skin_path, tongue_config, tongue_path = bundle.solver
    skin = read_solver_data(skin_config, skin_path, vertex_count=bundle.skin_vertices)
    tongue = read_solver_data(tongue_config, tongue_path, vertex_count=bundle.tongue_vertices)
    columns, others = weight_columns(skin.names), weight_columns(tongue.names)
    if (columns == NO_WEIGHT).all():
        found = f"found {', '.join(skin.names[:3])} …"
        raise ModelError(
            f"{skin_path}: {NAMES}: {found}, wanted one of the 68 weights at least: {WEIGHTS[0]} …"
        )
    both = set(columns.tolist()) & set(others.tolist()) - {NO_WEIGHT}
    if both:
        found = ", ".join(WEIGHTS[i] for i in sorted(both))
        raise ModelError(f"{tongue_path}: {NAMES}: found {found}, which {skin_path.name} has too")
    return skin, tongue


def read_solver_data(config: Path, data: Path, *, vertex_count: int) -> SolverData:
    """A rig and its configuration.

    Args:
        config: `bs_skin_config.json` or `bs_tongue_config.json`.
        data: `bs_skin.npz` or `bs_tongue.npz`.
        vertex_count: Vertices of the mesh that it has to fit.

    Raises:
        ModelError: Something is missing, of another type or size than wanted, not finite or out of
            range; the text names file and key.

    Source:
        SDK, `parse_helper.cpp` and `blendshape_solver_base.cpp`.
    """
    settings = read_solver_config(config)
    with Archive(data) as archive:
        names = _names(archive, data, config=config, settings=settings)
        mesh = (vertex_count, 3)
        neutral = archive.read(NEUTRAL, dtype=np.float32, shape=mesh)
        diagonal = _diagonal(neutral)
        if not 0.0 < diagonal < np.inf:
            raise ModelError(f"{data}: {NEUTRAL}: found a mesh of size {diagonal:g}, wanted > 0 cm")
        vertices = _mask(archive, data, vertex_count=vertex_count)
        rows = vertex_count if vertices is None else len(vertices)
        deltas = np.empty((len(names), rows, 3), np.float32)
        for pose, name in zip(deltas, names, strict=True):
            most = REACH_MAX * diagonal
            delta = archive.read(name, dtype=np.float32, shape=mesh, most=most)
            pose[:] = delta if vertices is None else delta[vertices]
    return SolverData(
        config_path=config,
        data_path=data,
        names=names,
        neutral=neutral if vertices is None else neutral[vertices],
        deltas=deltas,
        vertices=vertices,
        diagonal=diagonal,
        l1=settings.l1,
        l2=settings.l2,
        symmetry=settings.symmetry,
        temporal=settings.temporal,
        template_bb_size=settings.template_bb_size,
        active=np.array(settings.active, np.int64) != 0,
        cancel=np.array(settings.cancel, np.int32),
        symmetry_ids=np.array(settings.symmetry_ids, np.int32),
        multipliers=np.array(settings.multipliers, np.float32),
        offsets=np.array(settings.offsets, np.float32),
    )


def weight_columns(names: Sequence[str]) -> NDArray[np.int32]:
    """Where poses stand among the 68 weights.

    Args:
        names: Poses, the first letter of each small (as in the bundles) or capital (as in NVIDIA's
            service).

    Returns:
        int32 (n,), columns in the order of `names.WEIGHTS`, -1 for poses that are none of them.
    """
    known = {name: column for column, name in enumerate(WEIGHTS)}
    return np.array([known.get(_folded(name), NO_WEIGHT) for name in names], np.int32)


def _names(
    archive: Archive, data: Path, *, config: Path, settings: SolverConfig
) -> tuple[str, ...]:
    """The poses, each of which has an array of its own."""
    first, *names = archive.texts(NAMES) or ("nothing",)
    if first != NEUTRAL:
        raise ModelError(f"{data}: {NAMES}[0]: found {first!r}, wanted {NEUTRAL!r}")
    if len(names) != settings.pose_count:
        found = f"numPoses: found {settings.pose_count}, wanted {len(names)}"
        raise ModelError(f"{config}: blendshape_params.{found} as in {data.name}")
    counts = Counter(map(_folded, [NEUTRAL, *names]))
    again = [name for name in names if counts[_folded(name)] > 1]
    if again:
        raise ModelError(f"{data}: {NAMES}: found {again[0]!r} again, wanted each pose once")
    archive.require([NEUTRAL, *names])
    return tuple(names)


def _mask(archive: Archive, data: Path, *, vertex_count: int) -> NDArray[np.int32] | None:
    if MASK not in archive.names:
        return None
    mask = archive.read(MASK, dtype=np.int32, shape=(None,))
    if len(mask) > vertex_count:
        found = f"{MASK}: found {len(mask)} vertices"
        raise ModelError(f"{data}: {found}, wanted at most the mesh's {vertex_count}")
    wrong = np.flatnonzero((mask < 0) | (mask >= vertex_count))
    if wrong.size:
        found = f"{MASK}[{wrong[0]}]: found {mask[wrong[0]]}"
        raise ModelError(f"{data}: {found}, wanted a vertex from 0 to {vertex_count - 1}")
    return mask if mask.size else None


def _diagonal(neutral: Floats) -> float:
    """‖max − min‖₂, in float32 as the SDK has it."""
    extents = neutral.max(axis=0) - neutral.min(axis=0)
    squares = extents * extents
    return float(np.sqrt(squares[0] + squares[1] + squares[2]))


def _folded(name: str) -> str:
    return name[:1].lower() + name[1:]
