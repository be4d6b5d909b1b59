"""What can be checked of the Unreal plugin's glue without Unreal: a syntax check, and rules."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2] / "unreal_sample"
PLUGIN = ROOT / "Plugins" / "A2FWS"
STUBS = ROOT / "tests" / "stubs"
ENGINES = (504, 508)
"""The oldest and the newest Unreal that the stubs speak for: 5.4 and 5.8."""

MODULES = {
    "A2FWS": PLUGIN / "Source" / "A2FWS",
    "A2FWSEditor": PLUGIN / "Source" / "A2FWSEditor",
    "A2FSample": ROOT / "Source" / "A2FSample",
}
PLAIN = ("Core", "Client", "Head")
"""Folders of plain C++ without the engine; their own tests compile them for real."""

FLAGS = (
    "-std=c++20",
    "-fsyntax-only",
    "-Wall",
    "-Wextra",
    "-Wshadow",
    "-Werror",
    "-fno-exceptions",
    "-fno-rtti",
)
QUIET = (
    "-Wno-unused-parameter",
    "-Wno-undefined-inline",
    "-Wno-unused-variable",
    "-Wno-subobject-linkage",
)
TYPE = re.compile(r"^(?:class|struct) (?:A2FWS_API )?(\w+)(?: final)? : public (\w+)", re.MULTILINE)
INCLUDE = re.compile(r'^#include ["<]([^">]+)[">]', re.MULTILINE)


def glue_files(module: str) -> list[Path]:
    """C++ of a module that includes the engine, sources and headers."""
    files = sorted(p for p in MODULES[module].rglob("*") if p.suffix in {".cpp", ".h"})
    return [p for p in files if not set(p.relative_to(MODULES[module]).parts) & set(PLAIN)]


def include_table() -> list[tuple[str, str, str]]:
    """Include of the engine's, header that stands for it, module that has it."""
    lines = (STUBS / "includes.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return [(name, stub, module) for name, stub, module in rows]


def make_includes(folder: Path) -> None:
    """Write what the engine's headers and its header tool would give."""
    for name, stub, _ in include_table():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'#pragma once\n#include "{STUBS / stub}"\n', encoding="utf-8")
    for module in MODULES:
        for header in glue_files(module):
            if f'"{header.stem}.generated.h"' in header.read_text(encoding="utf-8"):
                generated = folder / f"{header.stem}.generated.h"
                generated.write_text(generated_body(header), encoding="utf-8")


def generated_body(header: Path) -> str:
    """The macro that the header tool fills in, for the one type of a header: its base class."""
    found = TYPE.search(header.read_text(encoding="utf-8"))
    if found is None:
        return "#pragma once\n"
    parent = found.group(2)
    body = f"public: using Super = {parent}; static UClass* StaticClass(); friend struct FStubNone;"
    if found.group(1).startswith("U") or found.group(1).startswith("A"):
        body += " private:"
    return f"#pragma once\n#undef GENERATED_BODY\n#define GENERATED_BODY() {body}\n"


def syntax_errors(
    module: str, *, engine: int, folder: Path, tail: str = "", flag: str = "-g0"
) -> str:
    """What the compiler says of all files of a module in one unit, against the stubs; "" = nothing.

    Args:
        module: One of MODULES.
        engine: One of ENGINES.
        folder: Where `make_includes` has written.
        tail: C++ that is compiled behind the headers alone, in place of the sources.
        flag: One more for the compiler.
    """
    suffix = ".h" if tail else ".cpp"
    sources = [p for p in glue_files(module) if p.suffix == suffix]
    unit = folder / f"{module}_{engine}.cpp"
    lines = [f'#include "{path}"' for path in sources]
    unit.write_text("\n".join([*lines, tail, ""]), encoding="utf-8")
    base = MODULES["A2FWS"]
    places = [folder, MODULES[module], MODULES[module] / "Private", base / "Public"]
    command = [
        "g++",
        *FLAGS,
        *QUIET,
        flag,
        f"-DA2F_ENGINE={engine}",
        *(f"-I{place}" for place in places),
        str(unit),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return done.stderr if done.returncode else ""


def unknown_includes(module: str) -> list[str]:
    """Includes of the engine's that no stub stands for."""
    engine = {name for name, _, _ in include_table()}
    known = {*engine, *(p.name for name in MODULES for p in MODULES[name].rglob("*.h"))}
    found: set[str] = set()
    for path in glue_files(module):
        for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
            is_ours = name.endswith(".generated.h") or name.split("/")[0] in PLAIN
            if "." in name and name not in known and not is_ours:
                found.add(f"{path.name}: {name}")
    return sorted(found)


def build_modules(module: str) -> set[str]:
    """Modules that a Build.cs names, of both kinds."""
    text = (MODULES[module] / f"{module}.Build.cs").read_text(encoding="utf-8")
    lists = re.findall(r"DependencyModuleNames\.AddRange\(new string\[\]\s*\{([^}]*)\}", text)
    return set(re.findall(r'"(\w+)"', " ".join(lists)))


def needed_modules(module: str) -> set[str]:
    """Modules whose headers the glue of a module includes."""
    has = {name: owner for name, _, owner in include_table()}
    texts = [path.read_text(encoding="utf-8") for path in glue_files(module)]
    return {has[name] for text in texts for name in INCLUDE.findall(text) if name in has}


def plain_files() -> list[Path]:
    """The C++ without the engine."""
    places = [MODULES["A2FWS"] / "Private", MODULES["A2FSample"]]
    return sorted(p for place in places for name in PLAIN for p in (place / name).glob("*.[ch]*"))


def code_of(path: Path) -> str:
    """A file of C++ without comments and texts."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r'"(?:\\.|[^"\\])*"', '""', text)


def read_json(path: Path) -> Any:
    """A descriptor of Unreal's."""
    return json.loads(path.read_text(encoding="utf-8"))
