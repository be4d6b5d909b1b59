"""The tensors of a network that gives faces in blocks: which there are, what they begin with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from a2f_ws.errors import MisuseError, ModelError
from a2f_ws.inference.backend import States
from a2f_ws.inference.block_params import Blocks
from a2f_ws.inference.bundle import Bundle
from a2f_ws.names import Floats

if TYPE_CHECKING:
    from onnxruntime import NodeArg

FLOAT: Final = "tensor(float)"

Shape: TypeAlias = tuple[int | str, ...]
"""Sizes of axes; a name where the batch lies."""

BATCH: Final = "batch_size"


@dataclass(frozen=True, slots=True, eq=False)
class BlockTensors:
    """What a bundle says about its network's tensors.

    Attributes:
        inputs: Shapes by name.
        outputs: Shapes by name, `result` first, then those of the states in their order.
        initial: The states of an utterance that begins: zeros.
        noise: Name and values float32 (1, …) of the input that is the same in every inference.
    """

    inputs: Mapping[str, Shape]
    outputs: Mapping[str, Shape]
    initial: States
    noise: tuple[str, Floats] | None

    def check(
        self, inputs: Iterable["NodeArg"], outputs: Iterable["NodeArg"], *, path: str
    ) -> None:
        """Compare them with those of a file.

        Raises:
            ModelError: Names, types or sizes differ.
        """
        for side, found, wanted in (("in", inputs, self.inputs), ("out", outputs, self.outputs)):
            tensors = {tensor.name: tensor for tensor in found}
            if set(tensors) != set(wanted):
                raise ModelError(f"{path}: found {sorted(tensors)} {side}, wanted {sorted(wanted)}")
            for name, shape in wanted.items():
                tensor = tensors[name]
                if tensor.type != FLOAT or not _fits(tensor.shape, shape):
                    raise ModelError(
                        f"{path}: {name}: found {tensor.type} {tensor.shape}, wanted {FLOAT}"
                        f" {list(shape)}"
                    )


def block_tensors(bundle: Bundle) -> BlockTensors:
    """The tensors of a bundle's network."""
    blocks = blocks_of(bundle)
    states = {one.input: _shape(one.shape, one.batch_axis) for one in blocks.states}
    inputs: dict[str, Shape] = {
        "input": (BATCH, 1, bundle.buffer_len),
        "emotion": (BATCH, blocks.rate.frames, bundle.emotion_len),
        **states,
    }
    noise = None
    if blocks.noise is not None:
        inputs[blocks.noise.input] = (BATCH, *blocks.noise.shape)
        random = np.random.Generator(np.random.PCG64(blocks.noise.seed))
        values: Floats = random.standard_normal((1, *blocks.noise.shape), np.float32)
        noise = blocks.noise.input, values
    return BlockTensors(
        inputs=inputs,
        outputs={
            "result": (BATCH, blocks.rows, bundle.columns.width),
            **{one.output: _shape(one.shape, one.batch_axis) for one in blocks.states},
        },
        initial=tuple(np.zeros(one.shape, np.float32) for one in blocks.states),
        noise=noise,
    )


def blocks_of(bundle: Bundle) -> Blocks:
    """How a bundle's network gives faces in blocks.

    Raises:
        MisuseError: It does not.
    """
    if bundle.blocks is None:
        raise MisuseError(f"{bundle.name}: found one face per window, wanted a network with blocks")
    return bundle.blocks


def _shape(sizes: tuple[int, ...], batch_axis: int) -> Shape:
    return (*sizes[:batch_axis], BATCH, *sizes[batch_axis:])


def _fits(found: list[int | str | None], wanted: Shape) -> bool:
    """The batch has to be free; other axes may be, because a run tells their true size."""
    if len(found) != len(wanted):
        return False
    pairs = zip(found, wanted, strict=True)
    return all(size == want or not isinstance(size, int) for size, want in pairs)
