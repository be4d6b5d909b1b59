"""A mesh with named shapes, and what can be done with any mesh."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from training.head.source import Array, Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mesh:
    """Triangles with shapes that are displacements of their vertices.

    Attributes:
        name: Name of the mesh and of its node.
        positions: float64 (V, 3), centimetres.
        triangles: int64 (T, 3), counter-clockwise from outside.
        colours: float64 (V, 3), linear, 0 … 1.
        shapes: Displacements by name, float64 (V, 3), centimetres.
        material: Name of the material.
        uv: float64 (V, 2), texture coordinates with v down, or None.
        opacity: float64 (V,), 0 … 1, or None for opaque.
        least_cm: Displacements below this are not written, centimetres.
        is_shaded: True where shapes turn the normals too.
    """

    name: str
    positions: Array
    triangles: Ints
    colours: Array
    shapes: Mapping[str, Array] = field(default_factory=dict)
    material: str = "skin"
    uv: Array | None = None
    opacity: Array | None = None
    is_shaded: bool = False
    least_cm: float = 0.02


def triangulated(quads: Ints) -> Ints:
    """Two triangles for each quad, (Q, 4) to (2 Q, 3)."""
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]], axis=0)


def normals(positions: Array, triangles: Ints) -> Array:
    """Unit normals of vertices.

    Returns:
        float64 (V, 3).

    Source:
        Mean of the faces' normals weighted by their areas.
    """
    corners = positions[triangles]
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    sums = np.zeros_like(positions)
    for corner in range(3):
        for axis in range(3):
            sums[:, axis] += np.bincount(
                triangles[:, corner], faces[:, axis], minlength=len(positions)
            )
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    up = np.array([0.0, 1.0, 0.0])
    return np.where(lengths > 1e-12, sums / np.maximum(lengths, 1e-12), up)


def compact(mesh: Mesh) -> Mesh:
    """The same without vertices that no triangle uses."""
    used, triangles = np.unique(mesh.triangles, return_inverse=True)
    return replace(
        mesh,
        positions=mesh.positions[used],
        triangles=triangles.reshape(-1, 3),
        colours=mesh.colours[used],
        shapes={name: delta[used] for name, delta in mesh.shapes.items()},
        uv=None if mesh.uv is None else mesh.uv[used],
        opacity=None if mesh.opacity is None else mesh.opacity[used],
    )


def joined(name: str, meshes: Sequence[Mesh]) -> Mesh:
    """All of them as one; shapes of the same name become one shape."""
    names = list(dict.fromkeys(shape for mesh in meshes for shape in mesh.shapes))
    starts = np.cumsum([0, *(len(mesh.positions) for mesh in meshes)])
    uvs = [mesh.uv for mesh in meshes if mesh.uv is not None]
    opacities = [mesh.opacity for mesh in meshes if mesh.opacity is not None]
    return Mesh(
        name=name,
        positions=np.concatenate([mesh.positions for mesh in meshes]),
        triangles=np.concatenate(
            [mesh.triangles + start for mesh, start in zip(meshes, starts[:-1], strict=True)]
        ),
        colours=np.concatenate([mesh.colours for mesh in meshes]),
        shapes={
            shape: np.concatenate(
                [mesh.shapes.get(shape, np.zeros_like(mesh.positions)) for mesh in meshes]
            )
            for shape in names
        },
        material=meshes[0].material,
        uv=np.concatenate(uvs) if len(uvs) == len(meshes) else None,
        opacity=np.concatenate(opacities) if len(opacities) == len(meshes) else None,
    )


def smoothstep(values: Array, *, low: float, high: float) -> Array:
    """0 up to `low`, 1 from `high`, a smooth step between; `low` may be above `high`.

    Source:
        3 t² − 2 t³, the cubic Hermite step.
    """
    t = np.clip((values - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)
