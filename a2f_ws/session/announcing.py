"""What a session tells about itself: what it is, its inference rate, its load."""

from dataclasses import dataclass
from typing import Literal

from a2f_ws.session.saying import Saying
from a2f_ws.session.setup import Setup
from a2f_ws.wire.messages import Received


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """What belongs to one `opened` only.

    Attributes:
        layout: Number of the row layout.
        re: `id` of the request.
        stride: Every how many poses one is computed.
        resume: Token that takes the session up again, or None.
        received: Where audio goes on after that, or None.
    """

    layout: int
    re: int | None = None
    stride: int = 1
    resume: str | None = None
    received: Received | None = None


class Announcing:
    """Says it."""

    def __init__(self, saying: Saying, *, credit_us: int) -> None:
        """Say nothing yet; `credit_us` is what the client may send ahead, microseconds."""
        self._saying, self._credit_us = saying, credit_us

    def opened(self, setup: Setup, greeting: Greeting) -> None:
        """Say `opened`, and the rate where it is reduced."""
        opened = setup.opened(
            self._saying.sid,
            layout=greeting.layout,
            stride=greeting.stride,
            credit_us=self._credit_us,
            re=greeting.re,
            resume=greeting.resume,
            received=greeting.received,
        )
        self._saying.say(opened)
        if greeting.stride > 1:
            self.rate(setup, greeting.stride, level="warning")

    def rate(self, setup: Setup, stride: int, *, level: Literal["info", "warning"]) -> None:
        """Say how many poses are computed."""
        hz, look_ahead_us = setup.fps.hz, setup.look_ahead_us(stride)
        part = "every pose" if stride == 1 else f"one pose in {stride}"
        self._saying.status(
            "rate",
            f"{part} is computed, {hz / stride:.3g} a second; a pose needs"
            f" {look_ahead_us / 1000:.0f} ms of sound after it",
            level=level,
            rate_hz=hz / stride,
            look_ahead_us=look_ahead_us,
        )

    def load(self, busy: float, *, late: int, dropped: int) -> None:
        """Say how busy the model is, 0 … 1, and what came late or was dropped since last time."""
        text = f"the model is busy {busy:.0%}"
        self._saying.status("load", text, level="info", busy=busy, late=late, dropped=dropped)
