"""Files of a bundle that only point to their content: clones without Git LFS have such."""

from pathlib import Path
from typing import Final

_BEGINNING: Final = b"version https://git-lfs"
"""Source: Git LFS specification, "The Pointer"."""

ADVICE: Final = (
    "found a pointer of Git LFS, wanted the file itself: run `git lfs pull` in its folder,"
    " or get the model by `a2f-ws models pull`"
)


def is_pointer(content: bytes) -> bool:
    """True when a file that begins so is a pointer."""
    return content.startswith(_BEGINNING)


def is_pointer_at(path: Path) -> bool:
    """True when there is a file that is a pointer."""
    try:
        with path.open("rb") as file:
            return is_pointer(file.read(len(_BEGINNING)))
    except OSError:
        return False
