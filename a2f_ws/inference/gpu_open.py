"""Finds the GPU and the library that speaks to it."""

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from a2f_ws.errors import ModelError
from a2f_ws.inference.gpu import Gpu
from a2f_ws.inference.gpu_bindings import BindingsGpu
from a2f_ws.inference.gpu_pycuda import PycudaGpu

_Opener = Callable[[Any, int, str], Gpu]

LIBRARIES: Final[dict[str, tuple[str, str, _Opener]]] = {
    "cuda-bindings": (
        "cuda.bindings.runtime",
        "pip install 'a2f-ws[gpu-wheels]'",
        lambda module, index, found: BindingsGpu(module, index=index, version=found),
    ),
    "pycuda": (
        "pycuda.driver",
        "pip install 'a2f-ws[gpu]'",
        lambda module, index, found: PycudaGpu(module, index=index, version=found),
    ),
}
"""Module, remedy and class of each, the preferred one first: it can capture graphs."""


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


def _open(name: str, index: int) -> Gpu:
    module, remedy, opener = LIBRARIES[name]
    try:
        found = import_module(module)
    except (ImportError, OSError) as fault:
        # PyCUDA is linked against the driver, so it may be installed and yet not be importable.
        text = f"not installed ({remedy})" if _version(name) == "" else f"cannot be loaded: {fault}"
        raise ModelError(text) from fault
    return opener(found, index, _version(name))


def _version(name: str) -> str:
    """Of an installed package, else empty."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
