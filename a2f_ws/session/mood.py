"""The emotion in force: kept over utterances, moved by commands, ramped in audio time."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from a2f_ws.animation.emotion import EmotionTrack
from a2f_ws.names import Floats

PLANNED_MAX: Final = 1_024
"""Most changes planned for utterances that have not begun (ours: a bound on memory)."""


@dataclass(frozen=True, slots=True)
class Ramp:
    """One `emotion` message.

    Attributes:
        at: Sample of the model rate, from the utterance's sample 0, where the ramp begins.
        values: float32 (10,), 0 … 1, in force from `at + over` on.
        over: Samples from the value in force to `values`, >= 0.
    """

    at: int
    values: Floats
    over: int


@dataclass(slots=True)
class Plan:
    """Emotion of one utterance: ramps that wait for its first pose, then a track.

    Attributes:
        ramps: Those that wait.
        track: From the first pose on.
        is_still: False once a change was planned for it.
    """

    ramps: list[Ramp] = field(default_factory=list)
    track: EmotionTrack | None = None
    is_still: bool = True

    def add(self, ramp: Ramp) -> None:
        """Plan a ramp; at its time the value then in force is kept and what was planned is cut.

        Raises:
            ValueError: Too many are planned.
        """
        self.is_still = False
        if self.track is not None:
            self.track.ramp(ramp.at, ramp.values, over=ramp.over)
        elif len(self.ramps) < PLANNED_MAX:
            self.ramps.append(ramp)
        else:
            raise ValueError(f"more than {PLANNED_MAX} changes of emotion planned")

    def begin(self, held: Floats) -> EmotionTrack:
        """The track, once the first pose is computed; before its first ramp `held` is in force."""
        if self.track is None:
            self.track = EmotionTrack(held)
            for ramp in self.ramps:
                self.track.ramp(ramp.at, ramp.values, over=ramp.over)
            self.ramps.clear()
        return self.track


class Mood:
    """Emotion of a session between and beyond its utterances."""

    def __init__(self, values: Floats) -> None:
        """Start with a constant emotion, float32 (10,), 0 … 1."""
        self.held = values
        self._from = values
        self._since = 0.0
        self._over_s = 0.0
        self._plans: dict[int, Plan] = {}

    def plan(self, u: int) -> Plan:
        """The plan of an utterance that has not begun.

        Raises:
            ValueError: Too much is planned for utterances to come.
        """
        if sum(len(plan.ramps) for plan in self._plans.values()) >= PLANNED_MAX:
            raise ValueError(f"more than {PLANNED_MAX} changes of emotion planned ahead")
        return self._plans.setdefault(u, Plan())

    def adopt(self, u: int, at: int) -> tuple[Plan, list[int]]:
        """The plan of an utterance that begins now.

        Args:
            u: Its number.
            at: Sample of its first pose: there begins what was planned for utterances that were
                passed over.

        Returns:
            The plan, and the numbers of those utterances.
        """
        passed = sorted(key for key in self._plans if key < u)
        plan = Plan()
        for older in passed:
            for ramp in self._plans.pop(older).ramps:
                plan.add(Ramp(at, ramp.values, ramp.over))
        for ramp in self._plans.pop(u, Plan()).ramps:
            plan.add(ramp)
        return plan, passed

    def move(self, values: Floats, *, over_s: float, now: float) -> None:
        """Change between utterances: in force at once for the next, the rest row ramps."""
        self._from, self._since, self._over_s = self.resting(now), now, over_s
        self.held = values

    def keep(self, values: Floats) -> None:
        """Hold what an utterance ends with."""
        self.held = self._from = values
        self._over_s = 0.0

    def resting(self, now: float) -> Floats:
        """The emotion that the rest row shows while no utterance is alive, float32 (10,)."""
        part = (now - self._since) / self._over_s if self._over_s > 0 else 1.0
        if part >= 1.0:
            return self.held
        return np.float32(1.0 - part) * self._from + np.float32(part) * self.held
