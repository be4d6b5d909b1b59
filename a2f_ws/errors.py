"""The four kinds of error, by whose fault it is."""

from typing import Final


class ConfigError(Exception):
    """A file, flag or setting of the user's is wrong; the text names it and says what is wanted."""


class ModelError(Exception):
    """A bundle cannot be read, or a backend cannot run it; the text names file and key."""


class MisuseError(Exception):
    """Our own code was called wrongly: a bug of ours, never the user's or the peer's."""


TEXT_MAX: Final = 1000
"""Characters of a text that goes to a peer, whatever the peer sent (ours)."""


class PeerError(Exception):
    """The peer sent something that cannot be accepted.

    Attributes:
        code: One of `a2f_ws.wire.codes`.
        message: What was found and what was wanted, at most 1,001 characters.
        field: Name of the field at fault, likewise, or None.
        closes: True when the socket has to be closed with `code`.
        sid: Session it concerns, or None.
        re: `id` of the request it answers, or None.
        op: `op` of the message at fault, where it is known.
        retry_s: Seconds after which to try again, where that is known.
    """

    def __init__(
        self,
        code: int,
        message: str,
        *,
        field: str | None = None,
        closes: bool = False,
        sid: int | None = None,
        re: int | None = None,
        op: str | None = None,
        retry_s: int | None = None,
    ) -> None:
        """Describe the fault."""
        self.message = _shortened(message)
        super().__init__(self.message)
        self.code = code
        self.field = None if field is None else _shortened(field)
        self.closes = closes
        self.sid = sid
        self.re = re
        self.op = op
        self.retry_s = retry_s


def _shortened(text: str) -> str:
    return text if len(text) <= TEXT_MAX else text[:TEXT_MAX] + "…"
