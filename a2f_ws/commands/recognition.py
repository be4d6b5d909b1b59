"""What hears the emotion of voices, loaded."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from a2f_ws.errors import ConfigError
from a2f_ws.inference.emotion_bundle import load_emotion_bundle
from a2f_ws.inference.emotion_onnx import OnnxClassifier
from a2f_ws.recognizer import EmotionOptions, Recognizer

THREADS: Final = 1
"""Threads of the classifier unless set: it must not hold up the faces (ours)."""


def load_recognizer(path: Path, options: Mapping[str, object], *, look_ahead: int) -> Recognizer:
    """A recognizer, ready to hear.

    Args:
        path: Folder of an Audio2Emotion bundle, or its `model.json`.
        options: `window_samples`, `inferences_to_skip`, `threads`, and keys of the bundle's
            `post_processing_config`.
        look_ahead: Samples that the face's windows hear ahead.

    Raises:
        ModelError: The bundle is missing, broken, or cannot be run.
        ConfigError: An option is unknown or out of range.
    """
    config = dict(options)
    window = _whole(config.pop("window_samples", 0), key="window_samples")
    skip = config.pop("inferences_to_skip", None)
    threads = _whole(config.pop("threads", THREADS), key="threads") or THREADS
    wanted = EmotionOptions(
        window_samples=window,
        inferences_to_skip=None if skip is None else _whole(skip, key="inferences_to_skip"),
        config=config,
    )
    bundle = load_emotion_bundle(path)
    window = wanted.pace(look_ahead).window
    return Recognizer(
        bundle, OnnxClassifier(bundle, window=window, threads=threads), options=wanted
    )


def _whole(value: object, *, key: str) -> int:
    if type(value) is not int or value < 0:
        raise ConfigError(f"audio2emotion: {key}: found {value!r}, wanted a whole number >= 0")
    return value
