"""Styles out of the YAML files of NVIDIA's service: its stylisation files and its client's."""

import logging
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from a2f_ws.errors import ConfigError
from a2f_ws.names import WEIGHTS, instead
from a2f_ws.style.draft import MAX_EMOTIONS, NUMBERS, SWITCHES, Draft, shown
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

NEAR: Final = 0.8
"""How alike an unknown section is to a known one where it is taken for a slip (ours)."""

CLAMPED: Final = "enable_clamping_bs_weight"

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
    "strengthL1regularization": "l1",
    "strengthL2regularization": "l2",
    "strengthSymmetry": "symmetry",
    "strengthTemporalSmoothing": "temporal",
}
"""Source: `bs_skin_config.json` of the bundles; capitals and underscores do not count here."""

FOLDED: Final = {key.lower(): name for key, name in STRENGTHS.items()}

Reader: TypeAlias = Callable[["_Walk", object, str], None]


def read_style(path: Path) -> Style:
    """What a stylisation file says; sections that nothing here knows are told in one warning.

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
        The style, and the sections that nothing here knows.

    Raises:
        ConfigError: It is no such file, has a value that cannot be used, a setting that there is
            not, or a section whose name is a slip.
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
        unknown: Sections that mean nothing here.
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
            elif get_close_matches(kind, SECTION_NAMES, n=1, cutoff=NEAR):
                raise self.draft.refusal(key, f"no such section; {instead(kind, SECTION_NAMES)}")
            elif kind not in NOT_OURS:
                self.unknown.append(key)

    def face(self, value: object, place: str) -> None:
        """Face parameters; the service's names of two differ from the bundles'."""
        for name, number in self.draft.table(value, place).items():
            snake = _snake(name)
            param = RENAMED.get(snake, snake)
            key = f"{place}.{name}"
            if param not in FACE_PARAMS:
                known = sorted(FACE_PARAMS.union(RENAMED))
                text = f"no face parameter {shown(name)}; {instead(snake, known)}"
                raise self.draft.refusal(key, text)
            self.draft.param(param, number, key=key)

    def blendshapes(self, value: object, place: str) -> None:
        """Gains, offsets and solver of the weights."""
        part = "tongue" if "tongue" in _snake(place) else "skin"
        for name, inner in self.draft.table(value, place).items():
            key, kind = f"{place}.{name}", _snake(name)
            if kind == CLAMPED:
                is_clamped = self.draft.switch(inner, key)
                self.draft.param(CLAMP, float(is_clamped), key=key)
            elif (strength := FOLDED.get(kind.replace("_", ""))) is not None:
                self.draft.strength(part, strength, value=inner, key=key)
            elif (take := self._by_pose(kind)) is not None:
                for pose, number in self.draft.table(inner, key).items():
                    weight = pose[:1].lower() + pose[1:]
                    if not (weight in GAZE and kind.endswith("multipliers")):
                        take(weight, number, key=f"{key}.{pose}")
            else:
                known = (CLAMPED, *BY_POSE, *STRENGTHS)
                raise self.draft.refusal(key, f"no such setting; {instead(kind, known)}")

    def _by_pose(self, kind: str) -> Callable[..., None] | None:
        take = BY_POSE.get(kind.removeprefix("bs_").removeprefix("solve_").removeprefix("weight_"))
        return None if take is None else partial(take, self.draft)

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
                known = (*NUMBERS, *SWITCHES, MAX_EMOTIONS, "live_transition_time")
                raise self.draft.refusal(key, f"no such setting; {instead(kind, known)}")


BY_POSE: Final[Mapping[str, Callable[..., None]]] = {
    "multipliers": Draft.gain,
    "offsets": Draft.offset,
    "active_poses": Draft.active,
    "cancel_poses": Draft.cancel,
    "symmetry_poses": Draft.symmetry,
}
"""What is said pose by pose; bs_, solve_ and weight_ may stand before it."""

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

SECTION_NAMES: Final = (*SECTIONS, *READERS)


def _snake(name: str) -> str:
    """The service's names in one spelling: upperFaceStrength is upper_face_strength."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
