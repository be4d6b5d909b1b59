"""Short hair: three shells over the scalp that a small texture cuts into locks."""

import struct
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.head.base import Base
from training.head.mesh import Mesh, compact, joined, normals, smoothstep, triangulated
from training.head.source import Array, Ints

HAIRLINE: Final = (
    (0.0, 6.2), (15.0, 6.4), (32.0, 6.0), (44.0, 4.8), (54.0, 3.2), (61.0, 1.2), (66.0, -1.3),
    (69.5, -1.0), (75.0, 1.3), (86.0, 1.7), (95.0, 0.9), (101.0, -1.8), (113.0, -4.5),
    (180.0, -5.6),
)  # fmt: skip
"""Height of the hairline above the eyes by the angle from the front, degrees and cm.

Ours; the forehead's share is a third of the face's height, as canons of proportion have it.
"""

AXIS_Z: Final = -1.0
"""Where the vertical axis of the angles stands, cm in front of the head's pivot."""

CROWN: Final = (0.0, 14.0, -5.0)
"""The whorl that the hair grows from, cm from the head's pivot."""

TOP_CM: Final = 0.85
SIDE_CM: Final = 0.42
"""How far the outermost shell stands off, on top and at the sides."""

SHELLS: Final = (0.3, 0.66, 1.0)
"""Heights of the shells as shares of that distance."""

COLOUR: Final = np.array([0.060, 0.034, 0.021])
"""Linear colour of the hair: dark brown."""

CUT: Final = 0.5
"""Opacity times the texture's alpha below which nothing is drawn (`alphaCutoff`)."""

TEXTURE: Final = (64, 128)
"""Pixels across and along the locks."""

EAR_UV: Final = (0.845, 0.622)
"""Middle of an ear in the base mesh's texture space (measured)."""

EAR_CM: Final = np.array([3.1, 2.1])
"""Half height and half depth of the ears' outline (measured)."""


def inside(base: Base, positions: Array) -> Array:
    """How far points are inside the hairline, centimetres; negative outside."""
    at = positions - base.pivot
    angle = np.degrees(np.arctan2(np.abs(at[:, 0]), at[:, 2] - AXIS_Z))
    eyes = float(base.centres[0, 1] - base.pivot[1])
    angles, heights = np.array(HAIRLINE).T
    uneven = 0.22 * np.sin(at[:, 0] * 5.1 + 1.0) * np.sin(at[:, 2] * 4.3 + at[:, 1] * 3.1)
    from_line = at[:, 1] - eyes - np.interp(angle, angles, heights) + uneven
    ear = np.where(np.abs(at[:, 0]) > 4.0, _from_ear(base, positions), np.inf)
    result: Array = np.minimum(from_line, ear)
    return result


def scalp(base: Base) -> Array:
    """0 … 1 for all vertices of the base mesh: how much the scalp is darkened by hair."""
    result: Array = smoothstep(inside(base, base.positions), low=0.1, high=1.0)
    return result


def hair(base: Base) -> Mesh:
    """The shells as one mesh."""
    corners = base.positions[base.quads] - base.pivot
    near = (np.abs(corners) < (12.0, 20.0, 16.0)).all(axis=(1, 2))
    is_in = inside(base, base.positions) > -1.0
    quads = base.quads[near & is_in[base.quads].any(axis=1)]
    points, triangles = _finer(base, triangulated(quads))
    away = inside(base, points)
    at = points - base.pivot
    top = smoothstep(at[:, 1], low=4.0, high=11.0)
    stand = (SIDE_CM + (TOP_CM - SIDE_CM) * top) * smoothstep(away, low=-0.3, high=1.8)
    stand = 0.04 + stand * (1.0 + 0.10 * np.sin(at[:, 0] * 2.1) * np.sin(at[:, 2] * 1.7))
    outward = normals(points, triangles)
    uv, triangles, origin = _unwrapped(at, triangles)
    layers = []
    for share in SHELLS:
        edge = smoothstep(away, low=-0.55 + 0.25 * share, high=0.55 + 0.35 * share)
        opacity = np.minimum(edge * (1.14 - 0.52 * share), 1.0)[origin]
        shell = Mesh(
            name="Hair",
            positions=(points + outward * (stand * share)[:, None])[origin],
            triangles=triangles[(opacity[triangles] > CUT).any(axis=1)],
            colours=np.tile(COLOUR * (0.55 + 0.6 * share), (len(origin), 1)),
            material="hair",
            uv=uv,
            opacity=opacity,
        )
        layers.append(compact(shell))
    return joined("Hair", layers)


