"""Reads Audio2Emotion bundles: a classifier of voices and how its answers become emotions."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from a2f_ws.errors import ModelError
from a2f_ws.inference.manifest import (
    MANIFEST,
    existing,
    inside,
    manifest_of,
    read_json,
    unknown,
)
from a2f_ws.names import EMOTIONS
from a2f_ws.timebase import MODEL_RATE_HZ

CLASSES_MAX: Final = 64
"""Most classes of a network, ten times those of NVIDIA's (ours)."""

UNMAPPED: Final = -1
"""What a class corresponds to when no emotion is driven by it."""


class EmotionManifest(msgspec.Struct, frozen=True, rename="camel"):
    """`model.json`."""

    network_info_path: str
    network_path: str
    model_config_path: str


class EmotionAudio(msgspec.Struct, frozen=True):
    """`network_info.json`, object `audio_params`."""

    samplerate: int


class EmotionNetwork(msgspec.Struct, frozen=True):
    """`network_info.json`."""

    audio_params: EmotionAudio
    emotions: Annotated[tuple[str, ...], Meta(min_length=1, max_length=CLASSES_MAX)]


class PostProcessing(msgspec.Struct, frozen=True):
    """`model_config.json`, object `post_processing_config`."""

    output_emotion_length: int
    emotion_contrast: float
    max_emotions: int
    live_blend_coef: float
    enable_preferred_emotion: bool
    preferred_emotion_strength: float
    transition_smoothing: float
    fixed_dt: float
    emotion_strength: float
    preferred_emotion: tuple[float, ...]
    emotion_correspondence: dict[str, int]


class EmotionConfig(msgspec.Struct, frozen=True):
    """`model_config.json`."""

    post_processing_config: PostProcessing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EmotionBundle:
    """A bundle whose files have been checked; the network is still on disk.

    Attributes:
        name: Name of its folder.
        path: Folder of the manifest.
        network: The `.onnx` file.
        classes: Names of the classes, in the order of the network's outputs.
        correspondence: For each class the column of `names.EMOTIONS` that it drives, or −1.
        config: How answers become emotions, as the file says it.
        config_path: That file, for messages.
        unknown: What the JSON files say beside what this version knows, by file and key.
    """

    name: str
    path: Path
    network: Path
    classes: tuple[str, ...]
    correspondence: tuple[int, ...]
    config: PostProcessing
    config_path: Path
    unknown: Mapping[str, object]


def load_emotion_bundle(path: Path | str) -> EmotionBundle:
    """Read and check everything of a bundle but its network.

    Args:
        path: The bundle's folder or its `model.json`.

    Raises:
        ModelError: Something is missing, unreadable or contradictory; the text names the file, the
            key, what was found and what was wanted.
    """
    manifest_path = manifest_of(path)
    manifest = read_json(manifest_path, EmotionManifest)
    info_path = _file(manifest_path, manifest.network_info_path, key="networkInfoPath")
    config_path = _file(manifest_path, manifest.model_config_path, key="modelConfigPath")
    info = read_json(info_path, EmotionNetwork)
    config = read_json(config_path, EmotionConfig).post_processing_config
    _check_network(info, info_path)
    _check_config(config, config_path, classes=info.emotions)
    return EmotionBundle(
        name=manifest_path.absolute().parent.name,
        path=manifest_path.parent,
        network=_network(manifest_path, manifest.network_path),
        classes=info.emotions,
        correspondence=tuple(config.emotion_correspondence[name] for name in info.emotions),
        config=config,
        config_path=config_path,
        unknown=unknown(manifest_path, EmotionManifest)
        | unknown(info_path, EmotionNetwork)
        | unknown(config_path, EmotionConfig),
    )


def is_emotion_bundle(path: Path | str) -> bool:
    """True when a folder or `model.json` is meant to be a bundle of this kind, sound or not.

    It is told by `network_info.json`, which names classes instead of a face's parts.
    """
    folder = Path(path)
    manifest_path = folder / MANIFEST if folder.is_dir() else folder
    try:
        manifest = read_json(manifest_path, EmotionManifest)
        info_path = _file(manifest_path, manifest.network_info_path, key="networkInfoPath")
        info = read_json(info_path, dict)
    except ModelError:
        return False
    return "emotions" in info and "params" not in info


def describe_emotion_bundle(bundle: EmotionBundle) -> dict[str, str]:
    """A bundle in words, what → how, in the order to show it."""
    drives = [
        f"{name} → {'nothing' if target == UNMAPPED else EMOTIONS[target]}"
        for name, target in zip(bundle.classes, bundle.correspondence, strict=True)
    ]
    config = bundle.config
    return {
        "kind": "Audio2Emotion",
        "network": f"{bundle.network.name}, {bundle.network.stat().st_size:,} bytes",
        "classes": ", ".join(drives),
        "sound": f"{MODEL_RATE_HZ} Hz; the window is chosen by the server",
        "contrast": f"{config.emotion_contrast:g}",
        "most emotions at once": str(config.max_emotions),
        "share of the past": f"{config.live_blend_coef:g}",
        "transition": f"{config.transition_smoothing:g} s",
        "strength": f"{config.emotion_strength:g}",
        "preferred emotion": f"strength {config.preferred_emotion_strength:g}"
        + (", always on" if config.enable_preferred_emotion else ", on while there is one"),
        "also says": ", ".join(bundle.unknown) or "nothing else",
    }


def _check_network(info: EmotionNetwork, source: Path) -> None:
    if info.audio_params.samplerate != MODEL_RATE_HZ:
        found = info.audio_params.samplerate
        raise ModelError(
            f"{source}: audio_params.samplerate: found {found}, wanted {MODEL_RATE_HZ}"
        )
    if len(set(info.emotions)) < len(info.emotions):
        raise ModelError(f"{source}: emotions: found {info.emotions}, wanted each name once")


def _check_config(config: PostProcessing, source: Path, *, classes: tuple[str, ...]) -> None:
    place = f"{source}: post_processing_config"
    wanted = len(EMOTIONS)
    if config.output_emotion_length != wanted:
        raise ModelError(
            f"{place}.output_emotion_length: found {config.output_emotion_length}, wanted {wanted}"
        )
    if len(config.preferred_emotion) != wanted:
        found = f"{len(config.preferred_emotion)} numbers"
        raise ModelError(f"{place}.preferred_emotion: found {found}, wanted {wanted}")
    for i, value in enumerate(config.preferred_emotion):
        if not 0.0 <= value <= 1.0:
            raise ModelError(f"{place}.preferred_emotion[{i}]: found {value}, wanted 0 to 1")
    for name in classes:
        key = f"{place}.emotion_correspondence.{name}"
        if name not in config.emotion_correspondence:
            raise ModelError(f"{key}: missing, wanted one for each of {', '.join(classes)}")
        target = config.emotion_correspondence[name]
        if not UNMAPPED <= target < wanted:
            raise ModelError(f"{key}: found {target}, wanted {UNMAPPED} to {wanted - 1}")


def _network(manifest_path: Path, name: str) -> Path:
    """The portable file of the network; downloads name the engine that is built from it."""
    asked = inside(manifest_path.parent, name, key="networkPath", source=manifest_path)
    if asked.suffix == ".trt":
        asked = asked.with_suffix(".onnx")
    return existing(asked, key="networkPath", source=manifest_path)


def _file(manifest_path: Path, name: str, *, key: str) -> Path:
    path = inside(manifest_path.parent, name, key=key, source=manifest_path)
    return existing(path, key=key, source=manifest_path)
