"""Which tensors a network of a bundle has, and what to say when it has others."""

from collections.abc import Mapping
from typing import Final

from a2f_ws.errors import ModelError
from a2f_ws.inference.bundle import Bundle

FLOAT: Final = "FLOAT"
"""Name of float32 in TensorRT; the network may compute in other types inside."""

FREE: Final = -1
"""Size of an axis that differs from call to call."""

Tensors = Mapping[str, tuple[tuple[int, ...], str]]
"""Shape and name of the type, by name of the tensor."""


def check_tensors(bundle: Bundle, *, inputs: Tensors, outputs: Tensors) -> None:
    """Refuse a network that is not the one that the bundle describes.

    Args:
        bundle: Says the sizes.
        inputs: Of the network.
        outputs: Of the network.

    Raises:
        ModelError: With the tensor, what was found and what was wanted.
    """
    place = bundle.network
    if set(inputs) != {"input", "emotion"} or set(outputs) != {"result"}:
        found = f"{sorted(inputs)} in, {sorted(outputs)} out"
        raise ModelError(f"{place}: found {found}, wanted ['emotion', 'input'] in, ['result'] out")
    sizes = {
        "input": bundle.buffer_len,
        "emotion": bundle.emotion_len,
        "result": bundle.columns.width,
    }
    for name, (shape, dtype) in {**inputs, **outputs}.items():
        wanted = (FREE, 1, sizes[name])
        # A parser may not see that an inner axis is fixed; that it is shows when it runs.
        is_fit = len(shape) == len(wanted) and shape[0] == FREE
        is_fit = is_fit and all(a in (b, FREE) for a, b in zip(shape[1:], wanted[1:], strict=True))
        if not is_fit or dtype != FLOAT:
            text = f"found {dtype} {shape}, wanted {FLOAT} {wanted}"
            raise ModelError(f"{place}: {name}: {text}")
