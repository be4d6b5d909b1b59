"""Curves that move in a terminal, or lines where there is none."""

from time import perf_counter
from types import TracebackType
from typing import Final, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.text import Text

from a2f_ws.client import ClientSession, Watch
from a2f_ws.commands.screen import plain_table
from a2f_ws.commands.timings import Timings
from a2f_ws.names import Floats
from a2f_ws.player.idle import Level, apply, offsets
from a2f_ws.timebase import MICROSECONDS

CURVES: Final = (
    ("jawOpen", "red"),
    ("mouthClose", "cyan"),
    ("mouthPucker", "magenta"),
    ("mouthFunnel", "yellow"),
    ("mouthStretchLeft", "green"),
    ("mouthUpperUpLeft", "blue"),
    ("eyeBlinkLeft", "white"),
)
"""What moves, in which colour (ours)."""

REFRESH_PER_S: Final = 12
LINES_PER_S: Final = 2
BAR_CHARS: Final = 50
SEED: Final = 7
"""Of the blinks, which are the client's own: no server knows of them."""


class Stage:
    """Shows the face of one session while it speaks.

    `frame` is called sixty times a second and has to be quick.
    """

    def __init__(
        self, console: Console, session: ClientSession | Watch, *, timings: Timings | None = None
    ) -> None:
        """Prepare.

        Args:
            console: Where to show.
            session: Whose face; of a rig without the curves of `CURVES`, its first ones show.
            timings: Its timings so far, if there are any.
        """
        self._session, self._timings = session, timings
        self._names = session.names
        known = [(name, colour) for name, colour in CURVES if name in self._names]
        colours = [colour for _, colour in CURVES]
        self._curves = known or list(zip(self._names, colours, strict=False))
        self._row: Floats = session.rest
        self._at_us = 0
        self._lines_told = 0
        self._console = console
        self._live: Live | None = None
        if console.is_terminal:
            self._live = Live(
                console=console, refresh_per_second=REFRESH_PER_S, get_renderable=self._bars
            )

    def __enter__(self) -> Self:
        """Begin to show."""
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the last picture standing."""
        if self._live is not None:
            self._live.stop()

    def frame(self, row: Floats, at_us: int) -> None:
        """Take the row that is shown now, and the play head."""
        self._row, self._at_us = row, at_us
        lines = at_us * LINES_PER_S // MICROSECONDS
        if self._live is None and lines > self._lines_told:
            self._lines_told = lines
            values = self._values()
            text = "  ".join(f"{name} {values[name]:.2f}" for name, _ in self._curves[:4])
            self._console.print(f"{at_us / MICROSECONDS:5.1f} s  {text}", soft_wrap=True)

    def _values(self) -> dict[str, float]:
        """The curves shown, with the blinks of idle life."""
        row = self._row
        if row.size:
            now_us = int(perf_counter() * MICROSECONDS)
            blink = offsets(SEED, now_us, level=Level.BLINK)
            row = apply(row, blink, roles=self._session.opened.idle)
        return {
            name: float(row[self._names.index(name)]) if row.size else 0.0
            for name, _ in self._curves
        }

    def _bars(self) -> RenderableType:
        values = self._values()
        lines = plain_table("", "", "")
        lines.show_header = False
        for name, colour in self._curves:
            bar = ProgressBar(
                total=1.0,
                completed=min(1.0, values[name]),
                width=BAR_CHARS,
                complete_style=colour,
                finished_style=colour,
            )
            lines.add_row(name, bar, f"{values[name]:.2f}")
        latest_ms = None if self._timings is None else self._timings.latest_ms()
        told = "" if latest_ms is None else f", newest pose {latest_ms:.1f} ms after its sound"
        return Group(Text(f"{self._at_us / MICROSECONDS:5.1f} s{told}", style="bold"), lines)
