"""One talking head at the client."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from a2f_ws.client_link import Link, ServerError
from a2f_ws.client_sound import Chunks, Terms
from a2f_ws.client_speech import Speech
from a2f_ws.client_view import OnMesh, View
from a2f_ws.errors import MisuseError
from a2f_ws.names import Floats
from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.timebase import MICROSECONDS, PoseRate
from a2f_ws.wire import replies, requests
from a2f_ws.wire.codes import Code
from a2f_ws.wire.messages import AudioFormat, CurveSet, WeightSet

SAMPLE_BYTES: Final = {"s16le": 2, "f32le": 4, "ulaw": 1, "alaw": 1}
"""Bytes of one sample by `open.audio.format`."""

PIECES_PER_S: Final = 4
"""A long chunk goes out in messages of at most this part of a second (ours)."""

ENVELOPE_BYTES: Final = 256
"""Room for what an `audio` message has beside its samples (ours)."""

MESSAGE_BYTES: Final = 4 * 1024 * 1024
UTTERANCES_MAX: Final = 8
"""Limits of a server whose `hello.limits` does not say (protocol §14)."""

T = TypeVar("T")


class ClientSession:
    """Speaks lines and moves the face; `Client.open` makes it.

    All requests wait for the server's answer and raise `ServerError` when it refuses,
    `ServerGoneError` when the connection ends first.

    Attributes:
        sid: Its number on the connection.
    """

    def __init__(
        self,
        view: View,
        audio: AudioFormat,
        *,
        link: Link,
        tasks: asyncio.TaskGroup,
        limits: Mapping[str, int],
        player: PosePlayer | None,
        is_cached: bool = False,
    ) -> None:
        """Join what a session consists of.

        Args:
            view: What the server says of it.
            audio: How its sound is sent.
            link: Where messages go.
            tasks: Of the connection.
            limits: `hello.limits`.
            player: Its player, or None.
            is_cached: True = it was opened with `cache`.
        """
        self.sid = view.sid
        self._view, self._audio, self._player = view, audio, player
        self._is_cached = is_cached
        self._link, self._tasks, self._limits = link, tasks, limits
        self._newest = 0
        self._turn = asyncio.Lock()

    @property
    def opened(self) -> replies.Opened:
        """What the server has settled, the newest: names, rate, look-ahead and more."""
        if self._view.opened is None:
            raise MisuseError(f"session {self.sid} is used before it was opened")
        return self._view.opened

    @property
    def rate(self) -> PoseRate:
        """Poses per second."""
        return self._view.columns.rate

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the curves, in row order."""
        return self._view.columns.curves

    @property
    def rest(self) -> Floats:
        """float32 (R,), the row to show between lines; empty until the server has sent it."""
        return self._view.rest

    @property
    def heard(self) -> requests.Played | None:
        """Where the sound is at the watcher that owns the clock; None before it has said so."""
        return self._view.heard

    @property
    def is_closed(self) -> bool:
        """True once the server has closed it, or the connection is over."""
        return self._view.is_closed

    def on_mesh(self, take: OnMesh) -> None:
        """Call `take` for every mesh that comes: with its utterance, its pose index and itself."""
        self._view.on_mesh = take

    def say(self, chunks: Chunks, *, first: int = 0) -> Speech:
        """Begin to send a line; its poses come by iterating over the result.

        A line waits until the audio of those said before it has been sent. In a session that was
        opened with `geometry_hz`, poses get a `mesh` now and then.

        Args:
            chunks: Sound in the session's format: bytes, or an iterable or asynchronous iterable
                of pieces, cut anywhere. Live sound comes as fast as the iterable gives it.
            first: Sample frame at which the sound begins; before it is silence.
        """
        self._newest += 1
        speech = Speech(self._newest, link=self._link, terms=self._terms(), first=first)
        speech.is_away = self._view.is_lost
        if self._link.lost is not None:
            speech.fail(self._link.lost)
        elif self.is_closed:
            speech.fail(ServerError(Code.UNKNOWN, f"session {self.sid} is closed", field="sid"))
        else:
            self._view.speeches[speech.u] = speech
            speech.fed_by(self._tasks.create_task(self._feed(speech, chunks)))
        return speech

    async def emotion(
        self,
        values: Mapping[str, float],
        *,
        u: int | None = None,
        t_us: int | None = None,
        transition_us: int = 300_000,
    ) -> None:
        """Move the emotion.

        Args:
            values: The whole emotion by name, 0 … 1; an absent name is 0.
            u: Utterance in which it begins, with `t_us`; None = as soon as possible.
            t_us: Time in that utterance, microseconds.
            transition_us: Length of the transition, microseconds, 0 … 60,000,000.
        """
        await self._link.ask(
            requests.Emotion(
                sid=self.sid, values=dict(values), u=u, t_us=t_us, transition_us=transition_us
            )
        )

    async def set(
        self,
        *,
        params: Mapping[str, float] | None = None,
        weights: Mapping[str, Mapping[str, float]] | None = None,
        curves: Mapping[str, Mapping[str, float]] | None = None,
        swap: Sequence[str] | None = None,
        visible: bool | None = None,
        model: str | None = None,
        rig: str | None = None,
        have: Sequence[str] | None = None,
        fps: int | list[int] | None = None,
    ) -> None:
        """Change what is given; `model`, `rig`, `have` and `fps` only while no utterance is alive.

        Args:
            params: Face parameters by name, in the ranges of `hello`.
            weights: Weight of the face → any of gain, offset; before the rig.
            curves: Curve → any of gain, offset, min, max.
            swap: Groups whose left and right change places.
            visible: False = no poses until it is True again.
            model: Name of a model.
            rig: Name of a rig, or "auto" for the best one for `have`.
            have: Names of the curves that the mesh has; empty = all curves of the rig.
            fps: Poses per second, 10 … 240, also as [numerator, denominator].
        """
        await self._link.ask(
            requests.Set(
                sid=self.sid,
                params=None if params is None else dict(params),
                weights=weight_sets(weights),
                curves=curve_sets(curves),
                swap=None if swap is None else tuple(swap),
                visible=visible,
                model=model,
                rig=rig,
                have=None if have is None else tuple(have),
                fps=fps,
            )
        )
        if self._player is not None and visible is not None:
            self._player.is_visible = visible

    async def interrupt(self, u: int | None = None, t_us: int | None = None) -> None:
        """Drop utterances up to `u` (None = all) now, sent or not; their loops end.

        Args:
            u: The last one to drop.
            t_us: What was heard of it, microseconds.
        """
        last = self._newest if u is None else min(u, self._newest)
        dropped = [speech for speech in self._view.speeches.values() if speech.u <= last]
        for speech in dropped:
            speech.halt()
        if self._player is not None:
            self._player.interrupt(last)
        if any(speech.has_begun for speech in dropped):
            await self._link.ask(requests.Interrupt(sid=self.sid, u=last, t_us=t_us))

    async def played(
        self, u: int, t_us: int, *, rate: float = 1.0, is_paused: bool = False
    ) -> None:
        """Tell where the sound is; at least four times a second while it plays, and at changes.

        Args:
            u: Utterance that is heard.
            t_us: Play head from its sample 0, microseconds.
            rate: Play speed, 0.1 … 10.
            is_paused: True while the sound stands still.
        """
        await self._link.ask(
            requests.Played(sid=self.sid, u=u, t_us=max(0, t_us), rate=rate, paused=is_paused)
        )

    async def close(self) -> None:
        """Interrupt everything and end the session."""
        for speech in self._view.speeches.values():
            speech.halt()
        if not self.is_closed:
            await self._link.ask(requests.Close(sid=self.sid))

    async def _feed(self, speech: Speech, chunks: Chunks) -> None:
        """Send a line when those before it have been sent and the server has room for it."""
        async with self._turn:
            most = self._limits.get("utterances", UTTERANCES_MAX)
            await self._view.room_for_another(most)
            await speech.feed(chunks)

    def _terms(self) -> Terms:
        frame_bytes = SAMPLE_BYTES[self._audio.format] * self._audio.channels
        # Three quarters: what base64 leaves of a text frame.
        message_bytes = self._limits.get("message_bytes", MESSAGE_BYTES) * 3 // 4 - ENVELOPE_BYTES
        credit_us = self.opened.credit_us
        return Terms(
            sid=self.sid,
            rate_hz=self._audio.rate,
            frame_bytes=frame_bytes,
            message_frames=min(self._audio.rate // PIECES_PER_S, message_bytes // frame_bytes),
            credit_us=credit_us,
            is_kept=self.opened.resume is not None,
            unread_max=max(1, self.rate.first_at(credit_us, MICROSECONDS)),
            is_cached=self._is_cached,
        )


def weight_sets(
    weights: Mapping[str, Mapping[str, float]] | None,
) -> dict[str, WeightSet] | None:
    """Treatment of weights by name as messages have it."""
    return None if weights is None else {k: WeightSet(**v) for k, v in weights.items()}


def curve_sets(
    curves: Mapping[str, Mapping[str, float]] | None,
) -> dict[str, CurveSet] | None:
    """Treatment of curves by name as messages have it."""
    return None if curves is None else {k: CurveSet(**v) for k, v in curves.items()}


def copied(values: Mapping[str, T] | None) -> dict[str, T] | None:
    """Values by name as messages have them."""
    return None if values is None else dict(values)
