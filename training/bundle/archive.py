"""Writes .npz files: the same bytes for the same arrays, and readable for a plain zip reader."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def write_npz(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """An uncompressed archive that `numpy.load` reads, without the time of its making.

    Entries have 32-bit sizes and no data descriptor: the SDK's reader walks the local headers and
    knows neither zip64, which `numpy.savez` always writes, nor descriptors.

    Args:
        path: The file.
        arrays: By name, each below 2 GiB; written one after another, without a copy.
    """
    with zipfile.ZipFile(path, "w") as file:
        for name, array in arrays.items():
            file_entry = zipfile.ZipInfo(f"{name}.npy")
            file_entry.create_system = 3
            data = np.ascontiguousarray(array)
            header = io.BytesIO()
            np.lib.format.write_array_header_1_0(
                header, np.lib.format.header_data_from_array_1_0(data)
            )
            file_entry.file_size = len(header.getvalue()) + data.nbytes
            with file.open(file_entry, "w") as entry:
                entry.write(header.getvalue())
                entry.write(data.reshape(-1).view(np.uint8).data)
