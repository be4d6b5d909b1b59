"""When the sound of an utterance may run."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from a2f_ws.player.track import NEVER

MARGIN_US: Final = 60_000
MARGIN_LEAST_US: Final = 40_000
MARGIN_MOST_US: Final = 400_000
STALL_GROWTH_US: Final = 40_000
CALM_GAIN_US: Final = 10_000
CALM_US: Final = 10_000_000
STALL_US: Final = 100_000
CATCH_UP_US: Final = 250_000
AHEAD_US: Final = 1_500_000
"""Numbers of protocol §19 (*Gate*) and, for `AHEAD_US`, the default of `open.ahead_us` in §10."""


class State(StrEnum):
    """What the client does with the sound: it stands in wait, stall and stop, else it runs."""

    WAIT = "wait"
    """Not yet: too few poses are here."""
    START = "start"
    """The sound may be started; it is not heard yet."""
    PLAY = "play"
    """The sound runs."""
    STALL = "stall"
    """The poses stay away: halt the sound where it is."""
    STOP = "stop"
    """Interrupted or played out: nothing of this utterance is to be heard."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What the player sees at one sample; times are poses' times, after `av_offset_us`.

    Attributes:
        head_us: Pose wanted now; while there is no sound, where the sound will start.
        has_sound: True when the client gave a play head.
        reach_us: Newest pose, NEVER without one.
        is_done: No pose is to be waited for: all came, or the face is not visible.
        is_over: Interrupted or played out.
        missing_us: Time for which the pose at the play head has been due and not here.
        even_us: Time since the sample before, if the sound played evenly between the two, else 0.
        now_us: The client's clock.
    """

    head_us: int
    has_sound: bool
    reach_us: int
    is_done: bool
    is_over: bool
    missing_us: int
    even_us: int
    now_us: int


class Gate:
    """Starts the sound when enough poses are ahead of it, and halts it when they stay away.

    Decisions where the protocol leaves room:

    - *Poses reach* a time when the newest one is at or after it. A hole before the newest pose is
      never waited for: poses come in order, so nothing fills it.
    - All times are those of poses, `play - av_offset_us`: it is the pose that must be there.
    - Sound that goes away (no play head) before `poses_done` leads back to wait, at the place
      where it was; after `poses_done` to stop. Sound that runs without having been allowed to is
      taken as it is: play. A studio that goes back after stop is in play again.
    - The ten seconds without a stall are seconds of even play: silence proves nothing about the
      network, nor do pauses and jumps. What is left over counts for the next utterance.
    - A microphone's play head never goes back. In a stall it stands. When the stall ends it goes
      on behind the clock by the delay that the poses really have, plus the (grown) margin, so
      one long outage does not leave the face behind for the rest of the day.

    Attributes:
        state: Of the utterance sampled last.
        margin_us: How far poses must be ahead for the sound to start or to go on.
    """

    def __init__(self) -> None:
        self.state = State.WAIT
        self.margin_us = MARGIN_US
        self._most_us = MARGIN_MOST_US
        self._calm_us = 0
        self._live_us = NEVER
        self._behind_us = 0

    def limit(self, ahead_us: int) -> None:
        """Take `open.ahead_us`: a margin beyond half of it could never be filled."""
        self._most_us = min(MARGIN_MOST_US, ahead_us // 2)
        self.margin_us = min(self.margin_us, self._most_us)

    def enter(self) -> None:
        """Another utterance: wait for its poses, with the margin that calm play has earned."""
        while self._calm_us >= CALM_US:
            self._calm_us -= CALM_US
            self.margin_us = max(
                min(self.margin_us, MARGIN_LEAST_US), self.margin_us - CALM_GAIN_US
            )
        self.state = State.WAIT
        self._live_us = NEVER
        self._behind_us = 0

    def update(self, sight: Sight, *, live_zero_us: int | None) -> None:
        """Move on by what is seen at this sample.

        Args:
            sight: What is seen.
            live_zero_us: For a microphone, time on the clock that pose 0 belongs to: capture of
                sample 0 + look-ahead + `av_offset_us`; else None.
        """
        if sight.is_over:
            self.state = State.STOP
        elif sight.has_sound:
            self._run(sight, live_zero_us)
        else:
            self._rest(sight)

    def live_us(self, now_us: int, *, live_zero_us: int) -> int | None:
        """A microphone's play head: now − sample 0 − look-ahead − margin, and never back.

        None while the state is wait or stop.
        """
        if self.state in (State.WAIT, State.STOP):
            return None
        if self.state is not State.STALL or self._live_us == NEVER:
            due_us = now_us - live_zero_us - self.margin_us - self._behind_us
            self._live_us = max(self._live_us, due_us)
        return self._live_us

    def _is_filled(self, sight: Sight) -> bool:
        return sight.is_done or sight.reach_us >= sight.head_us + self.margin_us

    def _rest(self, sight: Sight) -> None:
        if self.state in (State.PLAY, State.STALL):
            self.state = State.STOP if sight.is_done else State.WAIT
        if self.state is State.WAIT and self._is_filled(sight):
            self.state = State.START

    def _run(self, sight: Sight, live_zero_us: int | None) -> None:
        if self.state is State.STALL:
            if not self._is_filled(sight):
                return
            may_move = True
        elif sight.missing_us >= STALL_US and not sight.is_done and sight.reach_us < sight.head_us:
            self.state = State.STALL
            self._calm_us = 0
            self.margin_us = min(self.margin_us + STALL_GROWTH_US, self._most_us)
            return
        else:
            self._calm_us += sight.even_us
            may_move = self._may_catch_up(sight)
        self.state = State.PLAY
        if may_move and live_zero_us is not None:
            self._go_on(sight, live_zero_us)

    def _may_catch_up(self, sight: Sight) -> bool:
        """True where a microphone that has fallen back has newer poses again."""
        most_us = sight.head_us + self.margin_us + CATCH_UP_US
        return self._behind_us > 0 and sight.reach_us > most_us

    def _go_on(self, sight: Sight, live_zero_us: int) -> None:
        """Let a microphone go on a margin before its newest pose, but not before it is due."""
        due_us = sight.now_us - live_zero_us - self.margin_us
        on_us = max(sight.head_us, sight.reach_us - self.margin_us)
        self._behind_us = max(0, due_us - on_us)
