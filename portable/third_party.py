"""The notices that go along with what is bundled."""

import re
import sysconfig
from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import Path
from typing import Final

NOTICE: Final = re.compile(r"(licen[cs]e|copying|notice|third-?party)", re.IGNORECASE)
"""What files with terms are called."""

CODE: Final = frozenset({".py", ".pyc", ".pyi", ".so", ".pyd", ".dll"})
LINE: Final = "=" * 100
LIBRARIES: Final = {
    "api-ms-": "Windows, by Microsoft",
    "libbz2": "bzip2: bzip2-1.0.6",
    "libcrypto": "OpenSSL: Apache-2.0",
    "libexpat": "Expat: MIT",
    "libffi": "libffi: MIT",
    "libgcc_s": "GCC: GPL-3.0-or-later with the GCC Runtime Library Exception",
    "libgfortran": "GCC: GPL-3.0-or-later with the GCC Runtime Library Exception",
    "liblzma": "XZ Utils: 0BSD",
    "libpython": "Python: PSF-2.0",
    "libquadmath": "GCC: LGPL-2.1-or-later",
    "libscipy_openblas": "OpenBLAS: BSD-3-Clause",
    "libsndfile": "libsndfile: LGPL-2.1-or-later",
    "libssl": "OpenSSL: Apache-2.0",
    "libstdc++": "GCC: GPL-3.0-or-later with the GCC Runtime Library Exception",
    "libuuid": "libuuid of util-linux: BSD-3-Clause",
    "libz": "zlib: Zlib",
    "msvcp": "Visual C++ runtime, by Microsoft",
    "python": "Python: PSF-2.0",
    "sqlite": "SQLite: public domain",
    "ucrtbase": "Windows, by Microsoft",
    "vcruntime": "Visual C++ runtime, by Microsoft",
}
"""Shared libraries by how their files begin, and the terms that their projects state."""


def notices(packages: list[Distribution], folder: Path) -> str:
    """The whole file.

    Args:
        packages: What is bundled; the product itself is left out.
        folder: Where the bundle is, for the shared libraries in it.
    """
    parts = [
        "What this folder has of others, and under which terms. First the list, then every text.\n",
        *(f"{_title(one)}: {_terms(one)}, {_home(one)}" for one in packages),
        "Python and its standard library: PSF-2.0, https://www.python.org/",
        "\nShared libraries, each a file of its own that may be replaced:\n",
        *_libraries(folder),
        *(f"\n{LINE}\n{title}\n{LINE}\n\n{body}" for title, body in _texts(packages)),
    ]
    return "\n".join(parts) + "\n"


def _title(package: Distribution) -> str:
    return f"{package.metadata['Name']} {package.version}"


def _terms(package: Distribution) -> str:
    """The licence as the package states it, in one line."""
    classes = [
        line.rpartition(":: ")[2]
        for line in _told(package, "Classifier")
        if line.startswith("License ::")
    ]
    (modern, old) = (_told(package, key)[0] for key in ("License-Expression", "License"))
    return modern or ", ".join(classes) or old.strip().partition("\n")[0] or "see its text"


def _told(package: Distribution, key: str) -> list[str]:
    """What the metadata say under a key; one empty text if nothing."""
    return package.metadata.get_all(key) or [""]


def _home(package: Distribution) -> str:
    return f"https://pypi.org/project/{package.metadata['Name']}/{package.version}/"


def _libraries(folder: Path) -> Iterator[str]:
    """The shared libraries that are not modules of Python, with their terms."""
    names = {path.name for path in folder.rglob("*") if _is_library(path)}
    for name in sorted(names):
        terms = next(
            (terms for start, terms in LIBRARIES.items() if name.lower().startswith(start)),
            "part of a package above",
        )
        yield f"{name}: {terms}"


def _is_library(path: Path) -> bool:
    is_shared = bool(re.search(r"\.(so|dll|dylib)(\.|$)", path.name))
    return is_shared and not re.search(r"\.(cpython|abi3|cp\d)", path.name)


def _texts(packages: list[Distribution]) -> Iterator[tuple[str, str]]:
    """Title and text of every file with terms."""
    for package in packages:
        for file in package.files or ():
            path = Path(str(package.locate_file(file)))
            is_notice = NOTICE.search(path.name) and path.suffix not in CODE
            if is_notice and path.is_file():
                body = path.read_text(encoding="utf-8", errors="replace")
                yield f"{_title(package)}: {path.name}", body.strip()
    for name in ("LICENSE.txt", "LICENSE"):
        path = Path(sysconfig.get_path("stdlib")) / name
        if path.is_file():
            yield "Python", path.read_text(encoding="utf-8", errors="replace").strip()
            return
    yield "Python", "https://docs.python.org/3/license.html"
