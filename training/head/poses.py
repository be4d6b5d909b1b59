"""What the contact sheets show: every shape, every emotion, and how shapes go together."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

import numpy as np
import onnxruntime

from a2f_ws.inference.bundle import embedded_path, load_bundle
from a2f_ws.names import ARKIT, EMOTIONS, TONGUE, WEIGHTS

Camera: TypeAlias = Mapping[str, float | tuple[float, float, float]]
"""Place and target in metres, `fov` in degrees."""

FRONT: Final[Camera] = {"eye": (0.0, 0.015, 0.62), "target": (0.0, -0.005, 0.08), "fov": 24.0}
EYES: Final[Camera] = {"eye": (0.0, 0.03, 0.42), "target": (0.0, 0.03, 0.1), "fov": 18.0}
MOUTH: Final[Camera] = {"eye": (0.0, -0.03, 0.42), "target": (0.0, -0.035, 0.1), "fov": 16.0}
OBLIQUE: Final[Camera] = {"eye": (0.26, -0.01, 0.42), "target": (0.01, -0.03, 0.1), "fov": 18.0}
INSIDE: Final[Camera] = {"eye": (0.20, 0.04, 0.36), "target": (0.0, -0.035, 0.09), "fov": 13.0}
AROUND: Final = ((0.0, 0.02, 0.85), (0.55, 0.05, 0.65), (0.85, 0.0, 0.05), (-0.5, 0.1, -0.65))
"""Places around the head from which it is shown at rest."""

COVERS: Final = ("Skin", "Mouth", "LeftEye", "RightEye", "Brows", "Lashes", "Hair", "Shirt")
"""Meshes that hide the tongue."""

OPEN: Final = 0.55
"""jawOpen behind which the tongue is shown."""

Pose: TypeAlias = Mapping[str, float]
"""Weights by name."""


def both(name: str, weight: float = 1.0) -> dict[str, float]:
    """A shape on both sides."""
    return {f"{name}Left": weight, f"{name}Right": weight}


SPEECH: Final[Mapping[str, Pose]] = {
    "sealed p: jaw .12 close .12 press .5": {
        "jawOpen": 0.12, "mouthClose": 0.12, **both("mouthPress", 0.5),
    },
    "f: roll lower .6": {"jawOpen": 0.1, "mouthRollLower": 0.6, **both("mouthUpperUp", 0.25)},
    "aa: jaw .6": {"jawOpen": 0.6},
    "oh: jaw .3 funnel .6": {"jawOpen": 0.3, "mouthFunnel": 0.6},
    "oo: jaw .2 pucker .9": {"jawOpen": 0.2, "mouthPucker": 0.9},
    "ee: jaw .25 smile .6": {"jawOpen": 0.25, **both("mouthSmile", 0.6)},
    "teeth: upper up, lower down": {**both("mouthUpperUp", 0.8), **both("mouthLowerDown", 0.8)},
    "press": both("mouthPress"),
    "roll both": {"mouthRollLower": 1.0, "mouthRollUpper": 1.0},
}  # fmt: skip
"""Mouths of speech, some of shapes that must seal together."""


def emotions() -> dict[str, Pose]:
    """Weights that the embedded model gives for silence, by emotion at full strength."""
    bundle = load_bundle(embedded_path())
    network = onnxruntime.InferenceSession(bundle.network)
    rows = bundle.emotion_rows(np.eye(len(EMOTIONS), dtype=np.float32))
    silence = np.zeros((len(EMOTIONS), 1, bundle.buffer_len), np.float32)
    result = np.asarray(network.run(["result"], {"input": silence, "emotion": rows[:, None]})[0])
    faces = result[:, 0, : len(WEIGHTS)]
    return {
        name: dict(zip(WEIGHTS, map(float, face), strict=True))
        for name, face in zip(EMOTIONS, faces, strict=True)
    }


def sheets() -> list[dict[str, Any]]:
    """All sheets, as `sheet.render` takes them."""
    upper = [name for name in ARKIT if name.startswith(("eye", "brow"))]
    lower = [name for name in ARKIT if name not in upper]
    tongues = {"neutral": {"jawOpen": OPEN}} | {
        name: {"jawOpen": OPEN, name: 1.0} for name in (*TONGUE, "tongueOut")
    }
    seals = {
        f"jawOpen {weight}{' mouthClose' if close else ''}": {
            "jawOpen": weight,
            "mouthClose": weight * close,
        }
        for close in (0, 1)
        for weight in (0.25, 0.5, 0.75, 1.0)
    }
    blinks = {f"blink {weight}": both("eyeBlink", weight) for weight in (0.0, 0.25, 0.5, 0.75, 1.0)}
    alone = {name: {name: 1.0} for name in ARKIT}
    rest: dict[str, Pose] = {"neutral": {}}
    return [
        _sheet("neutral", None, poses=rest),
        _sheet("arkit_front", FRONT, poses=rest | alone, columns=8),
        _sheet(
            "arkit_upper", EYES, poses=rest | {name: alone[name] for name in upper}, size=(380, 240)
        ),
        _sheet("arkit_lower", MOUTH, poses=rest | {name: alone[name] for name in lower}, columns=6),
        _sheet(
            "arkit_oblique", OBLIQUE, poses=rest | {name: alone[name] for name in lower}, columns=6
        ),
        _sheet("tongue_front", MOUTH, poses=tongues, columns=6, size=(260, 240)),
        _sheet("tongue_inside", INSIDE, poses=tongues, columns=6, size=(260, 220), hidden=COVERS),
        _sheet("emotions", FRONT, poses=rest | emotions(), columns=4, size=(340, 360)),
        _sheet("seals", MOUTH, poses=seals, columns=4, size=(340, 300)),
        _sheet("blinks", EYES, poses=blinks, columns=3, size=(420, 260)),
        _sheet("speech", MOUTH, poses=SPEECH, columns=3, size=(420, 330)),
        _sheet("speech_oblique", OBLIQUE, poses=SPEECH, columns=3, size=(420, 330)),
    ]


def _sheet(
    name: str,
    camera: Camera | None,
    *,
    poses: Mapping[str, Pose],
    columns: int = 5,
    size: tuple[int, int] = (260, 260),
    hidden: Iterable[str] = (),
) -> dict[str, Any]:
    cells: list[dict[str, Any]] = [
        {"label": label, "weights": weights, "hidden": list(hidden)}
        for label, weights in poses.items()
    ]
    if camera is None:
        cells = [{**cell, "eye": eye} for cell in cells for eye in AROUND]
        camera = {**FRONT, "target": (0.0, -0.01, 0.03)}
        columns, size = len(AROUND), (400, 440)
    return {
        "name": name,
        "columns": columns,
        "width": size[0],
        "height": size[1],
        "cells": cells,
        **camera,
    }
