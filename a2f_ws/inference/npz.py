"""Reads the `.npz` files of bundles: headers before data, data in pieces, nothing unpickled."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self, TypeVar
from zipfile import ZipFile, ZipInfo

import numpy as np
from numpy.typing import NDArray

from a2f_ws.errors import ModelError
from a2f_ws.inference.npz_entry import (
    UNREADABLE,
    Header,
    Shape,
    entry_fault,
    header_fault,
    read_header,
    why_no_zip,
)

_Scalar = TypeVar("_Scalar", bound=np.generic)

ENTRIES_MAX: Final = 4096
TOTAL_MAX: Final = 1 << 32
"""Arrays of a file and their bytes, ten times those of NVIDIA's bundles and more (ours)."""

MOST: Final = 1e6
"""Largest number of an array, centimetres or degrees: ten kilometres (ours). Products of two such
over any mesh are far from the end of float32."""

_CHUNK: Final = 1 << 20
_ROWS: Final = 8


class Archive:
    """An open `.npz` file, stored or deflated; a context manager.

    The data of an array is as long as its header says and has the check sum of its entry, or there
    is a ModelError; memory is taken for what was asked for only.

    Attributes:
        names: The arrays, in the file's order; entries that are none are passed by.
    """

    def __init__(self, path: Path) -> None:
        """Read the list of arrays.

        Raises:
            ModelError: The file is no zip file, lists a name twice, is encrypted, compressed in
                another way than deflate, or has more in it than any bundle.
        """
        self._path = path
        try:
            self._zip = ZipFile(path)
        except UNREADABLE as fault:
            raise ModelError(
                f"{path}: cannot be read as .npz: {why_no_zip(path, fault)}"
            ) from fault
        try:
            self._entries = self._listed(self._zip.infolist())
        except ModelError:
            self._zip.close()
            raise
        self.names = tuple(self._entries)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def require(self, names: Iterable[str]) -> None:
        """See that there are arrays of these names.

        Raises:
            ModelError: Some are not there; the text names all of them.
        """
        missing = [name for name in names if name not in self._entries]
        if missing:
            raise ModelError(f"{self._path}: missing arrays: {', '.join(missing)}")

    def read(
        self, name: str, *, dtype: type[_Scalar], shape: Shape, most: float = MOST
    ) -> NDArray[_Scalar]:
        """A whole array.

        Args:
            name: Its name.
            dtype: float32 or int32; nothing is converted.
            shape: Wanted shape.
            most: Largest size of a float32, at most 1e6.

        Returns:
            `dtype`, of the wanted shape, C order, finite; new array.

        Raises:
            ModelError: There is none such, it is of another type, shape or order, cannot be read,
                or has values that are not finite or too large.
        """
        with self._opened(name, dtype=dtype, shape=shape) as (stream, header):
            array = np.empty(header.shape, dtype)
            self._fill(stream, array, name=name, most=min(most, MOST))
            _end(stream)
        return array

    def blocks(
        self, name: str, *, dtype: type[_Scalar], shape: Shape, rows: int
    ) -> Iterator[NDArray[_Scalar]]:
        """An array piece by piece along its first axis, for those that are large.

        Args:
            name: As for `read`.
            dtype: As for `read`.
            shape: As for `read`, one axis at least.
            rows: Length of a piece, >= 1; the last one may be shorter.

        Yields:
            `dtype` (<= rows, …), new arrays.

        Raises:
            ModelError: As `read`; the last pieces' faults come when they are reached.
        """
        with self._opened(name, dtype=dtype, shape=shape) as (stream, header):
            for first in range(0, header.shape[0], rows):
                count = min(rows, header.shape[0] - first)
                block = np.empty((count, *header.shape[1:]), dtype)
                self._fill(stream, block, name=name, first=first)
                yield block
            _end(stream)

    def faults(self, shapes: Mapping[str, Shape]) -> list[str]:
        """What is wrong with arrays of float32: each is read to its end or first fault, none kept.

        Args:
            shapes: Wanted shapes by name.
        """
        found = []
        for name, shape in shapes.items():
            try:
                for _ in self.blocks(name, dtype=np.float32, shape=shape, rows=_ROWS):
                    pass
            except ModelError as error:
                found.append(str(error))
        return found

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, stored as numpy's bytes or as its text, without NULs at their ends.

        Raises:
            ModelError: As `read`.
        """
        with self._opened(name, dtype=None, shape=(None,)) as (stream, header):
            array = np.empty(header.shape, header.dtype)
            self._fill(stream, array, name=name)
            _end(stream)
            texts: list[bytes | str] = array.tolist()
        return tuple(
            text.decode(errors="replace") if isinstance(text, bytes) else text for text in texts
        )

    def _listed(self, infos: Sequence[ZipInfo]) -> dict[str, ZipInfo]:
        total = sum(info.file_size for info in infos)
        if len(infos) > ENTRIES_MAX or total > TOTAL_MAX:
            raise ModelError(
                f"{self._path}: found {len(infos)} arrays of {total} bytes, wanted at most "
                f"{ENTRIES_MAX} of {TOTAL_MAX}"
            )
        entries: dict[str, ZipInfo] = {}
        for info in infos:
            name = info.filename.removesuffix(".npy")
            if name in entries:
                raise self._wrong(name, "found twice, wanted each array once")
            entries[name] = info
        return {n: info for n, info in entries.items() if info.filename.endswith(".npy")}

    @contextmanager
    def _opened(
        self, name: str, *, dtype: type[np.generic] | None, shape: Shape
    ) -> Iterator[tuple[IO[bytes], Header]]:
        """The data of an array, its header read and found right; dtype None = texts."""
        self.require([name])
        info = self._entries[name]
        if text := entry_fault(info):
            raise self._wrong(name, text)
        try:
            with self._zip.open(info) as stream:
                header = read_header(stream)
                if text := header_fault(header, dtype, shape=shape):
                    raise self._wrong(name, text)
                size = stream.tell() + header.byte_count
                if info.file_size != size:
                    found = f"found {info.file_size} bytes, wanted {size} as its header says"
                    raise self._wrong(name, found)
                yield stream, header
        except UNREADABLE as fault:
            text = str(fault) or "it ends early"
            raise self._wrong(name, f"cannot be read: {text}") from fault

    def _fill(
        self,
        stream: IO[bytes],
        array: NDArray[Any],
        *,
        name: str,
        first: int = 0,
        most: float = MOST,
    ) -> None:
        """Read the next data into an array, the rows of which are numbered from `first`."""
        if not array.size:
            return
        values = array.reshape(-1)
        step = max(_CHUNK // array.itemsize, 1)
        for start in range(0, len(values), step):
            part = values[start : start + step]
            _read_into(stream, part.view(np.uint8).data)
            if array.dtype.kind == "f" and not -most <= part.min() <= part.max() <= most:
                worst = int(np.argmin(np.abs(part) <= most))
                row, *rest = (int(i) for i in np.unravel_index(start + worst, array.shape))
                found = f"found {part[worst]:g} at {[first + row, *rest]}"
                is_number = np.isfinite(part[worst])
                wanted = f"numbers from {-most:g} to {most:g}" if is_number else "finite numbers"
                raise self._wrong(name, f"{found}, wanted {wanted}")

    def _wrong(self, name: str, text: str) -> ModelError:
        return ModelError(f"{self._path}: {name}: {text}")


def _read_into(stream: IO[bytes], part: memoryview) -> None:
    while part:
        data = stream.read(len(part))
        if not data:
            raise EOFError("its data ends early")
        part[: len(data)] = data
        part = part[len(data) :]


def _end(stream: IO[bytes]) -> None:
    """Read past the end, which is where the check sum is compared."""
    if stream.read(1):
        raise EOFError("its data goes on after its end")
