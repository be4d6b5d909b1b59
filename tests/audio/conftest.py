"""The golden arrays of the audio stage."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="session")
def golden():
    with np.load(DATA / "golden" / "audio.npz", allow_pickle=False) as arrays:
        return dict(arrays)


@pytest.fixture(scope="session")
def golden_maker():
    """The program that wrote them, as a module."""
    spec = spec_from_file_location("make_golden", DATA / "make_golden.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
