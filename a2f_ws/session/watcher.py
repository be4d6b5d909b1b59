"""One client's view of a session that somebody else feeds. No I/O, no clock."""

from collections.abc import Callable, Iterable, Iterator
from math import inf
from typing import Final, Protocol

import numpy as np

from a2f_ws.names import FACE, Floats
from a2f_ws.session.fitting import Fitting
from a2f_ws.session.following import Following, Room, Rows, Sight
from a2f_ws.session.memory import Block
from a2f_ws.session.saying import Saying
from a2f_ws.session.session import Session
from a2f_ws.session.sweeping import Sweeping
from a2f_ws.timebase import PoseRate
from a2f_ws.wire import replies
from a2f_ws.wire.messages import Message
from a2f_ws.wire.requests import Open

FORWARDED: Final = frozenset({"rate", "behind", "dropped", "gap"})
"""Codes of `status` that watchers hear of the session that they follow (protocol §18)."""

NOBODY: Final = "waiting"
"""Code of the `status` that says that nobody speaks under the name."""

Mapped = dict[tuple[Fitting, Block], bytes]
"""Rows made already, of faces in a rig: watchers with the same rig share them."""


class Owner(Protocol):
    """Whose connection a watcher is on."""

    def deliver(self, watcher: "Watcher", /) -> None:
        """Pick up what it has to say."""

    def expel(self, watcher: "Watcher", reason: str, /) -> None:
        """Close it: another connection has taken it over."""

    @property
    def room_bytes(self) -> float:
        """What may be told ahead of time now."""


class Watcher:
    """State of one watching session. What it has to say is added to `saying`, in order.

    Attributes:
        sid: Number on its connection.
        name: Whom it follows.
        fitting: Its rig.
        is_visible: False = no poses.
        is_clock: True = it owns `played`.
        wants_status: True = `load` once a second.
        rate: Poses per second.
        saying: Messages for the connection to pick up.
    """

    def __init__(
        self,
        message: Open,
        fitting: Fitting,
        *,
        layouts: Iterator[int],
        token: Callable[["Watcher"], str],
        owner: Owner,
    ) -> None:
        """Follow nobody yet; `announce` tells the client.

        Args:
            message: With a name.
            fitting: What it asks for.
            layouts: Numbers of row layouts.
            token: Makes one to take it up again.
            owner: Its connection.
        """
        self.sid, self.name = message.sid, message.name or ""
        self.fitting = fitting
        self.is_visible = True
        self.is_clock = message.clock
        self.wants_status = "status" in message.want
        self.saying = Saying(message.sid)
        self._wants_audio = "audio" in message.want
        self.rate = PoseRate.of(message.fps)
        self._layouts, self._token, self._owner = layouts, token, owner
        self._layout = 0
        self._rests: int | None = None
        self._shows: tuple[object, ...] = ()
        self._following = Following(self.sid, wants_audio=self._wants_audio)
        self._sweeping = Sweeping()

    def deliver(self) -> None:
        """Have what it has to say picked up."""
        self._owner.deliver(self)

    def expel(self, reason: str) -> None:
        """End it: another connection has taken it over."""
        self._owner.expel(self, reason)

    @property
    def is_held(self) -> bool:
        """True while something waits for its client to read what came before."""
        return self._following.is_held

    @property
    def is_settled(self) -> bool:
        """True while nothing of an utterance is left to be told."""
        return self._following.is_settled

    def announce(self, session: Session | None, *, re: int | None = None) -> None:
        """Say `opened`, with a new row layout; a rest row follows.

        Args:
            session: Whom it follows; None = nobody is there.
            re: `id` of the request.
        """
        self._layout, self._rests = next(self._layouts), None
        self._shows = _kind(session)
        fit, setup = self.fitting.fit, None if session is None else session.setup
        self.rate = self.rate if setup is None else setup.fps
        self.saying.say(
            replies.Opened(
                re=re,
                sid=self.sid,
                layout=self._layout,
                model="" if setup is None else setup.model.name,
                rig=fit.table.name,
                fps=self.rate.wire,
                curves=fit.table.curves,
                transforms=fit.table.transforms,
                row=fit.table.row,
                idle=fit.table.idle if setup is None else setup.model.idle(fit.table),
                missing=fit.missing,
                unmatched=fit.unmatched,
                look_ahead_us=0 if session is None else session.look_ahead_us,
                look_back_us=0 if setup is None else setup.look_back_us,
                credit_us=0,
                audio=setup.audio if setup is not None and self._wants_audio else None,
                resume=self._token(self),
            )
        )
        if session is None:
            self._rest(np.zeros(len(FACE), np.float32))

    def begin(self, session: Session | None) -> None:
        """Somebody came, or left (None): tell it."""
        self._following = Following(self.sid, wants_audio=self._wants_audio)
        if session is not None:
            self.announce(session)
        else:
            text = f"nobody speaks as {self.name!r}; poses come when somebody does"
            self.saying.status(NOBODY, text, level="info")

    def follow(
        self,
        session: Session,
        sight: Sight,
        *,
        mapped: Mapped,
        heard: Iterable[Message] = (),
        is_last: bool = False,
    ) -> None:
        """Say what is new.

        Args:
            session: Whom it follows.
            sight: Where that is.
            mapped: Rows made for others.
            heard: What the session has just said to its own client.
            is_last: True = it is over: whatever waits is told now.
        """
        if _kind(session) != self._shows:
            self.announce(session)
        for message in heard:
            if isinstance(message, replies.Status) and message.code in FORWARDED:
                self.saying.status(
                    message.code, message.message, u=message.u, level=message.level,
                    **message.counters,
                )  # fmt: skip
        memory = session.memory
        if memory.rest is not None and memory.rests != self._rests:
            self._rests = memory.rests
            self._rest(memory.rest, session)
        row_bytes = 4 * self.fitting.fit.table.row
        for said in self._following.walk(
            memory,
            sight,
            layout=self._layout,
            rows=self._rows(session, mapped) if self.is_visible else None,
            room=Room(inf if is_last else self._owner.room_bytes, row_bytes),
        ):
            self.saying.say(said)

    def refit(self, fitting: Fitting, *, is_visible: bool) -> None:
        """Take another rig, or other wishes for it; the rest row follows."""
        self.fitting, self.is_visible = fitting, is_visible
        self._rests = None
        self._sweeping.begin()

    def rewind(self, session: Session, sight: Sight) -> None:
        """Tell poses from the play head on again."""
        self._following.rewind(session.memory, sight)

    def _rows(self, session: Session, mapped: Mapped) -> Rows:
        """Makes rows of what a session shows; in a rig check says first which curve moves."""
        is_sweep = session.setup.model.is_sweep
        make = self.fitting.swept if is_sweep else self.fitting.rows

        def rows(u: int, block: Block) -> bytes:
            if is_sweep:
                for step in self._sweeping.tell(u, block, sid=self.sid, fitting=self.fitting):
                    self.saying.say(step)
            key = (self.fitting, block)
            if key not in mapped:
                mapped[key] = make(block.faces)
            return mapped[key]

        return rows

    def _rest(self, face: Floats, session: Session | None = None) -> None:
        is_sweep = session is not None and session.setup.model.is_sweep
        row = self.fitting.swept(face[None]) if is_sweep else self.fitting.rows(face[None])
        self.saying.say(replies.Rest(sid=self.sid, layout=self._layout, data=row))


def _kind(session: Session | None) -> tuple[object, ...]:
    """What an `opened` tells of a session beside the rig."""
    return () if session is None else (session.setup.model, session.setup.fps)
