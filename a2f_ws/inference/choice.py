"""Picks what runs a bundle's network: the best that works here."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from a2f_ws.errors import ConfigError, ModelError
from a2f_ws.inference.backend import AnyBackend
from a2f_ws.inference.bundle import Bundle
from a2f_ws.inference.guarded import GuardedBackend
from a2f_ws.inference.lent import LentBackend, Substitutes
from a2f_ws.inference.means import Means
from a2f_ws.inference.onnx import OnnxBackend
from a2f_ws.inference.openers import BACKENDS
from a2f_ws.inference.openvino import openvino_title
from a2f_ws.inference.tensorrt import TensorRtBackend
from a2f_ws.inference.tensorrt_build import Progress
from a2f_ws.inference.tensorrt_library import KINDS, find_library

log = logging.getLogger(__name__)

ABSENT: Final = "not installed"
"""How the message of a library that is not there begins."""

ONNX: Final = "onnx"
"""The one that is always there, so that its faults are those of the bundle."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was picked.

    Attributes:
        backends: Ready to run, one for each worker.
        kind: Its name in `BACKENDS`.
        passed_over: Why better ones were not taken, by name.
    """

    backends: Sequence[AnyBackend]
    kind: str
    passed_over: dict[str, str]

    @property
    def backend(self) -> AnyBackend:
        """That of the first worker."""
        return self.backends[0]


def choose(bundle: Bundle, means: Means, *, progress: Progress | None = None) -> Choice:
    """Load a bundle's network.

    Args:
        bundle: The bundle.
        means: What it may be run with.
        progress: Told how far the build of an engine is; None = the log is.

    Raises:
        ModelError: The one that was asked for does not work; with "auto", none does.
        ConfigError: GPUs are asked for, and a backend that has none.
    """
    passed_over: dict[str, str] = {}
    for kind in _wanted(bundle, means):
        try:
            backends = BACKENDS[kind](bundle, means, progress=progress)
        except ModelError as fault:
            if kind == ONNX:
                raise
            if kind == means.backend:
                raise ModelError(f"backend {kind}: {fault}") from fault
            passed_over[kind] = str(fault)
            continue
        _tell(bundle, kind, passed_over=passed_over)
        return Choice(_guarded(backends, bundle, means=means), kind, passed_over)
    if means.devices:
        found, why = _listed(means.devices), "; ".join(map(": ".join, passed_over.items()))
        raise ModelError(f"devices: found {found}, wanted GPUs that can be used here; {why}")
    raise ModelError(f"backend: found {means.backend!r}, wanted one of {', '.join(BACKENDS)}")


def _wanted(bundle: Bundle, means: Means) -> list[str]:
    """Names of what to try, the best first.

    By kind of bundle and not by the clock: the same machine has to give the same bits tomorrow.
    Who names GPUs wants these, and not what is there without them.

    Raises:
        ConfigError: The backend that is asked for has no GPUs.
    """
    if len(set(means.devices)) < len(means.devices):
        raise ConfigError(f"devices: found {_listed(means.devices)}, wanted each of them once")
    if means.devices and means.backend not in ("auto", *KINDS):
        found = f"found {_listed(means.devices)} with backend {means.backend}"
        raise ConfigError(f"devices: {found}, wanted them with {', '.join(KINDS)} or auto")
    if means.backend != "auto":
        return [means.backend] if means.backend in BACKENDS else []
    if means.devices:
        return list(KINDS)
    if bundle.blocks is not None:
        return [ONNX]
    return [kind for kind in BACKENDS if kind != "openvino" or bundle.kind == "geometry"]


def _listed(devices: Sequence[int]) -> str:
    return ",".join(map(str, devices))


def _tell(bundle: Bundle, kind: str, *, passed_over: dict[str, str]) -> None:
    """Log what was taken; what is merely not installed is no news."""
    why = "; ".join(f"{name}: {fault}" for name, fault in passed_over.items())
    is_news = any(not fault.startswith(ABSENT) for fault in passed_over.values())
    level = logging.INFO if is_news else logging.DEBUG
    log.log(level, "%s runs on %s, and not on %s", bundle.name, kind, why or "anything else")


def trials(bundle: Bundle, means: Means) -> Iterator[tuple[str, str, bool]]:
    """Name, what it is or why it does not work, and whether it works, of each in turn."""
    for kind, opener in BACKENDS.items():
        if bundle.blocks is not None and kind != ONNX:
            yield kind, _presence(kind), False
            continue
        try:
            (backend,) = opener(bundle, replace(means, workers=1, devices=()), progress=None)
        except ModelError as fault:
            yield kind, str(fault), False
            continue
        unit = "face" if bundle.blocks is None else "block"
        cost = f"{backend.cost_s * 1000:.2g} ms a {unit}, {backend.max_batch} at once"
        text = f"{backend.name}: {cost}"
        backend.close()
        yield kind, text, True


def _presence(kind: str) -> str:
    """Whether a library is there for other bundles than one with blocks."""
    try:
        found = find_library(kind).title if kind in KINDS else openvino_title()
    except ModelError as fault:
        return str(fault)
    return f"{found} is there, for models that give one face per window, as NVIDIA's do"


def _guarded(
    backends: Sequence[AnyBackend], bundle: Bundle, *, means: Means
) -> Sequence[AnyBackend]:
    """The same, with what takes the place of those that are on a GPU."""
    on_gpu = [one for one in backends if isinstance(one, TensorRtBackend)]
    if not on_gpu:
        return backends
    if means.workers > 1 and means.workers != len(on_gpu):
        log.warning("workers: found %d, but each GPU has one worker", means.workers)
    has_other = means.may_fall and bundle.network.suffix == ".onnx"
    on_cpu = partial(OnnxBackend, bundle, threads=means.threads) if has_other else None
    if len(on_gpu) == 1:
        return [GuardedBackend(on_gpu[0], second=on_cpu)]
    lent = [LentBackend(backend) for backend in on_gpu]
    substitutes = Substitutes(lent, on_cpu=on_cpu)
    return [GuardedBackend(one, second=substitutes.find) for one in lent]
