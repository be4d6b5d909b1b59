"""Recordings in files: which format a name means, and writing that leaves no half file."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from a2f_ws.errors import ConfigError
from a2f_ws.output import arkit_rows, glb_file, json_file, livelink_csv, npz_file
from a2f_ws.output.recording import Recording


class Format(NamedTuple):
    """A way to keep a recording.

    Attributes:
        title: What to call it.
        write: Writes a recording to a stream.
        read: Reads one; ValueError if the stream holds something else. None: nothing reads it here.
        rigs: The rigs that it has room for; empty = all.
    """

    title: str
    write: Callable[[Recording, BinaryIO], None]
    read: Callable[[BinaryIO], Recording] | None = None
    rigs: tuple[str, ...] = ()


FORMATS: Final[Mapping[str, Format]] = {
    ".csv": Format(
        "Live Link Face recording", livelink_csv.write, livelink_csv.read, arkit_rows.RIGS
    ),
    ".json": Format("JSON recording", json_file.write, json_file.read),
    ".npz": Format("NumPy archive", npz_file.write, npz_file.read),
    ".glb": Format("glTF animation of the head", glb_file.write, rigs=arkit_rows.RIGS),
}


def check_target(path: Path, *, rig: str) -> None:
    """Say before the work whether its result could be written.

    Args:
        path: Where a recording shall go.
        rig: Its rig.

    Raises:
        ConfigError: Unknown suffix, a rig that the format has no columns for, or no such folder.
    """
    form = _format(path)
    if form.rigs and rig not in form.rigs:
        raise ConfigError(
            f"{path}: a {path.suffix.lower()} is a {form.title}, which holds the rigs "
            f"{', '.join(form.rigs[:-1])} and {form.rigs[-1]}, not {rig!r}; use .json or .npz"
        )
    try:
        if path.is_dir():
            raise ConfigError(f"{path}: is a folder, wanted a file name")
        if not path.absolute().parent.is_dir():
            raise ConfigError(f"{path}: there is no folder {path.parent}")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror or error}") from error


def write_recording(recording: Recording, path: Path) -> None:
    """Write a recording in the format that the suffix names.

    Args:
        recording: What to keep.
        path: Ends with one of `FORMATS`. Takes the place of an older file, which stays as it is
            until the new one is complete.

    Raises:
        ConfigError: As `check_target`, or the file cannot be written.
    """
    check_target(path, rig=recording.rig)
    lacking = livelink_csv.missing_poses(recording.curves)
    if path.suffix.lower() == ".csv" and lacking:
        raise ConfigError(f"{path}: the rig's rows lack {lacking[0]}; use .json or .npz")
    with replacing(path) as out:
        _format(path).write(recording, out)


def read_recording(path: Path) -> Recording:
    """Read a recording in the format that the suffix names.

    Raises:
        ConfigError: Unknown suffix, no such file, or something else in it.
    """
    form = _format(path)
    if form.read is None:
        raise ConfigError(f"{path}: a {form.title} is not read; use .csv, .json or .npz")
    try:
        with path.open("rb") as content:
            return form.read(content)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise ConfigError(f"{path}: not a {form.title}: {error}") from error


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes become the file `path` when the block ends well, all at once.

    Raises:
        ConfigError: The file cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with draft.open("wb") as out:
            yield out
        draft.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _format(path: Path) -> Format:
    """The format that a suffix names.

    Raises:
        ConfigError: It names none.
    """
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        known = ", ".join(f"{suffix} ({form.title})" for suffix, form in FORMATS.items())
        raise ConfigError(f"{path}: unknown suffix {path.suffix!r}, wanted one of {known}")
    return form
