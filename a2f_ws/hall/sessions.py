"""The sessions of one connection, those that it feeds and those that it watches."""

from collections.abc import Callable
from typing import Final

from a2f_ws.catalog import Catalog
from a2f_ws.errors import PeerError
from a2f_ws.hall.draining import Draining
from a2f_ws.hall.hall import Hall
from a2f_ws.hall.permission import check_open
from a2f_ws.hall.relief import Heads, Relief
from a2f_ws.hall.seat import Seat
from a2f_ws.hall.speaking import Speaking
from a2f_ws.hall.watching import Watching
from a2f_ws.outbox import Outbox
from a2f_ws.security.rights import Grant
from a2f_ws.session.session import Session
from a2f_ws.settings import Settings
from a2f_ws.wire import replies, requests
from a2f_ws.wire.codes import Code
from a2f_ws.wire.messages import Message

UNKNOWN_SIDS_MAX: Final = 1_024
"""Unknown sessions complained about; a peer that invents more is told again (ours: a bound)."""

GUESSES_MAX: Final = 128
"""Wrong tokens to resume with on one connection, or twice its sessions if that is more: a client
whose server is another one by now may show one for each of its sessions (ours)."""

LOAD_S: Final = 1.0
"""Time between two `load`, seconds (protocol §13)."""


class Sessions:
    """Answers requests that concern sessions, and lets them go on.

    Attributes:
        draining: How they end when the server is told to stop.
    """

    def __init__(
        self,
        outbox: Outbox,
        *,
        catalog: Catalog,
        hall: Hall,
        settings: Settings,
        now: Callable[[], float],
        address: str = "",
        name: str = "",
    ) -> None:
        """Have no sessions.

        Args:
            outbox: Where answers go.
            catalog: Models and rigs.
            hall: What the client shares with others.
            settings: Limits.
            now: The clock, seconds, monotonic.
            address: Of the client.
            name: Of the connection, for the log.
        """
        self._seat = Seat(
            outbox,
            catalog=catalog,
            hall=hall,
            settings=settings,
            now=now,
            address=address,
            name=name,
        )
        relief = Relief(outbox, limit_bytes=settings.outbox_bytes)
        self._speaking = Speaking(self._seat, relief, heads=self._heads)
        self._watching = Watching(self._seat, relief, heads=self._heads)
        self._voices, self._watchers = self._speaking.voices, self._watching.watchers
        self.draining = Draining(self._voices, serve=self._speaking.serve, others=self._watchers)
        self._unknown: set[int] = set()
        self._guesses = 0
        self._load_at = now() + LOAD_S

    @property
    def grant(self) -> Grant:
        """What the client may do."""
        return self._seat.grant

    @grant.setter
    def grant(self, grant: Grant) -> None:
        self._seat.grant = grant

    @property
    def spoken(self) -> list[Session]:
        """The sessions that its client feeds."""
        return [voice.session for voice in self._voices.values()]

    @property
    def watched(self) -> int:
        """How many sessions its client watches."""
        return len(self._watchers)

    def answer(self, message: Message) -> None:
        """Do what a request asks for.

        Raises:
            PeerError: The request is refused; sessions go on.
        """
        sid = getattr(message, "sid", -1)
        if isinstance(message, requests.Open):
            self._open(message)
        elif sid in self._voices:
            self._speaking.answer(self._voices[sid], message)
        elif sid in self._watchers:
            self._watching.answer(self._watchers[sid], message)
        else:
            self._complain(sid)

    @property
    def is_awake(self) -> bool:
        """True while time that passes may change something."""
        return self._speaking.is_awake or bool(self._watchers) or self.draining.is_on

    def tick(self) -> None:
        """Let time pass for sessions that are not quiet; called some twenty times a second."""
        self.draining.tick()
        passed_s = self._seat.now() - self._load_at
        is_load_due = passed_s >= 0.0
        if is_load_due:
            self._load_at += LOAD_S * (1 + passed_s // LOAD_S)
        self._speaking.tick(is_load_due=is_load_due)
        self._watching.tick(is_load_due=is_load_due, is_draining=self.draining.is_on)

    def leave(self, *, may_return: bool = False) -> None:
        """The client is gone.

        Args:
            may_return: True = it lost its connection, and may take its sessions up again.
        """
        self._watching.leave()
        self._speaking.leave(may_return=may_return and not self.draining.is_on)

    def refuse_open(self, fault: PeerError) -> None:
        """Say `closed` for an `open` that failed, after its error; an open session goes on."""
        sid = fault.sid
        if sid is not None and sid not in self._voices and sid not in self._watchers:
            self._unknown.discard(sid)
            self._seat.outbox.put(
                replies.Closed(
                    sid=sid, code=int(fault.code), reason=fault.message, retry_s=fault.retry_s
                )
            )

    def _open(self, message: requests.Open) -> None:
        if message.sid in self._voices or message.sid in self._watchers:
            text = f"found sid {message.sid}, wanted one that is not open; its session goes on"
            raise PeerError(Code.WRONG_STATE, text, field="sid")
        self.draining.check_open()
        wanted = self._seat.settings.sessions_per_connection
        if len(self._voices) + len(self._watchers) >= wanted:
            text = f"found {wanted} sessions open, wanted at most that many on one connection"
            raise PeerError(Code.OVER_LIMIT, text, field="sid")
        check_open(message, self.grant, is_read_only=self._seat.settings.read_only_models)
        try:
            (self._watching if message.role == "watch" else self._speaking).open(message)
        except PeerError as fault:
            self._count_guess(message, fault)
            raise
        self._unknown.discard(message.sid)

    def _count_guess(self, message: requests.Open, fault: PeerError) -> None:
        """End the connection of a client that shows one wrong token to resume after another."""
        self._guesses += message.resume is not None and fault.field == "resume"
        if self._guesses > max(GUESSES_MAX, 2 * self._seat.settings.sessions_per_connection):
            text = f"found {self._guesses} wrong tokens in `resume` on one connection"
            raise PeerError(Code.OVER_LIMIT, text, field="resume", closes=True) from fault

    def _complain(self, sid: int) -> None:
        """Refuse an unknown session once; what follows is dropped silently until it is opened."""
        if sid in self._unknown:
            return
        if len(self._unknown) >= UNKNOWN_SIDS_MAX:
            self._unknown.clear()
        self._unknown.add(sid)
        text = f"found sid {sid}, wanted one that is open; more for it is dropped silently"
        raise PeerError(Code.UNKNOWN, text, field="sid")

    def _heads(self) -> Heads:
        """Play heads of live sessions, by `sid`."""
        now = self._seat.now()
        live = [one.session for one in self._voices.values() if not one.session.setup.is_burst]
        return {one.sid: one.position(now=now) for one in live} | dict(self._watching.heads())
