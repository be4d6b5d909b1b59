"""Write what follows from the messages and the player, or tell what has drifted from them.

Usage: python protocol/generate.py [--check]

Writes MESSAGES.md, messages.schema.json, vectors/*.vec and vectors/clips/*.vec from `a2f_ws.wire`,
rig.schema.json in engines/ from `a2f_ws.rig`, and calls the playback generator beside it:
`generate_playback.write()` writes the expected values of vectors/playback/,
`generate_playback.check()` returns a line for every file that has drifted.
The hand-written vectors in accept/ and reject/ are never touched.
"""

import sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from generate_clips import clip_files
from generate_messages import messages_page
from generate_rig_schema import rig_schema_text
from generate_schema import schema_text
from generate_vectors import vector_files

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PLAYBACK = "generate_playback"


def generated() -> dict[Path, str]:
    """Every generated file and its text."""
    files = {
        HERE / "MESSAGES.md": messages_page(),
        HERE / "messages.schema.json": schema_text(),
        ROOT / "engines" / "rig.schema.json": rig_schema_text(),
    }
    for name, text in {**vector_files(), **clip_files()}.items():
        files[HERE / "vectors" / name] = text
    return files


def complaints(files: dict[Path, str]) -> list[str]:
    """One line for every file that is not what would be generated, or that nothing generates."""
    drifted = [
        path
        for path, text in files.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    drifted += [path for path in sorted((HERE / "vectors").glob("*.vec")) if path not in files]
    lines = [
        f"{path.relative_to(ROOT).as_posix()} has drifted: run python protocol/generate.py"
        for path in drifted
    ]
    if (HERE / f"{PLAYBACK}.py").is_file():
        lines += [f"protocol/vectors/playback/{line}" for line in import_module(PLAYBACK).check()]
    return lines


def write(files: dict[Path, str]) -> None:
    """Write every generated file and remove vectors that are no longer generated."""
    for path in (HERE / "vectors").glob("*.vec"):
        if path not in files:
            path.unlink()
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    if (HERE / f"{PLAYBACK}.py").is_file():
        import_module(PLAYBACK).write()


def main(arguments: list[str]) -> int:
    """Write, or with --check compare; 1 when something has drifted, 2 for other arguments."""
    if arguments not in ([], ["--check"]):
        print(f"found {' '.join(arguments)}, wanted nothing or --check", file=sys.stderr)
        return 2
    files = generated()
    if not arguments:
        write(files)
        return 0
    lines = complaints(files)
    for line in lines:
        print(line, file=sys.stderr)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
