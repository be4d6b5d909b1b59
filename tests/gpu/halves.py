"""Networks with weights of half the precision, for tests that need one."""

import onnx

from a2f_ws.inference.onnx_fp16 import to_fp16


def with_halves(network, target):
    """The same network in float16, with inputs and outputs in float32 as before."""
    model = onnx.load(network)
    to_fp16(model)
    onnx.save(model, target)
    return target
