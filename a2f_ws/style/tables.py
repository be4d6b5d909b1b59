"""Styles out of a user's own words: tables of the configuration file, NAME=VALUE of a command."""

from collections.abc import Mapping, Sequence
from typing import Final

from a2f_ws.errors import ConfigError
from a2f_ws.names import instead
from a2f_ws.style.draft import Draft
from a2f_ws.style.style import Style

TABLES: Final = ("face", "weights", "solver", "audio2emotion")
"""Tables of the configuration file that say how faces look."""


def style_from_tables(document: Mapping[str, object], source: str) -> Style:
    """What the tables `[face]`, `[weights]`, `[solver]` and `[audio2emotion]` say.

    Args:
        document: The file as a map; other tables are not looked at.
        source: Name of the file, for messages.

    Raises:
        ConfigError: A value cannot be used.
    """
    draft = Draft(source)
    readers = {"face": _face, "weights": _weights, "solver": _solver, "audio2emotion": _emotion}
    for name in TABLES:
        if name in document:
            readers[name](draft, draft.table(document[name], f"[{name}]"))
    return draft.style()


def style_from_words(words: Sequence[str], flag: str) -> Style:
    """Face parameters from words like "skin_strength=1.2".

    Args:
        words: What the user gave.
        flag: What they were given with, for messages.

    Raises:
        ConfigError: A word is not NAME=VALUE with a number, or a name comes twice.
    """
    draft = Draft(flag)
    seen: set[str] = set()
    for word in words:
        name, _, text = word.partition("=")
        try:
            value = float(text)
        except ValueError:
            raise ConfigError(f"{flag} {word}: wanted NAME=VALUE with a number") from None
        if name in seen:
            raise ConfigError(f"{flag} {word}: {name} is given twice")
        seen.add(name)
        draft.param(name, value, key=word)
    return draft.style()


def _face(draft: Draft, table: Mapping[str, object]) -> None:
    for name, value in table.items():
        draft.param(name, value, key=f"[face] {name}")


def _weights(draft: Draft, table: Mapping[str, object]) -> None:
    for name, value in table.items():
        key = f"[weights] {name}"
        for part, number in draft.table(value, key).items():
            if part == "gain":
                draft.gain(name, number, key=f"{key}.gain")
            elif part == "offset":
                draft.offset(name, number, key=f"{key}.offset")
            else:
                raise draft.fault(key, part, wanted="gain or offset")


def _solver(draft: Draft, table: Mapping[str, object]) -> None:
    for name, value in table.items():
        key = f"[solver] {name}"
        if name == "method":
            draft.method(value, key=key)
        elif name in ("skin", "tongue"):
            for strength, number in draft.table(value, key).items():
                draft.strength(name, strength, value=number, key=f"{key}.{strength}")
        else:
            known = ("method", "skin", "tongue")
            raise draft.refusal(key, f"no such setting; {instead(name, known)}")


def _emotion(draft: Draft, table: Mapping[str, object]) -> None:
    for name, value in table.items():
        draft.emotion(name, value, key=f"[audio2emotion] {name}")
