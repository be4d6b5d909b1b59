"""Recordings as NumPy archives: arrays, and the rest as one line of JSON."""

import json
import zlib
from typing import BinaryIO
from zipfile import BadZipFile

import numpy as np

from a2f_ws.output import json_file
from a2f_ws.output.recording import Recording


def write(recording: Recording, out: BinaryIO) -> None:
    """Write a recording.

    Args:
        recording: Of any rig.
        out: Where the bytes go: an archive of `rows` float32 (N, C), `t_us` int64 (N,), `u` int64
            (N,), `curves` and `head` (text), which `numpy.load` reads without pickle.
    """
    np.savez_compressed(
        out,
        rows=recording.rows,
        t_us=recording.times_us,
        u=recording.utterances,
        curves=np.array(recording.curves),
        head=np.array(json.dumps(json_file.head(recording), ensure_ascii=False)),
    )


def read(content: BinaryIO) -> Recording:
    """Read what `write` writes.

    Raises:
        ValueError: It is something else.
    """
    try:
        with np.load(content, allow_pickle=False) as archive:
            document = json.loads(str(archive["head"]))
            return json_file.whole(
                document, times_us=archive["t_us"], u=archive["u"], rows=archive["rows"]
            )
    except (KeyError, TypeError, AttributeError, EOFError, BadZipFile, zlib.error) as error:
        raise ValueError(f"no {json_file.FORMAT}: {error}") from error
