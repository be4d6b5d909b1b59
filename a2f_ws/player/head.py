"""How the play head moves from one sample to the next."""

from typing import Final

JUMP_US: Final = 100_000
"""A play head that is further off than this has jumped (protocol §19)."""


class Head:
    """The pose wanted at each sample: play head minus `av_offset_us`, on the client's clock.

    Attributes:
        now_us: Time of the sample; None before the first.
        at_us: Pose wanted; None without sound.
        last_us: Pose wanted when there was sound last in this utterance; None before.
        has_jumped: It is not where even play since the sample before would have brought it.
        even_us: Time since the sample before, if the sound played evenly between the two, else 0.
    """

    def __init__(self) -> None:
        self.now_us: int | None = None
        self.at_us: int | None = None
        self.last_us: int | None = None
        self.has_jumped = False
        self.even_us = 0
        self._passed_us = 0
        self._missing_since_us: int | None = None

    def clock(self, now_us: int) -> int:
        """Take the time of a sample; one before the last one becomes the last one."""
        self._passed_us = 0 if self.now_us is None else max(0, now_us - self.now_us)
        self.now_us = now_us if self.now_us is None else self.now_us + self._passed_us
        return self.now_us

    def leave(self) -> None:
        """Nothing is followed any more: forget the place and what was missing there."""
        self.at_us = None
        self.last_us = None
        self._missing_since_us = None

    def move(self, at_us: int | None, *, speed: float) -> None:
        """Take the pose wanted.

        Args:
            at_us: Pose wanted, None without sound.
            speed: Play time per time of the clock that was to be expected; 0 while it stands.
        """
        if at_us is None or self.at_us is None:
            self.has_jumped = False
            self.even_us = 0
        else:
            self.has_jumped = abs((at_us - self.at_us) - speed * self._passed_us) > JUMP_US
            self.even_us = 0 if self.has_jumped or speed == 0 else self._passed_us
        self.at_us = at_us
        self.last_us = self.last_us if at_us is None else at_us

    def missing_us(self, late_us: int | None, *, rate: float, is_paused: bool) -> int:
        """How long the pose wanted has been due on the clock without being here.

        The count begins when the head passed the pose's time, which lies between two samples, and
        stands while paused.

        Args:
            late_us: Play time since the pose was due; None when nothing is missing.
            rate: Play speed.
            is_paused: True while the sound stands.
        """
        if late_us is None or self.at_us is None or self.now_us is None:
            self._missing_since_us = None
            return 0
        if self._missing_since_us is None:
            due_us = self.now_us - (int(late_us / rate) if rate > 0 else 0)
            self._missing_since_us = max(self.now_us - self._passed_us, due_us)
        elif is_paused:
            self._missing_since_us += self._passed_us
        return self.now_us - self._missing_since_us
