"""What a session has to say, in order, until its connection picks it up."""

from typing import Literal

from a2f_ws.wire.messages import Message
from a2f_ws.wire.replies import Status


class Saying:
    """Messages of one session.

    Attributes:
        sid: Session.
        messages: Not picked up yet.
    """

    def __init__(self, sid: int) -> None:
        """Say nothing yet."""
        self.sid = sid
        self.messages: list[Message] = []

    def say(self, message: Message) -> None:
        """Add a message."""
        self.messages.append(message)

    def status(
        self,
        code: str,
        text: str,
        *,
        u: int | None = None,
        level: Literal["info", "warning", "error"] = "warning",
        **counters: float,
    ) -> None:
        """Add something worth knowing that refuses nothing."""
        self.say(
            Status(sid=self.sid, u=u, level=level, code=code, message=text, counters=dict(counters))
        )

    def take(self) -> list[Message]:
        """All messages, which then count as picked up."""
        messages, self.messages = self.messages, []
        return messages
