"""Lines of the log: as text for people, as JSON for programs; complaints are not repeated."""

import json
import logging
import sys
import threading
from collections.abc import Callable, MutableMapping
from datetime import UTC, datetime
from numbers import Number
from time import monotonic
from typing import Any, Final, TextIO

from a2f_ws.errors import ConfigError

LEVELS: Final = ("debug", "info", "warning", "error")
FORMATS: Final = ("text", "json")
AGAIN_S: Final = 30.0
"""A complaint is told again after that, with how often it came meanwhile (style guide §7)."""

COMPLAINTS_MAX: Final = 1_024
"""Different complaints remembered (ours: a bound)."""

WORDINGS_MAX: Final = 8
"""Different values with which one text is told within 30 s (ours): what others choose, such as
names, fills no log."""

OTHERS: Final = 0
"""In place of a wording where there are too many."""

TEXT: Final = "%(asctime)s %(levelname)-7s %(place)s%(message)s"
PLACE: Final = ("connection", "session", "address")
"""Whom a line is about; given as `extra` by those who know."""


class Named(logging.LoggerAdapter[logging.Logger]):
    """A log whose lines all say which connection they are about; sessions are added by line."""

    def process(
        self, msg: object, kwargs: MutableMapping[str, Any]
    ) -> tuple[object, MutableMapping[str, Any]]:
        """Join what is known of the connection to what the line says."""
        kwargs["extra"] = {**(self.extra or {}), **(kwargs.get("extra") or {})}
        return msg, kwargs


class TextLines(logging.Formatter):
    """`12:00:00 INFO    c1/3: message`: connection and session before the message."""

    def __init__(self) -> None:
        """Have the time of day, in seconds."""
        super().__init__(TEXT, datefmt="%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """The line without its traceback."""
        connection, session = (getattr(record, name, None) for name in PLACE[:2])
        ids = [str(one) for one in (connection, session) if one is not None]
        record.place = f"{'/'.join(ids)}: " if ids else ""
        return super().formatMessage(record)


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, message, logger, whom it is about, traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The whole line."""
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, object] = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            "logger": record.name,
        }
        for name in PLACE:
            value = getattr(record, name, None)
            if value is not None:
                line[name] = value
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class OfLibrary(logging.Filter):
    """Says of lines of `websockets` whom they are about: theirs come with a `web.visitor`."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through."""
        visitor = getattr(record, "websocket", None)
        if visitor is not None:
            record.connection = getattr(visitor, "known_as", None)
            record.address = getattr(visitor, "address", None)
        return True


class NotAgain(logging.Filter):
    """Lets a warning or error through once in 30 s; the next one tells how many there were.

    Two are the same when their logger, their text, the type of their exception and the values in
    their text are, whatever its numbers; from the ninth wording of a text on, values do not count.
    """

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        """Have heard nothing.

        Args:
            now: The clock, seconds, monotonic.
        """
        super().__init__()
        self._now = now
        self._lock = threading.Lock()
        self._told: dict[tuple[object, ...], dict[int, tuple[float, int]]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is told."""
        if record.levelno < logging.WARNING:
            return True
        kind = record.exc_info[0] if record.exc_info else None
        what, now = (record.name, record.levelno, str(record.msg), kind), self._now()
        with self._lock:
            if what not in self._told and len(self._told) >= COMPLAINTS_MAX:
                self._told.clear()
            kept_back = _tell(self._told.setdefault(what, {}), _wording(record), now=now)
        if kept_back:
            text = f"{record.getMessage()} ({kept_back} more like it since the last one)"
            record.msg, record.args = text, None
        return kept_back is not None


def _tell(told: dict[int, tuple[float, int]], wording: int, *, now: float) -> int | None:
    """Whether one wording of a text is told.

    Args:
        told: When each was told, in seconds, and how many were kept back since; brought up to date.
        wording: Which one.
        now: The clock, seconds.

    Returns:
        How many like it were kept back since the last one, or None: this one is, too.
    """
    if wording not in told and len(told) >= WORDINGS_MAX:
        for one in [one for one, (at, _) in told.items() if now - at >= 2 * AGAIN_S]:
            del told[one]
        wording = wording if len(told) < WORDINGS_MAX else OTHERS
    at, kept_back = told.get(wording, (now - AGAIN_S, 0))
    if now - at < AGAIN_S:
        told[wording] = (at, kept_back + 1)
        return None
    told[wording] = (now, 0)
    return kept_back


def _wording(record: logging.LogRecord) -> int:
    """A number for the values of a line, by which those that differ in numbers alone are equal."""
    args = record.args if isinstance(record.args, tuple) else (record.args,)
    return hash(tuple(str(one) for one in args if not isinstance(one, Number))) or 1


def set_up(level: str, form: str = "text", *, stream: TextIO | None = None) -> None:
    """Log to stderr from now on, in place of what was set up before.

    Args:
        level: debug, info, warning or error.
        form: text or json.
        stream: Where to; None = stderr.

    Raises:
        ConfigError: One of them is unknown.
    """
    for name, found, wanted in (("log_level", level, LEVELS), ("log_format", form, FORMATS)):
        if found not in wanted:
            raise ConfigError(f"{name}: found {found!r}, wanted one of {', '.join(wanted)}")
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one, _Lines)]:
        root.removeHandler(old)
    handler = _Lines(stream)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    handler.addFilter(OfLibrary())
    handler.addFilter(NotAgain())
    root.addHandler(handler)
    root.setLevel(level.upper())
    # The library tells of every handshake that fails; what matters is told by us. At DEBUG it
    # prints headers and frames, and so tokens.
    logging.getLogger("websockets").setLevel(logging.INFO if level == "debug" else logging.ERROR)


class _Lines(logging.StreamHandler[TextIO]):
    """Where lines go; of this kind there is one, whatever others a program has."""

    def __init__(self, stream: TextIO | None) -> None:
        super().__init__(stream)
        self._goes_to_stderr = stream is None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, to what is stderr by now."""
        if self._goes_to_stderr:
            self.stream = sys.stderr
        super().emit(record)
