"""Cost of a frame in the three solvers, and how far from the mesh each ends: `bench/solver.py`."""

import os
import platform
import sys
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from _costs import ROUNDS, cost_us
from _face import Track, skin, speech, strangers, tongue

from a2f_ws.names import Floats
from a2f_ws.solver.projection import project_skin
from a2f_ws.solver.solve import METHODS, Solver

BATCHES: Final = (1, 8, 32, 128)
FRAMES: Final = 384
"""6.4 s at 60 frames per second."""

VERTICES: Final = 20_000
FRONTAL: Final = 10_000
TONGUE_VERTICES: Final = 5_602
SHAPES: Final = 274
"""Sizes of v2.3 Mark, except for the skin: it has 61,520 vertices, which takes much memory and
changes no row, and how many of them its mask has is a guess."""

SHOWN: Final = slice(FRAMES // 2, FRAMES // 2 + 96)
"""Frames whose whole meshes are compared."""


def targets(track: Track, *, seed: int) -> dict[str, Floats]:
    """Displacements of the mesh, float32 (FRAMES, V, 3), by title."""
    weights = speech(track, FRAMES, seed=seed)
    flat: Floats = weights @ track.deltas.reshape(len(track.deltas), -1)
    reachable = flat.reshape(FRAMES, -1, 3)
    return {
        "reachable": reachable,
        "exaggerated, 1.6 times": reachable * np.float32(1.6),
        "unreachable": reachable + strangers(track, FRAMES, part=0.002),
    }


def errors_mm(track: Track, target: Floats, *, method: str) -> Floats:
    """Distances of all vertices from the target, millimetres, float32 (96, V)."""
    solver = Solver([track.normal], method)
    weights = solver.solve(track.data(target), [solver.new_state()] * len(target))
    mesh = weights[SHOWN] @ track.deltas.reshape(len(track.deltas), -1)
    return lengths_mm(mesh.reshape(target[SHOWN].shape) - target[SHOWN])


def lengths_mm(apart: Floats) -> Floats:
    """Lengths of vectors (…, 3) in centimetres, as millimetres."""
    return np.asarray(np.linalg.norm(apart, axis=-1) * 10, np.float32)


def solving(solver: Solver, data: Floats, *, batch: int, is_one: bool) -> Callable[[], object]:
    """One call for so many frames, of one utterance or of as many as there are frames.

    Every call goes on where the last one ended, since a frame like the last one is cheap.
    """
    if is_one:
        state = solver.new_state()
        states = [state] * batch
        turns = [data[at : at + batch] for at in range(0, len(data), batch)]
    else:
        states = [solver.new_state() for _ in range(batch)]
        spread = np.arange(batch) * len(data) // batch
        turns = [data[(spread + at) % len(data)] for at in range(len(data))]
    coming = cycle(turns)
    return lambda: solver.solve(next(coming), states)


def print_costs(data: Floats, tracks: list[Track]) -> None:
    """µs per frame."""
    print(f"{'µs per frame':36}" + "".join(f"{f'batch {batch}':>11}" for batch in BATCHES))
    for method in METHODS:
        solver = Solver([track.normal for track in tracks], method)
        for is_one, title in ((False, "different utterances"), (True, "one utterance")):
            costs = [
                cost_us(solving(solver, data, batch=batch, is_one=is_one)) / batch
                for batch in BATCHES
            ]
            row = "".join(f"{cost:11.1f}" for cost in costs)
            print(f"{f'{method}, {title}':36}{row}")


def print_errors(track: Track, wanted: dict[str, Floats], *, title: str) -> None:
    """Mean and 95th percentile of the distances, over the vertices that move by 0.1 mm."""
    heads = "".join(f"{method:>16}" for method in METHODS)
    print(f"{f'{title}, mm mean / p95':36}{heads}{'not fitted':>16}")
    for name, target in wanted.items():
        moves = np.abs(target[:: FRAMES // 8]).max(axis=(0, 2)) > 0.01
        cells = [errors_mm(track, target, method=method)[:, moves] for method in METHODS]
        cells.append(lengths_mm(target[SHOWN][:, moves]))
        row = "".join(
            f"{f'{cell.mean():.2f} / {np.quantile(cell, 0.95):.2f}':>16}" for cell in cells
        )
        print(f"{name:36}{row}")


def main() -> None:
    """Measure and print the tables."""
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},", end=""
    )
    print(f" numpy {np.__version__}; median of {ROUNDS} rounds")
    tracks = [skin(VERTICES, FRONTAL), tongue(TONGUE_VERTICES)]
    sizes = [len(track.normal.active) for track in tracks]
    print(f"{' + '.join(map(str, sizes))} poses")
    wanted = [targets(track, seed=seed) for seed, track in enumerate(tracks, start=3)]
    data = np.hstack(
        [track.data(one["unreachable"]) for track, one in zip(tracks, wanted, strict=True)]
    )
    print_costs(data, tracks)
    for track, one, title in zip(tracks, wanted, ("skin", "tongue"), strict=True):
        print_errors(track, one, title=title)
    basis = np.random.default_rng(0).random((SHAPES, FRONTAL, 3), np.float32)
    mask = np.linspace(0, 1, FRONTAL, dtype=np.float32)
    deltas = tracks[0].deltas[tracks[0].normal.active][:, :FRONTAL]
    projecting_ms = cost_us(lambda: project_skin(deltas, basis, mask=mask)) / 1e3
    print(f"projecting {SHAPES} shapes of {FRONTAL} vertices on the skin: {projecting_ms:.0f} ms")


if __name__ == "__main__":
    main()
