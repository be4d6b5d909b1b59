"""Which lines are to be baked: the sound files of a folder, or the rows of a sheet (CSV)."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final

from a2f_ws.errors import ConfigError
from a2f_ws.names import EMOTIONS, instead

SHEET: Final = "lines.csv"
"""The sheet of a folder, unless another one is named."""

SOUNDS: Final = frozenset(
    {".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".au", ".caf", ".w64"}
)
"""Endings of the files that are taken for sound where there is no sheet (libsndfile's)."""

COLUMNS: Final = ("file", "character", "rig", "fps", "emotion", "params", "style", "id", "text")
"""What a sheet may have beside a column for each emotion."""

UNFIT: Final = '/\\:*?"<>|'
"""What names of files may not have on some system (Windows)."""

DEVICES: Final = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"{port}{k}" for port in ("COM", "LPT") for k in range(1, 10))}
)
"""Names that are devices on Windows, whatever follows a dot behind them."""

UNCLOSED: Final = "unexpected end of data"
"""How Python's csv calls a quote that nothing closes (`Modules/_csv.c`)."""

SHEET_BYTES: Final = 64 * 1024 * 1024
ROWS_MAX: Final = 1_000_000
"""Bounds of a sheet: more is something else than lines of a game (ours)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line to bake.

    Attributes:
        source: Its sound.
        target: Its clip, without regard to other rows of the same sound.
        place: Where it stands, for people.
        cells: Column → text that is not empty; those of its character are filled in.
    """

    source: Path
    target: Path
    place: str
    cells: Mapping[str, str]


def files_in(folder: Path, out: Path, *, suffix: str) -> list[Row]:
    """A row for every sound file in a folder and below it, by name.

    Raises:
        ConfigError: There is none.
    """
    sources = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SOUNDS)
    if not sources:
        kinds = " ".join(sorted(SOUNDS))
        raise ConfigError(f"{folder}: no sound file in it, wanted some of {kinds}")
    rows = [
        Row(
            source=source,
            target=(out / source.relative_to(folder)).with_suffix(suffix),
            place=str(source),
            cells={},
        )
        for source in sources
    ]
    _refuse_twins(rows)
    return rows


def rows_of(sheet: Path, folder: Path, *, out: Path, suffix: str) -> list[Row]:
    """The lines of a sheet.

    A row without `file` says what holds for its character where the rows of that say nothing.

    Args:
        sheet: CSV in UTF-8, parted by commas, semicolons or tabs, with a head row.
        folder: Where its files are.
        out: Where the clips go.
        suffix: Of the clips.

    Raises:
        ConfigError: It cannot be read, has an unknown column, or names a file outside of the
            folder, or one twice for one character, or no line at all.
    """
    characters: dict[str, dict[str, str]] = {}
    lines: list[tuple[int, dict[str, str]]] = []
    for number, cells in _cells(sheet):
        character = cells.get("character", "")
        if "file" in cells:
            lines.append((number, cells))
        elif character:
            characters.setdefault(character, {}).update(cells)
        else:
            text = "found neither file nor character, wanted one of them"
            raise ConfigError(f"{sheet}: row {number}: {text}")
    if not lines:
        raise ConfigError(f"{sheet}: found no line in it, wanted at least one row with a file")
    files = Counter(cells["file"] for _, cells in lines)
    rows = []
    for number, cells in lines:
        place = f"{sheet}: row {number}"
        whole = {**characters.get(cells.get("character", ""), {}), **cells}
        source = _source(cells["file"], folder, place=place)
        name = Path(cells["file"]).with_suffix(suffix)
        if files[cells["file"]] > 1 and "character" in cells:
            name = _named(name, cells["character"], place=place)
        rows.append(Row(source=source, target=out / name, place=place, cells=whole))
    _refuse_twins(rows)
    return rows


def _source(file: str, folder: Path, *, place: str) -> Path:
    """The sound file of a line.

    Raises:
        ConfigError: It is not in the folder, or no name of a file.
    """
    source = folder / file
    is_name = "\0" not in file and source.name not in ("", "..")
    if not is_name or not source.resolve().is_relative_to(folder.resolve()):
        raise ConfigError(f"{place}: file: found {file!r}, wanted a file in {folder}")
    return source


def _named(name: Path, character: str, *, place: str) -> Path:
    """The name of a clip whose sound several characters say.

    Raises:
        ConfigError: The character's name cannot stand in a file name.
    """
    wanted = None
    if any(one in UNFIT or not one.isprintable() for one in character):
        wanted = f"a name in one line without {' '.join(UNFIT)}"
    elif character.partition(".")[0].strip().upper() in DEVICES:
        wanted = "another name: Windows has a device of this one"
    if wanted:
        text = f"found {character!r}, wanted {wanted}"
        raise ConfigError(f"{place}: character: {text}: it becomes part of a file name")
    return name.with_name(f"{name.stem}.{character}{name.suffix}")


def _cells(sheet: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a sheet that say something, with their numbers."""
    lines = StringIO(_text(sheet), newline="")
    reader = csv.reader(lines, delimiter=_delimiter(sheet), strict=True)
    number = 0
    try:
        head = [name.strip() for name in next(reader, [])]
        _check_head(head, sheet)
        number = 1
        for number, row in enumerate(reader, 2):
            cells = {name: one.strip() for name, one in zip(head, row, strict=False) if one.strip()}
            if len(row) > len(head) and any(one.strip() for one in row[len(head) :]):
                text = f"found {len(row)} cells, wanted at most {len(head)}"
                raise ConfigError(f"{sheet}: row {number}: {text}")
            if number > ROWS_MAX:
                raise ConfigError(f"{sheet}: found more than {ROWS_MAX} rows")
            if cells:
                yield number, cells
    except csv.Error as error:
        what = "a quote is not closed" if UNCLOSED in str(error) else error
        raise ConfigError(f"{sheet}: row {number + 1}: not CSV ({what})") from None


def _check_head(head: Sequence[str], sheet: Path) -> None:
    known = (*COLUMNS, *EMOTIONS)
    for name in head:
        if name not in known:
            raise ConfigError(f"{sheet}: no column {name!r}; {instead(name, known)}")
        if head.count(name) > 1:
            raise ConfigError(f"{sheet}: column {name} stands there twice")
    if "file" not in head:
        raise ConfigError(f"{sheet}: found no column file in its first row")


def _text(sheet: Path) -> str:
    try:
        if sheet.stat().st_size > SHEET_BYTES:
            raise ConfigError(f"{sheet}: wanted at most {SHEET_BYTES} bytes")
        return sheet.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{sheet}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{sheet}: not UTF-8: byte {error.start}") from error


def _delimiter(sheet: Path) -> str:
    """What parts the cells of the head row: whichever of three is there most."""
    head = _text(sheet).partition("\n")[0]
    return max(",;\t", key=head.count)


def _refuse_twins(rows: Sequence[Row]) -> None:
    """Refuse two lines that would become one clip."""
    seen: dict[Path, Row] = {}
    for row in rows:
        twin = seen.setdefault(row.target, row)
        if twin is not row:
            text = f"becomes {row.target}, and so does {twin.place}"
            raise ConfigError(f"{row.place}: {text}; a column character would part them")
