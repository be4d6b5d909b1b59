"""Signals that end a command: Ctrl+C and what systems send."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, Final

from a2f_ws.client_link import ServerError

SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGBREAK")
"""What ends a command; each system has some of them."""


def until_signal(work: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """Run work that is given an event, which the first signal sets; a second one ends the program.

    Args:
        work: Ends soon after the event was set, or by itself.

    Raises:
        ServerError: The work raised it, by itself or in a group.
    """
    fault: ServerError | None = None
    with asyncio.Runner() as runner:
        loop, stop = runner.get_loop(), asyncio.Event()

        def ask() -> None:
            # The loop may be gone already: then there is nothing left to stop.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(stop.set)

        with on_signals([ask]):
            try:
                runner.run(work(stop))
            except* ServerError as group:
                fault = _first(group)
    if fault is not None:
        raise fault


def _first(group: BaseExceptionGroup[ServerError]) -> ServerError:
    """The first fault in a group, however deep it stands."""
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error


@contextmanager
def on_signals(acts: Sequence[Callable[[], None]]) -> Iterator[None]:
    """Call one after the other, one at each signal; the next one ends the program the hard way."""
    numbers = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    left = list(acts)

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def handle(number: int, frame: FrameType | None) -> None:
        del number, frame
        act = left.pop(0)
        if not left:
            restore()
        act()

    for number in numbers:
        signal.signal(number, handle)
    try:
        yield
    finally:
        restore()
