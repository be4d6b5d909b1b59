"""What a network may be run with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a network may be run with.

    Attributes:
        backend: One of `BACKENDS`, or "auto" for the best that works: a GPU, else OpenVINO for
            large networks, else ONNX Runtime.
        cuda: What speaks to the GPU: "cuda-bindings", "pycuda", or "auto".
        has_graphs: True launches batches on a GPU as CUDA graphs, where that can be had.
        devices: Which GPUs, >= 0, each with a worker; none = the first, where there is one.
        workers: Workers on the CPU; 0 = automatic.
        threads: CPU threads of a worker; 0 = automatic.
        engines: Folder of TensorRT engines; "" = the user's own.
        may_fall: True goes on with ONNX Runtime when the last GPU is lost.
    """

    backend: str = "onnx"
    cuda: str = "auto"
    has_graphs: bool = False
    devices: tuple[int, ...] = ()
    workers: int = 1
    threads: int = 0
    engines: str = ""
    may_fall: bool = True
