"""Names that a hub states: which of them may become files and folders on any system."""

import re
from collections.abc import Iterable
from typing import Any, Final

from a2f_ws.commands.pulled import RECORD
from a2f_ws.errors import ConfigError

COMMIT: Final = re.compile(r"[0-9a-f]{40}")
REPO: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*/[A-Za-z0-9_][A-Za-z0-9._-]*")
OURS: Final = re.compile(r"\.(old|lock|partial-[0-9a-f]{12})$", re.IGNORECASE)
"""Ends of the names that stand beside a model's folder while it is pulled."""

BAD_CHARS: Final = frozenset('\\:<>"|?*')
"""Source: Microsoft, "Naming Files, Paths, and Namespaces", as the devices below."""

DEVICES: Final = frozenset(
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
    + [f"{port}{digit}" for port in ("COM", "LPT") for digit in "0123456789¹²³"]
)


def check_offer(repo: Any, commit: Any) -> None:  # noqa: ANN401 - whatever a hub says
    """Refuse a repository or commit whose name cannot be that of a folder.

    Raises:
        ConfigError: One of them is something else.
    """
    if not isinstance(repo, str) or not REPO.fullmatch(repo) or not _is_plain(repo):
        raise ConfigError(f"found a repository {repo!r:.100}, wanted OWNER/NAME")
    if not isinstance(commit, str) or not COMMIT.fullmatch(commit):
        raise ConfigError(f"{repo}: found a commit {commit!r:.100}, wanted 40 hexadecimal digits")


def check_names(names: Iterable[str], repo: str) -> None:
    """Refuse names of files that lead out of a folder, or mean something else on some system.

    Raises:
        ConfigError: There is such a name, or two that one file would have on some system.
    """
    seen: set[str] = set()
    for name in names:
        if not all(_is_usable(part) for part in name.split("/")):
            raise ConfigError(
                f"{repo}: found a file {name!r:.100}, wanted names inside of a folder that every"
                " system allows"
            )
        if name.casefold() in seen:
            raise ConfigError(f"{repo}: found {name!r:.100} in two spellings, wanted one")
        seen.add(name.casefold())


def _is_plain(repo: str) -> bool:
    is_twofold = "--" in repo or ".." in repo
    return not is_twofold and not repo.endswith(".") and not OURS.search(repo)


def _is_usable(part: str) -> bool:
    """Whether one part of a path is a plain name; nothing that is hidden or reserved."""
    return (
        part not in ("", ".", "..")
        and part.isprintable()
        and BAD_CHARS.isdisjoint(part)
        and not part.endswith((".", " "))
        and part.partition(".")[0].rstrip().upper() not in DEVICES
        and part.casefold() != RECORD
        and not part.casefold().endswith(".part")
    )
