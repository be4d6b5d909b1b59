"""Reads what the tests want of a binary glTF file: nodes, meshes, shapes."""

import json
import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

HEAD = Path(__file__).parents[2] / "engines" / "head.glb"
MM = 1e-3
PARTS = (
    "Skin", "Mouth", "Lashes", "Brows", "Hair", "Shirt", "UpperTeeth", "LeftEye", "RightEye",
    "LowerTeeth", "Tongue",
)  # fmt: skip
TYPES = {5121: np.uint8, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}


@dataclass(frozen=True, eq=False)
class Drawn:
    """A mesh where its node puts it: metres in the space of the root."""

    positions: np.ndarray
    normals: np.ndarray
    triangles: np.ndarray
    shapes: dict[str, np.ndarray]
    origin: np.ndarray

    def posed(self, weights):
        moved = sum(
            (weight * self.shapes[name] for name, weight in weights.items() if name in self.shapes),
            np.zeros_like(self.positions),
        )
        return self.positions + moved


class Glb:
    def __init__(self, content):
        magic, version, size = struct.unpack_from("<4sII", content)
        assert (magic, version, size) == (b"glTF", 2, len(content))
        length = struct.unpack_from("<I", content, 12)[0]
        self.json = json.loads(content[20 : 20 + length])
        self._data = content[28 + length :]
        self.parents = {
            child: index
            for index, node in enumerate(self.json["nodes"])
            for child in node.get("children", ())
        }
        self.names = [node["name"] for node in self.json["nodes"]]

    def parent(self, name):
        above = self.parents.get(self.names.index(name))
        return None if above is None else self.names[above]

    def drawn(self, name):
        index = self.names.index(name)
        mesh = self.json["meshes"][self.json["nodes"][index]["mesh"]]
        (primitive,) = mesh["primitives"]
        attributes, origin = primitive["attributes"], self._origin(index)
        return Drawn(
            positions=self.values(attributes["POSITION"]) + origin,
            normals=self.values(attributes["NORMAL"]),
            triangles=self.values(primitive["indices"]).reshape(-1, 3).astype(int),
            shapes={
                shape: self.values(target["POSITION"])
                for shape, target in zip(
                    mesh.get("extras", {}).get("targetNames", ()),
                    primitive.get("targets", ()),
                    strict=True,
                )
            },
            origin=origin,
        )

    def values(self, index):
        accessor = self.json["accessors"][index]
        kind, width = TYPES[accessor["componentType"]], WIDTHS[accessor["type"]]
        count = accessor["count"]
        result = np.zeros((count, width), kind)
        if "bufferView" in accessor:
            result = self._read(accessor["bufferView"], 0, kind, count * width).reshape(count, -1)
        if "sparse" in accessor:
            sparse, result = accessor["sparse"], result.copy()
            at, new = sparse["indices"], sparse["values"]
            rows = self._read(
                at["bufferView"], at["byteOffset"], TYPES[at["componentType"]], sparse["count"]
            )
            flat = self._read(new["bufferView"], new["byteOffset"], kind, sparse["count"] * width)
            result[rows] = flat.reshape(-1, width)
        return result.astype(float) if kind is np.float32 else result

    def _read(self, view, offset, kind, count):
        start = self.json["bufferViews"][view]["byteOffset"] + offset
        return np.frombuffer(self._data, kind, count, start)

    def _origin(self, index):
        here = np.array(self.json["nodes"][index].get("translation", (0.0, 0.0, 0.0)))
        return here + self._origin(self.parents[index]) if index in self.parents else here


def seen(positions, triangles, spots):
    """How far forward (z) the surface is that one sees from the front at x, y; -inf for none."""
    corners = positions[triangles]
    a, ab, ac = corners[:, 0], corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]
    kept = area > 1e-12
    a, ab, ac, area = a[kept], ab[kept], ac[kept], area[kept]
    away = spots[:, None, :] - a[None, :, :2]
    v = (away[..., 0] * ac[:, 1] - away[..., 1] * ac[:, 0]) / area
    w = (ab[:, 0] * away[..., 1] - ab[:, 1] * away[..., 0]) / area
    inside = (v >= -1e-6) & (w >= -1e-6) & (v + w <= 1 + 1e-6)
    depth = a[:, 2] + v * ab[:, 2] + w * ac[:, 2]
    return np.where(inside, depth, -np.inf).max(axis=1)


@cache
def lips(skin):
    """Vertices of the middle of the upper and of the lower lip, from the inner edge outwards."""
    middle = np.flatnonzero(np.abs(skin.positions[:, 0]) < 1e-6)
    sides = np.concatenate([skin.triangles[:, [i, (i + 1) % 3]] for i in range(3)])
    edges = {tuple(pair) for pair in np.sort(sides, axis=1).tolist()}
    inner = {v for a, b in edges_of_holes(sides) for v in (a, b)}
    at_lips = [v for v in middle if v in inner and -0.06 < skin.positions[v, 1] < -0.01]
    chains = []
    for start in sorted(at_lips, key=lambda v: -skin.positions[v, 1]):
        chain = [start]
        while len(chain) < 5:
            chain.append(
                next(v for v in middle if v not in chain and tuple(sorted((v, chain[-1]))) in edges)
            )
        chains.append(chain)
    return chains


def edges_of_holes(sides):
    found = {tuple(pair) for pair in sides.tolist()}
    return [pair for pair in found if pair[::-1] not in found]
