"""What a session has to say, in order, until its connection picks it up."""

from collections import Counter
from math import inf
from typing import Literal

from a2f_ws.wire.messages import Message
from a2f_ws.wire.replies import Status


class Saying:
    """Messages of one session.

    Attributes:
        sid: Session.
        messages: Not picked up yet.
        since: When the oldest live pose among them could have been computed at the earliest,
            seconds on the session's clock; infinity = there is none.
        tally: Counted since the beginning: utterances by the state they came to, "rate down",
            "rate up", and "late", poses dropped as such. What is told again does not count again.
    """

    def __init__(self, sid: int) -> None:
        """Say nothing yet."""
        self.sid = sid
        self.messages: list[Message] = []
        self.since = inf
        self.tally: Counter[str] = Counter()

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
        if code == "rate":
            self.tally["rate up" if level == "info" else "rate down"] += 1
        elif code == "dropped":
            self.tally["late"] += int(counters.get("poses", 0))
        self.say(
            Status(sid=self.sid, u=u, level=level, code=code, message=text, counters=dict(counters))
        )

    def take(self) -> list[Message]:
        """All messages, which then count as picked up."""
        messages, self.messages, self.since = self.messages, [], inf
        return messages
