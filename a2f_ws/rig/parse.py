"""From the contents of a rig table to checked names, ranges and a matrix."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from a2f_ws.names import FACE, Floats
from a2f_ws.rig.faults import WANTED_NUMBER, Faults, is_number, shown
from a2f_ws.rig.mirror import GROUPS, mirror
from a2f_ws.rig.spelling import instead_of

KEYS: Final = ("title", "source", "space", "range", "curves", "idle", "groups")
SPACE: Final[Mapping[str, tuple[str, ...]]] = {
    "handedness": ("left", "right"),
    "up": ("+x", "-x", "+y", "-y", "+z", "-z"),
    "unit": ("m", "cm"),
}
IDLE_ROLES: Final = (
    "blinkLeft", "blinkRight", "squintLeft", "squintRight",
    "lookUpLeft", "lookUpRight", "lookDownLeft", "lookDownRight",
    "lookInLeft", "lookInRight", "lookOutLeft", "lookOutRight",
    "breath",
)  # fmt: skip
"""Roles of idle life that a curve can play; they are the player's, who adds to them."""

LATER_KEYS: Final = ("extends", "transforms", "head", "eyes", "jaw")
LATER_TERMS: Final = (
    "ratio", "product", "piecewise", "gain", "offset", "clamp", "min", "max",
)  # fmt: skip
LATER_ROLES: Final = ("head",)
"""Words that later formats will give a meaning to, so that no table of today uses them."""

CURVES_MAX: Final = 1024
NAME_MAX: Final = 64
"""Limits of the protocol: names of `have`, characters of a name (`protocol/README.md` §14)."""


@dataclass(frozen=True, slots=True, eq=False)
class RigTable:
    """One rig, checked and compiled.

    Attributes:
        name: What clients open it by: path below its folder, without suffix.
        title: One line for people.
        source: Where its names and numbers come from.
        low: Smallest value of a curve.
        high: Largest value of a curve, > low.
        curves: Names of the C curves, in row order.
        matrix: float32 (C, 82), read only: curves from the columns of `names.FACE`.
        idle: Idle role → (index of its curve, gain).
        groups: Group → the inputs of a face whose sides swap together.
    """

    name: str
    title: str
    source: str
    low: float
    high: float
    curves: tuple[str, ...]
    matrix: Floats
    idle: Mapping[str, tuple[int, float]]
    groups: Mapping[str, tuple[str, ...]]

    @property
    def transforms(self) -> tuple[str, ...]:
        """Names of the transforms that follow the curves in a row; this format has none."""
        return ()

    @property
    def row(self) -> int:
        """Values in a row: curves + 7 · transforms."""
        return len(self.curves) + 7 * len(self.transforms)


def parse(document: Mapping[str, object], name: str, *, faults: Faults) -> RigTable:
    """Check a table and compile it.

    Args:
        document: What the TOML parser made of the file.
        name: What the rig shall be called.
        faults: Makes the errors.

    Returns:
        The table; its matrix is float32 (C, 82) and read only.

    Raises:
        ConfigError: The first mistake, with its place and, for a wrong name, the nearest right one.
    """
    _check_keys(document, faults)
    _check_space(_map(document, "space", faults=faults), faults)
    low, high = _range(_map(document, "range", faults=faults), faults)
    curves, matrix = _compiled(_map(document, "curves", faults=faults), faults)
    return RigTable(
        name=name,
        title=_line(document, "title", faults=faults),
        source=_line(document, "source", faults=faults),
        low=low,
        high=high,
        curves=curves,
        matrix=matrix,
        idle={
            role: _idle(role, part, curves=curves, faults=faults)
            for role, part in _map(document, "idle", faults=faults).items()
        },
        groups={
            **GROUPS,
            **{
                group: _group(group, inputs, faults=faults)
                for group, inputs in _map(document, "groups", faults=faults).items()
            },
        },
    )


def _compiled(section: Mapping[str, object], faults: Faults) -> tuple[tuple[str, ...], Floats]:
    """The names of the curves and their matrix."""
    if not 1 <= len(section) <= CURVES_MAX:
        raise faults.found(f"[curves]: {len(section)} curves, wanted 1 to {CURVES_MAX}")
    matrix = np.zeros((len(section), len(FACE)), np.float32)
    for line, (curve, terms) in zip(matrix, section.items(), strict=True):
        _check_name(curve, faults)
        for name, value in _terms(curve, terms, faults=faults).items():
            line[FACE.index(name)] = value
    matrix.flags.writeable = False
    return tuple(section), matrix


