import sys

import pytest

from a2f_ws.errors import ModelError
from a2f_ws.inference import gpu_open
from a2f_ws.inference.gpu_bindings import BindingsGpu
from a2f_ws.inference.gpu_open import open_gpu
from a2f_ws.inference.gpu_pycuda import PycudaGpu
from tests.gpu.double.card import Card
from tests.gpu.double.cuda import Runtime
from tests.gpu.double.pycuda import Driver


@pytest.fixture
def installed(monkeypatch):
    """Installs libraries that are played: name of the module → it, None = it is not there."""

    def install(*, bindings=None, pycuda=None):
        played = {"cuda.bindings.runtime": bindings, "pycuda.driver": pycuda}
        found = {"cuda-bindings": bindings, "pycuda": pycuda}

        def load(name):
            if played[name] is None:
                raise ImportError(name=name)
            return played[name]

        monkeypatch.setattr(gpu_open, "import_module", load)
        monkeypatch.setattr(gpu_open, "_version", lambda name: "1.0" if found[name] else "")

    return install


def test_the_library_that_can_capture_graphs_comes_first(installed):
    installed(bindings=Runtime(Card()), pycuda=Driver(Card()))
    assert isinstance(open_gpu(), BindingsGpu)
    assert isinstance(open_gpu("pycuda"), PycudaGpu)


def test_one_that_does_not_work_is_passed_over(installed):
    installed(bindings=Runtime(Card(), count=0), pycuda=Driver(Card()))
    assert open_gpu().library == "PyCUDA 1.0"


def test_where_none_works_every_one_says_why(installed):
    installed(pycuda=Driver(Card(), count=1))
    with pytest.raises(ModelError) as caught:
        open_gpu(index=2)
    assert str(caught.value) == (
        "cuda-bindings: not installed (pip install 'a2f-ws[gpu-wheels]'); "
        "pycuda: found 1 NVIDIA GPUs, wanted number 2"
    )


def test_a_card_says_its_name_and_capability(installed):
    installed(bindings=Runtime(Card()), pycuda=Driver(Card()))
    for name in ("cuda-bindings", "pycuda"):
        gpu = open_gpu(name)
        assert (gpu.name, gpu.capability) == ("NVIDIA Played 4090", (8, 9))
        gpu.close()
        gpu.close()


def test_a_driver_that_cannot_be_loaded_is_told_as_no_gpu(installed):
    class WithoutDriver(Runtime):
        def _cudaGetDeviceCount(self):  # noqa: N802
            raise RuntimeError("Failed to dlopen libcuda.so.1")

    installed(bindings=WithoutDriver(Card()))
    with pytest.raises(ModelError, match=r"no NVIDIA GPU can be used: Failed to dlopen libcuda"):
        open_gpu("cuda-bindings")


def test_the_real_runtime_takes_what_ours_gives_it():
    real = pytest.importorskip("cuda.bindings.runtime", reason="cuda-bindings is not installed")
    if gpu_is_there():
        pytest.skip("there is a GPU, which would do it")
    stream, graph = real.cudaStream_t(), real.cudaGraph_t()
    assert (int(stream), int(graph)) == (0, 0)
    kinds, modes = real.cudaMemcpyKind, real.cudaStreamCaptureMode
    calls = {
        "cudaMalloc": (64,),
        "cudaFree": (64,),
        "cudaHostAlloc": (64, 0),
        "cudaFreeHost": (64,),
        "cudaMemcpyAsync": (64, 64, 4, kinds.cudaMemcpyHostToDevice, stream),
        "cudaEventRecord": (real.cudaEvent_t(), stream),
        "cudaStreamBeginCapture": (stream, modes.cudaStreamCaptureModeThreadLocal),
        "cudaStreamEndCapture": (stream,),
        "cudaGraphInstantiate": (graph, 0),
        "cudaGraphLaunch": (real.cudaGraphExec_t(), stream),
    }
    # Each answers that there is no driver; what it cannot read would be a TypeError.
    assert {int(getattr(real, call)(*given)[0]) for call, given in calls.items()} == {35}


def test_a_machine_without_a_driver_is_told_so_by_the_real_library():
    pytest.importorskip("cuda.bindings.runtime", reason="cuda-bindings is not installed")
    if sys.platform.startswith("linux") and gpu_is_there():
        pytest.skip("there is a GPU")
    with pytest.raises(ModelError, match="no NVIDIA GPU can be used: cudaGetDeviceCount: cudaErr"):
        open_gpu("cuda-bindings")


def gpu_is_there():
    try:
        open_gpu("cuda-bindings").close()
    except ModelError:
        return False
    return True


def test_the_played_runtime_has_no_call_that_the_real_one_lacks():
    real = pytest.importorskip("cuda.bindings.runtime", reason="cuda-bindings is not installed")
    calls = {name.removeprefix("_") for name in vars(Runtime) if name.startswith(("cuda", "_cuda"))}
    assert len(calls) > 20
    assert [name for name in sorted(calls) if not hasattr(real, name)] == []
    for kind in ("cudaMemcpyKind", "cudaStreamCaptureMode"):
        for item in getattr(Runtime, kind):
            assert getattr(getattr(real, kind), item.name).value == item.value
