"""Packages the plugin for one or several installed versions of Unreal, by Unreal's own BuildPlugin.

    python build_plugin.py 5.4 5.8
    python build_plugin.py --engine "D:/UE_5.6" --out built

Each version gets a folder of its own below --out (dist/ beside this file): A2FWS-5.4, A2FWS-5.8 …
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
PLUGIN: Final = HERE / "Plugins" / "A2FWS" / "A2FWS.uplugin"
PLACES: Final = (
    "C:/Program Files/Epic Games/UE_{}",
    "~/../Shared/Epic Games/UE_{}",
    "/opt/UnrealEngine-{}",
    "~/UnrealEngine-{}",
)
"""Where Unreal usually is, by version."""


def find_engine(version: str) -> Path:
    """The folder of a version: that of UE_ROOT_5_4 and so on, else a usual place.

    Raises:
        SystemExit: It is at none of them.
    """
    named = os.environ.get(f"UE_ROOT_{version.replace('.', '_')}")
    places = [named] if named else [place.format(version) for place in PLACES]
    for place in places:
        if (path := Path(place).expanduser()).is_dir():
            return path
    raise SystemExit(f"found no Unreal {version} at {', '.join(places)}: name it with --engine")


def automation_tool(engine: Path, *, is_windows: bool) -> Path:
    """Unreal's RunUAT of an engine folder."""
    return (
        engine / "Engine" / "Build" / "BatchFiles" / ("RunUAT.bat" if is_windows else "RunUAT.sh")
    )


def command_of(engine: Path, target: Path, *, is_windows: bool) -> list[str]:
    """The command that packages the plugin into `target`."""
    return [
        str(automation_tool(engine, is_windows=is_windows)),
        "BuildPlugin",
        f"-Plugin={PLUGIN.resolve()}",
        f"-Package={target.resolve()}",
        "-Rocket",
        "-StrictIncludes",
    ]


def version_of(engine: Path) -> str:
    """What a folder is called by its version: UE_5.6 is 5.6."""
    return engine.name.rpartition("_")[2].rpartition("-")[2]


def main() -> int:
    """Package for each version; the first one that fails ends it."""
    parser = argparse.ArgumentParser(description="Packages the plugin by Unreal's BuildPlugin.")
    parser.add_argument("versions", nargs="*", help="such as 5.4 5.8")
    parser.add_argument(
        "--engine", type=Path, action="append", default=[], help="folder of an engine"
    )
    parser.add_argument("--out", type=Path, default=HERE / "dist")
    parser.add_argument("--dry-run", action="store_true", help="print the commands only")
    options = parser.parse_args()
    engines = [*options.engine, *(find_engine(version) for version in options.versions)]
    if not engines:
        parser.error("name a version, such as 5.4, or an --engine folder")
    for engine in engines:
        target = options.out / f"A2FWS-{version_of(engine)}"
        command = command_of(engine, target, is_windows=os.name == "nt")
        print(" ".join(command), flush=True)
        if not options.dry_run and (code := subprocess.run(command, check=False).returncode):
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
