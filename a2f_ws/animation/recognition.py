"""A classifier's logits as the ten emotions: softmax, selection, smoothing, preferred emotion."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from a2f_ws.animation.params import Param, ParamSet
from a2f_ws.errors import MisuseError
from a2f_ws.names import EMOTIONS, Floats
from a2f_ws.rows import rounds

UNMAPPED: Final = -1
"""What a class corresponds to when no emotion is driven by it, as neutral."""

TRANSITION_MIN_S: Final = np.float32(1e-3)
"""Shortest transition, seconds. Source: SDK, `postprocess.cpp`."""

RECOGNITION_PARAMS: Final = ParamSet(
    (
        Param("emotion_contrast", 0.3, 3.0, 1.0),
        Param("max_emotions", 1.0, 6.0, 6.0),
        Param("live_blend_coef", 0.0, 1.0, 0.7),
        Param("preferred_emotion_strength", 0.0, 1.0, 0.5),
        Param("transition_smoothing", 0.0, 5.0, 0.5),
        Param("emotion_strength", 0.0, 1.0, 0.6),
        Param("emotion_recognition", 0.0, 1.0, 1.0, in_bundle=False),
    )
)
"""Parameters of the recognised emotion, in the order of columns.

The most emotions are rounded; the live blend is the share of the past; the transition is in
seconds; recognition is off below 0.5.

Source:
    Names and defaults: `model_config.json` of the Audio2Emotion v2.2 bundle. Ranges: NVIDIA's
    service (`EmotionPostProcessingParameters`); 0 to 5 s is ours, the SDK limits none of them.
