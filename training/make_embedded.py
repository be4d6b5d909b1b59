"""Writes the embedded bundle: `python -m training.make_embedded [--check] [--network FILE]`.

The network comes from `make -C training all`; without `--network` the bundle keeps its own.
"""

import argparse
import io
import json
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray

from a2f_ws.animation.params import WEIGHT_PARAMS
from a2f_ws.names import ARKIT, EMOTIONS, TONGUE, UPPER, WEIGHTS
from training.net.face import EYES_LEN, IMPLICIT_LEN, JAW_LEN, JAW_POINTS_CM
from training.net.shape import FRAME, FRAMES, HOP, RATE_HZ, STREAM_OFS, stream_length

BUNDLE: Final = Path(__file__).parents[1] / "a2f_ws" / "models" / "embedded"
CARD: Final = Path(__file__).with_name("embedded_card.md")
NETWORK: Final = "network.onnx"
VERSION: Final = "0.3.0"
"""Version of the weights; it rises with every new network."""

GEOMETRY_ONLY: Final[Mapping[str, float]] = {
    "tongue_height_offset": 0.0,
    "tongue_depth_offset": 0.0,
    "lower_teeth_strength": 1.0,
    "lower_teeth_height_offset": 0.0,
    "lower_teeth_depth_offset": 0.0,
    "eyeballs_strength": 1.0,
    "saccade_strength": 0.0,
    "right_eye_rot_x_offset": 0.0,
    "right_eye_rot_y_offset": 0.0,
    "left_eye_rot_x_offset": 0.0,
    "left_eye_rot_y_offset": 0.0,
    "eye_saccade_seed": 0.0,
}
"""Neutral settings of the jaw points, the eyes and the tongue mesh; there is no saccade table."""


def build(network: bytes) -> dict[str, bytes]:
    """Every file of the bundle but the head's by name, the same bytes on every run."""
    return {
        "model.json": json_bytes(MANIFEST),
        NETWORK: network,
        "network_info.json": json_bytes(network_info(onnx.load_from_string(network))),
        "model_config.json": json_bytes({"config": model_config()}),
        "model_data.npz": npz(neutral_jaw=JAW_POINTS_CM),
        "implicit_emo_db.npz": npz(
            emo_db=np.zeros((1, IMPLICIT_LEN), np.float32),
            emo_spec_names=np.array([b"neutral"]),
            emo_spec_start=np.zeros(1, np.int32),
            emo_spec_size=np.ones(1, np.int32),
        ),
        "README.md": CARD.read_bytes().replace(b"\r\n", b"\n"),
    }


MANIFEST: Final[Mapping[str, object]] = {
    "networkInfoPath": "network_info.json",
    "networkPath": "network.onnx",
    "emotionDatabasePath": "implicit_emo_db.npz",
    "modelConfigPath": "model_config.json",
    "modelDataPath": "model_data.npz",
    # The mesh, which make_head.py writes.
    "blendshapePaths": {
        "skin": {"config": "bs_skin_config.json", "data": "bs_skin.npz"},
        "tongue": {"config": "bs_tongue_config.json", "data": "bs_tongue.npz"},
    },
}


def network_info(network: onnx.ModelProto) -> dict[str, object]:
    """`network_info.json`: the sizes of a network in blocks and the names of its weights.

    Raises:
        ValueError: It is none that `training.net.graph.build_stream` wrote.
    """
    sizes = {
        tensor.name: [axis.dim_value for axis in tensor.type.tensor_type.shape.dim][1:]
        for tensor in network.graph.input
    }
    samples, frames = sizes["input"][-1], sizes["emotion"][0]
    if samples != stream_length(frames):
        wanted = f"{stream_length(frames)}: training.net.export --stream"
        raise ValueError(f"input: found {samples} samples for {frames} frames, wanted {wanted}")
    return {
        "id": {
            "type": "blocks",
            "actor": "embedded",
            "version": VERSION,
            "output": "blendshape",
        },
        "params": {
            "implicit_emotion_len": IMPLICIT_LEN,
            "explicit_emotions": EMOTIONS,
            "default_emotion": [0.0] * len(EMOTIONS),
            "num_shapes_skin": len(ARKIT),
            "num_shapes_tongue": len(TONGUE),
            "num_verts_skin": 0,
            "num_verts_tongue": 0,
            "result_jaw_size": JAW_LEN,
            "result_eyes_size": EYES_LEN,
            "mouth_close": "arkit",
            "pose_names": WEIGHTS,
            "pose_regions": ["upper" if name in UPPER else "lower" for name in WEIGHTS],
        },
        "audio_params": {
            "buffer_len": samples,
            "buffer_ofs": STREAM_OFS,
            "samplerate": RATE_HZ,
        },
        "block_params": block_params(sizes),
    }


def block_params(sizes: Mapping[str, Sequence[int]]) -> dict[str, object]:
    """How the network gives its frames, from the sizes of its inputs without the batch."""
    frames = sizes["emotion"][0]
    return {
        "frame_rate": RATE_HZ // HOP,
        "frames": frames,
        # All sound of the frames before it lies before sample 0.
        "first_frame": frames * ((STREAM_OFS - FRAME) // (frames * HOP)),
        "warmup_frames": FRAMES,
        "states": [
            {"input": name, "output": f"next_{name}", "shape": shape}
            for name, shape in sizes.items()
            if name not in ("input", "emotion")
        ],
    }


def model_config() -> dict[str, object]:
    """`model_config.json`: the defaults of every face parameter that a bundle may set."""
    shared = {param.name: param.default for param in WEIGHT_PARAMS.params if param.in_bundle}
    return {**shared, **GEOMETRY_ONLY, "source_shot": "neutral", "source_frame": 0}


def npz(**arrays: NDArray[Any]) -> bytes:
    """An uncompressed archive that `numpy.load` reads, without the time of its making."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name, array in arrays.items():
            entry = io.BytesIO()
            np.save(entry, array)
            file.writestr(zipfile.ZipInfo(f"{name}.npy"), entry.getvalue())
    return archive.getvalue()


def json_bytes(value: object) -> bytes:
    """A value as indented JSON."""
    return (json.dumps(value, indent=2) + "\n").encode()


def main() -> int:
    """Write the files, or with --check tell whether the written ones are up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--network", type=Path, help="a new one, from training")
    parser.add_argument("--folder", type=Path, default=BUNDLE, help="another bundle")
    asked = parser.parse_args()
    only_compare, folder = asked.check, asked.folder
    folder.mkdir(parents=True, exist_ok=True)
    files, stale = build((asked.network or BUNDLE / NETWORK).read_bytes()), []
    for name, content in files.items():
        path = folder / name
        is_same = path.is_file() and path.read_bytes() == content
        if not is_same and not only_compare:
            path.write_bytes(content)
        if not is_same:
            stale.append(name)
        state = "same" if is_same else "differs" if only_compare else "written"
        print(f"{name:22} {len(content):>10,} bytes  {state}")
    print(f"{'total':22} {sum(map(len, files.values())):>10,} bytes")
    return 1 if stale and only_compare else 0


if __name__ == "__main__":
    sys.exit(main())
