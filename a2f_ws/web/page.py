"""One answer over HTTP: its body, how long it is kept, what shields the page from strangers."""

import asyncio
import gzip
from email.utils import formatdate
from hashlib import blake2b
from http import HTTPStatus
from typing import Final

from websockets.datastructures import Headers
from websockets.http11 import Response

TEXT: Final = "text/plain; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"
JSON: Final = "application/json; charset=utf-8"
SHIELD: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
        " connect-src 'self' blob: data:; media-src 'self' blob:; worker-src 'self';"
        " font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of every answer: a page may load and talk to what is here, and to nothing else.

None that browsers complain about where the page comes over plain http from another machine.
"""

NEVER: Final = "no-store"
ASK: Final = "no-cache"
EVER: Final = "public, max-age=31536000, immutable"
"""How long an answer may be kept: not at all; as long as it is asked for again; for a year,
since the name of the file changes with its contents."""

WORTH: Final = 0.9
"""A page is sent compressed when that takes less than this part of its size (ours)."""


class Page:
    """One answer.

    Attributes:
        body: What is sent to those who do not take gzip.
        kind: Its media type.
        keep: `Cache-Control`: NEVER, ASK or EVER.
        status: Status code.
        tag: Changes with the body; the two forms of it have tags of their own.
    """

    def __init__(
        self, body: bytes, *, kind: str, keep: str, status: HTTPStatus = HTTPStatus.OK
    ) -> None:
        self.body, self.kind, self.keep, self.status = body, kind, keep, status
        self.tag = blake2b(body, digest_size=8).hexdigest()
        self._zipped: bytes | None = None
        self._zipping = asyncio.Lock()

    @classmethod
    def told(cls, text: str, *, kind: str = TEXT, status: HTTPStatus = HTTPStatus.OK) -> "Page":
        """A text that holds for this moment."""
        return cls(text.encode(), kind=kind, keep=NEVER, status=status)

    async def zipped(self) -> bytes | None:
        """The body under gzip, computed once and beside the event loop; None = not worth it."""
        async with self._zipping:
            if self._zipped is None:
                self._zipped = await asyncio.to_thread(gzip.compress, self.body, mtime=0)
        return self._zipped if len(self._zipped) < WORTH * len(self.body) else None


async def respond(page: Page, asked: Headers) -> Response:
    """The page in the form that the request asks for, or the word that it has not changed."""
    headers = Headers(SHIELD | {"Date": formatdate(usegmt=True), "Connection": "close"})
    headers["Cache-Control"] = page.keep
    body, tag = page.body, page.tag
    if page.keep != NEVER:
        zipped = await page.zipped() if _takes_gzip(asked) else None
        if zipped is not None:
            body, tag = zipped, f"{tag}-gzip"
        headers["Vary"] = "Accept-Encoding"
        headers["ETag"] = f'"{tag}"'
        if _knows(asked, tag):
            status = HTTPStatus.NOT_MODIFIED
            return Response(status.value, status.phrase, headers)
        if zipped is not None:
            headers["Content-Encoding"] = "gzip"
    headers["Content-Type"] = page.kind
    headers["Content-Length"] = str(len(body))
    return Response(page.status.value, page.status.phrase, headers, body)


def _knows(asked: Headers, tag: str) -> bool:
    """Whether `If-None-Match` has the tag, compared weakly (RFC 9110 §13.1.2)."""
    known = [word.strip() for word in ",".join(asked.get_all("If-None-Match")).split(",")]
    return "*" in known or f'"{tag}"' in [word.removeprefix("W/") for word in known]


def _takes_gzip(asked: Headers) -> bool:
    """Whether `Accept-Encoding` has gzip, with a weight above zero (RFC 9110 §12.5.3)."""
    for word in ",".join(asked.get_all("Accept-Encoding")).lower().split(","):
        name, _, weight = word.replace(" ", "").partition(";q=")
        if name == "gzip":
            return weight.strip("0.") != "" or weight == ""
    return False
