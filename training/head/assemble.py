"""Puts the parts together: nodes, materials and the file's bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from training.head import bust, eyes, gltf, hair, paint, shapes, strands, teeth, tongue
from training.head.base import Base, build
from training.head.mesh import Mesh, compact, triangulated
from training.head.source import Array, Ints, Source
from training.head.surface import clipped

NOTICE: Final = (
    "CC0 1.0. Made by a2f-ws from the MakeHuman base mesh and targets and from the Face Units 01 "
    "asset pack by Mika Suominen, both CC0 1.0"
)

LAP_CM: Final = 1.2
"""How far the skin goes on below the collar."""


def material(roughness: float, **more: Any) -> Mapping[str, Any]:  # noqa: ANN401
    """A material without metal whose colour is the vertices'."""
    return {
        "pbrMetallicRoughness": {"metallicFactor": 0, "roughnessFactor": roughness},
        **more,
    }


MATERIALS: Final[Mapping[str, Mapping[str, Any]]] = {
    "skin": material(0.55),
    "mouth": material(1.0),
    "lashes": material(0.8, doubleSided=True),
    "cloth": material(0.9, doubleSided=True),
    "teeth": material(0.25),
    "tongue": material(0.35),
    "eye": material(0.08),
    "hair": {
        "pbrMetallicRoughness": {
            "metallicFactor": 0,
            "roughnessFactor": 0.6,
            "baseColorTexture": {"index": 0},
        },
        "alphaMode": "MASK",
        "alphaCutoff": hair.CUT,
    },
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Head:
    """All parts of the head.

    Attributes:
        base: The mended head.
        skin: Face, scalp and neck.
        fixed: Other meshes that hang on the skull.
        eyes: Eyeballs, left and right.
        jaw: Meshes that hang on the jaw.
        hinge: float64 (3,), middle of the jaw's axis.
    """

    base: Base
    skin: Mesh
    fixed: tuple[Mesh, ...]
    eyes: tuple[Mesh, Mesh]
    jaw: tuple[Mesh, ...]
    hinge: Array

    def root(self) -> gltf.Node:
        """The tree of nodes."""
        pivot = self.base.pivot
        return gltf.Node(
            name="Head",
            centre=pivot,
            below=[
                *(gltf.Node(name=m.name, centre=pivot, mesh=m) for m in (self.skin, *self.fixed)),
                *(
                    gltf.Node(name=mesh.name, centre=centre, mesh=mesh)
                    for mesh, centre in zip(self.eyes, self.base.centres, strict=True)
                ),
                gltf.Node(
                    name="Jaw",
                    centre=self.hinge,
                    below=[gltf.Node(name=m.name, centre=self.hinge, mesh=m) for m in self.jaw],
                ),
            ],
        )

    def file(self) -> bytes:
        """`head.glb`."""
        asset = {"generator": "a2f-ws training/make_head.py", "copyright": NOTICE}
        return gltf.Writer(materials=MATERIALS, texture=hair.texture()).file(
            self.root(), asset=asset
        )


def head(source: Source) -> Head:
    """Build everything."""
    base = shapes.mended(build(source))
    front = _front(base)
    middle = lips_middle(base)
    lower = source.members["helper-lower-teeth"]
    hinge, turn = shapes.jaw_turn(base.positions[lower], base.shapes["jawOpen"][lower])
    slides = {
        name: base.shapes[name][lower].mean(axis=0)
        for name in ("jawForward", "jawLeft", "jawRight")
    }

    def on_jaw(mesh: Mesh) -> Mesh:
        away = mesh.positions - hinge
        cos, sin = np.cos(turn), np.sin(turn)
        turned = np.column_stack(
            [away[:, 0], away[:, 1] * cos - away[:, 2] * sin, away[:, 1] * sin + away[:, 2] * cos]
        )
        moves = {"jawOpen": turned - away}
        moves |= {name: np.tile(way, (len(away), 1)) for name, way in slides.items()}
        return replace(mesh, shapes={**moves, **mesh.shapes})

    return Head(
        base=base,
        skin=skin(base),
        fixed=(
            mouth(base),
            strands.lashes(base),
            strands.brows(base, front),
            hair.hair(base),
            bust.shirt(base),
            teeth.row(teeth.UPPER, middle),
        ),
        eyes=(
            eyes.eyeball(base.centres[0], side="Left"),
            eyes.eyeball(base.centres[1], side="Right"),
        ),
        jaw=(on_jaw(teeth.row(teeth.LOWER, middle)), on_jaw(tongue.tongue(middle))),
        hinge=hinge,
    )


def lips_middle(base: Base) -> Array:
    """Middle of the slit between the lips at its inner edge, float64 (3,)."""
    edge = np.flatnonzero(base.mouth.ring == 0)
    centre = edge[np.abs(base.positions[edge, 0]) < 1e-6]
    middle: Array = base.positions[centre].mean(axis=0)
    return middle


def skin(base: Base) -> Mesh:
    """Face, scalp and neck, cut off below the collar."""
    body = Mesh(
        name="Skin",
        positions=base.positions,
        triangles=triangulated(_kept(base)),
        colours=paint.skin(base),
        shapes=base.shapes,
        is_shaded=True,
    )
    height, fall = bust.COLLAR
    point, up = bust.plane(base, (height - LAP_CM, fall))
    cut, _ = clipped(compact(body), point=point, normal=up)
    return cut


def mouth(base: Base) -> Mesh:
    """The inside of cheeks, palate and floor of the mouth."""
    return compact(
        Mesh(
            name="Mouth",
            positions=base.positions,
            triangles=triangulated(base.quads[base.in_mouth]),
            colours=paint.skin(base),
            shapes=base.shapes,
            material="mouth",
            least_cm=0.1,
        )
    )


def _kept(base: Base) -> Ints:
    """Quads of the head without the eye sockets behind the lids and the mouth's inside."""
    corners = base.positions[base.quads] - base.pivot
    near = (corners[..., 1] > -24.0).all(axis=1) & (np.abs(corners[..., 0]) < 16.0).all(axis=1)
    kept: Ints = base.quads[near & ~base.in_sockets & ~base.in_mouth]
    return kept


def _front(base: Base) -> Ints:
    """Triangles of the skin around eyes and brows."""
    corners = base.positions[base.triangles] - base.centres.mean(axis=0)
    near = (np.abs(corners - (0.0, 1.0, 0.0)) < (7.0, 4.0, 5.0)).all(axis=(1, 2))
    front: Ints = base.triangles[near]
    return front
