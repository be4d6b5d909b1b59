"""Pages over HTTP: the studio with its head and clip, read when the server starts."""

from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Final

from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from a2f_ws.rig.table import bundled_folder
from a2f_ws.version import product_version
from a2f_ws.web.origin import is_allowed_origin
from a2f_ws.web.page import ASK, EVER, HTML, JSON, TEXT, Page, respond

PACKAGE: Final = Path(__file__).resolve().parent.parent
STUDIO: Final = PACKAGE / "_studio"
"""Where the built page lies, in a wheel as in a checkout."""

HEAD: Final = "head.glb"
"""The head that comes with the rig tables."""

SOURCES: Final = PACKAGE.parent / "browser_sample" / "studio"
"""What it is built from; a wheel does not have it."""

KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".flac": "audio/flac",
    ".glb": "model/gltf-binary",
    ".html": HTML,
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": JSON,
    ".map": JSON,
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": TEXT,
    ".wav": "audio/wav",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
UNKNOWN: Final = "application/octet-stream"

HASHED: Final = "/assets/"
HEALTH: Final = ("/healthz", "/readyz")
"""What may be asked under any name of this machine: it tells nothing."""

FACTS: Final = ("/info", "/metrics")
"""What tells of other clients: where authentication is wanted, it is here too."""

MISDIRECTED: Final = (
    "a2f-ws answers under the name localhost, under IP addresses, and under the host names"
    ' that are declared in its settings: origins = ["name"]\n'
)

REMEDY: Final = "this installation has no studio page; a wheel built after `make studio` has it"
REMEDY_HERE: Final = (
    "the studio page is not built yet; `make studio` builds it, with Node.js 20.19 or newer, and"
    " the next start serves it"
)


class Pages:
    """What is served beside the facts that the server tells about itself.

    Requests are looked up in a table of the files that were there at the start: no part of a
    request ever becomes the path of a file.

    Attributes:
        has_studio: The built page is there.
    """

    def __init__(self, studio: Path = STUDIO) -> None:
        """Read the files.

        Args:
            studio: Folder of the built page.

        Raises:
            ConfigError: The installation is incomplete.
        """
        files = dict(_files(studio)) | {
            f"/{HEAD}": bundled_folder() / HEAD,
            "/speech.flac": PACKAGE / "samples" / "speech.flac",
        }
        self._pages = {path: _read(file, path) for path, file in files.items() if file.is_file()}
        self.has_studio = "/" in self._pages

    async def answer(
        self, request: Request, *, names: Sequence[str], tell: Callable[[str], Page | None]
    ) -> Response:
        """The answer to a plain HTTP request.

        Args:
            request: What is asked.
            names: Host names of this server that the user has declared.
            tell: Gives the pages that the server writes on the spot, by path.
        """
        # Before its version 17 the library knows GET alone, and refuses the others itself.
        method = getattr(request, "method", "GET")
        page = self._find(request, names=names, tell=tell)
        if method not in ("GET", "HEAD"):
            text = f"{method}: found here are pages to read, by GET and HEAD\n"
            page = Page.told(text, status=HTTPStatus.METHOD_NOT_ALLOWED)
        response = await respond(page, request.headers)
        if page.status is HTTPStatus.METHOD_NOT_ALLOWED:
            response.headers["Allow"] = "GET, HEAD"
        if method == "HEAD":
            response.body = b""
        return response

    def _find(
        self, request: Request, *, names: Sequence[str], tell: Callable[[str], Page | None]
    ) -> Page:
        path = request.path.partition("?")[0]
        if path not in HEALTH and not is_own_host(request.headers, names):
            return Page.told(MISDIRECTED, status=HTTPStatus.MISDIRECTED_REQUEST)
        page = tell(path) or self._pages.get(path)
        if page is None and path == "/":
            is_page = "text/html" in ",".join(request.headers.get_all("Accept"))
            return Page.told(_without_studio(is_page), kind=HTML if is_page else TEXT)
        return page or Page.told(f"{path}: no such page\n", status=HTTPStatus.NOT_FOUND)


def remedy() -> str:
    """What to do where the studio is missing, in one sentence."""
    return REMEDY_HERE if SOURCES.is_dir() else REMEDY


def is_own_host(headers: Headers, names: Sequence[str]) -> bool:
    """Whether a request was meant for this server.

    Args:
        headers: Of the request.
        names: Host names that the user has declared.

    Returns:
        True when a page under the name in `Host` may also connect. A page of strangers whose
        name is bound anew to this machine comes with that name.
    """
    host = ",".join(headers.get_all("Host"))
    return is_allowed_origin(Headers({"Host": host, "Origin": f"http://{host}"}), names)


def _files(studio: Path) -> Iterator[tuple[str, Path]]:
    """The files of the studio by the path under which they are served."""
    for file in studio.rglob("*"):
        inside = file.relative_to(studio)
        if not any(part.startswith(".") for part in inside.parts):
            path = f"/{inside.as_posix()}"
            yield ("/" if path == "/index.html" else path), file


def _read(file: Path, path: str) -> Page:
    kind = KINDS.get(file.suffix.lower(), UNKNOWN)
    return Page(file.read_bytes(), kind=kind, keep=EVER if path.startswith(HASHED) else ASK)


def _without_studio(is_page: bool) -> str:
    text = f"a2f-ws {product_version()} is running; {remedy()}."
    if not is_page:
        return f"{text}\n"
    return (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>a2f-ws</title>\n'
        f"<h1>a2f-ws</h1>\n<p>{text.replace('`', '')}</p>\n</html>\n"
    )
