"""Builds the studio page into a2f_ws/_studio, from where a server and a wheel take it.

`python browser_sample/make_studio.py` wants Node.js with npm, and does nothing where the page is
newer than its sources. It runs on any Python that a2f-ws runs on, and needs no package.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
STUDIO: Final = HERE.parent / "a2f_ws" / "_studio"
NODE: Final = "Node.js 20.19, 22.12 or newer, with npm"
"""What Vite 8 runs on."""

FAILED_LINES: Final = 40
INSTALL: Final = ("ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
"""No package here needs a script of its own to be run."""


class NotBuiltError(Exception):
    """Why the page is not built, in one line for the user."""


def main() -> int:
    """Build what is asked for; exit code 1 where that is not possible, unless told otherwise."""
    parser = argparse.ArgumentParser(description="Build the studio page into a2f_ws/_studio.")
    parser.add_argument("--force", action="store_true", help="build it though it is up to date")
    parser.add_argument("--packages", action="store_true", help="install npm's packages only")
    parser.add_argument(
        "--if-possible", action="store_true", help="where it cannot be built say so, with code 0"
    )
    wanted = parser.parse_args()
    try:
        if wanted.packages:
            install()
        elif wanted.force or not is_fresh():
            build()
    except NotBuiltError as fault:
        print(f"studio: {fault}", file=sys.stderr, flush=True)
        return 0 if wanted.if_possible else 1
    return 0


def build() -> None:
    """Install npm's packages where they are missing, and build the page.

    Raises:
        NotBuiltError: Node.js is missing or too old, or one of the steps failed.
    """
    if not (HERE / "studio" / "index.html").is_file():
        raise NotBuiltError(f"not built: its sources are not in {HERE}")
    install()
    print("studio: building the page ...", flush=True)
    npm("run", "studio")
    if not (STUDIO / "index.html").is_file():
        raise NotBuiltError(f"not built: npm run studio left no {STUDIO / 'index.html'}")


def install() -> None:
    """Bring node_modules to what the lock file says.

    Raises:
        NotBuiltError: Node.js is missing or too old, or the packages cannot be had.
    """
    if (fault := node_fault()) is not None:
        raise NotBuiltError(f"not built: needs {NODE}; found {fault}")
    if not has_packages():
        print("studio: installing npm's packages ...", flush=True)
        npm(*INSTALL)


def is_fresh() -> bool:
    """True when the page is newer than all that it is made of."""
    page = STUDIO / "index.html"
    return page.is_file() and page.stat().st_mtime >= max(
        (file.stat().st_mtime for file in sources()), default=0.0
    )


def sources() -> Iterator[Path]:
    """The files that the page is made of."""
    yield from HERE.glob("*.json")
    for folder in ("src", "studio"):
        yield from (file for file in (HERE / folder).rglob("*") if file.is_file())


def node_fault() -> str | None:
    """What is there instead of what is needed, or None."""
    node = shutil.which("node")
    if node is None:
        return "no node"
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    numbers = re.match(r"v(\d+)\.(\d+)", done.stdout)
    if numbers is None:
        return f"{node}, which does not tell its version"
    version = (int(numbers[1]), int(numbers[2]))
    if not ((20, 19) <= version < (21, 0) or version >= (22, 12)):
        return f"{done.stdout.strip()} at {node}"
    return "no npm" if shutil.which("npm") is None else None


def has_packages() -> bool:
    """True when npm has installed what the lock file names; what is optional may be missing."""
    locked = packages(HERE / "package-lock.json")
    there = packages(HERE / "node_modules" / ".package-lock.json")
    needed = {name for name, package in locked.items() if not package.get("optional")}
    return needed <= there.keys() and all(
        package.get("version") == locked.get(name, {}).get("version")
        for name, package in there.items()
    )


def packages(file: Path) -> dict[str, dict[str, object]]:
    """What a lock file of npm names, by place, without the project itself; {} if it is missing."""
    if not file.is_file():
        return {}
    named = json.loads(file.read_text("utf-8"))["packages"]
    return {name: package for name, package in named.items() if name}


def npm(*words: str) -> None:
    """Run npm here, silently unless it fails.

    Raises:
        NotBuiltError: It failed; the end of what it said is printed before.
    """
    done = subprocess.run(
        [shutil.which("npm") or "npm", *words],
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        print("\n".join(done.stdout.splitlines()[-FAILED_LINES:]), file=sys.stderr)
        raise NotBuiltError(f"not built: npm {' '.join(words)} ended with code {done.returncode}")


if __name__ == "__main__":
    sys.exit(main())
