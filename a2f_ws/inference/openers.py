"""Loads a bundle's network with each of the libraries, for every worker."""

import logging
from collections.abc import Sequence
from functools import partial
from typing import Final, Protocol

from a2f_ws.errors import ModelError
from a2f_ws.inference.backend import AnyBackend, Backend
from a2f_ws.inference.bundle import Bundle, refuse_blocks
from a2f_ws.inference.gpu_open import open_gpu
from a2f_ws.inference.means import Means
from a2f_ws.inference.onnx_blocks import onnx_backend
from a2f_ws.inference.openvino import OpenVinoBackend
from a2f_ws.inference.plan_cache import PlanCache, plans_folder
from a2f_ws.inference.plans import Plans
from a2f_ws.inference.processors import crew
from a2f_ws.inference.tensorrt import TensorRtBackend
from a2f_ws.inference.tensorrt_build import Progress, logged
from a2f_ws.inference.tensorrt_engine import StalePlanError
from a2f_ws.inference.tensorrt_library import find_library

log = logging.getLogger(__name__)


class _Opener(Protocol):
    """Loads a bundle's network with what it may be run with, for every worker."""

    def __call__(
        self, bundle: Bundle, means: Means, *, progress: Progress | None
    ) -> Sequence[AnyBackend]:
        """Raises ModelError where that does not work here."""


def _onnx(bundle: Bundle, means: Means, **_: object) -> Sequence[AnyBackend]:
    """ONNX Runtime for every worker, over one network."""
    workers, threads = crew(bundle, workers=means.workers, threads=means.threads)
    # Its threads belong to the network, beside the workers' own.
    backend = onnx_backend(bundle, threads=1 + workers * (threads - 1))
    return [backend, *(backend.beside() for _ in range(workers - 1))]


def _openvino(bundle: Bundle, means: Means, **_: object) -> Sequence[Backend]:
    """OpenVINO for every worker, over one network."""
    workers, threads = crew(bundle, workers=means.workers, threads=means.threads)
    backend = OpenVinoBackend(bundle, threads=threads, workers=workers)
    return [backend, *(backend.beside() for _ in range(workers - 1))]


def _tensorrt(kind: str) -> _Opener:
    """What opens a bundle with TensorRT, or with TensorRT for RTX, on every GPU."""

    def opened(bundle: Bundle, means: Means, *, progress: Progress | None) -> Sequence[Backend]:
        made: list[Backend] = []
        try:
            for device in means.devices or (0,):
                made.append(_on_gpu(kind, bundle, means=means, device=device, progress=progress))
        except ModelError:
            for backend in made:
                backend.close()
            raise
        return made

    return opened


def _on_gpu(
    kind: str, bundle: Bundle, *, means: Means, device: int, progress: Progress | None
) -> Backend:
    """A backend on one GPU, whose engine is built again where the one that was kept is stale."""
    load = partial(_load, kind, bundle, means=means, device=device, progress=progress)
    try:
        return load(is_stale=False)
    except StalePlanError as fault:
        log.info("%s: the engine is built again: %s", bundle.name, str(fault))
    return load(is_stale=True)


def _load(
    kind: str,
    bundle: Bundle,
    *,
    means: Means,
    device: int,
    progress: Progress | None,
    is_stale: bool,
) -> Backend:
    """A backend with the engine that was kept, or with a new one where that is stale."""
    library = find_library(kind)
    gpu = open_gpu(means.cuda, index=device)
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


def _by_windows(opener: _Opener, title: str) -> _Opener:
    """The same, for networks that give one face per window only."""

    def opened(bundle: Bundle, means: Means, *, progress: Progress | None) -> Sequence[AnyBackend]:
        refuse_blocks(bundle, wanted_by=title)
        return opener(bundle, means, progress=progress)

    return opened


BACKENDS: Final[dict[str, _Opener]] = {
    "tensorrt": _by_windows(_tensorrt("tensorrt"), "TensorRT"),
    "tensorrt-rtx": _by_windows(_tensorrt("tensorrt-rtx"), "TensorRT for RTX"),
    "openvino": _by_windows(_openvino, "OpenVINO"),
    "onnx": _onnx,
}
"""By name, the best first. With networks as small as ours for weights ONNX Runtime is quicker than
OpenVINO, with those of NVIDIA's size slower (measured: docs/gpu.md)."""
