"""Tables and faces for tests of rigs."""

import tomllib

import numpy as np
import pytest

from a2f_ws.errors import ConfigError
from a2f_ws.names import FACE
from a2f_ws.rig.faults import Faults
from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.parse import parse

HEAD = 'title = "T"\nsource = "S"\n'


def table(text, name="t", known=None):
    """A table of TOML text below a title and a source."""
    return parse(tomllib.loads(HEAD + text), name, faults=Faults("t.toml"), known=known)


def mistake(text, head=HEAD, known=None):
    """What is said of a table with a mistake, without the file's name."""
    with pytest.raises(ConfigError) as caught:
        parse(tomllib.loads(head + text), "x", faults=Faults("x.toml"), known=known)
    start, text = str(caught.value).split(": ", 1)
    assert start == "x.toml"
    return text


def face(**values):
    """One face, float32 (1, 82), with these inputs and zeros."""
    row = np.zeros((1, len(FACE)), np.float32)
    for name, value in values.items():
        row[0, FACE.index(name)] = value
    return row


def some_faces(count, seed=0):
    """Faces with weights beyond both ends of their range."""
    return np.random.default_rng(seed).uniform(-0.5, 1.5, (count, len(FACE))).astype(np.float32)


def mapped(rig, **values):
    """Curve → value of one face."""
    row = Mapper(rig).map(face(**values))[0]
    return dict(zip(rig.curves, row[: len(rig.curves)].tolist(), strict=True))
