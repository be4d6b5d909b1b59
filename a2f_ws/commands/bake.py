"""`a2f-ws bake`: the sound files of a game to clip files, what is new of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from msgspec import structs
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from a2f_ws.baking.oven import bake
from a2f_ws.baking.recipe import Recipe
from a2f_ws.baking.sheet import SHEET, Row, files_in, rows_of
from a2f_ws.catalog import Catalog
from a2f_ws.clips.clip import SUFFIX
from a2f_ws.commands import arguments
from a2f_ws.commands.loading import load_catalog, wishes_of
from a2f_ws.commands.screen import EXIT_FAULT, err, out, printable, say_fault
from a2f_ws.errors import ConfigError, ModelError, PeerError
from a2f_ws.names import EMOTIONS, instead
from a2f_ws.settings import Settings
from a2f_ws.style.tables import style_from_words

ABOUT: Final = ("character", "id", "text")
"""Columns that are kept in the clip as they are."""

BAKED: Final = "baked"
UNCHANGED: Final = "unchanged"
FAILED: Final = "failed"
"""What becomes of a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to bake, as the command line says.

    Attributes:
        folder: Where the sound is.
        sheet: CSV of lines; None = `lines.csv` of the folder, or else all its sound files.
        output: Where the clips go; None = beside the sound.
        recipe: What holds where a line says nothing.
        style: Stylisation file for lines that name none; "" = none.
        model: As for `find_bundle`.
        settings: With solver and recognition.
        params: Face parameters as NAME=VALUE, under those of a line.
        rigs: Folders of rig tables.
        is_forced: True = also what has not changed.
    """

    folder: Path
    sheet: Path | None
    output: Path | None
    recipe: Recipe
    style: str
    model: str
    settings: Settings
    params: Sequence[str]
    rigs: Sequence[str]
    is_forced: bool

    def rows(self) -> list[Row]:
        """The lines.

        Raises:
            ConfigError: Folder or sheet is not what it has to be.
        """
        if not self.folder.is_dir():
            raise ConfigError(f"{self.folder}: no such folder")
        target = self.folder if self.output is None else self.output
        sheet = self.sheet or self.folder / SHEET
        if self.sheet is None and not sheet.is_file():
            return files_in(self.folder, target, suffix=SUFFIX)
        return rows_of(sheet, self.folder, out=target, suffix=SUFFIX)

    def style_of(self, row: Row) -> str:
        """The stylisation file of a line, "" = none; a path in a sheet begins at its folder."""
        named = row.cells.get("style")
        return str(self.folder / named) if named else self.style

    def recipe_of(self, row: Row) -> Recipe:
        """How a line is baked.

        Raises:
            ConfigError: Something in its cells cannot be used.
        """
        cells = row.cells
        emotion = self._emotion(cells)
        return replace(
            self.recipe,
            rig=cells.get("rig", self.recipe.rig),
            rate=(
                arguments.pose_rate(cells["fps"], place="fps: found ")
                if "fps" in cells
                else self.recipe.rate
            ),
            emotion=self.recipe.emotion if emotion is None else emotion,
            params=style_from_words(_words(cells.get("params", "")), "params").params,
        )

    def catalog(self, style: str) -> Catalog:
        """Models and rigs for lines with a style.

        Raises:
            ConfigError: The style or a rig table is wrong.
            ModelError: The model cannot be used.
        """
        settings = structs.replace(self.settings, style=style)
        return load_catalog(
            self.model, self.rigs, wishes=wishes_of(settings, None, words=self.params)
        )

    def check_emotion(self) -> None:
        """Refuse what the option says before any line is blamed for it.

        Raises:
            ConfigError: There is no such emotion.
        """
        for name in self.recipe.emotion or ():
            if name not in EMOTIONS:
                raise ConfigError(f"--emotion: found {name!r}; {instead(name, EMOTIONS)}")

    def check_rig(self, catalog: Catalog) -> None:
        """The same for the rig, which the user's folders may have.

        Raises:
            ConfigError: There is no such rig.
        """
        try:
            catalog.rig(self.recipe.rig)
        except PeerError as fault:
            raise ConfigError(f"--rig: {fault.message}") from None

    def _emotion(self, cells: Mapping[str, str]) -> dict[str, float] | None:
        """The emotion of a line, from its column `emotion` and those of single emotions."""
        single = [f"{name}={cells[name]}" for name in EMOTIONS if name in cells]
        words = [*_words(cells.get("emotion", "")), *single]
        return arguments.emotion(words, place="emotion: found ")


def run(order: Order) -> int:
    """Bake every line; say what is wrong with single ones, and go on.

    Returns:
        The exit code: 2 when a line failed.

    Raises:
        ConfigError: Nothing can be baked: the folder, the sheet, or the rig tables.
        ModelError: The model cannot be used.
    """
    rows = order.rows()
    order.check_emotion()
    counts: Counter[str] = Counter()
    with _progress() as progress:
        task = progress.add_task("", total=len(rows))
        for style in sorted({order.style_of(row) for row in rows}):
            mine = [row for row in rows if order.style_of(row) == style]
            try:
                catalog = order.catalog(style)
            except ConfigError as error:
                if style == order.style:
                    raise
                say_fault(f"{mine[0].place}: style: {error}")
                counts[FAILED] += len(mine)
                progress.advance(task, len(mine))
                continue
            order.check_rig(catalog)
            for row in mine:
                progress.update(task, description=printable(row.source.name))
                counts[_line(order, row, catalog=catalog)] += 1
                progress.advance(task)
    parts = [f"{counts[what]} {what}" for what in (BAKED, UNCHANGED, FAILED) if counts[what]]
    err().print(f"{order.folder}: {', '.join(parts)}", soft_wrap=True)
    return EXIT_FAULT if counts[FAILED] else 0


def _line(order: Order, row: Row, *, catalog: Catalog) -> str:
    """Bake one line; what became of it."""
    try:
        baked = bake(
            row.source,
            row.target,
            recipe=order.recipe_of(row),
            catalog=catalog,
            line={name: row.cells[name] for name in ABOUT if name in row.cells},
            is_forced=order.is_forced,
        )
    except (ConfigError, ModelError) as error:
        text = str(error)
        say_fault(text if text.startswith(f"{row.place}:") else f"{row.place}: {text}")
        return FAILED
    if not baked.is_new:
        return UNCHANGED
    out().print(f"{row.target}: {baked.poses} poses", soft_wrap=True)
    return BAKED


def _words(cell: str) -> list[str]:
    """The words of a cell, parted by spaces, commas or semicolons."""
    return cell.replace(",", " ").replace(";", " ").split()


def _progress() -> Progress:
    """A bar on stderr; nothing where that is no terminal."""
    console = err()
    return Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}", markup=False),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
