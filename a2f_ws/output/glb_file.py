"""Recordings as animations of the head that comes with a2f-ws: binary glTF 2.0.

The head's file is taken as it is, and what moves is put behind it: one track of weights for every
mesh, and tracks of rotation and place for the nodes that transforms turn.
"""

import json
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeAlias

import numpy as np

from a2f_ws.errors import ConfigError
from a2f_ws.names import Floats
from a2f_ws.output import json_file
from a2f_ws.output.arkit_rows import arkit_curves, arkit_names
from a2f_ws.output.recording import Recording
from a2f_ws.timebase import MICROSECONDS
from a2f_ws.version import product_version

PACKAGE: Final = Path(__file__).resolve().parent.parent
HEADS: Final = (PACKAGE / "_engines" / "head.glb", PACKAGE.parent / "engines" / "head.glb")
"""Where the head lies: in a wheel, and in a checkout or an editable install."""

MIRRORED: Final = ("unity/arkit", "unity/perfect-sync")
"""Rigs in left-handed space, x to the character's right; others are in the head's own."""

STILL: Final = ("unreal/livelink",)
"""Rigs in other axes, whose only transform, the head, rests in every pose: it is left out."""

MIRROR: Final = np.array([1, -1, -1, 1, -1, 1, 1], np.float32)
"""What brings a transform from one to the other (engines/README.md, *Transforms*)."""

NODES: Final = {
    "head": "Head", "jaw": "Jaw", "eyeleft": "LeftEye", "lefteye": "LeftEye",
    "eyeright": "RightEye", "righteye": "RightEye",
}  # fmt: skip
"""Node of the head by the name of a transform, in small letters without separators."""

INSTEAD: Final = {
    "Jaw": (("LowerTeeth", "Tongue"), ("jawOpen", "jawForward", "jawLeft", "jawRight")),
    "LeftEye": (("LeftEye",), ("eyeLook",)),
    "RightEye": (("RightEye",), ("eyeLook",)),
}
"""Meshes and beginnings of shapes that stay at 0 where a node turns instead (engines/head.md)."""

ANIMATION: Final = "speech"
"""Name of the animation, as in what the studio exports."""

MAGIC, CONTAINER_VERSION = b"glTF", 2
HEADER: Final = struct.Struct("<4sII")
CHUNK: Final = struct.Struct("<I4s")
JSON_CHUNK, BINARY_CHUNK = b"JSON", b"BIN\0"
FLOAT: Final = 5126
WIDTHS: Final = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}
"""Source of all: glTF 2.0 specification, §3.6.2 and §4.4."""

QUATERNION: Final = 4

Json: TypeAlias = dict[str, Any]


def write(recording: Recording, out: BinaryIO) -> None:
    """Write the head with a recording as its animation.

    Curves move the shapes that ARKit calls so on every mesh that has them; others are left out, and
    so are transforms that the head has no node for. Times are those of the recording: second 0 is
    sample 0 of its first utterance. A recording without poses gives the head alone.

    Args:
        recording: Of one of `arkit_rows.RIGS`: transforms, if any, are in metres, y up, the face
            looks along +z; of another rig in the head's own space.
        out: Where the bytes go.

    Raises:
        ConfigError: The head is not there: this installation is incomplete.
    """
    document, binary = _head()
    document["asset"]["generator"] = f"a2f-ws {product_version()}"
    if len(recording.rows):
        _Animator(document, binary, recording=recording).animate()
    document["buffers"] = [{"byteLength": len(binary)}]
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    binary += bytes(-len(binary) % 4)
    size = HEADER.size + 2 * CHUNK.size + len(text) + len(binary)
    out.write(HEADER.pack(MAGIC, CONTAINER_VERSION, size))
    for kind, content in ((JSON_CHUNK, text), (BINARY_CHUNK, binary)):
        out.write(CHUNK.pack(len(content), kind))
        out.write(content)


def _head() -> tuple[Json, bytearray]:
    """The head's JSON and its buffer.

    Raises:
        ConfigError: It is not there.
    """
    found = next((path for path in HEADS if path.is_file()), None)
    if found is None:
        places = " and ".join(str(path) for path in HEADS)
        raise ConfigError(f"no head in {places}: this installation of a2f-ws is incomplete")
    content = found.read_bytes()
    size = CHUNK.unpack_from(content, HEADER.size)[0]
    first = HEADER.size + CHUNK.size
    text, binary = content[first : first + size], content[first + size + CHUNK.size :]
    return json.loads(text), bytearray(binary)


def _targets(mesh: Json) -> list[str]:
    names: list[str] = mesh.get("extras", {}).get("targetNames", [])
    return names


