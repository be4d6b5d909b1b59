"""Writes the `.meta` file of every file and folder that Unity imports from this project.

Unity knows an asset by the GUID in its `.meta` file. Here it follows from the path alone (UUID 5
of the path below `unity_sample/`), so that it is the same on every machine, and the same after a
file was lost and made again.

    python make_meta.py            writes what is missing, removes what belongs to nothing
    python make_meta.py --check    says what it would do, and fails where that is anything
"""

import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parent
ROOTS: Final = ("Assets", "Packages/com.a2fws.client")
SPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "a2f-ws/unity_sample")

SAMPLES: Final = "Samples~"

IMPORTERS: Final = {
    ".cs": "MonoImporter",
    ".asmdef": "AssemblyDefinitionImporter",
    ".json": "TextScriptImporter",
    ".md": "TextScriptImporter",
    ".xml": "TextScriptImporter",
    ".txt": "TextScriptImporter",
    ".bytes": "TextScriptImporter",
    ".jslib": "PluginImporter",
    ".wav": "AudioImporter",
}
BODIES: Final = {
    "MonoImporter": (
        "  serializedVersion: 2\n  defaultReferences: []\n  executionOrder: 0\n"
        "  icon: {{instanceID: 0}}\n"
    ),
    "PluginImporter": (
        "  serializedVersion: 2\n  iconMap: {{}}\n  executionOrder: {{}}\n  defineConstraints: []\n"
        "  isPreloaded: 0\n  isOverridable: 0\n  isExplicitlyReferenced: 0\n"
        "  validateReferences: 1\n  platformData:\n"
        "  - first:\n      Any: \n    second:\n      enabled: 0\n      settings: {{}}\n"
        "  - first:\n      Editor: Editor\n    second:\n      enabled: 0\n      settings:\n"
        "        DefaultValueInitialized: true\n"
        "  - first:\n      WebGL: WebGL\n    second:\n      enabled: 1\n      settings: {{}}\n"
    ),
    "AudioImporter": (
        "  externalObjects: {{}}\n  serializedVersion: 6\n  defaultSettings:\n    loadType: 0\n"
        "    sampleRateSetting: 0\n    sampleRateOverride: 44100\n    compressionFormat: 0\n"
        "    quality: 1\n    conversionMode: 0\n  platformSettingOverrides: {{}}\n"
        "  forceToMono: 0\n  normalize: 0\n  preloadAudioData: 1\n  loadInBackground: 0\n"
        "  ambisonic: 0\n  3D: 1\n"
    ),
}


def main(arguments: list[str]) -> int:
    """Write the files, or say what differs; 1 = with `--check` something did."""
    wanted = {meta: text for root in ROOTS for meta, text in metas(PROJECT / root)}
    differing = [path for path, text in wanted.items() if found(path) != text]
    strangers = [
        path for root in ROOTS for path in (PROJECT / root).rglob("*.meta") if path not in wanted
    ]
    if "--check" in arguments:
        for path in differing:
            print(f"{path}: missing or not as make_meta.py writes it")
        for path in strangers:
            print(f"{path}: belongs to no file")
        return int(bool(differing or strangers))
    for path in differing:
        path.write_text(wanted[path], encoding="utf-8", newline="\n")
    for path in strangers:
        path.unlink()
    return 0


def found(path: Path) -> str | None:
    """What a file says, None where there is none."""
    return path.read_text("utf-8") if path.exists() else None


def metas(root: Path) -> Iterator[tuple[Path, str]]:
    """Every `.meta` file below a folder that Unity imports, and what it says.

    The root of a package has none: its GUID is that of its name. Names that begin with a dot or
    end with a tilde are not imported, but what is in `Samples~` is copied into projects together
    with its `.meta` files.
    """
    for path in sorted(root.rglob("*")):
        inside = [part for part in path.relative_to(root).parts if part != SAMPLES]
        is_outside = path.name == SAMPLES or any(is_hidden(part) for part in inside)
        if path.suffix == ".meta" or is_outside:
            continue
        yield path.with_name(path.name + ".meta"), meta(path)


def is_hidden(name: str) -> bool:
    """Whether Unity passes a name by."""
    return name.startswith(".") or name.endswith("~")


def meta(path: Path) -> str:
    """What the `.meta` file of a file or folder says."""
    place = path.relative_to(PROJECT).as_posix()
    guid = uuid.uuid5(SPACE, place).hex
    importer = IMPORTERS.get(path.suffix, "DefaultImporter")
    body = BODIES.get(importer, "  externalObjects: {{}}\n")
    is_folder = "folderAsset: yes\n" if path.is_dir() else ""
    if path.is_dir():
        importer, body = "DefaultImporter", "  externalObjects: {{}}\n"
    told = body.format()
    return (
        f"fileFormatVersion: 2\nguid: {guid}\n{is_folder}{importer}:\n{told}"
        "  userData: \n  assetBundleName: \n  assetBundleVariant: \n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
