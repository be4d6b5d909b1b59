"""What to say about a name that nobody knows: the nearest one that somebody does."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

LISTED: Final = 12
"""Known names that a text lists when none of them is near."""


def instead_of(name: str, known: Iterable[str]) -> str:
    """The end of an error text that helps with an unknown name.

    Args:
        name: What was found.
        known: The names that were possible, in the order in which to list them.

    Returns:
        " (did you mean 'jawOpen'?)" when one is near, else " (wanted one of …)".
    """
    names = list(known)
    folded = {candidate.casefold(): candidate for candidate in reversed(names)}
    near = get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    if near:
        return f" (did you mean {folded[near[0]]!r}?)"
    if not names:
        return " (there are none)"
    rest = len(names) - LISTED
    more = f" and {rest} more" if rest > 0 else ""
    return f" (wanted one of {', '.join(names[:LISTED])}{more})"
