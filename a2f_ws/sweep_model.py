"""The model that moves one curve of the client's rig at a time, for checking a character by eye."""

from dataclasses import replace
from typing import Final

import numpy as np

from a2f_ws.inference.bundle import Bundle
from a2f_ws.model import Model
from a2f_ws.names import Floats
from a2f_ws.pipeline import Pipeline
from a2f_ws.shaping.sweep_faces import SweepFaces

SWEEP: Final = "sweep"
"""Its name. It is not announced among the others: it hears nothing."""

BATCH_MAX: Final = 64
"""Windows at a time: one full `poses` message."""


class StillBackend:
    """A `Backend` that gives nothing: a sweep needs only the times of its poses."""

    name = "none"
    max_batch = BATCH_MAX
    cost_s = 0.0

    def __init__(self, bundle: Bundle) -> None:
        """Give as many columns as the network of a bundle."""
        self._width = bundle.columns.width

    def run(self, windows: Floats, emotions: Floats) -> Floats:
        """Zeros, float32 (B, N)."""
        del emotions
        result: Floats = np.zeros((len(windows), self._width), np.float32)
        return result

    def close(self) -> None:
        """There is nothing to free."""


def sweep_model(base: Model) -> Model:
    """The sweep beside the first model of a server: with its look-ahead, parameters, emotions."""
    faces = SweepFaces(base.pipeline.params)
    bundle = base.bundle
    if bundle.blocks is not None:
        bundle = replace(bundle, blocks=None, buffer_len=bundle.look_ahead, buffer_ofs=0)
    pipeline = Pipeline(bundle, StillBackend(bundle), faces=faces)
    return Model(SWEEP, pipeline, recognizer=base.recognizer)
