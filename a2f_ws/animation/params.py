"""Face parameters: their names, ranges and defaults, and how changes to them are checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from a2f_ws.errors import ModelError
from a2f_ws.names import Floats, instead

INPUT_STRENGTH: Final = "input_strength"
"""Gain of the audio window; the one parameter that acts before the network."""

INTENSITY: Final = "intensity"
"""Factor of all weights but blinks and gaze."""

EMOTION_INTENSITY: Final = "emotion_intensity"
"""Factor of the emotion in force, before the network and for the rig."""


@dataclass(frozen=True, slots=True)
class Param:
    """One number that a user may set per session.

    Attributes:
        name: Key in `model_config.json` and on the wire.
        min: Smallest value allowed.
        max: Largest value allowed.
        default: Value that changes nothing.
        in_bundle: False where it exists at run time only and no bundle sets it.
    """

    name: str
    min: float
    max: float
    default: float
    in_bundle: bool = True

    def fault(self, value: object) -> str | None:
        """What is wrong with a value, as "found …, wanted …", or None."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and self.min <= value <= self.max:  # type: ignore[operator]
            return None
        return f"found {value!r}, wanted a number from {self.min:g} to {self.max:g}"


@dataclass(frozen=True, slots=True)
class ParamSet:
    """The parameters of one kind of bundle; their order is the order of columns.

    Attributes:
        params: The parameters, each name once.
    """

    params: tuple[Param, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names in the order of columns."""
        return tuple(param.name for param in self.params)

    def column(self, name: str) -> int:
        """Column of a parameter.

        Raises:
            ValueError: There is no such name; the text gives the nearest ones.
        """
        names = self.names
        if name not in names:
            raise ValueError(f"no face parameter {name!r}; {instead(name, names)}")
        return names.index(name)

    def defaults(self, config: Mapping[str, object], source: str) -> Floats:
        """The values that a bundle asks for.

        Args:
            config: Object `config` of the bundle's `model_config.json`.
            source: Name of that file, for messages.

        Returns:
            float32 (P,), run-time parameters at the value that changes nothing.

        Raises:
            ModelError: A key is missing, or its value is no number or out of range.
        """
        values = []
        for param in self.params:
            if param.in_bundle and param.name not in config:
                raise ModelError(f"{source}: config.{param.name}: missing, wanted a number")
            value = config[param.name] if param.in_bundle else param.default
            if fault := param.fault(value):
                raise ModelError(f"{source}: config.{param.name}: {fault}")
            values.append(value)
        return np.array(values, np.float32)

    def changed(self, row: Floats, changes: Mapping[str, float]) -> Floats:
        """A row with some parameters set anew; all of the changes are made or none.

        Args:
            row: float32 (P,), the values in force; not changed.
            changes: New values by name.

        Returns:
            float32 (P,), new array.

        Raises:
            ValueError: A name is unknown, or a value is no number or out of range.
        """
        result = row.copy()
        for name, value in changes.items():
            result[self.checked(name, value)] = value
        return result

    def checked(self, name: str, value: object) -> int:
        """Column of a parameter that may have this value.

        Raises:
            ValueError: There is no such name, or the value is no number or out of range.
        """
        column = self.column(name)
        if fault := self.params[column].fault(value):
            raise ValueError(f"face parameter {name}: {fault}")
        return column


GEOMETRY_PARAMS: Final = ParamSet(
    (
        Param(INPUT_STRENGTH, 0.0, 4.0, 1.0),
        Param("lower_face_smoothing", 0.0, 0.1, 0.0),
        Param("upper_face_smoothing", 0.0, 0.1, 0.0),
        Param("lower_face_strength", 0.0, 2.0, 1.0),
        Param("upper_face_strength", 0.0, 2.0, 1.0),
        Param("face_mask_level", 0.0, 1.0, 0.6),
        Param("face_mask_softness", 0.001, 0.5, 0.0085),
        Param("skin_strength", 0.0, 2.0, 1.0),
        Param("blink_strength", 0.0, 2.0, 1.0),
        Param("eyelid_open_offset", -1.0, 1.0, 0.0),
        Param("lip_open_offset", -0.2, 0.2, 0.0),
        Param("tongue_strength", 0.0, 3.0, 1.0),
        Param("tongue_height_offset", -3.0, 3.0, 0.0),
        Param("tongue_depth_offset", -3.0, 3.0, 0.0),
        Param("lower_teeth_strength", 0.0, 2.0, 1.0),
        Param("lower_teeth_height_offset", -3.0, 3.0, 0.0),
        Param("lower_teeth_depth_offset", -3.0, 3.0, 0.0),
        Param("eyeballs_strength", 0.0, 2.0, 1.0),
        Param("saccade_strength", 0.0, 2.0, 1.0),
        Param("right_eye_rot_x_offset", -10.0, 10.0, 0.0),
        Param("right_eye_rot_y_offset", -10.0, 10.0, 0.0),
        Param("left_eye_rot_x_offset", -10.0, 10.0, 0.0),
        Param("left_eye_rot_y_offset", -10.0, 10.0, 0.0),
        Param("eye_saccade_seed", 0.0, 4999.0, 0.0),
        Param("blink_offset", 0.0, 1.0, 0.0, in_bundle=False),
        Param("clamp_weights", 0.0, 1.0, 0.0, in_bundle=False),
        Param(INTENSITY, 0.0, 2.0, 1.0, in_bundle=False),
        Param(EMOTION_INTENSITY, 0.0, 2.0, 1.0, in_bundle=False),
    )
)
"""Parameters of bundles whose network gives a mesh, in the order of `model_config.json`.

Smoothings are half-lives in seconds, the mask's level and softness shares of the skin's height,
tongue and teeth offsets centimetres, eye offsets degrees, the seed a row of the saccade table.

Source:
    Names and ranges of the SDK's `AnimatorSkinParams`, `AnimatorTongueParams`,
    `AnimatorTeethParams` and `AnimatorEyesParams` (audio2face `animator.h`); the mask's defaults
    too, which act only where the two regions differ. Other defaults change nothing. The SDK does
    not limit the input strength; 0 to 4 is ours.
"""

_ON_WEIGHTS: Final = (
    INPUT_STRENGTH,
    "lower_face_smoothing",
    "upper_face_smoothing",
    "lower_face_strength",
    "upper_face_strength",
    "skin_strength",
    "blink_strength",
    "eyelid_open_offset",
    "lip_open_offset",
    "blink_offset",
    "tongue_strength",
    "clamp_weights",
    INTENSITY,
    EMOTION_INTENSITY,
)

WEIGHT_PARAMS: Final = ParamSet(
    tuple(GEOMETRY_PARAMS.params[GEOMETRY_PARAMS.column(name)] for name in _ON_WEIGHTS)
)
"""Parameters of bundles whose network gives weights; what needs a mesh is left out."""
