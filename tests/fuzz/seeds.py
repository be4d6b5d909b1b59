"""Inputs to begin with: right ones, ones that are wrong in known ways, and those worth keeping."""

import io
import json
from pathlib import Path

import numpy as np

from a2f_ws.inference.bundle import embedded_path
from tests.fuzz.targets import (
    FILES,
    IS_BURST,
    IS_FROM_SERVER,
    IS_JSON,
    IS_OPEN,
    bundle_folder,
    conversation,
)


def seeds():
    """Inputs of every target that are right, or wrong in ways that are known."""
    return {
        "wire": _wire_seeds(),
        "npz": _npz_seeds(),
        "manifest": _manifest_seeds(),
        "clip": _clip_seeds(),
    }


def _clip_seeds():
    paths = sorted(Path(__file__).parents[2].glob("protocol/vectors/clips/*.vec"))
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return [bytes.fromhex(line[4:]) for line in lines if line.startswith("hex")]


def _wire_seeds():
    found = []
    for path in sorted(Path(__file__).parents[2].glob("protocol/vectors/**/*.vec")):
        for block in path.read_text(encoding="utf-8").split("\n\n"):
            lines = [line.partition(" ") for line in block.splitlines()]
            words = {word: rest for word, _, rest in lines}
            server = IS_FROM_SERVER if words.get("from") == "server" else IS_OPEN
            if "hex" in words:
                found.append(conversation([bytes.fromhex(words["hex"])], server))
            if "json" in words:
                found.append(conversation([words["json"].encode()], server | IS_JSON))
    return [*found, *_conversations()]


def _conversations():
    """Whole ones: a line, an interrupt, another emotion, another rig, a goodbye."""
    audio = [
        {"op": "audio", "sid": 1, "u": u, "first": first, "pcm": "AAAAPwAAAL8AAAA+" * 60}
        for u, first in ((1, 0), (1, 180), (2, 0))
    ]
    said = [
        {"op": "identify", "protocol": 1, "client": "fuzz/1"},
        {"op": "open", "sid": 1, "rig": "arkit", "fps": 60, "audio": {"format": "f32le"}},
        *audio[:2],
        {"op": "emotion", "sid": 1, "values": {"joy": 0.5}},
        {"op": "set", "sid": 1, "params": {"skin_strength": 2}, "visible": False},
        {"op": "played", "sid": 1, "u": 1, "t_us": 9000},
        {"op": "end", "sid": 1, "u": 1},
        {"op": "interrupt", "sid": 1, "id": 4},
        audio[2],
        {"op": "set", "sid": 1, "rig": "unity/vrm1", "fps": [30, 1]},
        {"op": "close", "sid": 1},
    ]
    said[1]["audio"]["rate"] = 16000
    texts = [json.dumps(message).encode() for message in said]
    return [
        conversation(texts, IS_JSON),
        conversation(texts[2:], IS_JSON | IS_OPEN),
        conversation(texts[2:], IS_JSON | IS_OPEN | IS_BURST),
    ]


def _npz_seeds():
    grid = np.arange(24, dtype=np.float32).reshape(4, 3, 2)
    found = []
    for save in (np.savez, np.savez_compressed):
        for values in ({"a": grid, "b": np.arange(4, dtype=np.int32)}, {"a": np.array(["x", "y"])}):
            file = io.BytesIO()
            save(file, **values)
            found.append(b"\x00" + file.getvalue())
    for array in (
        grid,
        grid[0, 0],
        np.array([b"jawOpen"]),
        grid.astype(">f8"),
        np.asfortranarray(grid),
    ):
        file = io.BytesIO()
        np.lib.format.write_array(file, array)
        found += [b"\x01" + file.getvalue(), b"\x01\x00" + file.getvalue()]
    return found


def _manifest_seeds():
    folder = bundle_folder()
    ours = embedded_path()
    places = [(k, at / name) for k, name in enumerate(FILES) for at in (folder, ours)]
    return [bytes([k]) + path.read_bytes() for k, path in places]


def kept(target):
    """Inputs that a fuzzer found worth keeping."""
    path = Path(__file__).parent / "corpus" / f"{target}.hex"
    lines = path.read_text(encoding="ascii").split() if path.is_file() else []
    return [bytes.fromhex(line) for line in lines]
