"""One batch of voices: windows → classifier → logits, and what those mean. No I/O, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec
import numpy as np

from a2f_ws.animation.recognition import RECOGNITION_PARAMS, Recognition
from a2f_ws.audio.emotion_window import SKIP, WINDOW_MAX, WINDOW_MIN, EmotionPace, fitted
from a2f_ws.errors import ConfigError, ModelError
from a2f_ws.inference.emotion_bundle import EmotionBundle
from a2f_ws.inference.emotion_onnx import Classifier
from a2f_ws.names import EMOTIONS, Floats

VECTORS: Final = ("beginning_emotion", "preferred_emotion")
"""Options that are emotions by name."""

ALWAYS: Final = "enable_preferred_emotion"


@dataclass(frozen=True, slots=True)
class EmotionOptions:
    """What a user may want otherwise than the bundle says.

    Attributes:
        window_samples: Samples that are heard at a time; 0 = what fits the face's look-ahead.
        inferences_to_skip: Frames after each inference that have none of their own; None = 10,
            fewer where windows are short.
        config: Keys of the bundle's `post_processing_config`, `beginning_emotion` as well.
    """

    window_samples: int = 0
    inferences_to_skip: int | None = None
    config: Mapping[str, object] = field(default_factory=dict)

    def pace(self, look_ahead: int) -> EmotionPace:
        """When which window is heard, beside a face whose windows hear so many samples ahead.

        Raises:
            ConfigError: The options leave sound out, or are out of range.
        """
        window = self.window_samples or fitted(look_ahead)
        if not WINDOW_MIN <= window <= WINDOW_MAX:
            raise ConfigError(
                f"audio2emotion: window_samples: found {window},"
                f" wanted {WINDOW_MIN} to {WINDOW_MAX}, or 0 for what fits the look-ahead"
            )
        most, skip = EmotionPace.frames_max(window), self.inferences_to_skip
        frames = min(SKIP + 1, most) if skip is None else skip + 1
        if not 1 <= frames <= most:
            raise ConfigError(
                f"audio2emotion: inferences_to_skip: found {skip}, wanted 0 to {most - 1}"
                f" with windows of {window} samples, or sound would be left out"
            )
        return EmotionPace(window, frames)


class Recognizer:
    """An Audio2Emotion bundle on a classifier. `run` belongs to one thread at a time.

    Attributes:
        bundle: The bundle.
        classifier: What runs its network.
        recognition: What makes emotions of its logits.
        defaults: float32 (7,), the columns of `RECOGNITION_PARAMS` in force unless set.
        beginning: float32 (10,), what a voice that has not spoken begins with.
        always_prefers: True = a preferred emotion counts even where it is all zero.
        max_batch: Most windows at a time.
        cost_s: What one window costs, measured at load, seconds; 0 = not known.
    """

    def __init__(
        self,
        bundle: EmotionBundle,
        classifier: Classifier,
        *,
        options: EmotionOptions | None = None,
    ) -> None:
        """Prepare.

        Raises:
            ModelError: A parameter of the bundle is out of range.
            ConfigError: An option is unknown or out of range.
        """
        self.bundle, self.classifier = bundle, classifier
        self.max_batch, self.cost_s = classifier.max_batch, classifier.cost_s
        self._options = options or EmotionOptions()
        config = self._options.config
        _check_names(config)
        self.recognition = Recognition(bundle.correspondence)
        self.defaults = _defaults(bundle, config)
        self.beginning = _vector(config.get("beginning_emotion", {}), key="beginning_emotion")
        own = dict(zip(EMOTIONS, bundle.config.preferred_emotion, strict=True))
        self._preferred = _vector(config.get("preferred_emotion", own), key="preferred_emotion")
        always = config.get(ALWAYS, bundle.config.enable_preferred_emotion)
        if not isinstance(always, bool):
            raise ConfigError(f"audio2emotion: {ALWAYS}: found {always!r}, wanted true or false")
        self.always_prefers = always

    def pace(self, look_ahead: int) -> EmotionPace:
        """See `EmotionOptions.pace`."""
        return self._options.pace(look_ahead)

    def wanted(self, explicit: Floats) -> tuple[Floats, bool]:
        """The preferred emotion, and whether it counts.

        Args:
            explicit: float32 (10,), what the client wants; all zero = nothing of its own.
        """
        if explicit.any():
            return explicit, True
        return self._preferred, self.always_prefers

    def run(self, windows: Sequence[Floats]) -> Floats:
        """The logits of a batch.

        Args:
            windows: Windows of the model rate, float32 (S,); those of one length are classified
                together, `max_batch` at a time.

        Returns:
            float32 (B, C).

        Raises:
            ModelError: The classifier failed, or gave values that are not finite.
        """
        logits = np.empty((len(windows), len(self.bundle.classes)), np.float32)
        by_length: dict[int, list[int]] = {}
        for row, window in enumerate(windows):
            by_length.setdefault(len(window), []).append(row)
        for same in by_length.values():
            for begin in range(0, len(same), self.max_batch):
                rows = same[begin : begin + self.max_batch]
                logits[rows] = self.classifier.run(np.stack([windows[row] for row in rows]))
        if not np.isfinite(logits).all():
            raise ModelError(f"{self.bundle.name}: the network gave values that are not finite")
        return logits


def _check_names(config: Mapping[str, object]) -> None:
    known = (*RECOGNITION_PARAMS.names, *VECTORS, ALWAYS)
    for name in config:
        if name not in known:
            raise ConfigError(f"audio2emotion: found {name!r}, wanted one of {', '.join(known)}")


def _defaults(bundle: EmotionBundle, config: Mapping[str, object]) -> Floats:
    """Parameters of the bundle, overridden by the user's."""
    given = msgspec.structs.asdict(bundle.config)
    row = []
    for param in RECOGNITION_PARAMS.params:
        if param.name in config:
            value = config[param.name]
            if fault := param.fault(value):
                raise ConfigError(f"audio2emotion: {param.name}: {fault}")
        else:
            value = given.get(param.name, param.default)
            if fault := param.fault(value):
                place = f"{bundle.config_path}: post_processing_config.{param.name}"
                raise ModelError(f"{place}: {fault}")
        row.append(value)
    return np.array(row, np.float32)


def _vector(values: object, *, key: str) -> Floats:
    """An emotion by name as float32 (10,), read-only."""
    if not isinstance(values, Mapping):
        raise ConfigError(f"audio2emotion: {key}: found {values!r}, wanted emotions by name")
    vector = np.zeros(len(EMOTIONS), np.float32)
    for name, value in values.items():
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if name not in EMOTIONS or not is_number or not 0.0 <= value <= 1.0:
            raise ConfigError(
                f"audio2emotion: {key}: found {name} = {value!r},"
                f" wanted 0 to 1 for one of {', '.join(EMOTIONS)}"
            )
        vector[EMOTIONS.index(name)] = value
    vector.flags.writeable = False
    return vector
