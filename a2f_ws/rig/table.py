"""Rig tables: the TOML files of the installation and of the user."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from a2f_ws.errors import ConfigError
from a2f_ws.rig.contents import RigTable
from a2f_ws.rig.faults import Faults
from a2f_ws.rig.matching import AUTO
from a2f_ws.rig.parse import parse
from a2f_ws.rig.spelling import is_name

PACKAGE: Final = Path(__file__).resolve().parent.parent
BUNDLED: Final = (PACKAGE / "_engines", PACKAGE.parent / "engines")
"""Where the tables lie: in a wheel, and in a checkout or an editable install."""

MARK: Final = "arkit.toml"
"""A table that every engines folder has; a stranger's folder of that name has not."""

SUFFIX: Final = ".toml"
FILE_MAX_BYTES: Final = 1 << 20


def load_rigs(*folders: Path) -> dict[str, RigTable]:
    """All rigs that can be opened: the bundled tables and the user's.

    Args:
        folders: The user's folders of TOML files, searched with their subfolders. A table takes
            the place of an earlier one of the same name: `arkit.toml` here replaces `arkit`.

    Returns:
        Rig by name, sorted by name.

    Raises:
        ConfigError: A folder is missing, or a table has a mistake; the text says which and where.
    """
    rigs = load_folder(bundled_folder(), shown=Path("engines"))
    for folder in folders:
        if not folder.is_dir():
            raise ConfigError(f"{folder}: no such folder of rig tables")
        rigs |= load_folder(folder, shown=folder, known=rigs)
    return dict(sorted(rigs.items()))


def bundled_folder() -> Path:
    """The folder of the tables that come with a2f-ws.

    Raises:
        ConfigError: The installation is incomplete.
    """
    for folder in BUNDLED:
        if (folder / MARK).is_file():
            return folder
    places = " and ".join(str(folder) for folder in BUNDLED)
    raise ConfigError(f"no rig tables in {places}: this installation of a2f-ws is incomplete")


def load_folder(
    folder: Path, *, shown: Path, known: Mapping[str, RigTable] | None = None
) -> dict[str, RigTable]:
    """Every table in a folder and its subfolders.

    Args:
        folder: Where the files are.
        shown: How error texts call that folder.
        known: Rigs of other folders, which these may extend.

    Returns:
        Rig by name: `unity/vrm1` for `unity/vrm1.toml`.

    Raises:
        ConfigError: A table has a mistake, or tables extend one another in a circle.
    """
    tables = Folder(folder, shown=shown, known=known or {})
    return {name: tables.rig(name) for name in tables.names()}


class Folder:
    """The tables in a folder and its subfolders, each read when it is asked for."""

    def __init__(self, folder: Path, *, shown: Path, known: Mapping[str, RigTable]) -> None:
        """Read nothing yet; `shown` is how error texts call the folder, `known` are other rigs."""
        self._folder, self._shown, self._known = folder, shown, known
        self._rigs: dict[str, RigTable] = {}

    def names(self) -> list[str]:
        """Names of all tables, sorted."""
        files = sorted(file for file in self._folder.rglob(f"*{SUFFIX}") if file.is_file())
        return [file.relative_to(self._folder).with_suffix("").as_posix() for file in files]

    def rig(self, name: str, above: tuple[str, ...] = ()) -> RigTable:
        """One table, and first those beside it that it extends.

        Args:
            name: Path below the folder, without suffix.
            above: The tables that wait for it.

        Raises:
            ConfigError: It cannot be read or has a mistake; the text names file, curve and reason.
        """
        if name not in self._rigs:
            faults = Faults((self._shown / f"{name}{SUFFIX}").as_posix())
            if name in above:
                raise faults.found(f"extends: a circle, {' → '.join((*above, name))}")
            if name == AUTO:
                raise faults.found(f"rig {AUTO!r} is the best one for a mesh, wanted another name")
            document = read_toml(self._file(name), faults)
            bases = document.get("extends", [])
            for base in bases if isinstance(bases, list) else [bases]:
                if isinstance(base, str) and base != name and self._has(base):
                    self.rig(base, (*above, name))
            known = {**self._known, **self._rigs}
            self._rigs[name] = parse(document, name, faults=faults, known=known)
        return self._rigs[name]

    def _file(self, name: str) -> Path:
        return self._folder.joinpath(f"{name}{SUFFIX}")

    def _has(self, name: str) -> bool:
        is_inside = all(part not in ("", ".", "..") for part in name.split("/"))
        return is_inside and is_name(name) and self._file(name).is_file()


def read_toml(file: Path, faults: Faults) -> dict[str, object]:
    """The contents of a TOML file.

    Raises:
        ConfigError: It cannot be opened, is larger than a table can be, or is no TOML.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(FILE_MAX_BYTES + 1)
    except OSError as error:
        raise faults.found(f"cannot be read: {error.strerror or error}") from error
    if len(content) > FILE_MAX_BYTES:
        raise faults.found(f"larger than {FILE_MAX_BYTES} bytes")
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise faults.found(f"not UTF-8 at byte {error.start}") from error
    except ValueError as error:  # also a whole number of too many digits
        raise faults.found(f"not TOML: {error}") from error
    except RecursionError:
        raise faults.found("nested too deeply") from None
