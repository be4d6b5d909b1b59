"""What it takes to load a bundle of the size of Mark: `python bench/loading.py [--bundle PATH]`.

Without --bundle one is made of random numbers in a temporary folder: 320 MB. Every way of loading
has a process of its own, so that none finds another's memory.
"""

import argparse
import json
import platform
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from a2f_ws.commands.loading import Wishes, load_catalog
from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.model_data import read_model_data
from a2f_ws.inference.solver_data import read_solvers

MB: Final = 1e6
WAYS: Final = {
    "import": "Python and numpy alone",
    "weights": "arrays for weights",
    "mesh": "arrays with meshes",
    "served": "served: the same, network and all",
    "offered": "served with --geometry",
}


def make_bundle(folder: Path, *, is_deflated: bool) -> None:
    """A bundle of Mark's sizes."""
    from training.bundle.writer import write_bundle  # noqa: PLC0415 - onnx comes with it

    write_bundle(folder, size="mark")
    for path in folder.glob("*.npz") if is_deflated else ():
        with np.load(path) as archive:
            arrays = dict(archive)
        np.savez_compressed(path, **arrays)


def measure(way: str, path: Path) -> dict[str, float]:
    """Load a bundle in this process: seconds, and resident bytes at the peak and afterwards."""
    start = perf_counter()
    kept: list[object] = []
    if way in ("served", "offered"):
        kept.append(load_catalog(str(path), wishes=Wishes(has_geometry=way == "offered")))
    elif way != "import":
        bundle = load_bundle(path)
        solvers = read_solvers(bundle)
        vertices = None if way == "mesh" else solvers[0].vertices
        kept += [bundle, solvers, read_model_data(bundle, vertices=vertices)]
    passed_s = perf_counter() - start
    return {"s": passed_s, "peak": _peak(), "after": psutil.Process().memory_info().rss}


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, help="folder of a bundle")
    parser.add_argument("--deflated", action="store_true", help="make a compressed one")
    parser.add_argument("--measure", choices=WAYS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure, given.bundle)))
        return
    with TemporaryDirectory() as temporary:
        folder = given.bundle or Path(temporary)
        if not given.bundle:
            make_bundle(folder, is_deflated=given.deflated)
        _print(folder)


def _print(folder: Path) -> None:
    print(f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}")
    for path in sorted(folder.glob("*.npz")):
        print(f"{path.name:36}{path.stat().st_size / MB:10.1f} MB")
    print(f"\n{'':36}{'s':>10}{'peak MB':>10}{'after MB':>10}")
    for way, title in WAYS.items():
        words = [sys.executable, __file__, "--measure", way, "--bundle", str(folder)]
        done = subprocess.run(words, check=True, capture_output=True, text=True)
        found = json.loads(done.stdout)
        sizes = "".join(f"{found[key] / MB:10.0f}" for key in ("peak", "after"))
        print(f"{title:36}{found['s']:10.2f}{sizes}")


def _peak() -> float:
    """Most resident bytes of this process so far.

    Linux counts the parent's in `getrusage` until the child runs a program of its own, so its own
    account is read there.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text("ascii").splitlines())
        return 1024.0 * int(lines["VmHWM"].split()[0])
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset)
    import resource  # noqa: PLC0415 - not on Windows

    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    main()
