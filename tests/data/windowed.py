"""Writes a bundle of one face per window: the embedded network's windowed form, weights by chance.

Everything else is the embedded bundle's: names, parameters, emotions, decoding.
"""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from a2f_ws.inference.bundle import embedded_path, load_bundle
from tests.data.bundles import MISSING, edit
from training.net.decode import Decoding
from training.net.graph import build
from training.net.shape import (
    BANDS,
    BUFFER_LEN,
    BUFFER_OFS,
    CHANNELS,
    HIDDEN,
    LAYERS,
    OUTPUTS,
)

FILES = ("implicit_emo_db.npz", "model.json", "model_config.json", "model_data.npz", "README.md")


def random_weights():
    """Weights of a network that was never trained, always the same."""
    random = np.random.default_rng(3)

    def drawn(*sizes):
        scale = 1.0 / np.sqrt(sizes[-1])
        return (random.standard_normal(sizes) * scale).astype(np.float32)

    made, inputs = {}, BANDS
    for index, layer in enumerate(LAYERS):
        made[f"convolutions.{index}.linear.weight"] = drawn(CHANNELS, inputs * layer.taps)
        made[f"convolutions.{index}.linear.bias"] = drawn(CHANNELS)
        made[f"norms.{index}.weight"] = np.ones(CHANNELS, np.float32)
        made[f"norms.{index}.bias"] = np.zeros(CHANNELS, np.float32)
        inputs = CHANNELS
    made["hidden.weight"], made["hidden.bias"] = drawn(HIDDEN, CHANNELS), drawn(HIDDEN)
    made["out.weight"], made["out.bias"] = drawn(OUTPUTS, HIDDEN), drawn(OUTPUTS)
    return made


def write_windowed(folder: Path) -> Path:
    """The bundle, without a mesh."""
    folder.mkdir(parents=True)
    for name in (*FILES, "network_info.json"):
        shutil.copyfile(embedded_path() / name, folder / name)
    network = build(random_weights(), Decoding(), shows_numbers=False)
    (folder / "network.onnx").write_bytes(network.SerializeToString(deterministic=True))
    edit(folder / "model.json", "blendshapePaths", MISSING)
    info = folder / "network_info.json"
    edit(info, "id.type", "regression")
    edit(info, "id.actor", "windowed")
    edit(info, "block_params", MISSING)
    edit(info, "audio_params.buffer_len", BUFFER_LEN)
    edit(info, "audio_params.buffer_ofs", BUFFER_OFS)
    return folder


@cache
def windowed_path() -> Path:
    """Where it lies: written once for all tests of a process, which do not change it."""
    around = tempfile.mkdtemp(prefix="a2f-ws-windowed-")
    atexit.register(shutil.rmtree, around, ignore_errors=True)
    return write_windowed(Path(around, "windowed"))


@cache
def windowed_bundle():
    """The same, loaded."""
    return load_bundle(windowed_path())
