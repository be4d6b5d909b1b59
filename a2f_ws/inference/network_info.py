"""What `network_info.json` says about a network: sizes, emotions, weights; checked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from a2f_ws.errors import ModelError
from a2f_ws.inference.block_params import TYPE as BLOCKS
from a2f_ws.inference.block_params import check_type
from a2f_ws.inference.manifest import AudioParams, NetworkInfo, NetworkParams
from a2f_ws.names import ARKIT, EMOTIONS, TONGUE, UPPER, WEIGHTS, Floats
from a2f_ws.timebase import MODEL_RATE_HZ

JAW_LEN: Final = 15
"""Jaw columns of a blendshape bundle: five points of three coordinates, as in NVIDIA's bundles."""

AXES: Final = 3

EYES_LEN: Final = 4
"""Eye columns of every bundle: right x, right y, left x, left y."""

TYPES: Final = ("regression", BLOCKS)
"""One face per window, wherever it is asked for, or blocks of faces on a grid, in order."""

KINDS: Final = ("geometry", "blendshape")
MOUTH_CLOSE: Final = ("a2f", "arkit")

REGIONS: Final = tuple("upper" if name in UPPER else "lower" for name in WEIGHTS)
"""Region of each weight where a bundle does not say it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the parts of a row of `result` lie; they follow one another without a gap.

    Attributes:
        skin: Coefficients of the skin, or the 52 weights.
        tongue: Coefficients of the tongue, or the 16 weights.
        jaw: Displacements of the jaw points, x y z each, centimetres.
        eyes: right x, right y, left x, left y, degrees.
        width: Length of the row.
    """

    skin: slice
    tongue: slice
    jaw: slice
    eyes: slice
    width: int


def columns(params: NetworkParams) -> Columns:
    """The parts of `result`, in the order skin, tongue, jaw, eyes.

    Source:
        SDK, `model_regression.cpp`.
    """
    tongue = params.num_shapes_skin + params.num_shapes_tongue
    jaw = tongue + params.result_jaw_size
    width = jaw + params.result_eyes_size
    return Columns(
        skin=slice(0, params.num_shapes_skin),
        tongue=slice(params.num_shapes_skin, tongue),
        jaw=slice(tongue, jaw),
        eyes=slice(jaw, width),
        width=width,
    )


def check(info: NetworkInfo, source: Path) -> None:
    """Refuse what contradicts itself.

    Raises:
        ModelError: With the key, what was found and what was wanted.
    """
    params, audio = info.params, info.audio_params
    _check_choices(info, source)
    check_type(info.block_params, info.id.type, source=source)
    names, values = params.explicit_emotions, params.default_emotion
    _check_window(audio, source, may_remember=info.id.type == BLOCKS)
    if len(set(names)) < len(names) or not set(names) <= set(EMOTIONS):
        wanted = f"each at most once of {list(EMOTIONS)}"
        raise _wrong(source, "params.explicit_emotions", found=list(names), wanted=wanted)
    if len(values) != len(names):
        found = f"{len(values)} numbers"
        raise _wrong(
            source, "params.default_emotion", found=found, wanted=f"{len(names)}, one per emotion"
        )
    if info.id.output == "blendshape":
        _check_weights(params, source)
    else:
        _check_geometry(params, source)


def default_emotion(params: NetworkParams) -> Floats:
    """float32 (10,) in the order of `names.EMOTIONS`; 0 for those the network does not know."""
    given = dict(zip(params.explicit_emotions, params.default_emotion, strict=True))
    return np.array([given.get(name, 0.0) for name in EMOTIONS], np.float32)


def _check_window(audio: AudioParams, source: Path, *, may_remember: bool) -> None:
    """A window may begin after its face's sample only where a state has what came before.

    One in blocks hears a sample at least that comes after, so that it is known when it is complete.
    """
    found, longest = audio.buffer_ofs, audio.buffer_len - may_remember
    if found > longest or not (may_remember or found >= 0):
        wanted = f"<= {longest}" if found > longest else ">= 0 with id.type 'regression'"
        raise _wrong(source, "audio_params.buffer_ofs", found=found, wanted=wanted)


def _check_choices(info: NetworkInfo, source: Path) -> None:
    choices: tuple[tuple[str, object, tuple[object, ...]], ...] = (
        ("id.type", info.id.type, TYPES),
        ("id.output", info.id.output, KINDS),
        ("audio_params.samplerate", info.audio_params.samplerate, (MODEL_RATE_HZ,)),
        ("params.result_eyes_size", info.params.result_eyes_size, (EYES_LEN,)),
        ("params.mouth_close", info.params.mouth_close, (*MOUTH_CLOSE, None)),
        *(
            (f"params.pose_regions[{i}]", region, ("upper", "lower"))
            for i, region in enumerate(info.params.pose_regions or ())
        ),
    )
    for key, found, allowed in choices:
        if found not in allowed:
            wanted = " or ".join(repr(choice) for choice in allowed if choice is not None)
            raise _wrong(source, key, found=repr(found), wanted=wanted)


def _check_geometry(params: NetworkParams, source: Path) -> None:
    for key in ("num_shapes_skin", "num_shapes_tongue", "num_verts_skin", "num_verts_tongue"):
        if getattr(params, key) < 1:
            raise _wrong(source, f"params.{key}", found=0, wanted=">= 1 in a geometry bundle")
    if params.result_jaw_size < 1 or params.result_jaw_size % AXES:
        wanted = f"a multiple of {AXES}, x y z of each point"
        raise _wrong(source, "params.result_jaw_size", found=params.result_jaw_size, wanted=wanted)


def _check_weights(params: NetworkParams, source: Path) -> None:
    sizes = {
        "num_shapes_skin": (params.num_shapes_skin, len(ARKIT)),
        "num_shapes_tongue": (params.num_shapes_tongue, len(TONGUE)),
        "result_jaw_size": (params.result_jaw_size, JAW_LEN),
    }
    for key, (found, wanted) in sizes.items():
        if found != wanted:
            raise _wrong(
                source, f"params.{key}", found=found, wanted=f"{wanted} in a blendshape bundle"
            )
    names = params.pose_names or ()
    for i, wanted_name in enumerate(WEIGHTS):
        found_name = names[i] if i < len(names) else "nothing"
        if found_name != wanted_name:
            raise _wrong(source, f"params.pose_names[{i}]", found=found_name, wanted=wanted_name)
    for key, listed in (("pose_names", names), ("pose_regions", params.pose_regions or REGIONS)):
        if len(listed) != len(WEIGHTS):
            raise _wrong(
                source, f"params.{key}", found=f"{len(listed)} items", wanted=str(len(WEIGHTS))
            )


def _wrong(source: Path, key: str, *, found: object, wanted: str) -> ModelError:
    return ModelError(f"{source}: {key}: found {found}, wanted {wanted}")
