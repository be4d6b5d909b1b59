"""Writes meshes with shapes as one binary glTF 2.0 file.

Shapes are sparse float32 accessors: glTF 2.0 without any extension, so that three.js, Babylon.js,
Unity's glTFast, Unreal's Interchange and Blender load them alike, and small because a shape moves a
part of a face only.
"""

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.head.mesh import Mesh, normals
from training.head.source import Array

METRES: Final = 0.01
"""Metres per centimetre."""

SMALLEST_TURN: Final = 0.1
"""Changes of a normal below this are not written: about six degrees."""

SPARSE: Final = 0
"""Buffer view of all indices and values of sparse accessors."""

_TYPES: Final[Mapping[str, int]] = {"|u1": 5121, "<u2": 5123, "<u4": 5125, "<f4": 5126}
_KINDS: Final[Mapping[int, str]] = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}
_VERTICES: Final = 34962
_INDICES: Final = 34963


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Node:
    """A named point in space with a mesh or with other nodes below it.

    Attributes:
        name: Unique in the file.
        centre: float64 (3,), centimetres, in the space of all positions (not of the parent).
        mesh: What is drawn there; positions in that same space.
        below: Children.
    """

    name: str
    centre: Array
    mesh: Mesh | None = None
    below: Sequence["Node"] = ()


