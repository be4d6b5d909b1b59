"""The terminal: results on stdout, everything else on stderr."""

import sys
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

EXIT_FAULT: Final = 2
"""Exit code of everything that the user or the surroundings have to put right."""


def out() -> Console:
    """Where results go."""
    return Console(highlight=False, markup=False, emoji=False)


def err() -> Console:
    """Where progress, errors and remarks go."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def plain_table(*columns: str, title: str | None = None) -> Table:
    """An empty table in the style of all commands."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def say_fault(text: str) -> None:
    """Tell what is wrong, in one line and red where there is colour."""
    line = Text("error: ", style="bold red") + Text(" ".join(text.split()), style="red")
    err().print(line, soft_wrap=True)


def forgive_encodings() -> None:
    """Let terminals and pipes that lack a character get a question mark instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
