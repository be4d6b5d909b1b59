"""How a server's faces differ from what their bundles say; layers of it, the later ones win."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from a2f_ws.animation.params import GEOMETRY_PARAMS, ParamSet
from a2f_ws.errors import ConfigError
from a2f_ws.names import Floats

EmotionValue: TypeAlias = float | bool | Mapping[str, float]
"""A number, a switch, or an emotion by name."""

CLAMP: Final = "clamp_weights"
"""Face parameter: 1 = weights are held in 0 … 1 after gain and offset."""

FACE_PARAMS: Final = frozenset(GEOMETRY_PARAMS.names)
"""Face parameters of any kind of model."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class SolverStyle:
    """What a style says of the solver.

    Attributes:
        method: "admm", "bvls" or "exact"; None = not said.
        strengths: Regularisation by "part.name": part skin or tongue; name l1, l2, symmetry or
            temporal.
        active: Pose → whether it is solved for.
        cancel: Pose → number of the group of poses that exclude one another, -1 = none.
        symmetry: Pose → number of the pair of poses that move alike, -1 = none.
        places: Where each value was found, for messages: "cancel.jawLeft" → file and key.
    """

    method: str | None = None
    strengths: Mapping[str, float] = field(default_factory=dict)
    active: Mapping[str, bool] = field(default_factory=dict)
    cancel: Mapping[str, int] = field(default_factory=dict)
    symmetry: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    def over(self, base: "SolverStyle") -> "SolverStyle":
        """This one where it says something, `base` elsewhere."""
        return SolverStyle(
            method=base.method if self.method is None else self.method,
            strengths={**base.strengths, **self.strengths},
            active={**base.active, **self.active},
            cancel={**base.cancel, **self.cancel},
            symmetry={**base.symmetry, **self.symmetry},
            places={**base.places, **self.places},
        )

    def place(self, kind: str, name: str) -> str:
        """Where a value was found; `kind` is one of the attributes that are maps."""
        return self.places.get(f"{kind}.{name}", f"{kind}.{name}")

    def strength(self, part: str, name: str, *, default: float) -> float:
        """A regularisation strength: this style's, else the bundle's."""
        return self.strengths.get(f"{part}.{name}", default)

    def actives(self, names: Iterable[str], default: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which poses are solved for.

        Args:
            names: Poses of one part, n, their first letters in either case.
            default: bool (n,), what the bundle says.
        """
        return np.array(_picked(self.active, names, default=default.tolist()), np.bool_)

    def cancels(self, names: Iterable[str], default: NDArray[np.int32]) -> NDArray[np.int32]:
        """Groups of poses that exclude one another, int32 (n,); arguments as for `actives`."""
        return np.array(_picked(self.cancel, names, default=default.tolist()), np.int32)

    def symmetries(self, names: Iterable[str], default: NDArray[np.int32]) -> NDArray[np.int32]:
        """Pairs of poses that move alike, int32 (n,); arguments as for `actives`."""
        return np.array(_picked(self.symmetry, names, default=default.tolist()), np.int32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """One layer of the configuration of faces, or several in one.

    Attributes:
        params: Face parameters by name.
        gains: Weight of the face → factor.
        offsets: Weight of the face → what is added after the factor.
        audio2emotion: Post-processing of Audio2Emotion, keys as in its `model_config.json`; beside
            them `beginning_emotion`, emotion → 0 … 1.
        solver: What it says of the solver.
        places: Where each value was found, for messages: "table.name" → file and key.
    """

    params: Mapping[str, float] = field(default_factory=dict)
    gains: Mapping[str, float] = field(default_factory=dict)
    offsets: Mapping[str, float] = field(default_factory=dict)
    audio2emotion: Mapping[str, EmotionValue] = field(default_factory=dict)
    solver: SolverStyle = field(default_factory=SolverStyle)
    places: Mapping[str, str] = field(default_factory=dict)

    def over(self, base: "Style") -> "Style":
        """This one where it says something, `base` elsewhere."""
        merged: dict[str, Any] = {
            one.name: {**getattr(base, one.name), **getattr(self, one.name)}
            for one in fields(self)
            if one.name != "solver"
        }
        return Style(solver=self.solver.over(base.solver), **merged)

    def place(self, table: str, name: str) -> str:
        """Where a value was found."""
        return self.places.get(f"{table}.{name}", f"{table}.{name}")

    def unused_on(self, known: ParamSet) -> tuple[str, ...]:
        """Face parameters that act on other models only."""
        return tuple(
            name for name in self.params if name not in known.names and name in FACE_PARAMS
        )

    def params_on(self, known: ParamSet, defaults: Floats) -> Floats:
        """A model's face parameters with this style; those for other models only are checked.

        Args:
            known: The parameters that the model has.
            defaults: float32 (P,), their values in its bundle.

        Returns:
            float32 (P,), new array.

        Raises:
            ConfigError: A name is unknown, or a value out of range.
        """
        row = defaults
        unused = self.unused_on(known)
        for name, value in self.params.items():
            try:
                if name in unused:
                    GEOMETRY_PARAMS.checked(name, value)
                else:
                    row = known.changed(row, {name: value})
            except ValueError as error:
                raise ConfigError(f"{self.place('params', name)}: {error}") from None
        return row.copy()


def _picked(values: Mapping[str, T], names: Iterable[str], *, default: Sequence[T]) -> list[T]:
    """The value of each name, where there is none its default."""
    pairs = zip(names, default, strict=True)
    return [values.get(folded(name), value) for name, value in pairs]


def folded(name: str) -> str:
    """A pose as styles call it: its first letter small."""
    return name[:1].lower() + name[1:]