@dataclass(slots=True, eq=False)
class Writer:
    """Collects accessors; `file` gives the bytes.

    Attributes:
        materials: By name, as glTF has them; texture 0 is the only one.
        texture: A PNG.
    """

    materials: Mapping[str, Mapping[str, Any]]
    texture: bytes
    data: bytearray = field(default_factory=bytearray)
    sparse: bytearray = field(default_factory=bytearray)
    views: list[dict[str, Any]] = field(default_factory=lambda: [{}])
    accessors: list[dict[str, Any]] = field(default_factory=list)
    meshes: list[dict[str, Any]] = field(default_factory=list)
    nodes: list[dict[str, Any]] = field(default_factory=list)

    def file(self, root: Node, *, asset: Mapping[str, Any]) -> bytes:
        """The whole file.

        Args:
            root: Node above all others; its centre becomes the origin.
            asset: Extra keys of `asset`, such as the copyright.
        """
        top = self._node(root, root.centre)
        used = {name for item in self.materials.values() for name in item.get("extensions", {})}
        content: dict[str, Any] = {
            "asset": {"version": "2.0", **asset},
            "scene": 0,
            "scenes": [{"name": "Scene", "nodes": [top]}],
            "nodes": self.nodes,
            "meshes": self.meshes,
            "materials": [{"name": name, **item} for name, item in self.materials.items()],
            "accessors": self.accessors,
            "textures": [{"source": 0, "sampler": 0}],
            "samplers": [{"magFilter": 9729, "minFilter": 9987, "wrapS": 10497, "wrapT": 10497}],
            "images": [{"bufferView": self._view(self.texture), "mimeType": "image/png"}],
            "bufferViews": self.views,
        }
        if used:
            content["extensionsUsed"] = sorted(used)
        self._view(bytes(self.sparse))
        self.views[SPARSE] = self.views.pop()
        self.data += b"\0" * (-len(self.data) % 4)
        content["buffers"] = [{"byteLength": len(self.data)}]
        text = json.dumps(content, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        chunks = struct.pack("<I4s", len(text), b"JSON") + text
        chunks += struct.pack("<I4s", len(self.data), b"BIN\0") + bytes(self.data)
        return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks

    def _node(self, node: Node, parent: Array) -> int:
        entry: dict[str, Any] = {"name": node.name}
        offset = (node.centre - parent) * METRES
        if np.any(np.abs(offset) > 1e-9):
            entry["translation"] = [round(float(value), 6) for value in offset]
        if node.mesh is not None:
            entry["mesh"] = self._mesh(node.mesh, node.centre)
        below = [self._node(child, node.centre) for child in node.below]
        if below:
            entry["children"] = below
        self.nodes.append(entry)
        return len(self.nodes) - 1

    def _mesh(self, mesh: Mesh, centre: Array) -> int:
        at_rest = normals(mesh.positions, mesh.triangles)
        opacity = np.ones(len(mesh.colours)) if mesh.opacity is None else mesh.opacity
        colours = np.column_stack([mesh.colours, opacity]).clip(0.0, 1.0) * 255.0
        primitive: dict[str, Any] = {
            "attributes": {
                "POSITION": self._dense((mesh.positions - centre) * METRES, bounds=True),
                "NORMAL": self._dense(_unit(at_rest)),
                "COLOR_0": self._array(colours.round().astype("|u1")),
            },
            "indices": self._indices(mesh),
            "material": list(self.materials).index(mesh.material),
        }
        if mesh.uv is not None:
            primitive["attributes"]["TEXCOORD_0"] = self._dense(mesh.uv)
        entry: dict[str, Any] = {"name": mesh.name, "primitives": [primitive]}
        names = [name for name, delta in mesh.shapes.items() if np.abs(delta).max() > mesh.least_cm]
        if names:
            primitive["targets"] = [self._target(mesh, name, at_rest=at_rest) for name in names]
            entry["weights"] = [0] * len(names)
            entry["extras"] = {"targetNames": names}
        self.meshes.append(entry)
        return len(self.meshes) - 1

    def _target(self, mesh: Mesh, name: str, *, at_rest: Array) -> dict[str, int]:
        change = mesh.shapes[name] * METRES
        target = {"POSITION": self._sparse(change, mesh.least_cm * METRES, bounds=True)}
        if mesh.is_shaded:
            moved = normals(mesh.positions + mesh.shapes[name], mesh.triangles)
            target["NORMAL"] = self._sparse(moved - at_rest, SMALLEST_TURN)
        return target

    def _indices(self, mesh: Mesh) -> int:
        indices = np.ascontiguousarray(mesh.triangles.reshape(-1, 1).astype("<u2"))
        view = self._view(indices.tobytes(), target=_INDICES)
        return self._accessor(indices, view=view)

    def _dense(self, values: Array, *, bounds: bool = False) -> int:
        return self._array(_rounded(values), bounds=bounds)

    def _array(self, values: NDArray[Any], *, bounds: bool = False) -> int:
        values = np.ascontiguousarray(values)
        view = self._view(values.tobytes(), target=_VERTICES, stride=values[0].nbytes)
        return self._accessor(values, view=view, bounds=bounds, normalised=values.dtype.kind == "u")

    def _sparse(self, values: Array, smallest: float, *, bounds: bool = False) -> int:
        kept = _rounded(values)
        rows = np.flatnonzero(np.linalg.norm(kept, axis=1) > smallest)
        rows = rows if len(rows) else np.zeros(1, np.int64)
        whole = np.zeros_like(kept)
        whole[rows] = kept[rows]
        at = self._accessor(whole, view=None, bounds=bounds)
        self.accessors[at]["sparse"] = {
            "count": len(rows),
            "indices": {
                "bufferView": SPARSE,
                "byteOffset": self._changes(rows.astype("<u2").tobytes()),
                "componentType": _TYPES["<u2"],
            },
            "values": {
                "bufferView": SPARSE,
                "byteOffset": self._changes(whole[rows].tobytes()),
            },
        }
        return at

    def _accessor(
        self,
        values: NDArray[Any],
        *,
        view: int | None,
        bounds: bool = False,
        normalised: bool = False,
    ) -> int:
        entry: dict[str, Any] = {
            "componentType": _TYPES[values.dtype.str],
            "count": len(values),
            "type": _KINDS[values.shape[1]],
        }
        if view is not None:
            entry["bufferView"] = view
        if bounds:
            entry["min"] = [float(str(value)) for value in values.min(axis=0)]
            entry["max"] = [float(str(value)) for value in values.max(axis=0)]
        if normalised:
            entry["normalized"] = True
        self.accessors.append(entry)
        return len(self.accessors) - 1

    def _changes(self, content: bytes) -> int:
        """Where the content lies in the one view of all sparse accessors, aligned to 4 bytes."""
        start = len(self.sparse)
        self.sparse += content + b"\0" * (-len(content) % 4)
        return start

    def _view(self, content: bytes, *, target: int | None = None, stride: int | None = None) -> int:
        self.data += b"\0" * (-len(self.data) % 4)
        entry: dict[str, Any] = {
            "buffer": 0,
            "byteOffset": len(self.data),
            "byteLength": len(content),
        }
        if target is not None:
            entry["target"] = target
        if stride is not None:
            entry["byteStride"] = stride
        self.data += content
        self.views.append(entry)
        return len(self.views) - 1


def _rounded(values: Array) -> NDArray[np.float32]:
    """float32 of whole micrometres (or millionths): the last digits depend on the machine."""
    result: NDArray[np.float32] = (values.round(6) + 0.0).astype("<f4")
    return result


def _unit(vectors: Array) -> Array:
    """Rounded to float32 and still of unit length as the validator measures it."""
    result: Array = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return result
