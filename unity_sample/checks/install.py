"""Installs the package into an empty project tree as Unity does, as far as files go.

    python install.py "GIT?path=/unity_sample/Packages/com.a2fws.client#REVISION" FOLDER

Clones the address, takes what lies at `path`, and writes `Packages/manifest.json` and a copy
below `Library/PackageCache`. Unity itself is not run: what is found out is whether the package
is whole as git has it, and this is said line by line.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

ENGINE_ASSEMBLIES: Final = {"VRM", "VRM10"}
"""Assemblies that packages of others bring; what refers to them stands behind a define."""
HIDDEN: Final = re.compile(r"(^|/)(\.[^/]*|[^/]*~)(/|$)")


def main(arguments: list[str]) -> int:
    """Install, then look at what came; 1 = something is wrong."""
    address, folder = arguments
    with TemporaryDirectory() as place:
        package = fetch(address, Path(place))
        told = json.loads((package / "package.json").read_text("utf-8"))
        complaints = list(faults(package, told))
        cache = Path(folder) / "Library" / "PackageCache" / f"{told['name']}@{told['version']}"
        shutil.copytree(package, cache)
    manifest = Path(folder) / "Packages" / "manifest.json"
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text(json.dumps({"dependencies": {told["name"]: address}}, indent=2) + "\n")
    (Path(folder) / "Assets").mkdir(exist_ok=True)
    for complaint in complaints:
        print(complaint)
    print(
        f"{told['name']} {told['version']}: {len(list(cache.rglob('*')))} files,"
        f" {len(complaints)} complaints"
    )
    return int(bool(complaints))


def fetch(address: str, place: Path) -> Path:
    """Where the package lies in a clone of its repository."""
    found = re.fullmatch(r"(?P<git>[^?#]+)(\?path=(?P<path>[^#]+))?(#(?P<at>.+))?", address)
    if found is None:
        raise SystemExit(f"found the address {address}, wanted GIT?path=FOLDER#REVISION")
    clone = ["git", "clone", "--quiet", "--depth", "1"]
    revision = ["--branch", found["at"]] if found["at"] else []
    subprocess.run([*clone, *revision, found["git"], str(place / "clone")], check=True)
    package = place / "clone" / (found["path"] or "").strip("/")
    if not (package / "package.json").exists():
        raise SystemExit(f"found no package.json at {found['path']}")
    return package


def faults(package: Path, told: dict[str, Any]) -> list[str]:
    """What is wrong with the files of a package."""
    return [*manifest_faults(package, told), *meta_faults(package), *assembly_faults(package)]


def manifest_faults(package: Path, told: dict[str, Any]) -> list[str]:
    """What is wrong with `package.json`."""
    complaints = []
    if not re.fullmatch(r"[a-z0-9]+(\.[a-z0-9-]+){2,}", told["name"]):
        complaints.append(f"package.json: name {told['name']}")
    if not re.fullmatch(r"\d+\.\d+\.\d+(-[a-z0-9.]+)?", told["version"]):
        complaints.append(f"package.json: version {told['version']}")
    if not re.fullmatch(r"\d{4}\.\d", told["unity"]):
        complaints.append(f"package.json: unity {told['unity']}")
    for sample in told.get("samples", []):
        if not (package / sample["path"]).is_dir():
            complaints.append(f"package.json: no folder {sample['path']}")
    for needed in ("README.md", "CHANGELOG.md", "LICENSE.md", "Documentation~"):
        if not (package / needed).exists():
            complaints.append(f"no {needed}")
    return complaints


def meta_faults(package: Path) -> list[str]:
    """Files without a `.meta`, `.meta` files without a file, and GUIDs that are there twice."""
    complaints = []
    guids: dict[str, str] = {}
    for path in sorted(package.rglob("*")):
        name = path.relative_to(package).as_posix().replace("Samples~/", "Samples/")
        if HIDDEN.search(name) or path.name == "Samples~":
            continue
        if path.suffix == ".meta":
            if not path.with_suffix("").exists():
                complaints.append(f"{name}: belongs to no file")
            (guid,) = re.findall(r"^guid: ([0-9a-f]{32})$", path.read_text("utf-8"), re.MULTILINE)
            if guid in guids:
                complaints.append(f"{name}: has the GUID of {guids[guid]}")
            guids[guid] = name
        elif not path.with_name(path.name + ".meta").exists():
            complaints.append(f"{name}: has no .meta")
    return complaints


def assembly_faults(package: Path) -> list[str]:
    """Scripts without an assembly, and references to assemblies that nobody brings."""
    told = {path: json.loads(path.read_text("utf-8")) for path in package.rglob("*.asmdef")}
    names = {one["name"] for one in told.values()}
    complaints = []
    for path, one in told.items():
        foreign = set(one["references"]) - names
        if foreign - ENGINE_ASSEMBLIES:
            complaints.append(f"{path.name}: refers to {sorted(foreign)}")
        if foreign and not one["defineConstraints"]:
            complaints.append(f"{path.name}: refers to {sorted(foreign)} without a define")
        if path.stem != one["name"]:
            complaints.append(f"{path.name}: is called {one['name']}")
    homes = {path.parent for path in told}
    for script in package.rglob("*.cs"):
        if not any(folder in homes for folder in script.parents):
            complaints.append(f"{script.relative_to(package)}: belongs to no assembly")
    return complaints


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
