"""The configuration file while the server runs: what may change acts at once, the rest is told."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from a2f_ws.errors import ConfigError
from a2f_ws.settings import Settings

log = logging.getLogger(__name__)

LOOK_S: Final = 1.0
"""How often a file is looked at (ours); every system can do that, while signals differ."""

AT_ONCE: Final = ("drain_s", "log_format", "log_level", "max_sessions", "origins")
FOR_NEW: Final = ("credit_s", "handshake_s", "outbox_bytes", "sessions_per_connection")
"""Settings that act without a restart: at once, and on connections that come afterwards."""


class Watched:
    """A file that may be written, replaced or removed meanwhile.

    Attributes:
        path: Where it is.
    """

    def __init__(self, path: Path) -> None:
        """Take it as it is now; whoever reads it does so afterwards, and misses nothing."""
        self.path = path
        self._mark = self._look()

    def is_changed(self) -> bool:
        """True when it is another one than at the call before."""
        mark, self._mark = self._mark, self._look()
        return mark != self._mark

    def _look(self) -> tuple[int, int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


class Reloading:
    """Brings settings up to date with their file; a broken file changes nothing.

    Attributes:
        settings: In force.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        config: Watched,
        read: Callable[[], Settings],
        act: Callable[[Settings], None],
    ) -> None:
        """Begin with what the file said at the start.

        Args:
            settings: In force.
            config: Their file, as it was before they were read.
            read: Reads it anew, environment and flags on top as at the start.
            act: Puts settings into force; it raises ConfigError for what cannot be.
        """
        self.settings = settings
        self._file, self._read, self._act = config, read, act
        self._told: list[str] = []

    async def watch(self) -> None:
        """Look at the file until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            self.look()

    def look(self) -> None:
        """Take over what a changed file says, or tell what is wrong with it."""
        if not self._file.is_changed():
            return
        try:
            new = self._read()
            settings, waiting = merged(self.settings, new)
            self._act(settings)
        except ConfigError as error:
            log.error("the configuration stays as it was: %s", error)
            return
        names = changed(self.settings, settings)
        self.settings = settings
        if names:
            log.info("%s: new %s", self._file.path, ", ".join(names))
        if waiting and waiting != self._told:
            log.warning("%s: %s act after a restart", self._file.path, ", ".join(waiting))
        self._told = waiting


def merged(old: Settings, new: Settings) -> tuple[Settings, list[str]]:
    """What can be in force without a restart.

    Returns:
        The settings, and the names of those that have to wait for a restart.
    """
    now = {name: getattr(new, name) for name in (*AT_ONCE, *FOR_NEW)}
    settings = replace(old, **now)
    return settings, changed(settings, new)


def changed(old: Settings, new: Settings) -> list[str]:
    """Names of the settings that differ."""
    names = Settings.__struct_fields__
    return [name for name in names if getattr(old, name) != getattr(new, name)]