def _check_keys(document: Mapping[str, object], faults: Faults) -> None:
    for key in document:
        if key in LATER_KEYS:
            raise faults.found(f"{key}: not available in this version")
        if key not in KEYS:
            raise faults.found(f"unknown key {key!r}{instead_of(key, KEYS)}")


def _line(document: Mapping[str, object], key: str, *, faults: Faults) -> str:
    """A line of text that the table has to have."""
    value = document.get(key)
    if not isinstance(value, str) or not value.strip():
        raise faults.found(f"{key}: {shown(value)}, wanted a line of text")
    return value.strip()


def _map(document: Mapping[str, object], key: str, *, faults: Faults) -> Mapping[str, object]:
    """A section of the table, empty where it has none."""
    value = document.get(key, {})
    if not isinstance(value, dict):
        raise faults.found(f"{key}: {shown(value)}, wanted a section [{key}]")
    return value


def _check_space(space: Mapping[str, object], faults: Faults) -> None:
    for key, value in space.items():
        if key not in SPACE:
            raise faults.found(f"[space]: unknown key {key!r}{instead_of(key, SPACE)}")
        if value not in SPACE[key]:
            raise faults.found(
                f"[space] {key}: {shown(value)}, wanted one of {', '.join(SPACE[key])}"
            )


def _range(section: Mapping[str, object], faults: Faults) -> tuple[float, float]:
    bounds = {"min": 0.0, "max": 1.0}
    for key, value in section.items():
        if key not in bounds:
            raise faults.found(f"[range]: unknown key {key!r}{instead_of(key, bounds)}")
        if not is_number(value):
            raise faults.found(f"[range] {key}: {shown(value)}, {WANTED_NUMBER}")
        bounds[key] = float(value)
    if not bounds["min"] < bounds["max"]:
        raise faults.found(f"[range]: min {bounds['min']:g} is not below max {bounds['max']:g}")
    return bounds["min"], bounds["max"]


def _check_name(name: str, faults: Faults) -> None:
    if not name or len(name) > NAME_MAX or not name.isprintable():
        raise faults.found(f"curve {name!r}: wanted a name of 1 to {NAME_MAX} printable characters")


def _terms(curve: str, terms: object, *, faults: Faults) -> dict[str, float]:
    """The inputs of a curve, each with its coefficient."""
    if isinstance(terms, str):
        terms = {terms: 1.0}
    if not isinstance(terms, dict):
        raise faults.found(
            f"curve {curve}: {shown(terms)}, wanted an input or {{ input = number, … }}"
        )
    for name, value in terms.items():
        if name not in FACE:
            if name in LATER_TERMS:
                raise faults.found(f"curve {curve}: {name}: not available in this version")
            raise faults.found(f"curve {curve}: no input {name!r}{instead_of(name, FACE)}")
        if not is_number(value):
            raise faults.found(f"curve {curve}: {name}: {shown(value)}, {WANTED_NUMBER}")
    return terms


def _idle(role: str, part: object, *, curves: tuple[str, ...], faults: Faults) -> tuple[int, float]:
    """The curve, by index, and the gain that play an idle role."""
    if role in LATER_ROLES:
        raise faults.found(f"idle role {role}: needs a transform: not available in this version")
    if role not in IDLE_ROLES:
        raise faults.found(f"no idle role {role!r}{instead_of(role, IDLE_ROLES)}")
    if isinstance(part, str):
        part = {"curve": part}
    if not isinstance(part, dict) or not {"curve"} <= part.keys() <= {"curve", "gain"}:
        raise faults.found(
            f"idle role {role}: {shown(part)}, wanted a curve or {{ curve = name, gain = number }}"
        )
    curve, gain = part["curve"], part.get("gain", 1.0)
    if curve not in curves:
        raise faults.found(f"idle role {role}: no curve {curve!r}{instead_of(str(curve), curves)}")
    if not is_number(gain):
        raise faults.found(f"idle role {role}: gain {shown(gain)}, {WANTED_NUMBER}")
    return curves.index(curve), float(gain)


def _group(group: str, inputs: object, *, faults: Faults) -> tuple[str, ...]:
    """The inputs of a group, each with its mirror image among them."""
    if not isinstance(inputs, list) or not inputs:
        raise faults.found(f"group {group}: {shown(inputs)}, wanted a list of inputs")
    for name in inputs:
        if name not in FACE:
            raise faults.found(f"group {group}: no input {name!r}{instead_of(str(name), FACE)}")
        other = mirror(name).name
        if other not in inputs:
            raise faults.found(f"group {group}: {name} without its other side {other}")
    return tuple(dict.fromkeys(inputs))
