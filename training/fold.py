"""Constant folding of a graph whose only free axis is the batch."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import onnx
from onnx import helper, numpy_helper, shape_inference
from onnx.reference import ReferenceEvaluator

Sizes: TypeAlias = tuple[int | None, ...]

_FOLDABLE_MAX_ELEMENTS = 64
"""Only shape arithmetic is folded; anything larger is a weight and stays as it is stored."""


def fold(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same network with every value computed that does not depend on its inputs.

    Args:
        model: A checked model; it is not changed.

    Returns:
        A model whose constants are initializers, stored once each, and whose nodes all reach an
        output.
    """
    result = onnx.ModelProto()
    result.CopyFrom(model)
    constants = {t.name: t for t in result.graph.initializer}
    while _fold_once(result, constants):
        pass
    _share_equal(result, constants)
    drop_unused(result)
    return result


def drop_unused(model: onnx.ModelProto) -> None:
    """Remove nodes and initializers that no output of the graph needs, in place."""
    graph = model.graph
    needed = {value.name for value in graph.output}
    kept = []
    for node in reversed(graph.node):
        if needed.intersection(node.output):
            needed.update(node.input)
            kept.append(node)
    tensors = sorted((t for t in graph.initializer if t.name in needed), key=lambda t: t.name)
    _replace(graph.node, reversed(kept))
    _replace(graph.initializer, tensors)
    del graph.value_info[:]


def _fold_once(model: onnx.ModelProto, constants: dict[str, onnx.TensorProto]) -> bool:
    sizes = _static_sizes(model)
    remaining = []
    for node in model.graph.node:
        value = _value_of(node, constants, sizes=sizes, opsets=model.opset_import)
        if value is None:
            remaining.append(node)
        else:
            constants[node.output[0]] = value
    changed = len(remaining) < len(model.graph.node)
    _replace(model.graph.node, remaining)
    _replace(model.graph.initializer, constants.values())
    return changed


def _static_sizes(model: onnx.ModelProto) -> dict[str, Sizes]:
    """The sizes that the output of every Shape node will have, None where only a run can tell."""
    inferred = shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
    known = {
        value.name: tuple(
            axis.dim_value if axis.HasField("dim_value") else None
            for axis in value.type.tensor_type.shape.dim
        )
        for value in (*inferred.graph.input, *inferred.graph.value_info)
        if value.type.tensor_type.HasField("shape")
    }
    return {
        node.output[0]: known[node.input[0]]
        for node in model.graph.node
        if node.op_type == "Shape" and node.input[0] in known and not node.attribute
    }


def _value_of(
    node: onnx.NodeProto,
    constants: dict[str, onnx.TensorProto],
    *,
    sizes: dict[str, Sizes],
    opsets: Sequence[onnx.OperatorSetIdProto],
) -> onnx.TensorProto | None:
    name = node.output[0]
    if node.op_type == "Constant":
        tensor = onnx.TensorProto()
        tensor.CopyFrom(helper.get_node_attr_value(node, "value"))
        tensor.name = name
        return tensor
    if node.op_type == "Gather" and node.input[0] in sizes and node.input[1] in constants:
        index = numpy_helper.to_array(constants[node.input[1]])
        size = sizes[node.input[0]][int(index)] if index.ndim == 0 else None
        return None if size is None else numpy_helper.from_array(np.array(size, np.int64), name)
    if not all(i in constants for i in node.input):
        return None
    feeds = {i: numpy_helper.to_array(constants[i]) for i in node.input}
    if sum(array.size for array in feeds.values()) > _FOLDABLE_MAX_ELEMENTS:
        return None
    graph = helper.make_graph(
        [node],
        "one",
        [helper.make_tensor_value_info(i, constants[i].data_type, None) for i in feeds],
        [onnx.ValueInfoProto(name=name)],
    )
    alone = helper.make_model(graph, opset_imports=opsets)
    value: Any = ReferenceEvaluator(alone).run(None, feeds)
    return numpy_helper.from_array(np.asarray(value[0]), name)


def _share_equal(model: onnx.ModelProto, constants: dict[str, onnx.TensorProto]) -> None:
    first: dict[tuple[int, tuple[int, ...], bytes], str] = {}
    same: dict[str, str] = {}
    for name, tensor in sorted(constants.items()):
        content = numpy_helper.to_array(tensor).tobytes()
        same[name] = first.setdefault((tensor.data_type, tuple(tensor.dims), content), name)
    for node in model.graph.node:
        _replace(node.input, [same.get(i, i) for i in node.input])


def _replace(field: Any, items: Iterable[Any]) -> None:  # noqa: ANN401 - protobuf has no name for it
    kept = list(items)
    del field[:]
    field.extend(kept)
