"""What a session has said before is not computed again: finds lines by the hash of their sound."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from a2f_ws.names import Floats
from a2f_ws.session.cache import LINE_BYTES, Cache, Line
from a2f_ws.session.memory import Block
from a2f_ws.session.mood import Mood
from a2f_ws.session.sensing import Sensing
from a2f_ws.session.setup import Setup
from a2f_ws.wire.requests import Audio

if TYPE_CHECKING:
    from a2f_ws.session.utterance import Utterance


@dataclass(slots=True, eq=False)
class _Draft:
    """A line that is being said.

    Attributes:
        settings: What its faces depend on beside sound and emotion.
        sound: Hash of the sound so far.
        blocks: Its faces so far.
        size_bytes: What they take.
    """

    settings: bytes
    sound: Any = field(default_factory=sha256)
    blocks: list[Block] = field(default_factory=list)
    size_bytes: int = LINE_BYTES


class Repeats:
    """Knows the lines of a session that asked for it (`open.cache`), and says them again.

    A line is kept when nothing but its sound, and settings and an emotion that stood still, went
    into its faces, and every pose was computed: then the same sound gives the same faces.
    """

    def __init__(self, cache: Cache | None, *, mood: Mood, sensing: Sensing) -> None:
        """Keep nothing yet.

        Args:
            cache: Of the server; None = the session did not ask for it.
            mood: The explicit emotion.
            sensing: While the voice decides about the emotion, nothing is kept: what was said
                before counts.
        """
        self._cache, self._mood, self._sensing = cache, mood, sensing
        self._drafts: dict[int, _Draft] = {}

    def answer(
        self, message: Audio, utterance: "Utterance", *, alive: Sequence["Utterance"], setup: Setup
    ) -> bool | None:
        """Let an utterance that begins be a line that is known, or begin to keep it.

        Args:
            message: Its first one.
            utterance: It.
            alive: Utterances before it that are not over.
            setup: Settings of the session.

        Returns:
            Whether it is known; None = that was not asked.
        """
        if self._cache is None:
            return None
        settings = _settings(setup, utterance.first)
        emotion = self._emotion(utterance, alive)
        if message.hash is not None and emotion is not None and not self._sensing.is_on(setup):
            line = self._cache.find(_key(settings, message.hash, emotion=emotion))
            if line is not None:
                utterance.recall(line)
                return True
        if self._cache.borrow(LINE_BYTES):
            self._drafts[utterance.u] = _Draft(settings)
        return None if message.hash is None else False

    def hear(self, u: int, pcm: bytes) -> None:
        """Sound of an utterance, whole sample frames that were not heard before."""
        draft = self._drafts.get(u)
        if draft is not None:
            draft.sound.update(pcm)

    def show(self, u: int, block: Block) -> None:
        """Faces of an utterance."""
        draft = self._drafts.get(u)
        if draft is None or self._cache is None:
            return
        if self._cache.borrow(block.faces.nbytes):
            draft.size_bytes += block.faces.nbytes
            draft.blocks.append(block)
        else:
            self.spoil(u)

    def spoil(self, u: int | None = None) -> None:
        """Do not keep an utterance, or with None any that is alive: something else went into it."""
        for one in [*self._drafts] if u is None else [u]:
            draft = self._drafts.pop(one, None)
            if draft is not None and self._cache is not None:
                self._cache.give_back(draft.size_bytes)

    def finish(self, utterance: "Utterance", setup: Setup) -> None:
        """All poses of an utterance were shown."""
        draft = self._drafts.get(utterance.u)
        if draft is None or self._cache is None:
            return
        track, blocks = utterance.plan.track, draft.blocks
        is_sound = (
            track is not None
            and utterance.plan.is_still
            and not utterance.is_torn
            and not self._sensing.is_on(setup)
            and sum(len(one.faces) for one in blocks) == utterance.end_pose - utterance.first_pose
        )
        self.spoil(utterance.u)
        if is_sound and track is not None and blocks:
            faces: Floats = np.concatenate([one.faces for one in blocks])
            faces.flags.writeable = False
            emotion = track.value(utterance.fps.sample(utterance.taken))
            key = _key(draft.settings, draft.sound.digest(), emotion=emotion)
            self._cache.keep(key, Line(utterance.received, faces))

    def _emotion(self, utterance: "Utterance", alive: Sequence["Utterance"]) -> Floats | None:
        """The emotion in force when an utterance begins; None = that, or a change, is to come."""
        if not utterance.plan.is_still:
            return None
        emotion = self._mood.held
        for older in alive:
            if not older.plan.is_still:
                return None
            if older.plan.track is not None and not older.is_settled:
                emotion = older.plan.track.value(older.fps.sample(older.taken))
        return emotion


def _key(settings: bytes, sound: bytes, *, emotion: Floats) -> bytes:
    return sha256(settings + sound + emotion.astype("<f4").tobytes()).digest()


def _settings(setup: Setup, first: int) -> bytes:
    """What faces depend on beside sound and emotion, in so many bytes that nothing is confused."""
    audio, fps = setup.audio, setup.fps
    names = f"{setup.model.name}\0{audio.format}\0"
    numbers = np.array([audio.rate, audio.channels, fps.num, fps.den, first], "<i8")
    weighting = setup.weighting
    floats = np.concatenate((setup.params, weighting.gains, weighting.offsets)).astype("<f4")
    return sha256(names.encode() + numbers.tobytes() + floats.tobytes()).digest()
