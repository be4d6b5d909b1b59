"""Turns networks into ones that compute in 8-bit integers, calibrated with what they will hear."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from a2f_ws.errors import ModelError
from a2f_ws.inference.onnx_fp16 import before_logarithms
from a2f_ws.inference.runtime import first_line
from a2f_ws.names import Floats

OPERATORS: Final = ("Conv", "Gemm", "MatMul")
"""What is quantised: where the work is. All else stays float32."""


def to_int8(
    network: Path, target: Path, *, windows: Floats, emotions: Floats, is_for_cpu: bool = False
) -> None:
    """Write a network whose weights and activations are quantised, per channel.

    What leads to a logarithm, as spectra do, stays float32. Biases do too, as TensorRT wants it.

    Args:
        network: The `.onnx` file in float32.
        target: The file to write.
        windows: float32 (B, S), what it hears.
        emotions: float32 (B, E), what is felt meanwhile.
        is_for_cpu: True takes unsigned activations with a zero point, which is what CPUs have
            instructions for; False symmetric ones, since TensorRT takes nothing else.

    Raises:
        ModelError: It cannot be quantised.
    """
    import onnx
    from onnxruntime import quantization
    from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType

    reader = _Reader(windows, emotions)
    calm = logging.getLogger()
    level = calm.level
    try:
        # It warns about a preparation that changes nothing in networks such as these.
        calm.setLevel(logging.ERROR)
        model = onnx.load(str(network))
        quantization.quantize_static(
            model,
            str(target),
            reader,
            nodes_to_exclude=_fronts(model.graph),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=list(OPERATORS),
            per_channel=True,
            activation_type=QuantType.QUInt8 if is_for_cpu else QuantType.QInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
            extra_options={
                "ActivationSymmetric": not is_for_cpu,
                "WeightSymmetric": True,
                "QuantizeBias": False,
            },
        )
    except (RuntimeError, ValueError, TypeError, KeyError) as fault:
        raise ModelError(f"{network}: cannot be quantised: {first_line(fault)}") from fault
    finally:
        calm.setLevel(level)


def _fronts(graph: Any) -> list[str]:  # noqa: ANN401
    """Names of the nodes before a logarithm; nodes without a name get one."""
    for place, node in enumerate(graph.node):
        node.name = node.name or f"node{place}"
    leading = before_logarithms(graph)
    return [node.name for place, node in enumerate(graph.node) if place in leading]


class _Reader:
    """What the library asks for rows until there are no more."""

    def __init__(self, windows: Floats, emotions: Floats) -> None:
        self._rows = self._all(windows, emotions)

    def get_next(self) -> dict[str, Floats] | None:
        """One more, None = there are no more."""
        return next(self._rows, None)

    @staticmethod
    def _all(windows: Floats, emotions: Floats) -> Iterator[dict[str, Any]]:
        for window, emotion in zip(windows, emotions, strict=True):
            yield {
                "input": np.ascontiguousarray(window[None, None]),
                "emotion": np.ascontiguousarray(emotion[None, None]),
            }
