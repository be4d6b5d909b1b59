"""ONNX Runtime as every network uses it: few threads that do not spin, faults in one line."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from a2f_ws.errors import ModelError
from a2f_ws.inference.pointer import ADVICE, is_pointer_at

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def load(path: Path, *, threads: int) -> "InferenceSession":
    """A network, ready to run on the CPU.

    Args:
        path: Its `.onnx` file.
        threads: Threads of one call, >= 1.

    Raises:
        ModelError: The file is no network that ONNX Runtime can load.
    """
    import onnxruntime

    if path.suffix != ".onnx":
        raise ModelError(f"{path}: ONNX Runtime needs the .onnx file, there is none beside it")
    try:
        return onnxruntime.InferenceSession(
            str(path), sess_options=_options(threads), providers=["CPUExecutionProvider"]
        )
    except faults() as fault:
        if is_pointer_at(path):
            raise ModelError(f"{path}: {ADVICE}") from fault
        raise ModelError(f"{path}: cannot be loaded: {first_line(fault)}") from fault


def faults() -> tuple[type[Exception], ...]:
    """Everything that ONNX Runtime raises; its exceptions have no common class of their own."""
    from onnxruntime.capi import onnxruntime_pybind11_state

    own = [
        item
        for item in vars(onnxruntime_pybind11_state).values()
        if isinstance(item, type) and issubclass(item, Exception)
    ]
    return (*own, RuntimeError, ValueError, MemoryError)


def first_line(fault: Exception) -> str:
    """What a fault says, without its trace."""
    return str(fault).strip().partition("\n")[0] or type(fault).__name__


def _options(threads: int) -> Any:  # noqa: ANN401 - onnxruntime is untyped
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 4
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    return options
