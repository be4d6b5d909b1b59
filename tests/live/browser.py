"""A built page for tests, a server that has it, and a browser that asks for it."""

import asyncio
import http.client
import os
from contextlib import asynccontextmanager

from a2f_ws.catalog import Catalog
from a2f_ws.model import Model
from a2f_ws.rig.table import load_rigs
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from a2f_ws.web.pages import Pages
from tests.live.conftest import hosted
from tests.live.raw import WAIT_S

MEGABYTE = 1 << 20
NOISE = os.urandom(12 * MEGABYTE)
"""More than the two ends of a socket hold between them."""

INDEX = b'<!doctype html><title>studio</title><script src="/assets/app-1a2b.js"></script>\n'
SCRIPT = b"export const face = 1;\n" * 400
FILES = {
    "index.html": INDEX,
    "assets/app-1a2b.js": SCRIPT,
    "assets/app-1a2b.css": b"body { color: white }\n",
    "assets/noise-3c4d.bin": NOISE,
    "worklet/capture.mjs": b"registerProcessor();\n",
    "icon.svg": b"<svg/>",
    ".vite/manifest.json": b"{}",
}


def lay_out(folder):
    """Files such as a build leaves them, and beside their folder one that is not for pages."""
    studio = folder / "studio"
    for name, body in FILES.items():
        file = studio / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    (folder / "secret.txt").write_text("not for pages", "utf-8")
    return studio


@asynccontextmanager
async def site(scripted, folder, **settings):
    """A running server with the page of a folder."""
    catalog = Catalog([Model("embedded", scripted)], load_rigs())
    server = Server(catalog, Settings(port=0, **settings), pages=Pages(folder))
    async with hosted(server):
        yield server


def ask(server, path, *, method="GET", **headers):
    """Status, headers and body of a request, by Python's own client."""
    browser = http.client.HTTPConnection("127.0.0.1", server.port, timeout=WAIT_S)
    try:
        browser.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
        for name, value in headers.items():
            browser.putheader(name.replace("_", "-"), value)
        browser.endheaders()
        response = browser.getresponse()
        return response.status, response.headers, response.read()
    finally:
        browser.close()


async def fetch(server, path, **how):
    return await asyncio.to_thread(ask, server, path, **how)
