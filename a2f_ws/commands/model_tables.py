"""A bundle as tables: what it gives, its files, its parameters, its rigs."""

from collections.abc import Mapping, Sequence
from itertools import chain
from math import prod
from pathlib import Path
from typing import Final

import numpy as np
from rich.table import Table

from a2f_ws.animation.params import GEOMETRY_PARAMS, WEIGHT_PARAMS
from a2f_ws.commands.screen import plain_table
from a2f_ws.inference.block_params import Blocks
from a2f_ws.inference.bundle import Bundle
from a2f_ws.inference.solver_config import pairs
from a2f_ws.inference.solver_data import SolverData, weight_columns
from a2f_ws.names import EMOTIONS, WEIGHTS, Floats

SDK_DEFAULTS: Final[Mapping[str, float]] = {
    "input_strength": 1.0,
    "lower_face_smoothing": 0.0023,
    "upper_face_smoothing": 0.001,
    "lower_face_strength": 1.3,
    "upper_face_strength": 1.0,
    "face_mask_level": 0.6,
    "face_mask_softness": 0.0085,
    "skin_strength": 1.0,
    "blink_strength": 1.0,
    "eyelid_open_offset": 0.06,
    "lip_open_offset": -0.03,
    "tongue_strength": 1.5,
    "tongue_height_offset": 0.2,
    "tongue_depth_offset": 0.13,
    "lower_teeth_strength": 1.0,
    "lower_teeth_height_offset": 0.0,
    "lower_teeth_depth_offset": 0.0,
    "eyeballs_strength": 1.0,
    "saccade_strength": 1.0,
    "right_eye_rot_x_offset": 0.0,
    "right_eye_rot_y_offset": 0.0,
    "left_eye_rot_x_offset": 0.0,
    "left_eye_rot_y_offset": 0.0,
    "eye_saccade_seed": 0.0,
}
"""What the SDK has where a bundle says nothing. Source: its `animator.h`, parameter structs."""

MB: Final = 1_000_000
SHOWN: Final = 6
"""Poses that a line of the table of rigs names (ours)."""


def faces(bundle: Bundle, runs_on: str) -> Table:
    """What the network takes and gives."""
    columns, rate = bundle.columns, bundle.samplerate
    lines = plain_table("", "")
    lines.show_header = False
    skin, tongue = (part.stop - part.start for part in (columns.skin, columns.tongue))
    points = (columns.jaw.stop - columns.jaw.start) // 3
    is_whole = set(bundle.emotions) == set(EMOTIONS)
    face = "face" if bundle.blocks is None else "first face"
    gives = "components" if bundle.kind == "geometry" else "weights"
    lines.add_row("kind", f"{bundle.kind}, in {bundle.path}")
    lines.add_row(
        "window",
        f"{bundle.buffer_len} samples at {rate} Hz ({_ms(bundle.buffer_len, rate)}), "
        f"its {face} at {bundle.buffer_ofs}: look-ahead {_ms(bundle.look_ahead, rate)}",
    )
    if bundle.blocks is not None:
        lines.add_row("blocks", _in_blocks(bundle.blocks))
    lines.add_row(
        "gives",
        f"{columns.width} numbers: {skin} {gives} of the skin, {tongue} of the tongue, "
        f"{points} points of the jaw, {columns.eyes.stop - columns.eyes.start} angles of the eyes",
    )
    if bundle.skin_vertices:
        vertices = f"{bundle.skin_vertices} vertices of the skin, {bundle.tongue_vertices} of the"
        lines.add_row("meshes", f"{vertices} tongue")
    lines.add_row(
        "emotions",
        f"{f'all {len(EMOTIONS)}' if is_whole else ', '.join(bundle.emotions) or 'none'}, "
        f"{_default(bundle)}",
    )
    lines.add_row("implicit", _implicit(bundle))
    lines.add_row(
        "MouthClose", "as ARKit's" if bundle.mouth_close == "arkit" else "includes JawOpen"
    )
    lines.add_row("runs on", runs_on)
    return lines


def _in_blocks(blocks: Blocks) -> str:
    """How a network's faces lie in time, and what it remembers."""
    rate, numbers = blocks.rate, sum(prod(state.shape) for state in blocks.states)
    edge = blocks.rows - rate.frames
    return (
        f"{rate.frames} faces each of {rate.rate.hz:g} a second, in order"
        f"{f', {edge} more cut off' if edge else ''}; remembers {numbers:,} numbers"
    )


