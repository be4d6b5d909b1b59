"""Writes the sample's head from `engines/head.glb`: Unity reads no glTF by itself.

    python make_head.py            writes Samples~/Talk/Resources/a2f-head.bytes
    python make_head.py --check    fails where the file is not what the head gives

The file, little endian: "a2fhead1", count of meshes; of each mesh its name (count of bytes,
UTF-8), red, green and blue of its material (float32), place x y z, count of vertices, positions,
normals, count of indices, indices (uint32), count of shapes; of each shape its name, count of
vertices that move, their indices (uint32), their displacements. Vectors are three float32 in
Unity's axes: glTF's with x turned round, triangles the other way about.
"""

import json
import struct
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

PROJECT: Final = Path(__file__).resolve().parent
SOURCE: Final = PROJECT.parent / "engines" / "head.glb"
TARGET: Final = PROJECT / "Packages/com.a2fws.client/Samples~/Talk/Resources/a2f-head.bytes"
COLOURS: Final = {
    "Skin": (0.80, 0.60, 0.50),
    "Mouth": (0.45, 0.16, 0.16),
    "Lashes": (0.08, 0.06, 0.05),
    "Brows": (0.16, 0.11, 0.08),
    "Shirt": (0.25, 0.32, 0.42),
    "UpperTeeth": (0.92, 0.90, 0.84),
    "LowerTeeth": (0.92, 0.90, 0.84),
    "Tongue": (0.70, 0.32, 0.32),
    "LeftEye": (0.93, 0.93, 0.92),
    "RightEye": (0.93, 0.93, 0.92),
}
"""Of each mesh that is taken; the locks of hair need a texture and stay away."""
KINDS: Final = {5121: np.uint8, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}
WIDTH: Final = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}


class Head:
    """What a GLB file holds, by accessor."""

    def __init__(self, content: bytes) -> None:
        """Take a GLB file with one buffer."""
        (length,) = struct.unpack_from("<I", content, 12)
        self.tree: dict[str, Any] = json.loads(content[20 : 20 + length])
        self._bytes = content[28 + length :]

    def view(self, number: int, offset: int, *, kind: int, shape: tuple[int, int]) -> NDArray[Any]:
        """Numbers of a buffer view, one row an element."""
        start = self.tree["bufferViews"][number].get("byteOffset", 0) + offset
        found = np.frombuffer(self._bytes, KINDS[kind], shape[0] * shape[1], start)
        return found.reshape(shape)

    def dense(self, number: int) -> NDArray[Any]:
        """An accessor that is whole."""
        told = self.tree["accessors"][number]
        shape = (told["count"], WIDTH[told["type"]])
        return self.view(
            told["bufferView"], told.get("byteOffset", 0), kind=told["componentType"], shape=shape
        )

    def moved(self, number: int) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
        """Of a shape the vertices that move, and how far."""
        told = self.tree["accessors"][number]
        if "sparse" not in told:
            all_of_them = self.dense(number)
            places = np.flatnonzero(np.any(all_of_them, axis=1))
            return places.astype(np.uint32), all_of_them[places].astype(np.float32)
        sparse = told["sparse"]
        count = sparse["count"]
        at, by = sparse["indices"], sparse["values"]
        places = self.view(
            at["bufferView"], at.get("byteOffset", 0), kind=at["componentType"], shape=(count, 1)
        )
        moves = self.view(by["bufferView"], by.get("byteOffset", 0), kind=5126, shape=(count, 3))
        return places[:, 0].astype(np.uint32), moves.astype(np.float32)


def main(arguments: list[str]) -> int:
    """Write the file, or compare it; 1 = with `--check` it differs."""
    wanted = head_of(Head(SOURCE.read_bytes()))
    if "--check" in arguments:
        is_right = TARGET.exists() and TARGET.read_bytes() == wanted
        if not is_right:
            print(f"{TARGET}: not what {SOURCE.name} gives; run make_head.py")
        return int(not is_right)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(wanted)
    return 0


def head_of(head: Head) -> bytes:
    """The file."""
    nodes = [node for node in head.tree["nodes"] if "mesh" in node and node["name"] in COLOURS]
    parts = [b"a2fhead1", count(len(nodes))]
    for node in nodes:
        parts += mesh_of(head, node)
    return b"".join(parts)


def mesh_of(head: Head, node: dict[str, Any]) -> list[bytes]:
    """One mesh."""
    mesh = head.tree["meshes"][node["mesh"]]
    primitive = mesh["primitives"][0]
    positions = head.dense(primitive["attributes"]["POSITION"])
    normals = head.dense(primitive["attributes"]["NORMAL"])
    triangles = head.dense(primitive["indices"]).reshape(-1, 3)[:, ::-1].astype("<u4")
    names = mesh.get("extras", {}).get("targetNames", [])
    place = np.array([place_of(head, node)], dtype=np.float32)
    parts = [text(node["name"]), np.array(COLOURS[node["name"]], "<f4").tobytes()]
    parts += [turned(place), count(len(positions)), turned(positions), turned(normals)]
    parts += [count(triangles.size), triangles.tobytes(), count(len(names))]
    for name, target in zip(names, primitive.get("targets", []), strict=True):
        places, moves = head.moved(target["POSITION"])
        parts += [text(name), count(len(places)), places.astype("<u4").tobytes(), turned(moves)]
    return parts


def place_of(head: Head, node: dict[str, Any]) -> NDArray[np.float64]:
    """Where a node is: its own translation and those above it."""
    place = np.array(node.get("translation", (0, 0, 0)), dtype=np.float64)
    number = head.tree["nodes"].index(node)
    above = [one for one in head.tree["nodes"] if number in one.get("children", [])]
    return place + place_of(head, above[0]) if above else place


def turned(vectors: NDArray[Any]) -> bytes:
    """Vectors in Unity's axes."""
    return (vectors * np.array([-1, 1, 1], np.float32)).astype("<f4").tobytes()


def text(value: str) -> bytes:
    """A name."""
    told = value.encode()
    return count(len(told)) + told


def count(value: int) -> bytes:
    """A number of things."""
    return struct.pack("<I", value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
