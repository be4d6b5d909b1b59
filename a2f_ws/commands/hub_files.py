"""Files of a model on the hub and on the disk: which are wanted, and whether they are whole."""

import hashlib
import io
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from a2f_ws.commands.hub_names import check_names
from a2f_ws.commands.pulled import RECORD
from a2f_ws.errors import ConfigError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

WANTED: Final = (
    "*.json", "*.npz", "*.onnx", "*.onnx.data", "*.onnx_data",
    "readme*", "*licen[cs]e*", "notice*",
)  # fmt: skip
"""Files that are served, and what says who may, whatever their case: no engines, no pictures."""

BLOCK_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """A file of a repository.

    Attributes:
        name: Its path, with slashes.
        bytes: Its size.
        sha256: Hash of a large file; None = a small one.
        blob: Git's hash of a small file.
    """

    name: str
    bytes: int
    sha256: str | None
    blob: str

    @property
    def hash(self) -> str:
        """What its content is checked against."""
        return self.sha256 or self.blob


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the hub has under a name.

    Attributes:
        repo: The repository, "owner/name" in its own spelling.
        revision: What was asked for.
        commit: What that is now.
        licence: Name of its licence, "" = it names none.
        licence_url: Where that can be read.
        files: The files that a server needs.
    """

    repo: str
    revision: str
    commit: str
    licence: str
    licence_url: str
    files: tuple[RemoteFile, ...]

    @property
    def bytes(self) -> int:
        """Size of all files."""
        return sum(file.bytes for file in self.files)


def content_hash(path: Path, *, is_large: bool) -> str:
    """Hash of a file as the hub states it: SHA-256 of a large one, git's SHA-1 of a small one."""
    kind = hashlib.sha256() if is_large else hashlib.sha1(usedforsecurity=False)
    if not is_large:
        # Source: git, object format: the hash covers "blob", the length and a zero byte too.
        kind.update(b"blob %d\0" % path.stat().st_size)
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            kind.update(block)
    return kind.hexdigest()


class Capped(io.BufferedWriter):
    """A file to add to, up to the size that was announced."""

    def __init__(self, path: Path, file: RemoteFile) -> None:
        """Open it.

        Args:
            path: Where it is written.
            file: What it is to become.
        """
        super().__init__(io.FileIO(path, "ab"))
        self._path, self._file = path, file

    def write(self, data: "ReadableBuffer", /) -> int:
        """Add bytes.

        Raises:
            ConfigError: There are more than were announced; the file is emptied.
        """
        if self.tell() + memoryview(data).nbytes > self._file.bytes:
            self.truncate(0)
            raise ConfigError(
                f"{self._path}: found more than {self._file.bytes} bytes, wanted as many as the"
                " hub announced: what came is removed; pull again"
            )
        return super().write(data)


def wanted_files(siblings: Sequence[Any], repo: str) -> Iterator[RemoteFile]:
    """The files wanted.

    Raises:
        ConfigError: A name leads out of a folder, or is one that not every system allows.
    """
    wanted = [
        one
        for one in siblings
        if any(fnmatchcase(one.rfilename.lower(), pattern) for pattern in WANTED)
    ]
    check_names([one.rfilename for one in wanted], repo)
    for one in wanted:
        yield RemoteFile(
            name=one.rfilename,
            bytes=one.size or 0,
            sha256=None if one.lfs is None else one.lfs.sha256,
            blob=one.blob_id or "",
        )


def place_of(file: RemoteFile, folder: Path) -> Path:
    """Where a file is written.

    Raises:
        ConfigError: That is somewhere else than in the folder, such as behind a link.
    """
    path = folder / file.name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ConfigError(f"{path}: found a link out of {folder}, wanted plain folders")
    return path


def check_room(offer: Offer, partial: Path) -> None:
    """Refuse what the disk has no room for.

    Raises:
        ConfigError: There is too little.
    """
    there = sum(path.stat().st_size for path in partial.rglob("*") if path.is_file())
    free = shutil.disk_usage(partial).free
    if free < offer.bytes - there:
        need = (offer.bytes - there) // 2**20
        raise ConfigError(f"{partial}: found {free // 2**20} MiB free, wanted {need} MiB")


def complete(offer: Offer, partial: Path, *, target: Path) -> None:
    """Make a whole download the model: all at once, so that it never looks whole before.

    Raises:
        ConfigError: It is not whole, or the model that is there cannot be replaced; that stays.
    """
    for file in offer.files:
        size = place_of(file, partial).stat().st_size
        if size != file.bytes:
            raise ConfigError(
                f"{partial / file.name}: found {size} bytes, wanted {file.bytes}; remove"
                f" {partial} and pull again"
            )
    facts: Mapping[str, object] = {
        "repo": offer.repo,
        "revision": offer.revision,
        "commit": offer.commit,
        "licence": offer.licence,
        "licence_url": offer.licence_url,
        "files": {file.name: {"bytes": file.bytes, "hash": file.hash} for file in offer.files},
    }
    (partial / RECORD).write_text(json.dumps(facts, indent=1), encoding="utf-8")
    old = _old(target)
    if target.exists():
        shutil.rmtree(old, ignore_errors=True)
    try:
        if target.exists():
            target.rename(old)
        partial.rename(target)
    except OSError as error:
        put_back(target)
        raise ConfigError(
            f"{target}: the new files cannot take its place ({error.strerror or error}): what was"
            " there stays; stop what has it open, such as a server, and pull again"
        ) from None
    for left in (old, *target.parent.glob(f"{target.name}.partial-*")):
        shutil.rmtree(left, ignore_errors=True)


def put_back(target: Path) -> None:
    """Bring back a model that was moved away for a new one that then did not come.

    Raises:
        ConfigError: It cannot be moved; the text says where it is.
    """
    old = _old(target)
    if target.exists() or not old.exists():
        return
    try:
        old.rename(target)
    except OSError as error:
        raise ConfigError(
            f"{target}: its files are in {old} and cannot be moved back"
            f" ({error.strerror or error}); rename that folder"
        ) from None


def _old(target: Path) -> Path:
    return target.with_name(f"{target.name}.old")