def file_sizes(bundle: Bundle) -> Table:
    """The bundle's files, the largest first."""
    lines = plain_table("file", "size")
    lines.columns[1].justify = "right"
    named = {bundle.network, bundle.config_path, *bundle.solver}
    if bundle.model_data is not None:
        named.add(bundle.model_data)
    beside = (path for path in bundle.path.iterdir() if path.is_file())
    sizes = {_shown(path, bundle): path.stat().st_size for path in chain(named, beside)}
    for name, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        lines.add_row(name, _size(size))
    lines.add_row("together", _size(sum(sizes.values())))
    return lines


def parameters(bundle: Bundle) -> Table:
    """The face parameters that the bundle sets otherwise than the SDK."""
    is_geometry = bundle.kind == "geometry"
    known = GEOMETRY_PARAMS if is_geometry else WEIGHT_PARAMS
    lines = plain_table("face parameter", "bundle", "SDK" if is_geometry else "neutral", "range")
    for param in known.params:
        usual = SDK_DEFAULTS.get(param.name, param.default) if is_geometry else param.default
        value = bundle.config.get(param.name, usual)
        if value != usual:
            reach = f"{param.min:g} to {param.max:g}"
            lines.add_row(param.name, str(value), f"{usual:g}", reach)
    if not lines.rows:
        lines.add_row("none differs", "", "", "")
    return lines


def rigs(solvers: Sequence[SolverData]) -> Table:
    """How the rigs of skin and tongue are fitted, side by side."""
    lines = plain_table("fit", "skin", "tongue")
    for title, text in {
        "poses": _poses,
        "symmetry pairs": lambda one: str(pairs(one.symmetry_ids.tolist())),
        "cancel pairs": lambda one: str(pairs(one.cancel.tolist())),
        "vertices": lambda one: "all" if one.vertices is None else f"{len(one.vertices)} (mask)",
        "L1, L2": lambda one: f"{one.l1:g}, {one.l2:g}",
        "symmetry, temporal": lambda one: f"{one.symmetry:g}, {one.temporal:g}",
        "size, template": lambda one: f"{one.diagonal:.4g}, {one.template_bb_size:.4g} cm",
        "multipliers": lambda one: _unusual(one, one.multipliers, usual=1.0),
        "offsets": lambda one: _unusual(one, one.offsets, usual=0.0),
    }.items():
        lines.add_row(title, *map(text, solvers))
    return lines


def strangers(solvers: Sequence[SolverData]) -> tuple[list[str], list[str]]:
    """The weights that no rig has, and the poses that are none of the weights."""
    names = [name for one in solvers for name in one.names]
    columns = weight_columns(names).tolist()
    lacking = [name for column, name in enumerate(WEIGHTS) if column not in columns]
    return lacking, [name for name, at in zip(names, columns, strict=True) if at < 0]


def _poses(one: SolverData) -> str:
    still = [name for name, is_on in zip(one.names, one.active, strict=True) if not is_on]
    if not still:
        return f"{len(one.names)}, all active"
    return f"{len(one.names)}, active {len(one.names) - len(still)}: not {_listed(still)}"


def _unusual(one: SolverData, values: Floats, *, usual: float) -> str:
    found = [f"{one.names[i]} {values[i]:g}" for i in np.flatnonzero(values != usual)]
    return f"{usual:g} but {_listed(found)}" if found else f"{usual:g}"


def _listed(texts: Sequence[str]) -> str:
    rest = len(texts) - SHOWN
    return ", ".join(texts[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _implicit(bundle: Bundle) -> str:
    if bundle.kind == "geometry":
        shot, frame = bundle.config.get("source_shot"), bundle.config.get("source_frame")
        return f"{len(bundle.implicit)} numbers, those of shot {shot!r}, frame {frame}"
    return f"{len(bundle.implicit)} numbers"


def _default(bundle: Bundle) -> str:
    felt = {
        name: value for name, value in zip(EMOTIONS, bundle.default_emotion, strict=True) if value
    }
    if not felt:
        return "none by default"
    return f"by default {', '.join(f'{name} {value:g}' for name, value in felt.items())}"


def _shown(path: Path, bundle: Bundle) -> str:
    return path.relative_to(bundle.path).as_posix()


def _ms(samples: int, rate_hz: int) -> str:
    return f"{samples * 1000 / rate_hz:g} ms"


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= MB else f"{size_bytes / 1e3:.1f} kB"
