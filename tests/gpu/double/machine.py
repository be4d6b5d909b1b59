"""A backend on a card that is played, with what it was made of."""

import numpy as np

from a2f_ws.inference.gpu_bindings import BindingsGpu
from a2f_ws.inference.gpu_pycuda import PycudaGpu
from a2f_ws.inference.tensorrt import TensorRtBackend
from a2f_ws.inference.tensorrt_library import library_of
from tests.gpu.double.cuda import Runtime
from tests.gpu.double.pycuda import Driver
from tests.gpu.double.trt import expected, plan_of, played_module

GPUS = {
    "cuda-bindings": lambda card: BindingsGpu(Runtime(card)),
    "pycuda": lambda card: PycudaGpu(Driver(card)),
}


class Machine:
    """A backend on a card that is played, with what it was made of."""

    def __init__(self, bundle, card, *, gpu_of, is_rtx=False, has_graphs=False, **plan):
        self.bundle, self.card = bundle, card
        version, kind = ("1.4.0", "tensorrt-rtx") if is_rtx else ("10.14.1", "tensorrt")
        self.module = played_module(card, version=version, is_rtx=is_rtx)
        self.backend = TensorRtBackend(
            bundle,
            gpu=gpu_of(card),
            library=library_of(self.module, kind),
            plan=plan_of(bundle, **plan),
            has_graphs=has_graphs,
        )

    def inputs(self, rows, *, seed=0):
        random = np.random.default_rng(seed)
        sizes = (self.bundle.buffer_len, self.bundle.emotion_len)
        return [random.standard_normal((rows, size)).astype(np.float32) for size in sizes]

    def check(self, rows, *, seed=0):
        """Run rows of noise, and compare them with what the network would give."""
        windows, emotions = self.inputs(rows, seed=seed)
        result = self.backend.run(windows, emotions)
        wanted = expected(windows, emotions, self.bundle.columns.width)
        assert result.dtype == np.float32
        assert np.array_equal(result, wanted)

    def end(self):
        self.backend.close()
        self.card.check_all_freed()
