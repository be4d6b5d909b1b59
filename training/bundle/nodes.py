"""ONNX nodes of opset 14 that a network of a bundle is made of, and their model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from onnx import numpy_helper

from a2f_ws.names import Floats
from training.net.nodes import Form, Graph

SYNTHETIC: Final = Form("synthetic", "a2f-ws make_bundle", opset=14, ir=7)
"""Opset as in the released networks' export. Source: training framework, `train_regression.py`."""

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
