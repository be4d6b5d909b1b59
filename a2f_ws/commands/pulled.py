"""Where pulled models lie, and which of them a name means."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from platformdirs import user_data_path

from a2f_ws.errors import ModelError

FOLDER_VARIABLE: Final = "A2F_MODELS"
RECORD: Final = "pulled.json"
"""Written into a model's folder when it is whole."""

VERSION: Final = re.compile(r"v?[0-9][0-9.]*")
KNOWN: Final = {
    "mark": "nvidia/Audio2Face-3D-v2.3-Mark",
    "claire": "nvidia/Audio2Face-3D-v2.3.1-Claire",
    "james": "nvidia/Audio2Face-3D-v2.3.1-James",
}
"""Short names of models on Hugging Face."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """A model that was pulled, whole.

    Attributes:
        repo: Its repository, "owner/name".
        revision: What was asked for, such as "main".
        commit: What that was then.
        licence: Name of its licence.
        bytes: Size of its files.
        path: Its folder.
    """

    repo: str
    revision: str
    commit: str
    licence: str
    bytes: int
    path: Path

    @property
    def names(self) -> tuple[str, ...]:
        """What it may be called, lower case, the shortest last.

        Its repository with and without owner, and the last word of that unless it is a version.
        """
        repo = self.repo.lower()
        name = repo.rpartition("/")[2]
        word = name.rpartition("-")[2]
        return (repo, name) if VERSION.fullmatch(word) else (repo, name, word)


def models_folder(named: str = "") -> Path:
    """The folder of pulled models: the one named, else A2F_MODELS, else the user's own."""
    text = named or os.environ.get(FOLDER_VARIABLE, "")
    return Path(text) if text else user_data_path("a2f-ws", appauthor=False) / "models"


def folder_of(repo: str, models: Path) -> Path:
    """Where a repository's files go; no symbolic links are needed."""
    return models / repo.replace("/", "--")


def pulled_models(models: Path) -> Iterator[Pulled]:
    """All whole models in a folder, by name."""
    for record in sorted(models.glob(f"*/{RECORD}")):
        one = read_record(record.parent)
        # A partial download never counts, whatever it contains.
        if one is not None and record.parent == folder_of(one.repo, models):
            yield one


def read_record(path: Path) -> Pulled | None:
    """What was pulled into a folder; None where that is nothing whole."""
    try:
        record: Any = json.loads((path / RECORD).read_text(encoding="utf-8"))
        files = record["files"]
        if any((path / name).stat().st_size != facts["bytes"] for name, facts in files.items()):
            return None
        return Pulled(
            repo=str(record["repo"]),
            revision=str(record["revision"]),
            commit=str(record["commit"]),
            licence=str(record["licence"]),
            bytes=sum(facts["bytes"] for facts in files.values()),
            path=path,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def pulled_path(name: str, models: Path) -> Path | None:
    """The folder of a pulled model.

    Args:
        name: Its repository or the last word of that, such as "mark"; case does not matter.
        models: Folder of pulled models.

    Returns:
        Its folder, or None where it was not pulled.

    Raises:
        ModelError: The name means several.
    """
    found = [one for one in pulled_models(models) if name.lower() in one.names]
    if len(found) > 1:
        repos = ", ".join(one.repo for one in found)
        raise ModelError(f"{name}: found {len(found)} pulled models, wanted one of {repos}")
    return found[0].path if found else None


def hint(name: str) -> str | None:
    """How to get a model that is known and was not pulled."""
    repos = {repo.lower(): repo for repo in KNOWN.values()}
    repo = KNOWN.get(name.lower()) or repos.get(name.lower())
    return None if repo is None else f"{name}: not pulled yet; run: a2f-ws models pull {repo}"
