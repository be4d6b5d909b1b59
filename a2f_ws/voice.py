"""A session as the worker of its model sees it."""

from collections.abc import Callable, Sequence

from a2f_ws.names import Floats
from a2f_ws.session import Session
from a2f_ws.shaping.cut import Cut
from a2f_ws.windows import Window


class Voice:
    """Joins a session to whoever picks up what it says.

    Attributes:
        session: The session.
    """

    def __init__(self, session: Session, serve: Callable[["Voice"], None]) -> None:
        """Join.

        Args:
            session: Of one client.
            serve: Picks up what the session has to say, and queues its next windows.
        """
        self.session = session
        self._serve = serve

    def cut(self, window: Window) -> Cut | None:
        """See `Session.cut`."""
        return self.session.cut(window)

    def take_faces(self, windows: Sequence[Window], faces: Floats) -> None:
        """Say what they show, and ask for more."""
        self.session.take_faces(windows, faces)
        self._serve(self)

    def fail(self, reason: str) -> None:
        """Tell the client and give the session up."""
        self.session.fail(reason)
        self._serve(self)
