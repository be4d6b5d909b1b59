"""`a2f-ws models build`: makes a model's TensorRT engine before a server needs it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from time import perf_counter
from typing import Final

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from a2f_ws.commands.loading import find_bundle
from a2f_ws.commands.screen import EXIT_FAULT, err, out, say_fault
from a2f_ws.errors import ConfigError, ModelError
from a2f_ws.inference.bundle import Bundle, refuse_blocks
from a2f_ws.inference.gpu import Gpu
from a2f_ws.inference.gpu_open import LIBRARIES, open_gpu
from a2f_ws.inference.plan_cache import PlanCache, plans_folder
from a2f_ws.inference.plans import Plan, Plans
from a2f_ws.inference.tensorrt_build import Progress as Tell
from a2f_ws.inference.tensorrt_library import KINDS, Library, find_library

ANY_CARD: Final = "for every card since Ampere, as no GPU is here"


def run(
    name: str, *, backend: str = "auto", cuda: str = "auto", engines: str = "", models: str = ""
) -> int:
    """Build, or find that it is built.

    Args:
        name: As for `find_bundle`.
        backend: "tensorrt", "tensorrt-rtx", or "auto" for the first of them that works.
        cuda: What speaks to the GPU.
        engines: Folder of engines, "" = the usual one.
        models: Folder of pulled models, "" = the usual one.

    Returns:
        The exit code: 2 when no engine could be built.

    Raises:
        ConfigError: There is no such backend or library.
        ModelError: The bundle is missing or broken.
    """
    _check("--backend", backend, known=KINDS)
    _check("--cuda", cuda, known=LIBRARIES)
    bundle = find_bundle(name, models)
    refuse_blocks(bundle, wanted_by="TensorRT")
    cache = PlanCache(plans_folder(engines))
    faults = []
    for kind in KINDS if backend == "auto" else [backend]:
        try:
            _build(bundle, kind, cuda=cuda, cache=cache)
        except ModelError as fault:
            faults.append(f"{kind}: {fault}")
        else:
            return 0
    for fault_text in faults:
        say_fault(fault_text)
    return EXIT_FAULT


def _check(option: str, found: str, *, known: Iterable[str]) -> None:
    if found not in ("auto", *known):
        raise ConfigError(f"{option}: found {found!r}, wanted one of auto, {', '.join(known)}")


def _build(bundle: Bundle, kind: str, *, cuda: str, cache: PlanCache) -> None:
    """Build with one library, and say what came of it.

    Raises:
        ModelError: It is not installed, or cannot build this.
    """
    library = find_library(kind)
    gpu = _card(library, cuda)
    start = perf_counter()
    try:
        with _shown(f"{bundle.name} with {library.name}") as tell:
            plans = Plans(library, gpu, cache=cache, progress=tell)
            with nullcontext() if gpu is None else gpu.current():
                plan = plans.find(bundle)
    finally:
        if gpu is not None:
            gpu.close()
    whose = ANY_CARD if gpu is None else gpu.name
    out().print(f"{_said(plan, perf_counter() - start)}, {library.name}, {whose}", soft_wrap=True)
    out().print(str(plan.path), soft_wrap=True)


def _card(library: Library, cuda: str) -> Gpu | None:
    """The card to build for; TensorRT for RTX does without.

    Raises:
        ModelError: There is none, and it is needed.
    """
    try:
        return open_gpu(cuda)
    except ModelError:
        if library.is_rtx:
            return None
        raise


def _said(plan: Plan, seconds: float) -> str:
    size = f"{len(plan.content) / 2**20:.1f} MiB, {plan.precision}"
    return f"was there: {size}" if plan.was_kept else f"built in {seconds:.1f} s: {size}"


@contextmanager
def _shown(title: str) -> Iterator[Tell]:
    """A bar on the terminal for what is being done now."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=err(), transient=True) as bars:
        bar = bars.add_task(title, total=1.0)

        def tell(phase: str, done: float) -> None:
            bars.update(bar, description=f"{title}: {phase}", completed=done)

        yield tell
