"""Styles out of the YAML files of NVIDIA's service: its stylisation files and its client's."""

import logging
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from a2f_ws.errors import ConfigError
from a2f_ws.names import WEIGHTS
from a2f_ws.style.draft import MAX_EMOTIONS, NUMBERS, SWITCHES, Draft
from a2f_ws.style.plain_yaml import plain_yaml
from a2f_ws.style.style import CLAMP, FACE_PARAMS, Style

log = logging.getLogger(__name__)

BYTES_MAX: Final = 1024 * 1024
"""Largest file read (ours); NVIDIA's have ten thousand bytes."""

DEPTH_MAX: Final = 4
"""Sections inside of one another; NVIDIA's files have two."""

TOLD: Final = 8
"""Unknown keys that a warning lists (ours)."""

RENAMED: Final = {"eyelid_offset": "eyelid_open_offset", "lip_close_offset": "lip_open_offset"}
"""Face parameters that the service calls otherwise than bundles do, its names first.

Source: `configs/mark_stylization_config.yaml` of Audio2Face-3D-Samples beside the bundle's
`model_config.json`: same values, and same signs, under both names.
"""

SECTIONS: Final = ("a2f", "a2e", "emotion_params", "emotion_parameters")
"""What only holds other sections."""

NOT_OURS: Final = (
    "enabled", "inference_model_id", "blendshape_id", "tongue_blendshape_id",
    "enable_tongue_blendshapes", "emotion_with_timecode_list", "input_sanitization",
    "garbage_collector", "pipeline_parameters", "trt_model_generation", "resampling",
    "temporal_smoothing", "device_id", "use_gpu_solver", "inference_interval",
)  # fmt: skip
"""Keys of the service and its client that say nothing about how a face looks."""

GAZE: Final = frozenset(name for name in WEIGHTS if name.startswith("eyeLook"))
"""Poses whose multipliers count for nothing: the files have 0 for them, as the solver of NVIDIA's
service never drives them; here gaze does, and would stand still.

Source: `configs/*_stylization_config.yaml` of Audio2Face-3D-Samples.
"""

STRENGTHS: Final = {
    "strengthl1regularization": "l1",
    "strengthl2regularization": "l2",
    "strengthsymmetry": "symmetry",
    "strengthtemporalsmoothing": "temporal",
}
"""Source: `bs_skin_config.json` of the bundles; capitals and underscores do not count here."""

Reader: TypeAlias = Callable[["_Walk", object, str], None]


def read_style(path: Path) -> Style:
    """What a stylisation file says; keys that nothing here knows are told in one warning.

    Args:
        path: A `*_stylization_config.yaml` or a `config_*.yml` of NVIDIA's client. Multipliers of
            the eyeLook poses are left out; see `GAZE`.

    Raises:
        ConfigError: It cannot be read, is no such file, or has a value that cannot be used.
    """
    try:
        with path.open("rb") as file:
            data = file.read(BYTES_MAX + 1)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from None
    if len(data) > BYTES_MAX:
        raise ConfigError(f"{path}: found more than {BYTES_MAX} bytes, wanted a stylisation file")
    style, unknown = style_from_yaml(data, str(path))
    if unknown:
        names = ", ".join(unknown[:TOLD]) + (", …" if len(unknown) > TOLD else "")
        log.warning("%s: keys without a meaning here are ignored: %s", path, names)
    return style


def style_from_yaml(data: bytes | str, source: str) -> tuple[Style, list[str]]:
    """What the text of such a file says.

    Args:
        data: The text.
        source: Name of the file, for messages.

    Returns:
        The style, and the keys that nothing here knows.

    Raises:
        ConfigError: It is no such file, or has a value that cannot be used.
    """
    walk = _Walk(source)
    walk.section(plain_yaml(data, source), "", depth=0)
    if not walk.has_found:
        wanted = "wanted a stylisation file of NVIDIA's service or the config file of its client"
        raise ConfigError(f"{source}: found no section that is known, {wanted}")
    return walk.draft.style(), walk.unknown


