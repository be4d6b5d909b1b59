"""How names are written: what two spellings have in common, and the known name nearest to one."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

NAME_MAX: Final = 64
"""Characters of a name (`protocol/README.md` §14)."""

LISTED: Final = 12
"""Known names that a text lists when none of them is near."""

PREFIX: Final = re.compile(r"^.*[.:|/]")
"""Whose shape it is: `blendShape2.`, `head_blendShape.`, `mixamorig:`."""

COPY: Final = re.compile(r"\.\d{3}$")
"""Blender's mark of a copy: `jawOpen.001`."""

SIDE: Final = re.compile(r"^(?P<stem>.+?)(?:[_\-. ](?P<apart>[LRlr])|(?<=[a-z])(?P<joined>[LR]))$")
"""A name that ends with its side: `eyeBlink_L`, `Eye_Blink_R`, `eyeBlinkL`, `eyeBlink.L`."""

KEPT: Final = 8_192
"""Names whose keys stay in memory: each is looked up in every rig (ours)."""

SEPARATORS: Final = re.compile(r"[^\w]|_")

WORD_END: Final = re.compile(r"[_\-. :|/]")
"""Where a prefix may end that names share."""

SHARED_BY: Final = 3
"""Names that share a prefix at least, besides being half of all: fewer do by chance (ours)."""

PREFIXES_MAX: Final = 8
"""Prefixes that are tried (ours)."""


@lru_cache(maxsize=KEPT)
def keys(name: str) -> tuple[str, ...]:
    """What a name is recognised by, the most exact first.

    Two names mean the same when they have a key in common. In order: the name itself; without
    Blender's mark of a copy, in small letters without separators where it has a prefix up to a
    `.` (or `:`, `|`, `/`), so that `CTRL_expressions.jawOpen` and `CTRL_expressions_jawOpen` meet;
    without that prefix; that in small letters without separators; the same with a final L or R
    written out, so that `blendShape2.mouthSmile_L` and `mouthSmileLeft` meet.
    """
    whole = COPY.sub("", name)
    bare = PREFIX.sub("", whole)
    found = [name, *([_folded(whole)] if bare != whole else []), bare, _folded(bare)]
    side = SIDE.match(whole)
    if side:
        is_left = (side["apart"] or side["joined"]) in "lL"
        stem = _folded(PREFIX.sub("", side["stem"]))
        found.append(stem + ("left" if is_left else "right"))
    return tuple(key for key in dict.fromkeys(found) if key)


def shared_prefixes(names: Collection[str]) -> list[str]:
    """What many names begin with, in whole words, the shortest first.

    Args:
        names: The names of a mesh, each once.

    Returns:
        Up to 8 prefixes that half of the names have, and three of them at least: `Head_` of
        `Head_jawOpen`, `Head_mouthClose` and `Head_mouthLeft`. No name is a prefix as a whole.
    """
    counts = Counter(
        name[: end.end()]
        for name in names
        for end in WORD_END.finditer(name)
        if end.end() < len(name)
    )
    least = max(SHARED_BY, (len(names) + 1) // 2)
    return sorted((one for one, count in counts.items() if count >= least), key=len)[:PREFIXES_MAX]


def is_name(text: str) -> bool:
    """Whether a text can be a name: 1 to 64 printable characters."""
    return 1 <= len(text) <= NAME_MAX and text.isprintable()


def instead_of(name: str, known: Iterable[str], *, also: Iterable[str] = ()) -> str:
    """The end of an error text that helps with an unknown name.

    Args:
        name: What was found.
        known: The names that were possible, in the order in which to list them.
        also: Words that may be meant as well, which are not listed.

    Returns:
        " (did you mean 'jawOpen'?)" when one is near, else " (wanted one of …)".
    """
    names = list(known)
    if len(name) > NAME_MAX:
        return _one_of(names)
    folded = {candidate.casefold(): candidate for candidate in reversed([*names, *also])}
    near = get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    if near:
        return f" (did you mean {folded[near[0]]!r}?)"
    return _one_of(names)


def _one_of(names: Sequence[str]) -> str:
    if not names:
        return " (there are none)"
    rest = len(names) - LISTED
    more = f" and {rest} more" if rest > 0 else ""
    return f" (wanted one of {', '.join(names[:LISTED])}{more})"


def _folded(name: str) -> str:
    return SEPARATORS.sub("", name.casefold())