"""

_CONTRAST, _MOST, _PAST, _PREFERRED, _TRANSITION, _STRENGTH, IS_ON = range(7)


class RecognitionState:
    """What the emotion of one voice remembers from frame to frame.

    Attributes:
        working: float32 (E,), the last output, which emotions without a class start from.
        natural: float32 (E,), what the voice says, before the preferred emotion.
        blended: float32 (E,), before the strength.
        is_started: False until the first frame.
    """

    __slots__ = ("blended", "is_started", "natural", "working")

    def __init__(self, beginning: Floats) -> None:
        """The state before the first frame, which `beginning`, float32 (E,), is blended into."""
        self.working = self.natural = self.blended = beginning
        self.is_started = False


class Recognition:
    """Turns logits into emotions; one for all voices."""

    def __init__(self, correspondence: Sequence[int], *, emotions: int = len(EMOTIONS)) -> None:
        """Prepare for a classifier.

        Args:
            correspondence: For each class the emotion that it drives, or −1 for none.
            emotions: How many emotions there are.

        Raises:
            MisuseError: An emotion that there is not.
        """
        if any(not UNMAPPED <= target < emotions for target in correspondence):
            raise MisuseError(f"correspondence {correspondence}: wanted −1 to {emotions - 1}")
        self._targets = tuple(correspondence)
        self._emotions = emotions
        self._unmapped = [k for k, target in enumerate(correspondence) if target == UNMAPPED]

    def new_state(self, beginning: Floats | None = None) -> RecognitionState:
        """The state of a voice that has not spoken; None begins without an emotion."""
        blank = np.zeros(self._emotions, np.float32)
        return RecognitionState(blank if beginning is None else beginning)

    def step(
        self,
        logits: Floats,
        states: Sequence[RecognitionState],
        *,
        params: Floats,
        preferred: Floats,
        prefers: NDArray[np.bool_],
        dt_s: float,
    ) -> Floats:
        """The emotions of frames; the states move on by their rows.

        Args:
            logits: float32 (B, C), finite; not changed.
            states: B states; rows of one state stand in the order of time.
            params: float32 (B, P), columns of `RECOGNITION_PARAMS`.
            preferred: float32 (B, E), what is wanted of the face whatever the voice says.
            prefers: bool (B,), where that counts.
            dt_s: Time between two frames, seconds, > 0.

        Returns:
            float32 (B, E), new array; 0 … 1 where the parameters and preferred emotions are.

        Raises:
            MisuseError: Not as many classes or states as wanted.

        Source:
            SDK, `postprocess.cpp`, quirks included: a class that is off is not made up for by the
            others, classes without an emotion count among the smallest, and emotions without a
            class start from the last output.
        """
        if logits.shape != (len(states), len(self._targets)):
            wanted = (len(states), len(self._targets))
            raise MisuseError(f"logits: found {logits.shape}, wanted {wanted}")
        shares = self._shares(logits, params)
        out = np.empty((len(states), self._emotions), np.float32)
        for rows in rounds(states):
            ours = [states[row] for row in rows]
            out[rows] = self._advance(
                shares[rows],
                ours,
                params=params[rows],
                weight=np.where(prefers[rows], params[rows, _PREFERRED], np.float32(0.0))[:, None],
                preferred=preferred[rows],
                dt_s=np.float32(dt_s),
            )
        return out

    def rest(
        self, state: RecognitionState, *, params: Floats, preferred: Floats, prefers: bool
    ) -> Floats:
        """Where a voice that has stopped leaves the emotion, its transition complete.

        Args:
            state: Of that voice; not changed.
            params: float32 (P,).
            preferred: float32 (E,).
            prefers: True where that counts.

        Returns:
            float32 (E,), new array.
        """
        rest: Floats = (
            self._blend(state, params, preferred=preferred, prefers=prefers) * params[_STRENGTH]
        )
        return rest

    def settle(
        self, state: RecognitionState, *, params: Floats, preferred: Floats, prefers: bool
    ) -> None:
        """Let the next frame of a state go on from `rest`."""
        if state.is_started:
            state.blended = self._blend(state, params, preferred=preferred, prefers=prefers)

    def _shares(self, logits: Floats, params: Floats) -> Floats:
        """Softmax (B, C), then zero for classes without an emotion and for the smallest ones."""
        shares: Floats = logits * params[:, _CONTRAST, None]
        shares -= shares.max(axis=1, keepdims=True)
        np.exp(shares, out=shares)
        total = shares[:, 0].copy()
        for k in range(1, shares.shape[1]):
            total += shares[:, k]
        shares /= total[:, None]
        shares[:, self._unmapped] = 0.0
        ranks = shares.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
        shares[ranks < shares.shape[1] - np.rint(params[:, _MOST, None])] = 0.0
        return shares

    def _advance(
        self,
        shares: Floats,
        states: Sequence[RecognitionState],
        *,
        params: Floats,
        weight: Floats,
        preferred: Floats,
        dt_s: np.float32,
    ) -> Floats:
        """One frame of different states; `weight` (B, 1) is that of `preferred` (B, E)."""
        one = np.float32(1.0)
        past, strength = params[:, _PAST, None], params[:, _STRENGTH, None]
        emotion = np.stack([state.working for state in states])
        for k, target in enumerate(self._targets):
            if target != UNMAPPED:
                emotion[:, target] = shares[:, k]
        emotion = (one - past) * emotion + past * np.stack([state.natural for state in states])
        natural = emotion
        blend = (one - weight) * emotion + weight * preferred
        emotion = np.where(weight > 0.0, blend, emotion)
        seconds = np.maximum(params[:, _TRANSITION, None], TRANSITION_MIN_S)
        rest = one - np.minimum(dt_s / seconds, one)
        before = np.stack([state.blended for state in states])
        is_started = np.array([[state.is_started] for state in states])
        emotion = np.where(is_started, (one - rest) * emotion + rest * before, emotion)
        out: Floats = emotion * strength
        for row, state in enumerate(states):
            state.natural, state.blended, state.working = natural[row], emotion[row], out[row]
            state.is_started = True
        return out

    def _blend(
        self, state: RecognitionState, params: Floats, *, preferred: Floats, prefers: bool
    ) -> Floats:
        weight = params[_PREFERRED] if prefers else np.float32(0.0)
        blend: Floats = (np.float32(1.0) - weight) * state.natural + weight * preferred
        return blend
