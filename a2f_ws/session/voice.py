"""A session as the worker of its model sees it, and whoever it belongs to."""

from collections.abc import Sequence
from math import inf
from typing import TYPE_CHECKING, Protocol

from a2f_ws.names import Floats
from a2f_ws.session.session import Session
from a2f_ws.session.windows import Window
from a2f_ws.shaping.cut import Cut

if TYPE_CHECKING:
    from a2f_ws.session.audience import Audience


class Owner(Protocol):
    """Who picks up what a session says: its connection, or nobody for a while."""

    def serve(self, voice: "Voice", /) -> None:
        """Queue its next windows, and pick up what the session has to say."""

    def deliver(self, voice: "Voice", /) -> None:
        """Pick up what the session has to say."""

    def interrupt(self, voice: "Voice", u: int | None, /) -> None:
        """Cancel utterances up to u, None = all, and drop what was computed of them."""

    def release(self, voice: "Voice", /) -> None:
        """Give it away: another connection has taken it over."""


class Voice:
    """Joins a session to its owner, which may change.

    Attributes:
        session: The session.
        audience: Who follows it; None = it has no name.
        handed: What sockets lost since got of its utterances: u → rows, time of the last one.
        tells_played: True once its own client has sent `played`.
        served_at: When its windows were queued last, seconds, monotonic.
    """

    def __init__(self, session: Session, owner: Owner, *, connection: str = "") -> None:
        """Join.

        Args:
            session: The session.
            owner: Who it belongs to.
            connection: Name of that one's connection, for the log.
        """
        self.session = session
        self.audience: Audience | None = None
        self.handed: dict[int, tuple[int, int]] = {}
        self.tells_played = False
        self.served_at = -inf
        self._owner, self._connection = owner, connection

    @property
    def about(self) -> dict[str, object]:
        """What lines of the log about it carry: connection and session."""
        return {"connection": self._connection, "session": self.session.sid}

    @property
    def owner(self) -> Owner:
        """Who it belongs to now."""
        return self._owner

    def serve(self) -> None:
        """Let it go on."""
        self._owner.serve(self)

    def interrupt(self, u: int | None) -> None:
        """Cancel utterances up to u, None = all."""
        self._owner.interrupt(self, u)

    def release(self) -> None:
        """Take it from its owner."""
        self._owner.release(self)

    def join(self, owner: Owner, *, connection: str = "") -> None:
        """Belong to another owner, on a connection of that name."""
        self._owner, self._connection = owner, connection

    def cut(self, window: Window) -> Cut | None:
        """See `Session.cut`."""
        return self.session.cut(window)

    def take_faces(self, windows: Sequence[Window], faces: Floats) -> None:
        """Say what they show, and ask for more where something has waited for them."""
        if self.session.take_faces(windows, faces):
            self.serve()
        else:
            self._owner.deliver(self)

    def fail(self, reason: str) -> None:
        """Tell the client and give the session up."""
        self.session.fail(reason)
        self.serve()
