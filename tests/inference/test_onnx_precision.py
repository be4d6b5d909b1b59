import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from a2f_ws.errors import ModelError
from a2f_ws.inference.onnx_fp16 import to_fp16
from a2f_ws.inference.onnx_precision import precision_of
from tests.data.windowed import windowed_path

NETWORK = windowed_path() / "network.onnx"


def test_a_network_of_whole_floats_is_told_as_such():
    assert precision_of(NETWORK) == "fp32"


def test_a_network_of_halves_is_told_as_such(tmp_path):
    model = onnx.load(NETWORK)
    to_fp16(model)
    onnx.save(model, tmp_path / "network.onnx")
    assert precision_of(tmp_path / "network.onnx") == "fp16"


def test_a_network_that_quantises_is_told_as_such(tmp_path):
    scale = numpy_helper.from_array(np.float32(0.1), "scale")
    port = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    graph = helper.make_graph(
        [helper.make_node("QuantizeLinear", ["x", "scale"], ["y"])],
        "g",
        [port],
        [helper.make_tensor_value_info("y", TensorProto.UINT8, [1])],
        [scale],
    )
    onnx.save(helper.make_model(graph), tmp_path / "network.onnx")
    assert precision_of(tmp_path / "network.onnx") == "int8"


@pytest.mark.parametrize("content", [b"\xff\xff", b"\x3a\xff\x01", b"\x0b", b"\x08"])
def test_a_file_that_is_no_onnx_file_is_refused(tmp_path, content):
    path = tmp_path / "network.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="not an ONNX file"):
        precision_of(path)


def test_a_file_that_is_not_there_is_told_with_its_name(tmp_path):
    with pytest.raises(ModelError, match=r"gone\.onnx: cannot be read"):
        precision_of(tmp_path / "gone.onnx")
