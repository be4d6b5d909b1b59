"""The rigs of a geometry bundle as tracks of a solver, with what a style says of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from a2f_ws.errors import ConfigError
from a2f_ws.inference.solver_data import SolverData
from a2f_ws.solver.normal import Normal, Poses, Regularisation, prepare
from a2f_ws.solver.pairs import NONE, PAIR
from a2f_ws.solver.soundness import KEYS, Origin
from a2f_ws.style.style import SolverStyle, folded

KINDS: Final[Mapping[str, str]] = {"cancel": "cancel", "symmetry_ids": "symmetry"}
"""Pairs of `SolverData` that a style may change, and its own name of them."""


def styled(rig: SolverData, style: SolverStyle) -> SolverData:
    """A rig with the poses and pairs that a style asks for.

    Raises:
        ConfigError: A group of the style is no pair with what the bundle has, or it leaves no pose
            active.
    """
    result = replace(
        rig,
        active=style.actives(rig.names, rig.active),
        cancel=style.cancels(rig.names, rig.cancel),
        symmetry_ids=style.symmetries(rig.names, rig.symmetry_ids),
    )
    for field in KINDS:
        _check_pairs(getattr(result, field), rig=rig, field=field, style=style)
    if not result.active.any():
        name = next(name for name in map(folded, rig.names) if name in style.active)
        raise ConfigError(
            f"{style.place('active', name)}: found none of the {len(rig.names)} poses of"
            f" {rig.data_path} active, wanted one at least"
        )
    return result


def track(rig: SolverData, part: str, *, style: SolverStyle) -> Normal:
    """The normal equations of a rig.

    Args:
        rig: As `styled` gives it.
        part: "skin" or "tongue".
        style: The strengths that differ from the bundle's.

    Raises:
        ModelError: They are beyond float32.
    """
    strengths = {
        name: style.strength(part, name, default=getattr(rig, name))
        for name in ("l1", "l2", "symmetry", "temporal")
    }
    return prepare(
        rig.deltas,
        diagonal=rig.diagonal,
        poses=Poses(active=rig.active, cancel=rig.cancel, symmetry=rig.symmetry_ids),
        regularisation=Regularisation(template_bb_size=rig.template_bb_size, **strengths),
        origin=Origin(
            poses=str(rig.data_path),
            prices={
                name: style.place("strengths", f"{part}.{name}")
                if f"{part}.{name}" in style.strengths
                else f"{rig.config_path}: blendshape_params.{key}"
                for name, key in KEYS.items()
            },
        ),
    )


def _check_pairs(
    ids: NDArray[np.int32], *, rig: SolverData, field: str, style: SolverStyle
) -> None:
    """Refuse groups that are no pairs; those of a bundle are, so a style has changed them."""
    kind = KINDS[field]
    names, before = [folded(name) for name in rig.names], getattr(rig, field).tolist()
    said = getattr(style, kind)
    for group, count in Counter(ids.tolist()).items():
        if group == NONE or count == PAIR:
            continue
        rows = zip(names, ids.tolist(), before, strict=True)
        touched = [name for name, new, old in rows if group in (new, old) and name in said]
        members = [name for name, new in zip(names, ids.tolist(), strict=True) if new == group]
        place = style.place(kind, touched[0]) if touched else f"{rig.config_path}: {kind}"
        raise ConfigError(
            f"{place}: found group {group} at {count} poses ({', '.join(members)}), wanted at two,"
            " a pair"
        )