def _from_ear(base: Base, positions: Array) -> Array:
    """Distance from the outline of the ears as seen from the side, cm; negative inside."""
    ear = np.linalg.norm(base.uv - EAR_UV, axis=1) < 0.015
    away = (positions - base.positions[ear].mean(axis=0))[:, 1:] / EAR_CM
    result: Array = (np.linalg.norm(away, axis=1) - 1.0) * EAR_CM[1]
    return result


def _finer(base: Base, triangles: Ints) -> tuple[Array, Ints]:
    """Each triangle as four, the new vertices lifted onto a rounded surface.

    Source:
        Phong tessellation (Boubekeur and Alexa, 2008) with a shape factor of 3/4.
    """
    used, triangles = np.unique(triangles, return_inverse=True)
    triangles = triangles.reshape(-1, 3)
    points = base.positions[used]
    outward = normals(points, triangles)
    sides = np.concatenate([triangles[:, [i, (i + 1) % 3]] for i in range(3)])
    pairs, which = np.unique(np.sort(sides, axis=1), axis=0, return_inverse=True)
    which = which.reshape(3, -1) + len(points)
    a, b = points[pairs[:, 0]], points[pairs[:, 1]]
    middle = (a + b) / 2.0
    for end, way in ((a, outward[pairs[:, 0]]), (b, outward[pairs[:, 1]])):
        off = (((a + b) / 2.0 - end) * way).sum(axis=1, keepdims=True) * way
        middle = middle - 0.75 * 0.5 * off
    ab, bc, ca = which
    first, second, third = triangles.T
    fine = np.concatenate(
        [
            np.column_stack(item)
            for item in ((first, ab, ca), (ab, second, bc), (ca, bc, third), (ab, bc, ca))
        ]
    )
    return np.concatenate([points, middle]), fine


def _unwrapped(at: Array, triangles: Ints) -> tuple[Array, Ints, Ints]:
    """Texture coordinates that run from the whorl outwards, split where they wrap around."""
    away = at - CROWN
    around = np.arctan2(away[:, 0], away[:, 2]) / (2.0 * np.pi)
    down = np.arctan2(np.hypot(away[:, 0], away[:, 2]), away[:, 1] + 11.0)
    turns = around[triangles]
    turns = np.where(turns.max(axis=1, keepdims=True) - turns > 0.5, turns + 1.0, turns)
    keys = np.stack([triangles, (turns != around[triangles]).astype(np.int64)], axis=-1)
    unique, index = np.unique(keys.reshape(-1, 2), axis=0, return_inverse=True)
    u = around[unique[:, 0]] + unique[:, 1]
    uv = np.column_stack([u * 5.0, down[unique[:, 0]] * 1.6])
    return uv, index.reshape(-1, 3), unique[:, 0]


def texture() -> bytes:
    """Locks as a PNG of grey (brightness) and alpha (density) that repeats on all sides."""
    wide, high = TEXTURE
    random = np.random.default_rng(3)
    layers = []
    for across, along in ((0.9, 26.0), (1.6, 40.0)):
        noise = np.fft.rfft2(random.standard_normal((high, wide)))
        fy = np.fft.fftfreq(high)[:, None]
        fx = np.fft.rfftfreq(wide)[None, :]
        noise *= np.exp(-2.0 * np.pi**2 * ((fx * across) ** 2 + (fy * along) ** 2))
        field = np.fft.irfft2(noise, s=(high, wide))
        rank = field.ravel().argsort(kind="stable").argsort(kind="stable")
        layers.append(rank.reshape(field.shape) / field.size)
    grey = (0.50 + 0.50 * layers[0]) * 255.0
    alpha = (0.50 + 0.50 * (0.7 * layers[0] + 0.3 * layers[1])) * 255.0
    fine = np.stack([grey, alpha], axis=-1).round().astype(np.uint8)
    top = fine & np.uint8(0xE0)
    return _png(top | (top >> np.uint8(3)) | (top >> np.uint8(6)))


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """A PNG of 8 bits grey and alpha, (H, W, 2)."""
    high, wide, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", wide, high, 8, 4, 0, 0, 0)

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    packed = zlib.compress(rows, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )
