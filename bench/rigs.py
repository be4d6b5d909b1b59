"""Cost of mapping a face to a rig, by batch, and of fitting one: `python bench/rigs.py`."""

import os
import platform
import sys
from pathlib import Path
from typing import Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from _costs import ROUNDS, cost_us

from a2f_ws.names import ARKIT, FACE
from a2f_ws.rig.contents import RigTable
from a2f_ws.rig.faults import Faults
from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.matching import best, fitted
from a2f_ws.rig.parse import parse
from a2f_ws.rig.table import load_rigs

BATCHES: Final = (1, 8, 32)

LARGE: Final = 260
"""Curves of MetaHuman, the rig that has the most."""

STRANGERS: Final = 1_024 - len(ARKIT)


def large_rig() -> RigTable:
    """As many curves as the largest rig has, each of four inputs, a tenth of them products."""
    rng = np.random.default_rng(0)

    def curve(k: int) -> dict[str, object]:
        line = {str(name): 0.25 for name in rng.choice(FACE, 4, replace=False)}
        return {"product": [line, "open"]} if k % 10 == 0 else dict(line)

    document = {
        "title": "large",
        "source": "made up",
        "terms": {"open": {"ratio": ["mouthClose", "jawOpen"], "max": 1.0}},
        "curves": {f"c{k}": curve(k) for k in range(LARGE)},
        "transforms": {"head": {"yaw": {"eyeLeftY": 0.1}}},
    }
    return parse(document, f"{LARGE} curves", faults=Faults("bench"))


def tables() -> dict[str, RigTable]:
    """What is measured, by title."""
    rigs = load_rigs()
    rpm = rigs["browser/rpm"]
    visemes = [name for name in rpm.curves if name.startswith("viseme_")]
    return {
        **rigs,
        "browser/rpm, visemes only": fitted(rpm, visemes).table,
        f"{LARGE} curves of 4 inputs": large_rig(),
    }


def _mapping_us(table: RigTable, batch: int) -> float:
    """Cost of one of so many faces mapped together."""
    mapper = Mapper(table)
    faces = np.random.default_rng(0).uniform(0, 1, (batch, len(FACE))).astype(np.float32)
    return cost_us(lambda: mapper.map(faces)) / batch


def main() -> None:
    """Measure and print the table."""
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},", end=""
    )
    print(f" numpy {np.__version__}; one thread, median of {ROUNDS} rounds")
    heads = "".join(f"{f'batch {batch}':>10}" for batch in BATCHES)
    print(f"{'µs per face':28}{'curves':>8}{heads}{'compile':>10}")
    for title, table in tables().items():
        costs = [_mapping_us(table, batch) for batch in BATCHES]
        compiling_us = cost_us(lambda table=table: Mapper(table))  # type: ignore[misc]
        row = "".join(f"{cost:10.2f}" for cost in costs)
        print(f"{title:28}{len(table.curves):8}{row}{compiling_us:10.0f}")
    have = [f"blendShape2.{name}" for name in ARKIT] + [f"bone_{k}_L" for k in range(STRANGERS)]
    rigs = load_rigs().values()
    print(f"best rig for {len(have)} names: {cost_us(lambda: best(rigs, have)) / 1e3:.1f} ms")


if __name__ == "__main__":
    main()
