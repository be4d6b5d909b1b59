"""`a2f-ws models pull`: a model from Hugging Face into the folder where `--model` looks."""

import json
import os
from pathlib import Path
from typing import Any, Final

import typer

from a2f_ws.commands.hub import Hub
from a2f_ws.commands.hub_files import Offer
from a2f_ws.commands.hub_names import COMMIT
from a2f_ws.commands.pulled import KNOWN, Pulled, folder_of, models_folder, read_record
from a2f_ws.commands.screen import err, out
from a2f_ws.errors import ConfigError
from a2f_ws.inference.emotion_bundle import is_emotion_bundle

REVISION: Final = "main"
ACCEPTED: Final = "licences.json"
"""Licences accepted so far, in the folder of pulled models."""

MIB: Final = 2**20


def run(name: str, *, revision: str, accepts_licence: bool, models_dir: str) -> None:
    """Pull a model and say how to serve it.

    Args:
        name: "owner/name", or a short name such as "mark".
        revision: Branch, tag or commit; "" = main.
        accepts_licence: True = nobody is asked.
        models_dir: Folder of pulled models, "" = the usual one.

    Raises:
        ConfigError: It cannot be had; the text says why.
    """
    models = models_folder(models_dir)
    repo, wanted = KNOWN.get(name.lower(), name), revision or REVISION
    there = read_record(folder_of(repo, models))
    if there is not None and COMMIT.fullmatch(wanted) and there.commit == wanted:
        _say_there(there)
        return
    hub = Hub()
    offer = hub.offer(repo, wanted)
    there = read_record(folder_of(offer.repo, models))
    if there is not None and there.commit == offer.commit:
        _say_there(there)
        return
    _settle_licence(offer, models, accepts=accepts_licence)
    err().print(
        f"{offer.repo} at {offer.commit[:12]}: {len(offer.files)} files,"
        f" {offer.bytes / MIB:.1f} MiB",
        soft_wrap=True,
    )
    pulled = hub.pull(offer, models)
    option = "--audio2emotion" if is_emotion_bundle(pulled.path) else "--model"
    out().print(
        f"{pulled.path}: pulled and verified; serve it with: a2f-ws serve {option}"
        f" {pulled.names[-1]}",
        soft_wrap=True,
    )


def _say_there(there: Pulled) -> None:
    text = f"{there.path}: {there.repo} at {there.commit[:12]} is there already"
    out().print(text, soft_wrap=True)


def _settle_licence(offer: Offer, models: Path, *, accepts: bool) -> None:
    """Ask once for each licence of a repository, and remember the answer.

    Raises:
        ConfigError: It was not accepted.
    """
    path = models / ACCEPTED
    accepted = _read(path)
    facts = {"licence": offer.licence, "url": offer.licence_url}
    if accepted.get(offer.repo) == facts:
        return
    named = f"the licence {offer.licence!r}" if offer.licence else "terms without a name"
    err().print(f"{offer.repo} comes under {named}: {offer.licence_url}", soft_wrap=True)
    if not accepts and not _is_accepted():
        raise ConfigError(f"{offer.repo}: its licence was not accepted; nothing was downloaded")
    _write(path, {**accepted, offer.repo: facts})


def _is_accepted() -> bool:
    try:
        return typer.confirm("Do you accept it?", default=False, err=True)
    except typer.Abort:
        raise ConfigError(
            "nobody is there to accept the licence; who has read it gives --accept-license"
        ) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        accepted = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return accepted if isinstance(accepted, dict) else {}


def _write(path: Path, accepted: dict[str, Any]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(accepted, indent=1), encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error}") from None
