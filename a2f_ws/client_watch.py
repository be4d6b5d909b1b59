"""A session that somebody else feeds, as a client sees it: poses, sound and states in order."""

from collections.abc import AsyncIterator, Mapping, Sequence

from a2f_ws.client_link import Link
from a2f_ws.client_watch_view import Event, WatchView
from a2f_ws.errors import MisuseError
from a2f_ws.names import Floats
from a2f_ws.timebase import PoseRate
from a2f_ws.wire import replies, requests
from a2f_ws.wire.messages import AudioFormat, CurveSet


class Watch:
    """Follows the session that somebody speaks in under a name; `Client.watch` makes it.

    Iterate over it to get `Opened`, `Utterance`, `Block` (poses) and `Sound`, in the order in which
    things happen; once, and from one task. Numbers of utterances rise, whoever speaks. With a
    player, iterating is not needed: the player gets everything as well.

    Attributes:
        sid: Its number on the connection.
        name: Whom it follows.
    """

    def __init__(self, view: WatchView, *, name: str, link: Link) -> None:
        """Join what it consists of."""
        self.sid, self.name = view.sid, name
        self._view, self._link = view, link

    @property
    def opened(self) -> replies.Opened:
        """What the server told of the session and of the rows, the newest."""
        if self._view.opened is None:
            raise MisuseError(f"session {self.sid} is used before it was opened")
        return self._view.opened

    @property
    def audio(self) -> AudioFormat | None:
        """Format of the sound; None while nobody speaks, or where it was not wanted."""
        return self.opened.audio

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
    def is_spoken(self) -> bool:
        """True while somebody speaks under the name."""
        return self._view.is_spoken

    @property
    def is_closed(self) -> bool:
        """True once nothing more comes."""
        return self._view.is_closed

    @property
    def lost(self) -> int:
        """Events that were not read in time: more than some thousands do not wait."""
        return self._view.lost

    async def __aiter__(self) -> AsyncIterator[Event]:
        """What happens, until it is closed.

        Raises:
            ServerError: The server ended it.
            ServerGoneError: The connection ended, and could not be taken up again.
        """
        while (event := await self._view.event()) is not None:
            yield event

    async def set(
        self,
        *,
        rig: str | None = None,
        have: Sequence[str] | None = None,
        curves: Mapping[str, Mapping[str, float]] | None = None,
        swap: Sequence[str] | None = None,
        visible: bool | None = None,
    ) -> None:
        """Change what is given, for this watcher alone; as `ClientSession.set`."""
        trims = None if curves is None else {k: CurveSet(**v) for k, v in curves.items()}
        wishes = requests.Set(
            sid=self.sid,
            rig=rig,
            have=None if have is None else tuple(have),
            curves=trims,
            swap=None if swap is None else tuple(swap),
            visible=visible,
        )
        await self._link.ask(wishes)
        self._view.wish(wishes)

    async def interrupt(self, u: int | None = None) -> None:
        """Stop what is said, up to utterance `u` (None = all), for everybody.

        Raises:
            ServerError: 4403, there is no right to it.
        """
        number = None if u is None else self._wire(u)
        await self._link.ask(requests.Interrupt(sid=self.sid, u=number))

    async def played(
        self, u: int, t_us: int, *, rate: float = 1.0, is_paused: bool = False
    ) -> None:
        """With the clock: tell where the sound is, as `ClientSession.played`."""
        await self._link.ask(
            requests.Played(
                sid=self.sid, u=self._wire(u), t_us=max(0, t_us), rate=rate, paused=is_paused
            )
        )

    async def close(self) -> None:
        """Watch no more; who speaks goes on."""
        if not self.is_closed:
            await self._link.ask(requests.Close(sid=self.sid))

    def _wire(self, u: int) -> int:
        return max(1, u - self._view.shift)
