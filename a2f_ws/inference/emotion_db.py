"""The implicit emotion of a bundle, from its database of training frames."""

from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from a2f_ws.errors import ModelError
from a2f_ws.names import Floats

_ARRAYS = ("emo_db", "emo_spec_names", "emo_spec_start", "emo_spec_size")


def implicit_emotion(path: Path, length: int, *, shot: str, frame: int) -> Floats:
    """The row of the database that a bundle's configuration names.

    Args:
        path: `implicit_emo_db.npz`.
        length: Length of a row.
        shot: Name of the shot, `source_shot`.
        frame: Frame of the shot, `source_frame`.

    Returns:
        float32 (length,), copied without change.

    Raises:
        ModelError: The file is not such a database, or has no such shot or frame.

    Source:
        SDK, `emotion.cpp`: row = start of the shot + frame.
    """
    arrays = _read(path)
    rows, names = arrays["emo_db"], arrays["emo_spec_names"]
    starts, sizes = arrays["emo_spec_start"], arrays["emo_spec_size"]
    if rows.shape[1:] != (length,) or rows.dtype != np.float32:
        raise ModelError(
            f"{path}: emo_db: found {rows.dtype} {rows.shape}, wanted float32 (frames, {length})"
        )
    if not len(names) == len(starts) == len(sizes):
        found = f"{len(names)} names, {len(starts)} starts, {len(sizes)} sizes"
        raise ModelError(f"{path}: emo_spec_*: found {found}, wanted as many of each")
    shots = [
        name.decode(errors="replace") if isinstance(name, bytes) else str(name) for name in names
    ]
    if shot not in shots:
        raise ModelError(
            f"{path}: emo_spec_names: found no shot {shot!r}, wanted it as source_shot"
        )
    start, size = int(starts[shots.index(shot)]), int(sizes[shots.index(shot)])
    if frame >= size or not 0 <= start + frame < len(rows):
        raise ModelError(
            f"{path}: shot {shot!r}: found {size} frames from row {start} of {len(rows)}, "
            f"wanted frame {frame}"
        )
    return np.array(rows[start + frame])


def _read(path: Path) -> dict[str, NDArray[np.generic]]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in _ARRAYS if name in archive.files}
    except (OSError, ValueError, BadZipFile, EOFError) as fault:
        raise ModelError(f"{path}: cannot be read as .npz: {fault}") from fault
    missing = [name for name in _ARRAYS if name not in arrays]
    if missing:
        raise ModelError(f"{path}: missing arrays: {', '.join(missing)}")
    return arrays
