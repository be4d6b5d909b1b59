"""Numbers of the reference SDK: `tests/data/reference`, or the folder that A2F_VECTORS names."""

import json
import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from a2f_ws.timebase import PoseRate

FOLDER = Path(os.environ.get("A2F_VECTORS") or Path(__file__).parents[1] / "data" / "reference")


def load(name):
    """All arrays of one file, with the parsed `meta` as an attribute."""
    with np.load(FOLDER / f"{name}.npz", allow_pickle=False) as arrays:
        meta = json.loads(str(arrays["meta"]))
        return SimpleNamespace(
            meta=meta, arrays={key: arrays[key] for key in arrays.files if key != "meta"}
        )


@pytest.fixture(scope="session")
def reference():
    """Loads a file once: `reference("windows").arrays["offsets"]`."""
    loaded = {}

    def one(name):
        if name not in loaded:
            loaded[name] = load(name)
        return loaded[name]

    return one


@pytest.fixture(scope="session")
def stride():
    """The pose rate whose poses are `numerator / denominator` samples of the model rate apart."""

    def rate(numerator, denominator):
        return PoseRate(num=16_000 * denominator, den=numerator)

    return rate
