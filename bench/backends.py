"""What runs a network here, and how fast: every backend, in every precision, by size of batch.

Run as `python bench/backends.py [--short] [--bundles embedded mark]`. Each line comes from a
process of its own, which tells how much memory it has taken with the network. What cannot run here
says why. `mark` is a bundle of Mark's size with random weights; its other precisions need the
packages of `a2f-ws[convert]`, OpenVINO those of `a2f-ws[openvino]`, TensorRT a card.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from _bundles import mark_shaped

from a2f_ws.benching.report import table
from a2f_ws.commands.bench_networks import cost_s
from a2f_ws.commands.bench_parts import rss_bytes
from a2f_ws.commands.loading import find_bundle
from a2f_ws.errors import ConfigError, ModelError
from a2f_ws.inference.choice import choose
from a2f_ws.inference.means import Means

SIZES: Final = (1, 2, 4, 8, 16, 32, 64)
SHORT: Final = (1, 8, 64)
RUNS: Final = {
    "embedded": (("fp32", "onnx"),),
    "mark": (("fp32", "onnx"), ("int8-cpu", "onnx"), ("fp32", "openvino"),
             ("int8-cpu", "openvino"), ("fp32", "tensorrt-rtx"), ("fp16", "tensorrt-rtx"),
             ("int8", "tensorrt-rtx"), ("fp32", "tensorrt"), ("fp16", "tensorrt"),
             ("int8", "tensorrt")),
}  # fmt: skip
"""Precision and backend, by bundle. Float16 is for cards: no CPU here computes with it. What gives
faces in blocks, as the embedded model does, runs on ONNX Runtime only; its rows are blocks."""

LIMIT_S: Final = 90.0
HEADS: Final = ("network", "backend", "precision", "MB", *(f"batch {size}" for size in SIZES))


def one(bundle: str, precision: str, *, backend: str, sizes: Sequence[int]) -> dict[str, Any]:
    """Measure in this process."""
    name = str(mark_shaped(precision)) if bundle == "mark" else bundle
    found, before = find_bundle(name), rss_bytes()
    chosen = choose(found, Means(backend=backend)).backend
    fits = [size for size in sizes if size <= chosen.max_batch]
    costs = {size: cost_s(found, chosen, rows=size) for size in fits}
    return {"title": chosen.name, "mb": (rss_bytes() - before) / 1e6, "costs": costs}


def asked(bundle: str, precision: str, *, backend: str, is_short: bool) -> dict[str, Any]:
    """The same in a process of its own; `fault` says why not."""
    words = [sys.executable, __file__, "--one", bundle, precision, backend]
    try:
        done = subprocess.run(
            [*words, "--short"] if is_short else words,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"fault": f"took more than {LIMIT_S:g} s"}
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        return {"fault": (done.stderr.strip().splitlines() or ["?"])[-1]}
    answer: dict[str, Any] = json.loads(lines[-1])
    return answer


def cells(bundle: str, found: dict[str, Any], *, precision: str) -> list[str]:
    """A line of the table: milliseconds of a batch, and of one of its rows."""
    costs = {int(size): seconds for size, seconds in found["costs"].items()}
    times = [
        f"{costs[size] * 1e3:.2f} / {costs[size] / size * 1e3:.3f}" if size in costs else ""
        for size in SIZES
    ]
    return [bundle, found["title"], precision, f"{found['mb']:.0f}", *times]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundles", nargs="+", choices=RUNS, default=[*RUNS])
    parser.add_argument("--short", action="store_true", help="three sizes of batches")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        bundle, precision, backend = options.one
        sizes = SHORT if options.short else SIZES
        try:
            print(json.dumps(one(bundle, precision, backend=backend, sizes=sizes)))
        except (ModelError, ConfigError) as fault:
            print(json.dumps({"fault": str(fault)}))
        return
    print(f"{platform.machine()} {platform.system()}, {os.cpu_count()} cores; ms a batch / a row\n")
    lines, faults = [], []
    for bundle in options.bundles:
        for precision, backend in RUNS[bundle]:
            found = asked(bundle, precision, backend=backend, is_short=options.short)
            if "fault" in found:
                faults.append(f"- {bundle}, {backend}, {precision}: {found['fault']}")
            else:
                lines.append(cells(bundle, found, precision=precision))
    print(table(HEADS, lines))
    if faults:
        print("\nNot here:\n" + "\n".join(faults))


if __name__ == "__main__":
    main()
