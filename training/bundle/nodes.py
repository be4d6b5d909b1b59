"""ONNX nodes of opset 14 that a network of a bundle is made of, and their model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from a2f_ws.names import Floats
from training.net.nodes import Graph

OPSET: Final = 14
"""Of the released networks' export. Source: training framework, `train_regression.py`."""

EPSILON: Final = 1e-5
"""Added to variances, as PyTorch does by default."""

Weights = Mapping[str, Floats]


@dataclass(slots=True)
class Network(Graph):
    """A graph whose weights keep their names; what it needs beside them is called `constant_…`."""

    def weight(self, name: str, weights: Weights) -> str:
        """The weight as an initialiser."""
        self.constants.append(numpy_helper.from_array(weights[name], name))
        return name

    def whole(self, *values: int) -> str:
        """Integers as a constant."""
        return self.constant(np.array(values, np.int64))

    def linear(self, value: str, name: str, *, weights: Weights) -> str:
        """The last axis times `name.weight` (in, out), plus `name.bias`."""
        product = self.add("MatMul", value, self.weight(f"{name}.weight", weights))
        return self.add("Add", product, self.weight(f"{name}.bias", weights))

    def layer_norm(self, value: str, name: str, *, weights: Weights) -> str:
        """Mean 0 and variance 1 along the last axis, times `name.weight`, plus `name.bias`."""
        centred = self.add("Sub", value, self.add("ReduceMean", value, axes=[-1]))
        square = self.add("Pow", centred, self.constant(2.0))
        variance = self.add("ReduceMean", square, axes=[-1])
        root = self.add("Sqrt", self.add("Add", variance, self.constant(EPSILON)))
        scaled = self.add(
            "Mul", self.add("Div", centred, root), self.weight(f"{name}.weight", weights)
        )
        return self.add("Add", scaled, self.weight(f"{name}.bias", weights))

    def gelu(self, value: str) -> str:
        """The exact one, with the error function."""
        part = self.add("Erf", self.add("Div", value, self.constant(np.sqrt(2.0))))
        gate = self.add("Add", part, self.constant(1.0))
        return self.add("Mul", self.add("Mul", value, gate), self.constant(0.5))

    def norm_relu(self, value: str) -> str:
        """relu(x)·√2."""
        return self.add("Mul", self.add("Relu", value), self.constant(np.sqrt(2.0)))


def model_of(
    graph: Network,
    inputs: Mapping[str, Sequence[int | str]],
    *,
    outputs: Mapping[str, tuple[str, Sequence[int | str]]],
) -> onnx.ModelProto:
    """The graph as a checked model of opset 14.

    Args:
        graph: Its nodes.
        inputs: Sizes of each input after the batch.
        outputs: The value that each output names, and its sizes after the batch.
    """
    for name, (value, _) in outputs.items():
        graph.nodes.append(helper.make_node("Identity", [value], [name]))
    made = helper.make_graph(
        graph.nodes,
        "synthetic",
        [_tensor(name, sizes) for name, sizes in inputs.items()],
        [_tensor(name, sizes) for name, (_, sizes) in outputs.items()],
        graph.constants,
    )
    model = helper.make_model(
        made,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=7,
        producer_name="a2f-ws make_bundle",
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def _tensor(name: str, sizes: Sequence[int | str]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch_size", *sizes])
