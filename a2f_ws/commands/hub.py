"""A model's files from Hugging Face's hub into a folder: resumed, verified, whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from a2f_ws.commands.hub_files import (
    Capped,
    Offer,
    RemoteFile,
    check_room,
    complete,
    content_hash,
    place_of,
    put_back,
    wanted_files,
)
from a2f_ws.commands.hub_names import check_offer
from a2f_ws.commands.pull_lock import alone
from a2f_ws.commands.pulled import Pulled, folder_of, read_record
from a2f_ws.errors import ConfigError

ENDPOINT: Final = "https://huggingface.co"
NEEDED: Final = "model.json"
MISSING: Final = 'models are pulled with huggingface-hub: pip install "a2f-ws[hub]"'


class Hub:
    """Hugging Face's hub, or another one with the same interface.

    Attributes:
        endpoint: Its address.
    """

    def __init__(self, endpoint: str = "") -> None:
        """Prepare; nothing is sent yet.

        Args:
            endpoint: Its address; "" = that in the environment variable HF_ENDPOINT, else
                huggingface.co.

        Raises:
            ConfigError: The library is missing.
        """
        self.endpoint = (endpoint or os.environ.get("HF_ENDPOINT") or ENDPOINT).rstrip("/")
        try:
            import huggingface_hub
        except ImportError:
            raise ConfigError(MISSING) from None
        self._hub: Any = huggingface_hub

    def offer(self, repo: str, revision: str) -> Offer:
        """What there is.

        Args:
            repo: The repository, "owner/name".
            revision: Branch, tag or commit.

        Raises:
            ConfigError: It cannot be reached, there is no such thing, or it is no model of ours.
        """
        with self._explaining(repo, revision):
            info = self._hub.HfApi(endpoint=self.endpoint).model_info(
                repo, revision=revision, files_metadata=True
            )
        check_offer(info.id or repo, info.sha)
        files = tuple(wanted_files(info.siblings or (), repo))
        if NEEDED not in [file.name for file in files]:
            raise ConfigError(f"{repo}: found no {NEEDED}, wanted the files of a model")
        licence, url = self._licence(info, repo)
        return Offer(
            repo=info.id or repo,
            revision=revision,
            commit=info.sha,
            licence=licence,
            licence_url=url,
            files=files,
        )

    def pull(self, offer: Offer, models: Path) -> Pulled:
        """Download what is not there yet; a pull that was interrupted goes on.

        Args:
            offer: What to pull.
            models: Folder of pulled models.

        Raises:
            ConfigError: It cannot be reached or written, a file is not what it has to be, or
                another pull of it is running.
        """
        target = folder_of(offer.repo, models)
        try:
            models.mkdir(parents=True, exist_ok=True)
            with alone(offer.repo, target=target):
                put_back(target)
                self._pull(offer, target)
        except OSError as error:
            raise ConfigError(f"{target}: cannot be written: {error}") from None
        pulled = read_record(target)
        if pulled is None:
            raise ConfigError(f"{target}: found other files than were written, wanted those")
        return pulled

    def _pull(self, offer: Offer, target: Path) -> None:
        there = read_record(target)
        if there is not None and there.commit == offer.commit:
            return  # Another pull has ended meanwhile.
        partial = target.with_name(f"{target.name}.partial-{offer.commit[:12]}")
        partial.mkdir(exist_ok=True)
        check_room(offer, partial)
        for file in offer.files:
            self._fetch(offer, file, folder=partial)
        complete(offer, partial, target=target)

    def _fetch(self, offer: Offer, file: RemoteFile, *, folder: Path) -> None:
        """Bring one file, unless it is there, and compare it with what the hub says of it."""
        path = place_of(file, folder)
        if path.is_file() and path.stat().st_size == file.bytes:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        with self._explaining(offer.repo, offer.revision):
            self._download_on(offer, file, part=part)
        found = content_hash(part, is_large=file.sha256 is not None)
        if found != file.hash:
            part.unlink()
            raise ConfigError(
                f"{offer.repo}: {file.name}: found content {found[:16]}…, wanted"
                f" {file.hash[:16]}…: it was damaged on its way and is removed; pull again"
            )
        part.replace(path)

    def _download_on(self, offer: Offer, file: RemoteFile, *, part: Path) -> None:
        """Download, again after every break that left more than there was before."""
        there = part.stat().st_size if part.exists() else 0
        while True:
            try:
                return self._download(offer, file, part=part)
            except (_network_fault(), OSError):
                size = part.stat().st_size if part.exists() else 0
                if size <= there:
                    raise
                there = size

    def _download(self, offer: Offer, file: RemoteFile, *, part: Path) -> None:
        """Add to a file what it still lacks.

        The hub's library has no download that outlives its process, so this is its innermost one.
        """
        from huggingface_hub.file_download import http_get

        url = self._hub.hf_hub_url(
            offer.repo, file.name, revision=offer.commit, endpoint=self.endpoint
        )
        location = self._hub.get_hf_file_metadata(url).location
        headers = self._hub.utils.build_hf_headers()
        if urlsplit(location).netloc != urlsplit(url).netloc:
            # A signed address of another host: the token is none of its business.
            headers.pop("authorization", None)
        if part.exists() and part.stat().st_size > file.bytes:
            part.unlink()
        with Capped(part, file) as target:
            try:
                http_get(
                    location,
                    target,
                    resume_size=part.stat().st_size,
                    headers=headers,
                    expected_size=file.bytes,
                    displayed_filename=file.name,
                )
            except self._hub.errors.HfHubHTTPError as error:
                if error.response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                    target.truncate(0)
                raise

    def _licence(self, info: Any, repo: str) -> tuple[str, str]:  # noqa: ANN401 - the hub's own
        page = f"{self.endpoint}/{repo}"
        card: Any = info.card_data
        facts = card.to_dict() if card is not None else {}
        name = facts.get("license_name") or facts.get("license") or ""
        link = str(facts.get("license_link") or "").strip()
        if link and "://" not in link:
            link = f"{page}/blob/main/{link}"
        return str(name), link or page

    @contextmanager
    def _explaining(self, repo: str, revision: str) -> Iterator[None]:
        """Say in our words what the hub refuses."""
        from huggingface_hub import errors

        page = f"{self.endpoint}/{repo}"
        try:
            yield
        except errors.GatedRepoError:
            raise ConfigError(
                f"{repo}: its owner lets in only who has asked: accept the terms at {page} with an"
                f" account, make a token at {self.endpoint}/settings/tokens, and set HF_TOKEN to it"
            ) from None
        except errors.RevisionNotFoundError:
            raise ConfigError(f"{repo}: found no revision {revision!r}; see {page}") from None
        except errors.RepositoryNotFoundError:
            raise ConfigError(
                f"{repo}: found no such repository at {self.endpoint}; a private one needs the"
                " environment variable HF_TOKEN"
            ) from None
        except errors.HFValidationError as error:
            raise ConfigError(f"{repo}: wanted OWNER/NAME: {_line(error)}") from None
        except (_network_fault(), OSError) as error:
            raise ConfigError(
                f"{repo}: {self.endpoint} cannot be reached or broke off: {_line(error)}; what"
                " has come is kept, and the next pull goes on from there"
            ) from None


def _network_fault() -> type[Exception]:
    """What a lost connection raises: an error of httpx or requests, as the hub's version has it."""
    from huggingface_hub import errors

    fault: type[Exception] = errors.HfHubHTTPError.__bases__[0]
    return fault


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
