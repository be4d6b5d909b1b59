"""What `network_info.json` says about a network that gives faces in blocks; checked."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Annotated, Final

import msgspec

from a2f_ws.errors import ModelError
from a2f_ws.timebase import BlockRate, PoseRate

TYPE: Final = "blocks"
"""`id.type` of such a bundle; servers that do not know it refuse it."""

FRAMES_MAX: Final = 4_096
"""Most frames of one kind that an inference may give (ours): 16 s at 240 per second."""

VALUES_MAX: Final = 1 << 24
"""Most values of a state or of the noise: 64 MiB a row (ours)."""

AXES_MAX: Final = 8
"""Most axes of a state or of the noise (ours)."""

INPUTS: Final = ("input", "emotion")
RESULT: Final = "result"
"""Tensors that every network has."""

_Frames = Annotated[int, msgspec.Meta(ge=0, le=FRAMES_MAX)]
_Shape = Annotated[
    tuple[Annotated[int, msgspec.Meta(ge=1, le=VALUES_MAX)], ...],
    msgspec.Meta(min_length=1, max_length=AXES_MAX),
]
_Name = Annotated[str, msgspec.Meta(min_length=1)]


class StateInfo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An item of `states`: a tensor that goes from one inference to the next.

    Attributes:
        input: Name of the input; zeros at the beginning of an utterance.
        output: Name of the output that is the next inference's input.
        shape: Sizes of one utterance's, without the batch.
        batch_axis: Where the batch lies among them.
    """

    input: _Name
    output: _Name
    shape: _Shape
    batch_axis: Annotated[int, msgspec.Meta(ge=0, le=AXES_MAX)] = 0


class NoiseInfo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`noise`: an input of standard normal values, the same in every inference.

    Attributes:
        input: Name of the input.
        shape: Sizes of one utterance's, without the batch, which is axis 0.
        seed: Of NumPy's generator PCG64.
    """

    input: _Name
    shape: _Shape
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0


class BlockParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`network_info.json`, object `block_params`, of a bundle whose `id.type` is "blocks".

    Attributes:
        frame_rate: Frames per second, a number or [numerator, denominator], on a grid that begins
            at an utterance's sample 0.
        frames: Frames of an inference that become faces, >= 1; the next one goes on after them.
        first_frame: Frame with which the first block begins, at or before 0, which is at sample 0.
        frames_before: Frames that `result` has before those and nobody sees.
        frames_after: Those that it has after them.
        warmup_frames: Where sound comes before the first frame wanted: how many frames earlier a
            network begins, because its state is empty.
        states: What goes from inference to inference.
        noise: An input of random values, or None.
    """

    frame_rate: int | tuple[int, int]
    frames: Annotated[int, msgspec.Meta(ge=1, le=FRAMES_MAX)]
    first_frame: Annotated[int, msgspec.Meta(ge=-FRAMES_MAX, le=0)] = 0
    frames_before: _Frames = 0
    frames_after: _Frames = 0
    warmup_frames: _Frames = 0
    states: tuple[StateInfo, ...] = ()
    noise: NoiseInfo | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """How a network gives faces in blocks.

    Attributes:
        rate: Which frames each has.
        before: Rows of `result` before those that become faces.
        rows: Rows of `result` in all.
        warmup: Blocks before the one wanted with which a network begins.
        states: What goes from block to block.
        noise: An input of random values, or None.
    """

    rate: BlockRate
    before: int
    rows: int
    warmup: int
    states: tuple[StateInfo, ...]
    noise: NoiseInfo | None


def check_type(params: BlockParams | None, kind: str, *, source: Path) -> None:
    """Refuse a bundle whose `id.type` and `block_params` do not go together.

    Args:
        params: The object, or None where there is none.
        kind: `id.type`.
        source: The file, for messages.

    Raises:
        ModelError: It is missing, or not wanted.
    """
    if kind != TYPE and params is not None:
        raise _wrong(source, "id.type", found=repr(kind), wanted=f"{TYPE!r} with block_params")
    if kind == TYPE and params is None:
        raise _wrong(source, "block_params", found="nothing", wanted=f"it with id.type {TYPE!r}")


def blocks(params: BlockParams | None, *, source: Path) -> Blocks | None:
    """What `block_params` say; None for a network that gives one face per window, wherever asked.

    Args:
        params: The object, or None where there is none.
        source: The file, for messages.

    Raises:
        ModelError: It contradicts itself.
    """
    if params is None:
        return None
    try:
        rate = PoseRate.of(params.frame_rate)
    except ValueError as fault:
        raise ModelError(f"{source}: block_params.frame_rate: {fault}") from None
    _check_tensors(params, source)
    return Blocks(
        rate=BlockRate(rate, params.frames, -params.first_frame),
        before=params.frames_before,
        rows=params.frames_before + params.frames + params.frames_after,
        warmup=-(-params.warmup_frames // params.frames),
        states=params.states,
        noise=params.noise,
    )


def _check_tensors(params: BlockParams, source: Path) -> None:
    """Refuse names that two tensors have, and shapes beyond all measure."""
    inputs = {f"states[{i}]": (one.input, one.shape) for i, one in enumerate(params.states)}
    if params.noise is not None:
        inputs["noise"] = params.noise.input, params.noise.shape
    for key, (_, shape) in inputs.items():
        if prod(shape) > VALUES_MAX:
            found, wanted = f"{list(shape)}, {prod(shape)} values", f"at most {VALUES_MAX}"
            raise _wrong(source, f"block_params.{key}.shape", found=found, wanted=wanted)
    _check_names([*INPUTS, *(name for name, _ in inputs.values())], "input", source=source)
    outputs = [RESULT, *(one.output for one in params.states)]
    _check_names(outputs, "output", source=source)
    for i, state in enumerate(params.states):
        if state.batch_axis > len(state.shape):
            key = f"block_params.states[{i}].batch_axis"
            raise _wrong(source, key, found=state.batch_axis, wanted=f"0 to {len(state.shape)}")


def _check_names(names: Iterable[str], side: str, *, source: Path) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            key = f"block_params: {side} {name!r}"
            raise _wrong(source, key, found="twice", wanted="names that differ")
        seen.add(name)


def _wrong(source: Path, key: str, *, found: object, wanted: str) -> ModelError:
    return ModelError(f"{source}: {key}: found {found}, wanted {wanted}")
