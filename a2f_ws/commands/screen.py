"""The terminal: results on stdout, everything else on stderr."""

import sys
from typing import Final

from rich.console import Console, HighlighterType, JustifyMethod, OverflowMethod
from rich.style import Style
from rich.table import Table
from rich.text import Text

BIDI: Final = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""What turns the order of text round. Source: Unicode UAX 9, explicit embeddings to isolates."""

EXIT_FAULT: Final = 2
"""Exit code of everything that the user or the surroundings have to put right."""

UNSAFE: Final = {
    code: f"\\u{code:04x}"
    for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *BIDI)
    if chr(code) not in "\n\t"
}
"""Characters that move a terminal's cursor, change its colours or title, or turn the order of text
round, with what is shown in their place."""


def printable(text: str) -> str:
    """A text, whoever wrote it, with nothing in it that a terminal obeys but lines and tabs."""
    return text.translate(UNSAFE)


class Screen(Console):
    """A console whose texts are shown and never obeyed: they come from files and servers too."""

    def render_str(
        self,
        text: str,
        *,
        style: str | Style = "",
        justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None,
        emoji: bool | None = None,
        markup: bool | None = None,
        highlight: bool | None = None,
        highlighter: HighlighterType | None = None,
    ) -> Text:
        """A text to print, in tables too."""
        return super().render_str(
            printable(text),
            style=style,
            justify=justify,
            overflow=overflow,
            emoji=emoji,
            markup=markup,
            highlight=highlight,
            highlighter=highlighter,
        )


def out() -> Screen:
    """Where results go."""
    return Screen(highlight=False, markup=False, emoji=False)


def err() -> Screen:
    """Where progress, errors and remarks go."""
    return Screen(stderr=True, highlight=False, markup=False, emoji=False)


def plain_table(*columns: str, title: str | None = None) -> Table:
    """An empty table in the style of all commands."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def say_fault(text: str) -> None:
    """Tell what is wrong, in one line and red where there is colour."""
    line = Text("error: ", style="bold red") + Text(printable(" ".join(text.split())), style="red")
    err().print(line, soft_wrap=True)


def say_warning(text: str) -> None:
    """Tell what is most likely a mistake, in one line and yellow where there is colour."""
    line = Text("warning: ", style="bold yellow") + Text(printable(" ".join(text.split())))
    err().print(line, soft_wrap=True)


def forgive_encodings() -> None:
    """Let terminals and pipes that lack a character get a question mark instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
