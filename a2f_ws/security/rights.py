"""What a connection may do."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Flag
from typing import Final


class Right(Flag):
    """Rights; none of them implies another.

    SPEAK: open sessions, feed them, and interrupt what is said there. WATCH: follow sessions of
    others. INTERRUPT: stop what others say, from a session that watches them. ADMIN: read `/info`
    and `/metrics`.
    """

    NONE = 0
    SPEAK = 1
    WATCH = 2
    INTERRUPT = 4
    ADMIN = 8


EVERY: Final = Right.SPEAK | Right.WATCH | Right.INTERRUPT | Right.ADMIN
NAMES: Final = {right.name.lower(): right for right in EVERY if right.name}
"""Rights by the names they have in files and on the command line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Whom a connection belongs to, and what it may do.

    Attributes:
        name: For logs.
        rights: What it may do.
        expires_s: Unix time at which it ends, seconds; None = never.
        mark: What it was granted for: digest of a token, or of a password's salt.
    """

    name: str
    rights: Right
    expires_s: float | None = None
    mark: bytes = field(default=b"", repr=False)

    def may(self, right: Right) -> bool:
        """Whether all of these rights were granted."""
        return right in self.rights


ANYBODY: Final = Grant(name="anybody", rights=EVERY)
"""Everybody's, where no authentication is wanted."""


def rights_of(names: Iterable[str]) -> Right:
    """Rights by their names.

    Raises:
        ValueError: One of them is none; the text says which, and what there are.
    """
    rights = Right.NONE
    for name in names:
        if name not in NAMES:
            raise ValueError(f"found {name!r}, wanted {' or '.join(NAMES)}")
        rights |= NAMES[name]
    return rights


def names_of(rights: Right) -> str:
    """Their names, for people."""
    return ", ".join(name for name, right in NAMES.items() if right in rights) or "none"
