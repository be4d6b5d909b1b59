"""An entry of an `.npz` file before its data is read: its header, and what is wrong with it."""

import math
import re
import struct
import zlib
from ast import literal_eval
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, TypeAlias
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipInfo

import numpy as np

from a2f_ws.inference.pointer import ADVICE, is_pointer_at

Shape: TypeAlias = tuple[int | None, ...]
"""Wanted length of each axis, None = any."""

ENTRY_MAX: Final = 1 << 31
"""Bytes of an array, ten times those of the largest one in NVIDIA's bundles (ours)."""

FREE_MAX: Final = 1 << 26
"""Bytes of an array with an axis whose length nothing else tells (ours)."""

DEFLATE_MAX: Final = 1032
"""Most bytes that a byte of deflate stands for. Source: zlib, "Technical Details"."""

TEXT_MAX: Final = 1024
"""Bytes of one text in an array of texts (ours)."""

UNREADABLE: Final = (
    OSError, BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error,
    zlib.error, TypeError, SyntaxError, MemoryError, OverflowError, LookupError,
)  # fmt: skip
"""What `zipfile` and the parser of headers raise for files that are not what they should be."""

_ENCRYPTED: Final = 1
_LENGTHS: Final = {(1, 0): "<H", (2, 0): "<I"}
"""How the header's length is stored, by version. Source: `numpy.lib.format`."""

_HEADER_MAX: Final = 10_000
_KIND: Final = re.compile(r"[<>|=]?[A-Za-z]\d*")
_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Header:
    """What an array says of itself.

    Attributes:
        dtype: Its type.
        shape: Its shape.
        is_fortran: True where its first axis runs fastest.
    """

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    is_fortran: bool

    @property
    def byte_count(self) -> int:
        """Length of its data."""
        return math.prod(self.shape) * self.dtype.itemsize


def read_header(stream: IO[bytes]) -> Header:
    """The header at the beginning of an entry.

    Raises:
        Exception: One of `UNREADABLE`; it is none that is known.
    """
    version = np.lib.format.read_magic(stream)
    if version not in _LENGTHS:
        raise ValueError(f"found .npy version {version}, wanted (1, 0) or (2, 0)")
    (length,) = struct.unpack(_LENGTHS[version], stream.read(struct.calcsize(_LENGTHS[version])))
    if length > _HEADER_MAX:
        raise ValueError(f"found a header of {length} bytes, wanted at most {_HEADER_MAX}")
    content = literal_eval(stream.read(length).decode("latin-1").strip())
    kind, is_fortran, shape = (content[key] for key in ("descr", "fortran_order", "shape"))
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        raise ValueError(f"found a type {str(kind)[:_SHOWN]!r}, wanted that of plain numbers")
    if not isinstance(shape, tuple) or not all(type(n) is int and n >= 0 for n in shape):
        raise ValueError(f"found a shape {str(shape)[:_SHOWN]}, wanted whole numbers")
    return Header(np.dtype(kind), shape, bool(is_fortran))


def entry_fault(info: ZipInfo) -> str | None:
    """What is wrong with an entry of the zip file, or None."""
    if info.flag_bits & _ENCRYPTED:
        return "found it encrypted, wanted it in the clear"
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return f"found compression {info.compress_type}, wanted 0 (stored) or 8 (deflated)"
    growth = 1 if info.compress_type == ZIP_STORED else DEFLATE_MAX
    most = min(info.compress_size * growth, ENTRY_MAX)
    if info.file_size > most:
        found = f"found {info.file_size} bytes said to be in {info.compress_size}"
        return f"{found}, wanted at most {most}"
    return None


def header_fault(header: Header, dtype: type[np.generic] | None, *, shape: Shape) -> str | None:
    """What is wrong with an array, or None.

    Args:
        header: Its header.
        dtype: Wanted type, little-endian; None = texts.
        shape: Wanted shape.
    """
    kind = "texts" if dtype is None else np.dtype(dtype).name
    lengths = ", ".join("any" if n is None else str(n) for n in shape)
    wanted = f"wanted {kind} ({lengths}{',' * (len(shape) == 1)})"
    found = f"found {_named(header.dtype)} {header.shape}"
    if not _is_of(header.dtype, dtype):
        return f"{found}, {wanted}{'' if dtype is None else ': nothing is converted'}"
    if not _has_shape(header.shape, shape):
        return f"{found}, {wanted}"
    if header.is_fortran and len(shape) > 1:
        return f"{found} in Fortran order, {wanted} in C order"
    if None in shape and header.byte_count > FREE_MAX:
        return f"{found}, wanted at most {FREE_MAX} bytes"
    return None


def why_no_zip(path: Path, fault: BaseException) -> str:
    """What to say of a file that is no zip file."""
    if isinstance(fault, OSError):
        return str(fault.strerror or fault)
    if is_pointer_at(path):
        return ADVICE
    return f"{fault} (was its download cut short?)"


def _named(dtype: np.dtype[Any]) -> str:
    return dtype.name if dtype.isnative else f"big-endian {dtype.name}"


def _is_of(found: np.dtype[Any], wanted: type[np.generic] | None) -> bool:
    if wanted is None:
        is_text = found.kind in "SU" and 1 <= found.itemsize <= TEXT_MAX
        return is_text and found == found.newbyteorder("<")
    return found == np.dtype(wanted).newbyteorder("<")


def _has_shape(found: Sequence[int], wanted: Shape) -> bool:
    if len(found) != len(wanted):
        return False
    return all(want in (None, n) for n, want in zip(found, wanted, strict=True))
