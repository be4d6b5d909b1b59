"""The portable build: one folder with a2f-ws, Python and all that a server needs.

`python portable/build.py [--out dist]`, in an environment with PyInstaller and a wheel of a2f-ws.
It is built from the installed wheel, not from the checkout: that is what users get.
"""

import argparse
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import Distribution
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from packages import PRODUCT, needed, unneeded
from third_party import notices

HERE: Final = Path(__file__).resolve().parent
PROGRAM: Final = f"a2f-ws{'.exe' if sys.platform == 'win32' else ''}"
INNER: Final = "_internal"
SYSTEMS: Final = {"darwin": "macos"}
MACHINES: Final = {"amd64": "x86_64"}
MEGABYTE: Final = 1e6
BIGGEST: Final = 10

UNWANTED: Final = ("libmvec.so*", "*.dist-info/direct_url.json")
"""A part of glibc, which fits no other glibc; and paths of the machine that built this."""

UNSTRIPPED: Final = ("libpython*.so*", "python3*/lib-dynload/*.so")
"""What may have symbols for debuggers. Libraries of wheels were edited: `strip` breaks them."""


def build(out: Path) -> Path:
    """Build the folder and return its path.

    Args:
        out: Where it goes; one of the same name is replaced.
    """
    _check_installation()
    packages = needed()
    version = next(one.version for one in packages if one.metadata["Name"] == PRODUCT)
    target = out / f"{PRODUCT}-{version}-{platform_name()}"
    with TemporaryDirectory() as work:
        made = _bundle(packages, Path(work))
        _slim(made / INNER)
        _write_texts(made, packages, version=version)
        shutil.rmtree(target, ignore_errors=True)
        out.mkdir(parents=True, exist_ok=True)
        shutil.move(made, target)
    return target


def platform_name() -> str:
    """System and processor, such as linux-x86_64, windows-x86_64, macos-arm64."""
    system, machine = platform.system().lower(), platform.machine().lower()
    return f"{SYSTEMS.get(system, system)}-{MACHINES.get(machine, machine)}"


def _check_installation() -> None:
    """End with a sentence unless a wheel is installed, and not this checkout."""
    spec = find_spec("a2f_ws")
    if spec is None or spec.origin is None:
        sys.exit("a2f-ws is not installed here; wanted its wheel: pip install dist/a2f_ws-….whl")
    home = Path(spec.origin).resolve().parent
    if not (home / "_engines").is_dir():
        sys.exit(f"{home}: found a checkout or an editable install, wanted a wheel, with _engines")


def _bundle(packages: list[Distribution], work: Path) -> Path:
    """Run PyInstaller; its words are shown where it fails."""
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--onedir", "--noupx"]
    command += ["--name", PRODUCT, "--contents-directory", INNER, "--collect-data", "a2f_ws"]
    command += ["--distpath", str(work / "made"), "--workpath", str(work / "work")]
    command += ["--specpath", str(work)]
    for package in packages:
        command += ["--copy-metadata", package.metadata["Name"]]
    for module in unneeded(packages):
        command += ["--exclude-module", module]
    # The folder that it runs in is searched for modules first.
    done = subprocess.run(
        [*command, str(HERE / "launch.py")],
        cwd=work,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode != 0:
        sys.exit(f"{done.stdout}\nPyInstaller ended with {done.returncode}")
    return work / "made" / PRODUCT


def _slim(inner: Path) -> None:
    """Take out what belongs to the system, links, and symbols for debuggers."""
    for path in _matching(inner, UNWANTED):
        path.unlink()
    if sys.platform == "linux":
        # Libraries of wheels find one another without them, and not every archive can hold links.
        for path in [path for path in inner.rglob("*") if path.is_symlink()]:
            path.unlink()
        strip = shutil.which("strip")
        for path in _matching(inner, UNSTRIPPED) if strip is not None else ():
            subprocess.run([str(strip), "--strip-unneeded", str(path)], check=True)


def _matching(inner: Path, patterns: Sequence[str]) -> list[Path]:
    return [path for pattern in patterns for path in inner.glob(pattern)]


def _write_texts(made: Path, packages: list[Distribution], *, version: str) -> None:
    """README, LICENSE, NOTICE and the terms of what is bundled."""
    readme = (HERE / "README.txt").read_text(encoding="utf-8")
    filled = readme.format(version=version, platform=platform_name())
    (made / "README.txt").write_text(filled, encoding="utf-8")
    others = [one for one in packages if one.metadata["Name"] != PRODUCT]
    (made / "THIRD_PARTY.txt").write_text(notices(others, made / INNER), encoding="utf-8")
    (product,) = (one for one in packages if one.metadata["Name"] == PRODUCT)
    for file in product.files or ():
        if file.name in {"LICENSE", "NOTICE"} and ".dist-info" in str(file):
            shutil.copy(str(product.locate_file(file)), made / file.name)


def report(folder: Path) -> None:
    """Print that it starts, its size and its biggest parts."""
    begun_s = perf_counter()
    told = subprocess.run([folder / PROGRAM, "--version"], check=True, capture_output=True)
    taken_s = perf_counter() - begun_s
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    sizes = {path: path.stat().st_size / MEGABYTE for path in files}
    print(f"{folder}: {sum(sizes.values()):.0f} MB in {len(sizes)} files; the biggest:")
    for path in sorted(sizes, key=lambda path: -sizes[path])[:BIGGEST]:
        print(f"{sizes[path]:8.1f} MB  {path.relative_to(folder).as_posix()}")
    print(f"{told.stdout.decode().strip()}, told in {taken_s:.2f} s")


def main() -> None:
    """Build and report."""
    arguments = argparse.ArgumentParser(description="The portable build of a2f-ws.")
    arguments.add_argument("--out", type=Path, default=Path("dist"), help="folder; dist unless set")
    report(build(arguments.parse_args().out.resolve()))


if __name__ == "__main__":
    main()
