"""Results of networks that give faces in blocks: in order within an utterance, together across."""

from collections import OrderedDict, deque
from collections.abc import Sequence
from math import ceil
from typing import Final, TypeAlias

import numpy as np

from a2f_ws.animation.params import EMOTION_INTENSITY, INPUT_STRENGTH, ParamSet
from a2f_ws.errors import MisuseError, ModelError
from a2f_ws.inference.backend import BlockBackend, States
from a2f_ws.inference.block_tensors import blocks_of
from a2f_ws.inference.bundle import Bundle
from a2f_ws.names import EMOTIONS, Floats
from a2f_ws.shaping.cut import Cut, felt
from a2f_ws.shaping.stream import Block, Carried, Stream

SETTLED_S: Final = 0.5
FELT_S: Final = 0.1
"""Silence without emotion, once, and with the emotion, after which the rest of a face is read from
what such a network gives (ours)."""

RESTS_MAX: Final = 64
"""Emotions whose rest is remembered, the last that were wanted: most sessions rest with the same
few (ours)."""

_Job: TypeAlias = tuple[Carried, Block, Floats]
"""What an utterance carries, its next block, and the face parameters (P,) in force."""


class BlockResults:
    """See `Results`: each face is that between the two frames around it.

    The blocks that a batch of faces lacks are computed in rounds: in each one block of every
    utterance, so that those of an utterance are in order whatever the batch, and utterances share
    calls. What was computed is not computed again, so that a batch that failed can be tried in
    parts.
    """

    def __init__(self, bundle: Bundle, backend: BlockBackend, *, params: ParamSet) -> None:
        """Compute with what runs a bundle's network.

        Args:
            bundle: One with blocks.
            backend: What runs it.
            params: The face parameters that cuts have.
        """
        self._bundle, self._backend = bundle, backend
        self._blocks = blocks_of(bundle).rate
        self._strength = params.column(INPUT_STRENGTH)
        self._feeling = params.column(EMOTION_INTENSITY)
        self._rests: OrderedDict[bytes, Floats] = OrderedDict()
        neutral = np.zeros((1, len(EMOTIONS)), np.float32)
        _, (self._still,) = self._silent(neutral, backend.initial, seconds=SETTLED_S)

    def of(self, cuts: Sequence[Cut], emotions: Floats) -> Floats:
        """See `Results.of`."""
        found: Floats = np.empty((len(cuts), self._bundle.columns.width), np.float32)
        spoken = [row for row, cut in enumerate(cuts) if not cut.is_silent]
        if spoken:
            found[spoken] = self._speech([cuts[row] for row in spoken])
        silent = [row for row, cut in enumerate(cuts) if cut.is_silent]
        if silent:
            found[silent], calls = self._rest(emotions[silent])
            for row, brought in zip(silent, calls, strict=True):
                cuts[row].rested = brought
        return found

    def silence(self, emotions: Floats) -> Floats:
        """See `Results.silence`: what some silence leads to."""
        return self._rest(emotions)[0]

    def _rest(self, emotions: Floats) -> tuple[Floats, list[int]]:
        """Results (B, N) for silence with emotions, and the inferences that each brought."""
        keys = [emotion.tobytes() for emotion in emotions]
        new = {key: row for row, key in enumerate(keys) if key not in self._rests}
        rows = list(new.values())
        for part in self._parts(len(rows)):
            results, _ = self._silent(emotions[rows[part]], self._still, seconds=FELT_S)
            for row, result in zip(rows[part], results, strict=True):
                self._rests[keys[row]] = result[-1].copy()
        for key in keys:
            self._rests.move_to_end(key)
        rests: Floats = np.stack([self._rests[key] for key in keys])
        while len(self._rests) > RESTS_MAX:
            self._rests.popitem(last=False)
        return rests, [self._calls(FELT_S) * (new.get(key) == k) for k, key in enumerate(keys)]

    def _calls(self, seconds: float) -> int:
        """Inferences, one after the other, that so much silence takes."""
        return ceil(seconds * self._blocks.hz)

    def _silent(
        self, emotions: Floats, state: States, *, seconds: float
    ) -> tuple[Floats, Sequence[States]]:
        """The last block, (B, F, N), of silence with emotions, float32 (B, 10), and its states."""
        windows = np.zeros((len(emotions), self._bundle.buffer_len), np.float32)
        in_force = np.repeat(emotions[:, None], self._blocks.frames, axis=1)
        results, states = self._run(windows, in_force, states=[state] * len(emotions))
        for _ in range(self._calls(seconds) - 1):
            results, states = self._run(windows, in_force, states=states)
        return results, states

    def forget(self, cuts: Sequence[Cut]) -> None:
        """See `Results.forget`."""
        for cut in cuts:
            if cut.stream is not None:
                cut.stream.carried.forget(cut.stream.frame)

    def _speech(self, cuts: Sequence[Cut]) -> Floats:
        """Results (B, N) for cuts of speech."""
        streams, waiting = [_stream(cut) for cut in cuts], dict[int, deque[_Job]]()
        for cut, stream in zip(cuts, streams, strict=True):
            carried = stream.carried
            for block in stream.blocks:
                if carried.next is None or block.k >= carried.next:
                    line = waiting.setdefault(id(carried), deque())
                    line.append((carried, block, cut.params))
        while one_each := [line.popleft() for line in waiting.values() if line]:
            for part in self._parts(len(one_each)):
                self._advance(one_each[part])
        share = np.array([stream.share for stream in streams], np.float32)[:, None]
        lower, upper = (np.stack(rows) for rows in zip(*map(_rows, streams), strict=True))
        results: Floats = lower + share * (upper - lower)
        return results

    def _parts(self, rows: int) -> list[slice]:
        """What the backend can take at a time."""
        most = self._backend.max_batch
        return [slice(first, first + most) for first in range(0, rows, most)]

    def _advance(self, jobs: Sequence[_Job]) -> None:
        """Compute a block of each of some utterances."""
        for carried, block, _ in jobs:
            if carried.next not in (None, block.k):
                raise MisuseError(f"block {block.k}: wanted block {carried.next}")
        results, states = self._run(
            np.stack([block.samples * params[self._strength] for _, block, params in jobs]),
            np.stack([felt(block.emotions, params[self._feeling]) for _, block, params in jobs]),
            states=[carried.states or self._backend.initial for carried, _, _ in jobs],
        )
        for (carried, block, _), rows, state in zip(jobs, results, states, strict=True):
            carried.take(block.k, rows, states=state, frame=self._blocks.frame(block.k))

    def _run(
        self, windows: Floats, emotions: Floats, *, states: Sequence[States]
    ) -> tuple[Floats, list[States]]:
        """One call, of windows (B, S) and explicit emotions (B, F, 10)."""
        batch, frames, _ = emotions.shape
        rows = self._bundle.emotion_rows(emotions.reshape(batch * frames, -1))
        results, following = self._backend.run(
            windows, rows.reshape(batch, frames, -1), states=states
        )
        if not np.isfinite(results).all():
            raise ModelError(f"{self._bundle.name}: the network gave values that are not finite")
        return results, following


def _stream(cut: Cut) -> Stream:
    if cut.stream is None:
        raise MisuseError("a cut of silence, wanted one that lies among frames")
    return cut.stream


def _rows(stream: Stream) -> tuple[Floats, Floats]:
    """The results of the frames around a face, float32 (N,) each."""
    carried = stream.carried
    at = stream.frame - carried.frame
    after = at + (stream.share > 0.0)
    if at < 0 or after >= len(carried.rows):
        raise MisuseError(f"frame {stream.frame}: it was forgotten, or is not computed yet")
    return carried.rows[at], carried.rows[after]
