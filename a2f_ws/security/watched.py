"""Files that are read again when they change, while the server runs."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from a2f_ws.errors import ConfigError

log = logging.getLogger(__name__)

ValueT = TypeVar("ValueT")


class Watched(Generic[ValueT]):
    """What stands in files, as of now."""

    def __init__(self, files: Sequence[Path], read: Callable[[], ValueT]) -> None:
        """Read them.

        Args:
            files: Whose change matters.
            read: Reads them; ConfigError = they cannot be used.

        Raises:
            ConfigError: They cannot be used.
        """
        self._files, self._read = tuple(files), read
        self._seen = self._state()
        self._value = read()

    def current(self) -> ValueT:
        """What they say; after a change that cannot be used, what they said before it."""
        state = self._state()
        if state != self._seen:
            self._seen = state
            names = " and ".join(str(file) for file in self._files)
            try:
                self._value = self._read()
                log.info("%s: changed, read again", names)
            except ConfigError as error:
                log.error("%s; what was read before it changed stays in force", error)
        return self._value

    def _state(self) -> tuple[tuple[int, ...] | None, ...]:
        """What changes when the files do."""
        return tuple(_state(file) for file in self._files)


def _state(file: Path) -> tuple[int, ...] | None:
    """Time, size and place of a file; None = it is not there."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return (stat.st_mtime_ns, stat.st_size, stat.st_ino)


def read_text(file: Path, *, most_bytes: int) -> str:
    """A small text file.

    Args:
        file: Which.
        most_bytes: A longer one is none of ours.

    Raises:
        ConfigError: It cannot be read, is longer, or is no UTF-8.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(most_bytes + 1)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from None
    if len(content) > most_bytes:
        raise ConfigError(f"{file}: found more than {most_bytes} bytes, wanted at most that many")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: not UTF-8 text") from None
