"""Turns networks into ones that compute in float16 wherever that is harmless.

TensorRT computes in the types of the file, so this is where its precision is decided. Inputs and
outputs stay float32. So does what leads to a logarithm, as spectra do, what divides, sums up or
raises to a power, and what has a constant that float16 does not: there small numbers matter.
"""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from a2f_ws.errors import ModelError

SMALLEST: Final = 6.2e-5
LARGEST: Final = 65_504.0
"""Of the normal numbers of float16."""

WIDE: Final = frozenset({
    "BatchNormalization", "ConstantOfShape", "CumSum", "DFT", "DequantizeLinear", "Div", "Exp",
    "GroupNormalization", "InstanceNormalization", "LayerNormalization", "Log", "LogSoftmax",
    "LpNormalization", "MeanVarianceNormalization", "Pow", "QuantizeLinear", "Range", "Reciprocal",
    "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMean", "ReduceProd",
    "ReduceSum", "ReduceSumSquare", "Resize", "STFT", "Softmax", "Sqrt", "Upsample",
})  # fmt: skip
"""Operators that stay float32 (ours)."""

SUBGRAPHS: Final = ("If", "Loop", "Scan")
"""Operators that hold networks of their own, which the networks of bundles do not have."""

_HALF: Final = "__fp16"
"""Ends the name of a tensor's twin in float16."""


def to_fp16(model: Any) -> None:  # noqa: ANN401 - onnx is loaded at need
    """Change a model in place.

    Args:
        model: An `onnx.ModelProto` in float32.

    Raises:
        ModelError: It has operators that this cannot change.
    """
    graph = model.graph
    held = sorted({node.op_type for node in graph.node if node.op_type in SUBGRAPHS})
    if held:
        raise ModelError(f"found operators {', '.join(held)}, which cannot be turned into float16")
    _Narrowing(model).apply()
    del graph.value_info[:]


def before_logarithms(graph: Any) -> set[int]:  # noqa: ANN401
    """Places of the nodes whose results lead to a logarithm."""
    nodes = list(graph.node)
    heard = {name for node in nodes if node.op_type == "Log" for name in node.input}
    places = set()
    for place in reversed(range(len(nodes))):
        if heard & set(nodes[place].output):
            places.add(place)
            heard |= set(nodes[place].input)
    return places


class _Narrowing:
    """One model on its way to float16."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401
        from onnx import TensorProto, numpy_helper, shape_inference

        self._graph = model.graph
        _constants_to_tensors(self._graph)
        inferred = shape_inference.infer_shapes(model).graph
        ports = (*inferred.input, *inferred.output, *inferred.value_info)
        self._floats = {
            port.name for port in ports if port.type.tensor_type.elem_type == TensorProto.FLOAT
        }
        self._tensors = {
            tensor.name: numpy_helper.to_array(tensor)
            for tensor in self._graph.initializer
            if tensor.data_type == TensorProto.FLOAT
        }
        self._floats |= set(self._tensors)
        self._wide = self._all_wide()
        self._has: set[str] = {port.name for port in self._graph.input} | set(self._tensors)
        self._nodes: list[Any] = []

    def apply(self) -> None:
        """Give every node the types that it works in, with casts where these meet."""
        for place, node in enumerate(list(self._graph.node)):
            self._settle(node, is_half=place not in self._wide)
        for port in self._graph.output:
            if port.name in self._floats:
                self._twin(port.name, is_half=False)
        del self._graph.node[:]
        self._graph.node.extend(self._nodes)
        self._drop_unused()

    def _settle(self, node: Any, *, is_half: bool) -> None:  # noqa: ANN401
        """Give one node its type."""
        for k, name in enumerate(node.input):
            if name in self._floats:
                node.input[k] = self._twin(name, is_half=is_half)
        if is_half:
            _retarget(node)
        for k, name in enumerate(node.output):
            if name in self._floats:
                node.output[k] = f"{name}{_HALF}" if is_half else name
                self._has.add(node.output[k])
        self._nodes.append(node)

    def _twin(self, name: str, *, is_half: bool) -> str:
        """Name of a tensor in the type that is wanted; made where it is not there yet."""
        from onnx import TensorProto, helper, numpy_helper

        wanted, other = (f"{name}{_HALF}", name) if is_half else (name, f"{name}{_HALF}")
        if wanted in self._has:
            return wanted
        if is_half and name in self._tensors:
            values = np.clip(self._tensors[name], -LARGEST, LARGEST).astype(np.float16)
            self._graph.initializer.append(numpy_helper.from_array(values, wanted))
        else:
            to = TensorProto.FLOAT16 if is_half else TensorProto.FLOAT
            self._nodes.append(helper.make_node("Cast", [other], [wanted], f"{wanted}_cast", to=to))
        self._has.add(wanted)
        return wanted

    def _all_wide(self) -> set[int]:
        """Places of nodes that stay float32."""
        wide = {place for place, node in enumerate(self._graph.node) if self._is_wide(node)}
        return wide | before_logarithms(self._graph)

    def _is_wide(self, node: Any) -> bool:  # noqa: ANN401
        names = [name for name in (*node.input, *node.output) if name in self._floats]
        is_square = node.op_type == "Mul" and len(set(node.input)) == 1
        return node.op_type in WIDE or is_square or not names or any(self._outside(node))

    def _outside(self, node: Any) -> Iterator[bool]:  # noqa: ANN401
        """True for each single constant that is no normal number of float16."""
        for name in node.input:
            values = self._tensors.get(name)
            if values is not None and values.size == 1:
                size = abs(float(values.reshape(())))
                yield size != 0.0 and not SMALLEST <= size <= LARGEST

    def _drop_unused(self) -> None:
        used = {name for node in self._graph.node for name in node.input}
        kept = [tensor for tensor in self._graph.initializer if tensor.name in used]
        del self._graph.initializer[:]
        self._graph.initializer.extend(kept)


def _constants_to_tensors(graph: Any) -> None:  # noqa: ANN401
    """Make tensors of the graph of constant nodes that hold floats."""
    from onnx import TensorProto

    kept = []
    for node in graph.node:
        value = node.attribute[0] if node.op_type == "Constant" and node.attribute else None
        if value is not None and value.name == "value" and value.t.data_type == TensorProto.FLOAT:
            value.t.name = node.output[0]
            graph.initializer.append(value.t)
        else:
            kept.append(node)
    del graph.node[:]
    graph.node.extend(kept)


def _retarget(node: Any) -> None:  # noqa: ANN401
    """Nodes that turn things into float32 turn them into float16."""
    from onnx import TensorProto

    for attribute in node.attribute:
        if attribute.name in ("to", "dtype") and attribute.i == TensorProto.FLOAT:
            attribute.i = TensorProto.FLOAT16
