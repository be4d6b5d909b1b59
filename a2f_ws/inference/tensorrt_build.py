"""Builds TensorRT engines from ONNX files."""

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, Final

from a2f_ws.errors import ModelError
from a2f_ws.inference.bundle import Bundle
from a2f_ws.inference.plan_profile import Profile
from a2f_ws.inference.tensorrt_library import Ear, Library
from a2f_ws.inference.tensorrt_tensors import check_tensors

log = logging.getLogger(__name__)

Progress = Callable[[str, float], None]
"""Told what is being done, and how much of it is, 0 … 1; called in any thread."""

EVERY_S: Final = 5.0
"""Least time between two lines of the log about one build, seconds (ours)."""

TURING: Final = (7, 5)
"""Compute capability that engines for RTX cards leave out unless asked for. Source: NVIDIA's
documentation of TensorRT for RTX, compute capabilities."""


def logged(title: str) -> Progress:
    """Progress as lines of the log, now and then; the first one is seen at any level."""
    told, level = monotonic(), logging.WARNING

    def tell(phase: str, done: float) -> None:
        nonlocal told, level
        if monotonic() - told >= EVERY_S:
            log.log(level, "%s, which is kept: %s, %.0f %%", title, phase, done * 100)
            told, level = monotonic(), logging.INFO

    return tell


def build_plan(
    library: Library,
    bundle: Bundle,
    *,
    profile: Profile,
    capability: tuple[int, int] | None = None,
    timing: Path | None = None,
    keep: Callable[[Path, bytes], None] | None = None,
    progress: Progress | None = None,
) -> bytes:
    """An engine, serialised.

    The network is strongly typed: it computes in the types of the ONNX file, and in no other.

    Args:
        library: What builds it; TensorRT needs the GPU that it is for to be current.
        bundle: Its `.onnx` file, and the sizes that its tensors have to have.
        profile: Rows that it can take.
        capability: Compute capability of the card; None = any.
        timing: File of measurements of earlier builds, which need not exist; None = none.
        keep: Writes that file.
        progress: Told how far the build is.

    Raises:
        ModelError: The network is not the one that the bundle describes, or cannot be built.
        KeyboardInterrupt: The user stopped it.
    """
    if bundle.network.suffix != ".onnx":
        raise ModelError(f"{bundle.network}: an engine is built from an .onnx file")
    ear = Ear(library)
    module = library.module
    builder = module.Builder(ear.logger)
    network = _parsed(library, builder, bundle=bundle, ear=ear)
    config = builder.create_builder_config()
    _profile(builder, config, bundle=bundle, profile=profile)
    if profile.tactic_shared_bytes is not None:
        pool = module.MemoryPoolType.TACTIC_SHARED_MEMORY
        config.set_memory_pool_limit(pool, profile.tactic_shared_bytes)
    if library.is_rtx and capability == TURING:
        config.num_compute_capabilities = 1
        config.set_compute_capability(module.ComputeCapability.SM75, 0)
    monitor = None if progress is None else _monitor(module, progress)
    if monitor is not None:
        config.progress_monitor = monitor
    # RTX measures nothing before the card is known, and would look for one to fill a cache.
    measured = None if library.is_rtx or timing is None else _timing(config, timing)
    plan = builder.build_serialized_network(network, config)
    if monitor is not None and monitor.is_stopped:
        raise KeyboardInterrupt
    if plan is None:
        raise ModelError(f"{bundle.network}: {library.title} cannot build it: {ear.take_fault()}")
    if measured is not None and timing is not None and keep is not None:
        with suppress(ModelError):
            keep(timing, bytes(config.get_timing_cache().serialize()))
    return bytes(plan)


def _parsed(library: Library, builder: Any, *, bundle: Bundle, ear: Ear) -> Any:  # noqa: ANN401
    """The network of the ONNX file."""
    module = library.module
    network = builder.create_network(1 << int(module.NetworkDefinitionCreationFlag.STRONGLY_TYPED))
    parser = module.OnnxParser(network, ear.logger)
    if not parser.parse_from_file(str(bundle.network)):
        faults = [str(parser.get_error(k).desc()) for k in range(parser.num_errors)]
        text = " ".join((faults or [ear.take_fault()])[0].split())
        raise ModelError(f"{bundle.network}: {library.title} cannot read it: {text}")
    tensors = [network.get_input(k) for k in range(network.num_inputs)]
    results = [network.get_output(k) for k in range(network.num_outputs)]
    check_tensors(
        bundle,
        inputs={one.name: (tuple(one.shape), one.dtype.name) for one in tensors},
        outputs={one.name: (tuple(one.shape), one.dtype.name) for one in results},
    )
    return network


def _profile(builder: Any, config: Any, *, bundle: Bundle, profile: Profile) -> None:  # noqa: ANN401
    """Tell how many rows will come."""
    made = builder.create_optimization_profile()
    for name, size in (("input", bundle.buffer_len), ("emotion", bundle.emotion_len)):
        shapes = [(rows, 1, size) for rows in (profile.least, profile.usual, profile.most)]
        made.set_shape(name, *shapes)
    if config.add_optimization_profile(made) < 0:
        raise ModelError(f"{bundle.network}: found a profile {profile.text} that cannot be used")


def _timing(config: Any, timing: Path) -> Any:  # noqa: ANN401
    """Measurements of earlier builds, or none; those of another library or GPU are left aside."""
    try:
        earlier = timing.read_bytes()
    except OSError:
        earlier = b""
    cache = config.create_timing_cache(earlier)
    if cache is None or not config.set_timing_cache(cache, False):
        cache = config.create_timing_cache(b"")
        config.set_timing_cache(cache, False)
    return cache


def _monitor(module: Any, progress: Progress) -> Any:  # noqa: ANN401
    """What the library reports to; faults must not pass through it, since it is not Python."""

    class Monitor(module.IProgressMonitor):  # type: ignore[misc]
        def __init__(self) -> None:
            module.IProgressMonitor.__init__(self)
            self.is_stopped = False
            self._sizes: dict[str, int] = {}

        def phase_start(self, phase_name: str, *parent_and_steps: Any) -> None:  # noqa: ANN401
            self._sizes[phase_name] = parent_and_steps[1]

        def phase_finish(self, phase_name: str) -> None:
            self._sizes.pop(phase_name, None)

        def step_complete(self, phase_name: str, step: int) -> bool:
            try:
                progress(phase_name, (step + 1) / max(1, self._sizes.get(phase_name, 1)))
            except KeyboardInterrupt:
                self.is_stopped = True
            return not self.is_stopped

    return Monitor()
