"""Codes of `error`, `closed` and close frames: one list for all three."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Literal


class Code(IntEnum):
    """Why a request, a session or a connection ended; `FACTS` says more about each."""

    NORMAL = 1000
    GOING_AWAY = 1001
    POLICY = 1008
    TOO_BIG = 1009
    MALFORMED = 4400
    AUTHENTICATION = 4401
    NOT_PERMITTED = 4403
    UNKNOWN = 4404
    NO_SUBPROTOCOL = 4406
    TIMEOUT = 4408
    WRONG_STATE = 4409
    OVER_LIMIT = 4413
    BAD_VALUE = 4422
    VERSION = 4426
    BUSY = 4429
    TAKEN_OVER = 4490
    INTERNAL = 4500
    DRAINING = 4503


Scope = Literal["request", "session", "connection"]
Retry = Literal["no", "changed", "later", "yes"]


@dataclass(frozen=True, slots=True)
class Fact:
    """What a client has to know about one code.

    Attributes:
        scopes: What it can end, or merely refuse.
        retry: "no" never by itself, "changed" once the request is put right, "later" after a
            pause, "yes" at once.
        meaning: One sentence.
    """

    scopes: tuple[Scope, ...]
    retry: Retry
    meaning: str


FACTS: Final[dict[Code, Fact]] = {
    Code.NORMAL: Fact(("session", "connection"), "no", "The end that was asked for."),
    Code.GOING_AWAY: Fact(("connection",), "later", "The server stops, or the page was left."),
    Code.POLICY: Fact(("connection",), "no", "The page's origin is not allowed here."),
    Code.TOO_BIG: Fact(("connection",), "changed", "A message is larger than `message_bytes`."),
    Code.MALFORMED: Fact(
        ("request", "connection"),
        "changed",
        "Not a message (closes), an unknown op, or a field that is missing or of the wrong type.",
    ),
    Code.AUTHENTICATION: Fact(
        ("connection",), "changed", "The proof or token is missing or wrong."
    ),
    Code.NOT_PERMITTED: Fact(
        ("request", "session"), "no", "This connection has no right to do that."
    ),
    Code.UNKNOWN: Fact(
        ("request", "session"), "changed", "No such model, rig, session, token or session name."
    ),
    Code.NO_SUBPROTOCOL: Fact(
        ("connection",), "changed", "None of the offered sub-protocols is spoken here."
    ),
    Code.TIMEOUT: Fact(("connection",), "yes", "No `identify` in time."),
    Code.WRONG_STATE: Fact(("request",), "changed", "Not now: the state does not allow it."),
    Code.OVER_LIMIT: Fact(
        ("request", "session", "connection"),
        "later",
        "Over a limit; audio beyond the credit may be sent again with the same `first`.",
    ),
    Code.BAD_VALUE: Fact(
        ("request", "session"), "changed", "A value out of range, or a feature not available."
    ),
    Code.VERSION: Fact(("connection",), "no", "The protocol version is not spoken here."),
    Code.BUSY: Fact(
        ("request", "session", "connection"),
        "later",
        "No room now; `retry_s` says after how many seconds to ask again.",
    ),
    Code.TAKEN_OVER: Fact(
        ("session", "connection"), "no", "Another connection took over, or an operator ended it."
    ),
    Code.INTERNAL: Fact(("session", "connection"), "yes", "The server failed; its log says how."),
    Code.DRAINING: Fact(
        ("request", "session", "connection"),
        "later",
        "The server takes nothing new; another server may.",
    ),
}
