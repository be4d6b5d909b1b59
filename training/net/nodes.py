"""ONNX nodes and constants in the order of their making."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from a2f_ws.names import Floats

END: Final = int(np.iinfo(np.int64).max)
"""End of an axis, however long it is."""


@dataclass(slots=True)
class Graph:
    """Nodes and constants in the order of their making."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def constant(self, value: NDArray[Any] | float | Sequence[float]) -> str:
        """A constant's name; numbers become float32."""
        array = np.asarray(value)
        array = array if array.dtype == np.int64 else array.astype(np.float32)
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:  # noqa: ANN401 - as ONNX has it
        """A node's output."""
        name = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def part(self, value: str, first: int, *, end: int, axis: int) -> str:
        """Positions first to end of an axis."""
        bounds = [self.constant(np.array([i], np.int64)) for i in (first, end, axis)]
        return self.add("Slice", value, *bounds)

    def mix(self, value: str, matrix: Floats, *, bias: Floats | None = None) -> str:
        """Rows (B, T, in) times a matrix (in, out): (B, T, out)."""
        product = self.add("MatMul", value, self.constant(matrix))
        return product if bias is None else self.add("Add", product, self.constant(bias))

    def unit(self, value: str) -> str:
        """The value limited to 0 … 1."""
        return self.add("Clip", value, self.constant(0.0), self.constant(1.0))


@dataclass(frozen=True, slots=True)
class Form:
    """How a graph is written down.

    Attributes:
        name: Of the graph.
        producer: Of the file.
        opset: Version of the operators.
        ir: Version of the file format.
    """

    name: str
    producer: str
    opset: int
    ir: int


EMBEDDED: Final = Form("a2f-ws embedded", "a2f-ws training", opset=17, ir=8)


def model_of(
    graph: Graph,
    inputs: Mapping[str, Sequence[int | str]],
    *,
    outputs: Mapping[str, tuple[str, Sequence[int | str]]],
    form: Form = EMBEDDED,
) -> onnx.ModelProto:
    """The graph as a checked model.

    Args:
        graph: Its nodes.
        inputs: Sizes of each input after the batch.
        outputs: The value that each output names, and its sizes after the batch.
        form: How it is written down.
    """
    for name, (value, _) in outputs.items():
        graph.nodes.append(helper.make_node("Identity", [value], [name]))
    made = helper.make_graph(
        graph.nodes,
        form.name,
        [_tensor(name, sizes) for name, sizes in inputs.items()],
        [_tensor(name, sizes) for name, (_, sizes) in outputs.items()],
        graph.constants,
    )
    model = helper.make_model(
        made,
        opset_imports=[helper.make_opsetid("", form.opset)],
        ir_version=form.ir,
        producer_name=form.producer,
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def _tensor(name: str, sizes: Sequence[int | str]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch_size", *sizes])