class _Animator:
    """Puts one animation behind a head."""

    def __init__(self, document: Json, binary: bytearray, *, recording: Recording) -> None:
        """Take the poses whose times still differ as float32 seconds, which glTF has them in."""
        self._document, self._binary, self._recording = document, binary, recording
        self._curves = arkit_curves(recording)
        seconds = (recording.times_us / MICROSECONDS).astype(np.float32)
        self._kept = np.flatnonzero(np.diff(seconds, prepend=np.float32(-1)) > 0)
        self._seconds: Floats = seconds[self._kept]
        self._samplers: list[Json] = []
        self._channels: list[Json] = []
        self._input = -1

    def animate(self) -> None:
        """Add the tracks of everything that moves."""
        sides = MIRROR if self._recording.rig in MIRRORED else np.float32(1)
        transforms = () if self._recording.rig in STILL else self._recording.transforms
        turned = {
            node: self._recording.turns(name)[self._kept] * sides
            for name in transforms
            if (node := NODES.get(name.lower().replace("_", ""))) is not None
        }
        nodes = {node["name"]: k for k, node in enumerate(self._document["nodes"])}
        for name, k in nodes.items():
            node = self._document["nodes"][k]
            weights = self._weights(name, node, still=_replaced(name, turned))
            if weights is not None:
                self._track(k, "weights", values=weights, kind="SCALAR")
        for name, values in turned.items():
            self._turn(nodes[name], values)
        if self._channels:
            self._document["animations"] = [
                {
                    "name": ANIMATION,
                    "samplers": self._samplers,
                    "channels": self._channels,
                    "extras": json_file.head(self._recording),
                }
            ]

    def _weights(self, name: str, node: Json, *, still: tuple[str, ...]) -> Floats | None:
        """float32 (N, shapes of a node's mesh), or None where the recording moves none of them."""
        targets = _targets(self._document["meshes"][node["mesh"]]) if "mesh" in node else []
        columns = {curve: k for k, curve in enumerate(arkit_names(self._recording.curves))}
        known = [(k, columns[shape]) for k, shape in enumerate(targets) if shape in columns]
        moving = [(k, column) for k, column in known if not targets[k].startswith(still)]
        if not moving:
            return None
        weights: Floats = np.zeros((len(self._kept), len(targets)), np.float32)
        at, of = zip(*moving, strict=True)
        weights[:, list(at)] = self._curves[self._kept][:, list(of)]
        return weights

    def _turn(self, node: int, values: Floats) -> None:
        """Turn and move a node from where it is; `values` float32 (N, 7)."""
        rest = np.array(self._document["nodes"][node].get("translation", (0, 0, 0)), np.float32)
        turns, places = values[:, :QUATERNION], values[:, QUATERNION:]
        dots = (turns[1:] * turns[:-1]).sum(axis=1)
        # One turn has two quaternions; two neighbours have to be of one side.
        sides = np.cumprod(np.where(dots < 0, -1, 1), dtype=np.float32)
        turns = turns * np.concatenate([np.ones(1, np.float32), sides])[:, None]
        turns /= np.linalg.norm(turns, axis=1, keepdims=True)
        self._track(node, "rotation", values=turns, kind="VEC4")
        if places.any():
            self._track(node, "translation", values=rest + places, kind="VEC3")

    def _track(self, node: int, path: str, *, values: Floats, kind: str) -> None:
        if self._input < 0:
            self._input = self._accessor(self._seconds, "SCALAR", is_input=True)
        self._channels.append(
            {"sampler": len(self._samplers), "target": {"node": node, "path": path}}
        )
        self._samplers.append(
            {
                "input": self._input,
                "interpolation": "LINEAR",
                "output": self._accessor(values, kind),
            }
        )

    def _accessor(self, values: Floats, kind: str, *, is_input: bool = False) -> int:
        """Number of a new accessor; `values` go to the end of the buffer."""
        self._binary += bytes(-len(self._binary) % 4)
        content = values.astype("<f4", copy=False).tobytes()
        views, accessors = self._document["bufferViews"], self._document["accessors"]
        views.append({"buffer": 0, "byteOffset": len(self._binary), "byteLength": len(content)})
        self._binary += content
        accessor: Json = {
            "bufferView": len(views) - 1,
            "componentType": FLOAT,
            "count": values.size // WIDTHS[kind],
            "type": kind,
        }
        if is_input:
            accessor |= {"min": [float(values.min())], "max": [float(values.max())]}
        accessors.append(accessor)
        return len(accessors) - 1


def _replaced(mesh: str, turned: Iterable[str]) -> tuple[str, ...]:
    """Beginnings of the shapes of a mesh that nodes say which turn."""
    said = [INSTEAD[node] for node in turned if node in INSTEAD]
    return tuple(name for meshes, names in said if mesh in meshes for name in names)
