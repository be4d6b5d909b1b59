"""What the docstrings of messages say, taken apart."""

import inspect
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec import inspect as types

from a2f_ws.wire.codec import FROM_CLIENT, FROM_SERVER
from a2f_ws.wire.wanted import type_of

ENTRY = re.compile(r"^(\w+): (.*)$")


def summary(kind: type[Struct]) -> str:
    """First paragraph of the docstring, on one line."""
    return " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split())


def meanings(kind: type[Struct]) -> dict[str, str]:
    """What `Attributes` says of each field, base classes included."""
    found: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        text = inspect.cleandoc(base.__doc__ or "") if issubclass(base, Struct) else ""
        _, _, attributes = text.partition("Attributes:\n")
        name = ""
        for line in attributes.splitlines():
            entry = ENTRY.match(line.strip())
            if entry and len(line) - len(line.lstrip()) == 4:  # noqa: PLR2004
                name = entry[1]
                found[name] = entry[2]
            elif name and line.strip():
                found[name] += " " + line.strip()
    return found


def direction(kind: type[Struct]) -> str:
    """Who sends messages of a class."""
    if kind in FROM_CLIENT and kind in FROM_SERVER:
        return "client and server"
    return "client" if kind in FROM_CLIENT else "server"


def inner_structs(kinds: Sequence[type[Struct]]) -> list[type[Struct]]:
    """The maps inside of messages, in order of appearance, each after what contains it."""
    found: list[type[Struct]] = []
    for kind in kinds:
        for field in type_of(kind).fields:
            for inner in _structs_in(field.type):
                found += [one for one in (inner, *inner_structs([inner])) if one not in found]
    return found


def _structs_in(kind: types.Type) -> Iterator[type[Struct]]:
    if isinstance(kind, types.StructType):
        yield kind.cls
    for name in ("types", "item_types"):
        for member in getattr(kind, name, ()):
            yield from _structs_in(member)
    for name in ("item_type", "key_type", "value_type"):
        member = getattr(kind, name, None)
        if member is not None:
            yield from _structs_in(member)
