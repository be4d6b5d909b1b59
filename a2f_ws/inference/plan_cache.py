"""Keeps TensorRT engines, so that each is built once: found again by all that decides about it."""

import hashlib
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path

from a2f_ws.errors import ModelError

log = logging.getLogger(__name__)

FOLDER_VARIABLE: Final = "A2F_ENGINES"
DIGITS: Final = 24
"""Hexadecimal digits of a key in a file's name: 96 bits."""

_CHUNK: Final = 1 << 20
_OUTSIDE: Final = (".data", "_data")
"""Endings of files that large networks keep their weights in. Source: ONNX, external data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What an engine depends on: two that are equal may be exchanged.

    Attributes:
        network: SHA-256 of the ONNX file.
        library: Name and version of what builds it.
        gpu: Card and compute capability that it runs on, or a class of them.
        precision: "fp32", "fp16" or "int8".
        profile: `Profile.text`.
    """

    network: str
    library: str
    gpu: str
    precision: str
    profile: str

    @property
    def name(self) -> str:
        """Of the file."""
        digest = hashlib.sha256("\0".join(astuple(self)).encode()).hexdigest()
        return f"{self.precision}-{digest[:DIGITS]}.engine"


def plans_folder(named: str = "") -> Path:
    """The folder of engines: the one named, else A2F_ENGINES, else in the user's cache."""
    text = named or os.environ.get(FOLDER_VARIABLE, "")
    return Path(text) if text else user_cache_path("a2f-ws", appauthor=False) / "engines"


def digest_of(network: Path) -> str:
    """SHA-256 of a network, and of the files that hold its weights where it has such.

    Raises:
        ModelError: It cannot be read.
    """
    digest = hashlib.sha256()
    outside = (network.with_name(network.name + ending) for ending in _OUTSIDE)
    try:
        for path in (network, *(path for path in outside if path.is_file())):
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
    except OSError as fault:
        raise ModelError(f"{network}: cannot be read: {fault.strerror or fault}") from fault
    return digest.hexdigest()


class PlanCache:
    """Engines in a folder. Processes may share it: one builds, the others wait for it.

    A file is whole or is not there, whatever ends the process that writes it.
    """

    def __init__(self, folder: Path) -> None:
        """Use a folder; it is made when something is kept."""
        self._folder = folder

    def path(self, key: Key) -> Path:
        """Where the engine is, or will be."""
        return self._folder / key.name

    def get(self, key: Key, build: Callable[[], bytes]) -> bytes:
        """An engine, built where there is none.

        Args:
            key: All that it depends on.
            build: Makes it; called with the lock held.

        Raises:
            ModelError: It cannot be built, or not be kept.
        """
        path = self.path(key)
        if (plan := _read(path)) is not None:
            return plan
        with self._alone(path):
            if (plan := _read(path)) is None:
                plan = build()
                self.keep(path, plan)
        return plan

    def forget(self, key: Key) -> None:
        """Remove an engine that turned out to be of no use."""
        with self._alone(self.path(key)), suppress(FileNotFoundError):
            self.path(key).unlink()

    def timing(self, key: Key) -> Path:
        """Where what a library has measured on a GPU is kept, for engines to come."""
        digest = hashlib.sha256(f"{key.library}\0{key.gpu}".encode()).hexdigest()
        return self._folder / f"{digest[:DIGITS]}.timing"

    def keep(self, path: Path, content: bytes) -> None:
        """Write a file so that it is whole or not there.

        Raises:
            ModelError: It cannot be written.
        """
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._sweep(path)
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as fault:
            with suppress(OSError):
                part.unlink()
            text = fault.strerror or fault
            raise ModelError(f"{path}: the engine cannot be kept: {text}") from fault

    def _sweep(self, path: Path) -> None:
        """Remove what writers of this file left that did not come to their end."""
        for left in self._folder.glob(f"{path.name}.*.part"):
            with suppress(OSError):
                left.unlink()

    @contextmanager
    def _alone(self, path: Path) -> Iterator[None]:
        """Keep others out; the system lets go when this process ends, however it ends."""
        try:
            import filelock
        except ImportError as fault:
            text = "engines are kept with the package filelock (pip install filelock)"
            raise ModelError(f"{text}, which is not installed") from fault
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(path.with_name(f"{path.name}.lock"))
            try:
                lock.acquire(timeout=0)
            except filelock.Timeout:
                log.info("%s: another process is building it; waiting for that", path)
                lock.acquire()
        except OSError as fault:
            why = fault.strerror or fault
            raise ModelError(f"{self._folder}: engines cannot be kept here: {why}") from fault
        try:
            yield
        finally:
            lock.release()


def _read(path: Path) -> bytes | None:
    """The content of a file, None = there is none."""
    try:
        return path.read_bytes() or None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as fault:
        raise ModelError(f"{path}: cannot be read: {fault.strerror or fault}") from fault