class _Walk:
    """A way through the sections of a file, whichever of the two kinds it is.

    Attributes:
        draft: What has been found.
        unknown: Keys that look like something and mean nothing here.
        has_found: True once a section was known.
    """

    def __init__(self, source: str) -> None:
        self.draft = Draft(source)
        self.unknown: list[str] = []
        self.has_found = False

    def section(self, value: object, place: str, *, depth: int) -> None:
        """Read what stands in a section, and the sections in it."""
        if depth > DEPTH_MAX:
            self.unknown.append(place)
            return
        for name, inner in self.draft.table(value, place or "the file").items():
            key, kind = f"{place}.{name}" if place else name, _snake(name)
            if kind in SECTIONS:
                self.section(inner, key, depth=depth + 1)
            elif kind in READERS:
                self.has_found = True
                READERS[kind](self, inner, key)
            elif kind not in NOT_OURS:
                self.unknown.append(key)

    def face(self, value: object, place: str) -> None:
        """Face parameters; the service's names of two differ from the bundles'."""
        for name, number in self.draft.table(value, place).items():
            snake = _snake(name)
            param = RENAMED.get(snake, snake)
            if param in FACE_PARAMS:
                self.draft.param(param, number, key=f"{place}.{name}")
            else:
                self.unknown.append(f"{place}.{name}")

    def blendshapes(self, value: object, place: str) -> None:
        """Gains, offsets and solver of the weights."""
        part = "tongue" if "tongue" in _snake(place) else "skin"
        for name, inner in self.draft.table(value, place).items():
            key, kind = f"{place}.{name}", _snake(name)
            if kind == "enable_clamping_bs_weight":
                is_clamped = self.draft.switch(inner, key)
                self.draft.param(CLAMP, float(is_clamped), key=key)
            elif (strength := STRENGTHS.get(kind.replace("_", ""))) is not None:
                self.draft.strength(part, strength, value=inner, key=key)
            elif (take := self._by_pose(kind)) is not None:
                for pose, number in self.draft.table(inner, key).items():
                    weight = pose[:1].lower() + pose[1:]
                    if not (weight in GAZE and kind.endswith("multipliers")):
                        take(weight, number, key=f"{key}.{pose}")
            else:
                self.unknown.append(key)

    def _by_pose(self, kind: str) -> Callable[..., None] | None:
        kind = kind.removeprefix("bs_").removeprefix("solve_").removeprefix("weight_")
        return {
            "multipliers": self.draft.gain,
            "offsets": self.draft.offset,
            "active_poses": self.draft.active,
            "cancel_poses": self.draft.cancel,
            "symmetry_poses": self.draft.symmetry,
        }.get(kind)

    def transition(self, value: object, place: str) -> None:
        """Time over which an emotion comes."""
        self.draft.emotion("transition_smoothing", value, key=place)

    def beginning(self, value: object, place: str) -> None:
        """Emotion with which speech begins."""
        self.draft.emotion("beginning_emotion", value, key=place)

    def emotions(self, value: object, place: str) -> None:
        """Post-processing of emotions."""
        for name, inner in self.draft.table(value, place).items():
            kind, key = _snake(name), f"{place}.{name}"
            if kind in (*NUMBERS, *SWITCHES, MAX_EMOTIONS):
                self.draft.emotion(kind, inner, key=key)
            elif kind == "live_transition_time":
                self.transition(inner, key)
            else:
                self.unknown.append(key)


READERS: Final[Mapping[str, Reader]] = {
    "face_params": _Walk.face,
    "face_parameters": _Walk.face,
    "blendshape_params": _Walk.blendshapes,
    "blendshape_parameters": _Walk.blendshapes,
    "tongue_blendshape_params": _Walk.blendshapes,
    "tongue_blendshape_parameters": _Walk.blendshapes,
    "live_transition_time": _Walk.transition,
    "beginning_emotion": _Walk.beginning,
    "default_beginning_emotions": _Walk.beginning,
    "post_processing_params": _Walk.emotions,
    "post_processing_parameters": _Walk.emotions,
    "default_post_processing_params": _Walk.emotions,
    "emotion_post_processing_params": _Walk.emotions,
}
"""Sections of both kinds of file, and of the messages of the service's interface.

Source: `configs/*_stylization_config.yaml`, `scripts/audio2face_3d_api_client/config/config_*.yml`
and `nvidia_ace.a2f.v1.proto` of Audio2Face-3D-Samples.
"""


def _snake(name: str) -> str:
    """The service's names in one spelling: upperFaceStrength is upper_face_strength."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
