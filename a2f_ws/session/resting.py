"""The rest row of a session: which emotion it shows, and when another one is worth sending."""

from math import inf
from typing import Final

import numpy as np

from a2f_ws.names import Floats
from a2f_ws.session.hearing import Hearing
from a2f_ws.session.mood import Mood
from a2f_ws.session.sensing import Sensing
from a2f_ws.session.setup import Setup

REST_GAP_S: Final = 0.1
"""Least time between two rest rows, seconds (protocol §7: at most ten per second), and while it
speaks between two looks at whether another one is due."""

REST_DUE_S: Final = 0.1
"""How long a rest row may wait where nobody speaks, seconds: many sessions that open at a time are
not to hold up a face that speaks (ours)."""


class Resting:
    """Follows the emotion in force.

    Attributes:
        emotion: float32 (10,), the one that the newest rest row shows; None = there has to be one.
    """

    def __init__(self, hearing: Hearing, mood: Mood, *, sensing: Sensing) -> None:
        """Have shown nothing yet."""
        self.emotion: Floats | None = None
        self._hearing, self._mood, self._sensing = hearing, mood, sensing
        self._at: float | None = None
        self._looked_at = -inf

    def begin(self) -> None:
        """Let a rest row follow at once, as for rows of another layout."""
        self.emotion, self._at, self._looked_at = None, None, -inf

    def is_settled(self, setup: Setup) -> bool:
        """True when no rest row will come unless the client asks for something."""
        if self._hearing.alive or self.emotion is None:
            return False
        return np.array_equal(self.emotion, self._sensing.resting(self._mood.held, setup))

    def offer(self, setup: Setup, *, now: float) -> bool:
        """True when a rest row should be computed now; `emotion` says which."""
        if self._at is not None and now - self._at < REST_GAP_S:
            return False
        if self._hearing.alive and now - self._looked_at < REST_GAP_S:
            return False
        self._looked_at = now
        explicit = self._hearing.emotion_in_force()
        if explicit is None:
            emotion = self._sensing.resting(self._mood.resting(now), setup)
            is_same = self.emotion is not None and np.array_equal(emotion, self.emotion)
        else:
            emotion = self._sensing.speaking(explicit, setup)
            is_same = self.emotion is not None and self._sensing.is_near(
                emotion, self.emotion, setup=setup
            )
        if is_same:
            return False
        self._at, self.emotion = now, emotion
        return True
