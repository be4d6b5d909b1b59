"""Finds the GPU and the library that speaks to it."""

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from a2f_ws.errors import ModelError
from a2f_ws.inference.gpu import Gpu, GpuFacts
from a2f_ws.inference.gpu_bindings import BindingsGpu, bindings_facts
from a2f_ws.inference.gpu_pycuda import PycudaGpu, pycuda_facts

_Opener = Callable[[Any, int, str], Gpu]
_Lister = Callable[[Any], list[GpuFacts]]

LIBRARIES: Final[dict[str, tuple[str, str, _Opener, _Lister]]] = {
    "cuda-bindings": (
        "cuda.bindings.runtime",
        "pip install 'a2f-ws[gpu-wheels]'",
        lambda module, index, found: BindingsGpu(module, index=index, version=found),
        bindings_facts,
    ),
    "pycuda": (
        "pycuda.driver",
        "pip install 'a2f-ws[gpu]'",
        lambda module, index, found: PycudaGpu(module, index=index, version=found),
        pycuda_facts,
    ),
}
"""Module, remedy, class and list of GPUs of each; first the one that can capture graphs."""


def open_gpu(library: str = "auto", *, index: int = 0) -> Gpu:
    """A GPU of this machine.

    Args:
        library: "cuda-bindings", "pycuda", or "auto" for the first of them that works.
        index: Which GPU, >= 0.

    Raises:
        ModelError: None can be used; the text says what every library says.
    """
    faults = []
    for name in LIBRARIES if library == "auto" else [library]:
        try:
            return _open(name, index)
        except ModelError as fault:
            faults.append(f"{name}: {fault}")
    raise ModelError("; ".join(faults))


def list_gpus() -> list[GpuFacts]:
    """The GPUs of this machine, as the first library that finds any sees them; else none."""
    for name, (*_, lister) in LIBRARIES.items():
        try:
            if found := lister(_module(name)):
                return found
        except ModelError:
            continue
    return []


def _open(name: str, index: int) -> Gpu:
    _, _, opener, _ = LIBRARIES[name]
    return opener(_module(name), index, _version(name))


def _module(name: str) -> Any:  # noqa: ANN401
    """The module of a library.

    Raises:
        ModelError: It is not installed, or cannot be loaded.
    """
    module, remedy, *_ = LIBRARIES[name]
    try:
        return import_module(module)
    except (ImportError, OSError) as fault:
        # PyCUDA is linked against the driver, so it may be installed and yet not be importable.
        text = f"not installed ({remedy})" if _version(name) == "" else f"cannot be loaded: {fault}"
        raise ModelError(text) from fault


def _version(name: str) -> str:
    """Of an installed package, else empty."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
