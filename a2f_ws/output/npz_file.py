"""Recordings as NumPy archives: arrays, and the rest as one line of JSON."""

import json
import zlib
from typing import Any, BinaryIO
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from a2f_ws.output import json_file
from a2f_ws.output.recording import Recording


def write(recording: Recording, out: BinaryIO) -> None:
    """Write a recording.

    Args:
        recording: Of any rig.
        out: Where the bytes go: an archive of `rows` float32 (N, C), `t_us` int64 (N,), `u` int64
            (N,), `curves` and `head` (text), which `numpy.load` reads without pickle; where there
            are transforms, `transform_rows` float32 (N, 7 · T) and `transforms` (text) as well.
    """
    rows, transform_rows = json_file.halves(recording)
    arrays: dict[str, NDArray[Any]] = {
        "rows": rows,
        "t_us": recording.times_us,
        "u": recording.utterances,
        "curves": np.array(recording.curves),
        "head": np.array(json.dumps(json_file.head(recording), ensure_ascii=False)),
    }
    if recording.transforms:
        arrays |= {"transform_rows": transform_rows, "transforms": np.array(recording.transforms)}
    np.savez_compressed(out, allow_pickle=False, **arrays)


def read(content: BinaryIO) -> Recording:
    """Read what `write` writes.

    Raises:
        ValueError: It is something else.
    """
    try:
        with np.load(content, allow_pickle=False) as archive:
            document = json.loads(str(archive["head"]))
            has_transforms = "transforms" in archive
            if has_transforms:
                document["transforms"] = archive["transforms"].tolist()
            return json_file.whole(
                document,
                times_us=archive["t_us"],
                u=archive["u"],
                rows=archive["rows"],
                transform_rows=archive["transform_rows"] if has_transforms else None,
            )
    except (KeyError, TypeError, AttributeError, EOFError, BadZipFile, zlib.error) as error:
        raise ValueError(f"no {json_file.FORMAT}: {error}") from error
