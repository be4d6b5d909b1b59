"""Recordings as JSON: names once, one line per pose."""

import json
from typing import BinaryIO, Final

import numpy as np

from a2f_ws.names import Floats
from a2f_ws.output.recording import TRANSFORM, Recording
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


def whole(
    document: dict[str, object],
    *,
    times_us: object,
    u: object,
    rows: object,
    transform_rows: object = None,
) -> Recording:
    """A recording from its head and its arrays.

    Args:
        document: What `head` gives; `transforms`, if any, beside it.
        times_us: N numbers.
        u: N numbers.
        rows: N rows of C numbers.
        transform_rows: N rows of 7 · T numbers; None = none.

    Raises:
        ValueError: They are not what `head` gives, or do not fit together.
    """
    if document.get("format") != FORMAT or document.get("version") != VERSION:
        raise ValueError(f"no {FORMAT} of version {VERSION}")
    fps, curves, meta = (document.get(key) for key in ("fps", "curves", "meta"))
    transforms = document.get("transforms", [])
    if (
        not isinstance(fps, int | list)
        or not isinstance(curves, list)
        or not isinstance(transforms, list)
        or not isinstance(meta, dict)
    ):
        raise ValueError("fps, curves, transforms or meta are missing or of another type")
    times = np.array(times_us, np.int64)
    parts = [_floats(rows, len(curves))]
    if transforms:
        parts.append(_floats(transform_rows, TRANSFORM * len(transforms)))
    return Recording(
        rig=str(document.get("rig")),
        curves=tuple(map(str, curves)),
        rate=PoseRate.of(fps),
        times_us=times,
        utterances=np.array(u, np.int64),
        rows=np.concatenate(parts, axis=1),
        transforms=tuple(map(str, transforms)),
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
    rows, transform_rows = halves(recording)
    if recording.transforms:
        parts["transforms"] = json.dumps(recording.transforms, ensure_ascii=False)
    fields = ",\n".join(f'  "{key}": {text}' for key, text in parts.items())
    out.write(f"{{\n{fields}".encode())
    _block("rows", rows, out=out)
    if recording.transforms:
        _block("transform_rows", transform_rows, out=out)
    out.write(b"\n}\n")


def halves(recording: Recording) -> tuple[Floats, Floats]:
    """float32 (N, C) and (N, 7 · T): curves and transforms."""
    count = len(recording.curves)
    return recording.rows[:, :count], recording.rows[:, count:]


def _floats(rows: object, width: int) -> Floats:
    """float32 (N, width); without any row the shape has to be said."""
    values = np.array(rows, np.float32)
    return values if values.size else values.reshape(len(values), width)


def _block(name: str, rows: Floats, *, out: BinaryIO) -> None:
    """Write a field with a line for each row."""
    line = "\n    [" + ", ".join(["%.9g"] * rows.shape[1]) + "]"
    out.write(f',\n  "{name}": ['.encode())
    separator = ""
    for row in rows + np.float32(0):
        out.write((separator + line % tuple(row.tolist())).encode())
        separator = ","
    out.write(b"\n  ]")


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
        return whole(
            document,
            times_us=arrays["t_us"],
            u=arrays["u"],
            rows=arrays["rows"],
            transform_rows=document.pop("transform_rows", None),
        )
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"missing or misshapen: {error}") from error
