"""What the pipeline needs of a session for one window."""

from collections.abc import Sequence

import numpy as np

from a2f_ws.names import Floats
from a2f_ws.session.hearing import Hearing
from a2f_ws.session.holding import Holding
from a2f_ws.session.meshing import Meshing
from a2f_ws.session.mood import Mood
from a2f_ws.session.sensing import Sensing
from a2f_ws.session.setup import Setup
from a2f_ws.session.windows import Window
from a2f_ws.shaping.cut import Cut


class Cutting:
    """Cuts windows out of the audio, each with the emotion of its time.

    Attributes:
        holding: What the cuts are made with.
    """

    def __init__(self, hearing: Hearing, mood: Mood, *, meshing: Meshing, sensing: Sensing) -> None:
        """Cut from what is heard."""
        self.holding = Holding()
        self._hearing, self._mood = hearing, mood
        self._meshing, self._sensing = meshing, sensing

    def rest(self, emotion: Floats, setup: Setup) -> Cut:
        """For the rest row of an emotion, float32 (10,)."""
        return self._cut(emotion, setup)

    def speech(self, window: Window, setup: Setup) -> Cut | None:
        """For a window of an utterance; None = nobody needs it any more."""
        utterance = window.utterance
        if utterance is None or window.is_dead:
            return None
        window.is_cut = True
        if window.is_ease:
            self._hearing.settle(utterance)
            return self._cut(self._sensing.resting(self._mood.held, setup), setup)
        track = utterance.plan.begin(self._mood.held)
        feel = self._sensing.feel(utterance, explicit=track, setup=setup)
        steps, heard = utterance.steps_to(window.i), utterance.cut(window.i, feel)
        emotion = feel(utterance.fps.sample(window.i))
        cut = self._cut(emotion, setup, state=utterance.state, steps=steps)
        cut.hear(heard)
        cut.t_us = utterance.fps.t_us(window.i)
        cut.mesh = window.mesh = self._meshing.wanted(window, setup)
        return cut

    def recalled(self, windows: Sequence[Window]) -> Floats:
        """The faces, float32 (B, 82), of windows of lines that were said before."""
        faces: list[Floats] = []
        for window in windows:
            utterance = window.utterance
            if utterance is not None:
                window.is_cut = True
                if window.is_ease:
                    utterance.plan.begin(self._mood.held)
                    self._hearing.settle(utterance)
                faces.append(utterance.recalled(window.i))
        return np.stack(faces)

    def _cut(
        self, emotion: Floats, setup: Setup, *, state: object | None = None, steps: int = 1
    ) -> Cut:
        """A cut of silence, `steps` pose periods after the face before."""
        return Cut(
            samples=None,
            emotion=emotion,
            params=self.holding.params(setup),
            ready=self.holding.ready,
            gains=setup.weighting.gains,
            offsets=setup.weighting.offsets,
            state=setup.model.pipeline.new_state() if state is None else state,
            dt_s=steps / setup.fps.hz,
        )
