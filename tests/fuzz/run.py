"""Feeds targets with bytes for as long as wanted: `python tests/fuzz/run.py --seconds 60`.

With the package atheris installed (a tool of developers, not of the tests) libFuzzer looks for
inputs that reach new code, from the seeds and from what was kept; without it damaged seeds are
tried blindly. An input that breaks a target is written to build/fuzz and ends the run with 1.
`--keep` writes what reached new code, shortest first, into tests/fuzz/corpus.
"""

import argparse
import hashlib
import importlib.util
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.fuzz.damage import damaged  # noqa: E402

NAMES = ("wire", "npz", "manifest", "clip")
BUILD = ROOT / "build" / "fuzz"
INPUT_S, INPUT_MB = 10, 2048
"""Longest time and most memory that one input may take."""

LONGEST = 8192
KEPT_BYTES = 16 * 1024
"""Size of what is kept of one target."""

GROWTH_MAX = 64 * 1024 * 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--target", choices=NAMES, action="append")
    parser.add_argument("--keep", action="store_true", help="keep what reached new code")
    parser.add_argument("--one", choices=NAMES, help=argparse.SUPPRESS)
    options, rest = parser.parse_known_args()
    if options.one:
        _fuzz(options.one, rest)
        return
    has_atheris = importlib.util.find_spec("atheris") is not None
    print("with atheris" if has_atheris else "without atheris: blindly", flush=True)
    run = _guided if has_atheris else _blind
    results = [run(name, options.seconds) for name in options.target or NAMES]
    if options.keep and has_atheris and not any(results):
        for name in options.target or NAMES:
            _keep(name)
    sys.exit(any(results))


def _guided(name, seconds):
    """Let libFuzzer look for inputs, in a process of its own since it ends the process."""
    from tests.fuzz.seeds import kept, seeds
    from tests.fuzz.targets import forget_scratch

    folder = BUILD / name
    folder.mkdir(parents=True, exist_ok=True)
    for data in [*seeds()[name], *kept(name)]:
        (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)
    forget_scratch()
    return _ask(name, f"-max_total_time={seconds}", str(folder))


def _ask(name, *arguments):
    flags = (f"-timeout={INPUT_S}", f"-rss_limit_mb={INPUT_MB}", f"-max_len={LONGEST}")
    more = (f"-artifact_prefix={BUILD}/{name}-", "-print_final_stats=1", "-verbosity=1")
    command = [sys.executable, __file__, "--one", name, *flags, *more, *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _keep(name):
    """Write what reached new code, beside the seeds, as far as there is room."""
    from tests.fuzz.seeds import seeds

    known, size, chosen = {*seeds()[name]}, 0, []
    found = {path.read_bytes() for path in (BUILD / name).iterdir()} - known
    for data in sorted(found, key=lambda data: (len(data), data)):
        size += len(data)
        if size > KEPT_BYTES:
            break
        chosen.append(data.hex())
    target = ROOT / "tests" / "fuzz" / "corpus" / f"{name}.hex"
    target.parent.mkdir(exist_ok=True)
    target.write_text("\n".join([*chosen, ""]), encoding="ascii", newline="\n")
    print(f"{target}: {len(chosen)} inputs")


def _fuzz(name, arguments):
    """Be the process that libFuzzer runs in."""
    import atheris

    with atheris.instrument_imports(include=["a2f_ws", "msgpack", "zipfile", "json"]):
        from tests.fuzz.targets import TARGETS
    atheris.Setup([sys.argv[0], *arguments], TARGETS[name])
    atheris.Fuzz()


def _blind(name, seconds):
    """Try damaged seeds; memory has to stay where it was after the first tenth."""
    import psutil

    from tests.fuzz.seeds import kept, seeds
    from tests.fuzz.targets import TARGETS

    known, until, tried, before = [*seeds()[name], *kept(name)], time.time() + seconds, 0, None
    process = psutil.Process()
    while time.time() < until:
        for data in damaged(known, count=500, seed=tried):
            try:
                TARGETS[name](data)
            except Exception:
                (BUILD / f"{name}-broken").write_bytes(data)
                raise
        tried += 500
        if before is None and time.time() > until - 0.9 * seconds:
            before = process.memory_info().rss
    growth = process.memory_info().rss - (before or process.memory_info().rss)
    print(f"{name}: {tried} inputs, {growth / 2**20:+.1f} MB", flush=True)
    return int(growth > GROWTH_MAX)


if __name__ == "__main__":
    main()
