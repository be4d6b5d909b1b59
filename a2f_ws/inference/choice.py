"""Picks what runs a bundle's network: the best that works here."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from a2f_ws.errors import ModelError
from a2f_ws.inference.backend import Backend
from a2f_ws.inference.bundle import Bundle
from a2f_ws.inference.gpu_open import open_gpu
from a2f_ws.inference.guarded import GuardedBackend
from a2f_ws.inference.onnx import OnnxBackend
from a2f_ws.inference.openvino import OpenVinoBackend
from a2f_ws.inference.plan_cache import PlanCache, plans_folder
from a2f_ws.inference.plans import Plans
from a2f_ws.inference.tensorrt import TensorRtBackend
from a2f_ws.inference.tensorrt_build import Progress, logged
from a2f_ws.inference.tensorrt_engine import StalePlanError
from a2f_ws.inference.tensorrt_library import find_library

log = logging.getLogger(__name__)

ABSENT: Final = "not installed"
"""How the message of a library that is not there begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a network may be run with.

    Attributes:
        backend: One of `BACKENDS`, or "auto" for the best that works: a GPU, else OpenVINO for
            large networks, else ONNX Runtime.
        cuda: What speaks to the GPU: "cuda-bindings", "pycuda", or "auto".
        has_graphs: True launches batches on a GPU as CUDA graphs, where that can be had.
        device: Which GPU, >= 0.
        threads: CPU threads of a call; 0 = automatic.
        engines: Folder of TensorRT engines; "" = the user's own.
        may_fall: True goes on with ONNX Runtime when the GPU is lost.
    """

    backend: str = "onnx"
    cuda: str = "auto"
    has_graphs: bool = False
    device: int = 0
    threads: int = 0
    engines: str = ""
    may_fall: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """What was picked.

    Attributes:
        backend: Ready to run.
        kind: Its name in `BACKENDS`.
        passed_over: Why better ones were not taken, by name.
    """

    backend: Backend
    kind: str
    passed_over: dict[str, str]


class _Opener(Protocol):
    """Loads a bundle's network with what it may be run with."""

    def __call__(self, bundle: Bundle, means: Means, *, progress: Progress | None) -> Backend:
        """Raises ModelError where that does not work here."""


def choose(bundle: Bundle, means: Means, *, progress: Progress | None = None) -> Choice:
    """Load a bundle's network.

    Args:
        bundle: The bundle.
        means: What it may be run with.
        progress: Told how far the build of an engine is; None = the log is.

    Raises:
        ModelError: The one that was asked for does not work; with "auto", none does.
    """
    wanted = _in_order(bundle) if means.backend == "auto" else [means.backend]
    passed_over: dict[str, str] = {}
    for kind in wanted:
        try:
            backend = BACKENDS[kind](bundle, means, progress=progress)
        except ModelError as fault:
            if kind == ONNX:
                raise
            if kind == means.backend:
                raise ModelError(f"backend {kind}: {fault}") from fault
            passed_over[kind] = str(fault)
            continue
        _tell(bundle, kind, passed_over=passed_over)
        return Choice(_guarded(backend, bundle, means=means), kind, passed_over)
    raise ModelError(f"backend: found {means.backend!r}, wanted one of {', '.join(BACKENDS)}")


def _in_order(bundle: Bundle) -> list[str]:
    """Names of what to try, the best first.

    By kind of bundle and not by the clock: the same machine has to give the same bits tomorrow.
    """
    return [kind for kind in BACKENDS if kind != "openvino" or bundle.kind == "geometry"]


def _tell(bundle: Bundle, kind: str, *, passed_over: dict[str, str]) -> None:
    """Log what was taken; what is merely not installed is no news."""
    why = "; ".join(f"{name}: {fault}" for name, fault in passed_over.items())
    is_news = any(not fault.startswith(ABSENT) for fault in passed_over.values())
    level = logging.INFO if is_news else logging.DEBUG
    log.log(level, "%s runs on %s, and not on %s", bundle.name, kind, why or "anything else")


def trials(bundle: Bundle, means: Means) -> Iterator[tuple[str, str, bool]]:
    """Name, what it is or why it does not work, and whether it works, of each in turn."""
    for kind, opener in BACKENDS.items():
        try:
            backend = opener(bundle, means, progress=None)
        except ModelError as fault:
            yield kind, str(fault), False
            continue
        text = f"{backend.name}: {backend.cost_s * 1000:.2g} ms a face, {backend.max_batch} at once"
        backend.close()
        yield kind, text, True


def _guarded(backend: Backend, bundle: Bundle, *, means: Means) -> Backend:
    """The same, with what takes its place where it is on a GPU."""
    if not isinstance(backend, TensorRtBackend):
        return backend
    has_other = means.may_fall and bundle.network.suffix == ".onnx"
    second = partial(OnnxBackend, bundle, threads=means.threads) if has_other else None
    return GuardedBackend(backend, second=second)


def _tensorrt(kind: str) -> _Opener:
    """What opens a bundle with TensorRT, or with TensorRT for RTX."""

    def opened(bundle: Bundle, means: Means, *, progress: Progress | None) -> Backend:
        try:
            return _on_gpu(kind, bundle, means=means, progress=progress)
        except StalePlanError as fault:
            log.info("%s: the engine is built again: %s", bundle.name, str(fault))
        return _on_gpu(kind, bundle, means=means, progress=progress, is_stale=True)

    return opened


def _on_gpu(
    kind: str, bundle: Bundle, *, means: Means, progress: Progress | None, is_stale: bool = False
) -> Backend:
    """A backend with the engine that was kept, or with a new one where that is stale."""
    library = find_library(kind)
    gpu = open_gpu(means.cuda, index=means.device)
    title = f"{bundle.name}: building an engine with {library.title}"
    try:
        cache = PlanCache(plans_folder(means.engines))
        plans = Plans(library, gpu, cache=cache, progress=progress or logged(title))
        if is_stale:
            plans.forget(bundle)
        with gpu.current():
            plan = plans.find(bundle)
        return TensorRtBackend(
            bundle,
            gpu=gpu,
            library=library,
            plan=plan.content,
            precision=plan.precision,
            has_graphs=means.has_graphs,
        )
    except ModelError:
        gpu.close()
        raise


BACKENDS: Final[dict[str, _Opener]] = {
    "tensorrt": _tensorrt("tensorrt"),
    "tensorrt-rtx": _tensorrt("tensorrt-rtx"),
    "openvino": lambda bundle, means, **_: OpenVinoBackend(bundle, threads=means.threads),
    "onnx": lambda bundle, means, **_: OnnxBackend(bundle, threads=means.threads),
}
"""By name, the best first. With networks as small as ours for weights ONNX Runtime is quicker than
OpenVINO, with those of NVIDIA's size slower (measured: docs/gpu.md)."""

ONNX: Final = "onnx"
"""The one that is always there, so that its faults are those of the bundle."""
