"""A sound device for those who have none."""

from a2f_ws.player.gate import State


class Sound:
    """A play head that starts, halts and goes on as the gate says.

    Attributes:
        at_us: Play head, microseconds; None before the sound starts.
        is_running: False while it stands.
        started_us: Time at which it started, on the clock of `move`; None before.
        stalls: How often poses stayed away.
    """

    def __init__(self, start_us: int = 0) -> None:
        """Be silent; `start_us` is where the sound begins, microseconds."""
        self.at_us: int | None = None
        self.is_running = False
        self.started_us: int | None = None
        self.stalls = 0
        self._start_us, self._now_us = start_us, 0

    def move(self, now_us: int) -> int | None:
        """The play head now."""
        if self.at_us is not None and self.is_running:
            self.at_us += now_us - self._now_us
        self._now_us = now_us
        return self.at_us

    def obey(self, state: State) -> bool:
        """Do what the gate says; True when it began, halted or went on."""
        if state is State.START and self.at_us is None:
            self.at_us, self.started_us = self._start_us, self._now_us
        is_running = self.at_us is not None and state in (State.START, State.PLAY)
        has_changed = is_running != self.is_running
        self.stalls += has_changed and state is State.STALL
        self.is_running = is_running
        return has_changed
