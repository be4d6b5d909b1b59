"""Recordings as JSON: names once, one line per pose."""

import json
from collections.abc import Iterator
from typing import BinaryIO, Final

import numpy as np

from a2f_ws.output.recording import Recording
from a2f_ws.timebase import PoseRate

FORMAT: Final = "a2f-ws recording"
VERSION: Final = 1


def head(recording: Recording) -> dict[str, object]:
    """Everything of a recording but its arrays, as plain values."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "model": recording.model,
        "rig": recording.rig,
        "fps": recording.rate.wire,
        "curves": list(recording.curves),
        "meta": dict(recording.meta),
    }


def whole(document: dict[str, object], *, times_us: object, u: object, rows: object) -> Recording:
    """A recording from its head and its arrays.

    Raises:
        ValueError: They are not what `head` gives, or do not fit together.
    """
    if document.get("format") != FORMAT or document.get("version") != VERSION:
        raise ValueError(f"no {FORMAT} of version {VERSION}")
    fps, curves, meta = (document.get(key) for key in ("fps", "curves", "meta"))
    if (
        not isinstance(fps, int | list)
        or not isinstance(curves, list)
        or not isinstance(meta, dict)
    ):
        raise ValueError("fps, curves or meta are missing or of another type")
    values = np.array(rows, np.float32)
    return Recording(
        rig=str(document.get("rig")),
        curves=tuple(map(str, curves)),
        rate=PoseRate.of(fps),
        times_us=np.array(times_us, np.int64),
        utterances=np.array(u, np.int64),
        rows=values if values.size else values.reshape(0, len(curves)),
        model=str(document.get("model")),
        meta=meta,
    )


def write(recording: Recording, out: BinaryIO) -> None:
    """Write a recording; values have as many digits as float32 needs.

    Args:
        recording: Of any rig.
        out: Where the bytes go.
    """
    parts = {
        key: json.dumps(value, ensure_ascii=False, allow_nan=False)
        for key, value in head(recording).items()
    }
    parts["t_us"] = json.dumps(recording.times_us.tolist())
    parts["u"] = json.dumps(recording.utterances.tolist())
    fields = ",\n".join(f'  "{key}": {text}' for key, text in parts.items())
    out.write(f'{{\n{fields},\n  "rows": ['.encode())
    for piece in _rows(recording):
        out.write(piece.encode())
    out.write(b"\n  ]\n}\n")


def _rows(recording: Recording) -> Iterator[str]:
    line = "\n    [" + ", ".join(["%.9g"] * len(recording.curves)) + "]"
    separator = ""
    for row in recording.rows + np.float32(0):
        yield separator + line % tuple(row.tolist())
        separator = ","


def read(content: BinaryIO) -> Recording:
    """Read what `write` writes.

    Raises:
        ValueError: It is something else.
    """
    document = json.loads(content.read().decode())
    if not isinstance(document, dict):
        raise ValueError(f"no {FORMAT}")
    try:
        arrays = {key: document.pop(key) for key in ("t_us", "u", "rows")}
        return whole(document, times_us=arrays["t_us"], u=arrays["u"], rows=arrays["rows"])
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"missing or misshapen: {error}") from error
