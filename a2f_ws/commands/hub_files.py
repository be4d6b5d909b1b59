"""Files of a model on the hub and on the disk: which are wanted, and whether they are whole."""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final

from a2f_ws.commands.pulled import RECORD
from a2f_ws.errors import ConfigError

WANTED: Final = (
    "*.json", "*.npz", "*.onnx", "*.onnx.data", "*.onnx_data",
    "README*", "*LICEN[CS]E*", "NOTICE*",
)  # fmt: skip
"""Files that are served, and what says who may: no engines, no pictures."""

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


def wanted_files(siblings: Sequence[Any], repo: str) -> Iterator[RemoteFile]:
    """The files wanted; names that lead out of a folder are refused."""
    for one in siblings:
        name = one.rfilename
        if not any(fnmatch(name, pattern) for pattern in WANTED):
            continue
        parts = PurePosixPath(name).parts
        if PurePosixPath(name).is_absolute() or ".." in parts or PureWindowsPath(name).anchor:
            raise ConfigError(f"{repo}: found a file {name!r}, wanted names inside of a folder")
        yield RemoteFile(
            name=name,
            bytes=one.size or 0,
            sha256=None if one.lfs is None else one.lfs.sha256,
            blob=one.blob_id or "",
        )


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
    """Make a whole download the model: all at once, so that it never looks whole before."""
    facts: Mapping[str, object] = {
        "repo": offer.repo,
        "revision": offer.revision,
        "commit": offer.commit,
        "licence": offer.licence,
        "licence_url": offer.licence_url,
        "files": {file.name: {"bytes": file.bytes, "hash": file.hash} for file in offer.files},
    }
    (partial / RECORD).write_text(json.dumps(facts, indent=1), encoding="utf-8")
    old = target.with_name(f"{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    partial.rename(target)
    for left in (old, *target.parent.glob(f"{target.name}.partial-*")):
        shutil.rmtree(left, ignore_errors=True)
