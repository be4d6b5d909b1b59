"""TensorRT and TensorRT for RTX, which have the same classes: found, checked, listened to."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from a2f_ws.errors import ModelError

log = logging.getLogger(__name__)

Module = Any
"""`tensorrt` or `tensorrt_rtx`; neither has types."""


@dataclass(frozen=True, slots=True)
class Library:
    """One of the two.

    Attributes:
        module: Its module.
        title: Its name for people.
        version: Its version.
        is_rtx: True for TensorRT for RTX, whose engines fit every RTX card and are finished on the
            card that runs them; building them needs no GPU.
    """

    module: Module
    title: str
    version: str
    is_rtx: bool

    @property
    def name(self) -> str:
        """Title and version."""
        return f"{self.title} {self.version}"


@dataclass(frozen=True, slots=True)
class _Kind:
    module: str
    title: str
    oldest: tuple[int, int]
    remedy: str


KINDS: Final = {
    "tensorrt": _Kind("tensorrt", "TensorRT", (10, 12), "pip install 'a2f-ws[gpu-wheels]'"),
    "tensorrt-rtx": _Kind("tensorrt_rtx", "TensorRT for RTX", (1, 2), "pip install 'a2f-ws[rtx]'"),
}
"""By what the user calls them. Strongly typed networks came with 10.12, graphs of RTX with 1.2."""


def find_library(kind: str) -> Library:
    """An installed library.

    Args:
        kind: One of `KINDS`.

    Raises:
        ModelError: It is not installed, cannot be loaded, or is too old.
    """
    known = KINDS[kind]
    try:
        module = import_module(known.module)
    except ImportError as fault:
        is_there = fault.name not in (known.module, None)
        text = f"cannot be loaded: {fault}" if is_there else f"not installed ({known.remedy})"
        raise ModelError(text) from fault
    except (OSError, RuntimeError) as fault:
        raise ModelError(f"cannot be loaded: {fault}") from fault
    return library_of(module, kind)


def library_of(module: Module, kind: str) -> Library:
    """A library from its module.

    Args:
        module: `tensorrt`, `tensorrt_rtx`, or what behaves like them.
        kind: One of `KINDS`.

    Raises:
        ModelError: It is too old, or a package of stubs.
    """
    known = KINDS[kind]
    found = getattr(module, "__version__", "")
    numbers = tuple(int(number) for number in re.findall(r"\d+", found)[:2])
    if not numbers:
        raise ModelError(f"not installed ({known.remedy}); found a package of that name without it")
    if numbers < known.oldest:
        wanted = ".".join(str(number) for number in known.oldest)
        raise ModelError(f"found {known.title} {found}, wanted {wanted} or newer")
    return Library(module, known.title, found, is_rtx=kind == "tensorrt-rtx")


class Ear:
    """Hears what a library says while it works.

    Attributes:
        logger: For the library; it has to live as long as anything made with it.
        fault: The last error that it told, "" = none.
    """

    def __init__(self, library: Library) -> None:
        """Listen."""
        self.fault = ""
        self.logger = _logger(library.module, self._hear)

    def take_fault(self) -> str:
        """The last error, which is forgotten, or words for there being none."""
        fault, self.fault = self.fault, ""
        return fault or "it does not say why"

    def _hear(self, severity: Any, text: str) -> None:  # noqa: ANN401
        """Note errors; everything goes to the log, where it is of interest to developers."""
        levels = {"INTERNAL_ERROR": logging.ERROR, "ERROR": logging.ERROR}
        level = levels.get(severity.name, logging.DEBUG)
        if level == logging.ERROR:
            self.fault = " ".join(text.split())
        log.debug("%s: %s", severity.name.lower(), text)


def _logger(module: Module, hear: Callable[[Any, str], None]) -> Any:  # noqa: ANN401
    """A logger of the library's own class, which differs from module to module."""

    class Logger(module.ILogger):  # type: ignore[misc]
        def __init__(self) -> None:
            module.ILogger.__init__(self)

        def log(self, severity: Any, msg: str) -> None:  # noqa: ANN401
            hear(severity, msg)

    return Logger()
