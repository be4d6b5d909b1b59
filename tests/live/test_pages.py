"""The studio over HTTP: what is served, and in which form."""

import gzip
from pathlib import Path

import pytest
from websockets.http11 import Request

from a2f_ws.catalog import Catalog
from a2f_ws.commands.serve import announcement
from a2f_ws.model import Model
from a2f_ws.rig.table import bundled_folder, load_rigs
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from a2f_ws.web.pages import STUDIO, Pages, remedy
from tests.live.browser import FILES, INDEX, NOISE, SCRIPT, fetch, site
from tests.live.raw import witness

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("path", "file", "kind"),
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/?server=here", "index.html", "text/html; charset=utf-8"),
        ("/assets/app-1a2b.js", "assets/app-1a2b.js", "text/javascript; charset=utf-8"),
        ("/assets/app-1a2b.css", "assets/app-1a2b.css", "text/css; charset=utf-8"),
        ("/worklet/capture.mjs", "worklet/capture.mjs", "text/javascript; charset=utf-8"),
        ("/icon.svg", "icon.svg", "image/svg+xml"),
        ("/assets/noise-3c4d.bin", "assets/noise-3c4d.bin", "application/octet-stream"),
    ],
)
async def test_the_files_of_the_studio_are_served_as_they_are(place, *, path, file, kind):
    status, headers, body = await fetch(place, path)
    assert (status, headers["Content-Type"], body == FILES[file]) == (200, kind, True)
    assert int(headers["Content-Length"]) == len(body)


async def test_the_clip_and_the_head_come_with_the_server(place):
    status, headers, body = await fetch(place, "/speech.flac")
    clip = ROOT / "a2f_ws" / "samples" / "speech.flac"
    assert (status, headers["Content-Type"]) == (200, "audio/flac")
    assert body == clip.read_bytes()
    head = bundled_folder() / "head.glb"
    status, headers, body = await fetch(place, "/head.glb")
    if head.is_file():
        assert (status, headers["Content-Type"]) == (200, "model/gltf-binary")
        assert body == head.read_bytes()
    else:
        assert status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/..%5csecret.txt",
        "//icon.svg",
        "/./icon.svg",
        "/icon.svg/",
        "/icon.svg%00",
        "/index.html",
        "/assets/",
        "/assets",
        "/.vite/manifest.json",
        "/head.md",
        "/arkit.toml",
        "icon.svg",
        "http://127.0.0.1/icon.svg",
    ],
)
async def test_only_what_stands_in_the_table_is_served(place, path):
    status, headers, body = await fetch(place, path)
    assert (status, headers["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert body == f"{path}: no such page\n".encode()


async def test_files_that_come_or_change_later_are_not_served(scripted, studio, tmp_path):
    page = tmp_path / "index.html"
    page.write_bytes(INDEX)
    async with site(scripted, tmp_path) as server:
        page.write_text("changed", "utf-8")
        (tmp_path / "later.js").write_text("later", "utf-8")
        assert (await fetch(server, "/"))[2] == INDEX
        assert (await fetch(server, "/later.js"))[0] == 404
        page.unlink()
        assert (await fetch(server, "/"))[2] == INDEX


@pytest.mark.parametrize("path", ["/", "/assets/app-1a2b.js", "/info", "/healthz", "/nothing"])
async def test_every_answer_shields_the_page_from_strangers(place, path):
    _, headers, _ = await fetch(place, path)
    policy = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data: blob:",
        "connect-src": "'self' blob: data:",
        "media-src": "'self' blob:",
        "worker-src": "'self'",
        "font-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    told = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "microphone=(self)",
        "Access-Control-Allow-Origin": None,
        "Server": None,
    }
    assert {name: headers[name] for name in told} == told


async def test_what_has_a_hash_in_its_name_is_kept_and_the_rest_is_asked_for_again(place):
    kept = {}
    for path in ("/assets/app-1a2b.js", "/", "/speech.flac", "/info", "/nothing"):
        _, headers, _ = await fetch(place, path)
        kept[path] = headers["Cache-Control"]
    assert kept == {
        "/assets/app-1a2b.js": "public, max-age=31536000, immutable",
        "/": "no-cache",
        "/speech.flac": "no-cache",
        "/info": "no-store",
        "/nothing": "no-store",
    }


async def test_a_page_that_is_known_already_is_not_sent_again(place):
    _, headers, _ = await fetch(place, "/icon.svg")
    tag = headers["ETag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        status, headers, body = await fetch(place, "/icon.svg", If_None_Match=known)
        assert (status, body, headers["ETag"]) == (304, b"", tag)
        assert headers["Content-Length"] is None
    for known in ('"other"', tag.strip('"'), ""):
        assert (await fetch(place, "/icon.svg", If_None_Match=known))[0] == 200


@pytest.mark.parametrize(
    ("accepted", "is_zipped"),
    [
        ("gzip, deflate, br", True),
        ("br;q=1.0, GZIP;q=0.5", True),
        ("gzip;q=1", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("br", False),
        ("", False),
    ],
)
async def test_gzip_is_sent_to_those_who_take_it(place, accepted, is_zipped):
    path = "/assets/app-1a2b.js"
    _, headers, body = await fetch(place, path, Accept_Encoding=accepted)
    assert (headers["Content-Encoding"] == "gzip") == is_zipped
    assert (gzip.decompress(body) if is_zipped else body) == SCRIPT
    assert len(body) < len(SCRIPT) / 10 or not is_zipped
    assert headers["Vary"] == "Accept-Encoding"
    plain = (await fetch(place, path))[1]
    assert (plain["ETag"] != headers["ETag"]) == is_zipped
    again = await fetch(place, path, Accept_Encoding=accepted, If_None_Match=headers["ETag"])
    assert again[0] == 304


async def test_what_gzip_does_not_make_smaller_is_sent_plain(place):
    _, headers, body = await fetch(place, "/assets/noise-3c4d.bin", Accept_Encoding="gzip")
    assert (headers["Content-Encoding"], body == NOISE) == (None, True)


async def test_where_the_studio_is_missing_the_page_says_what_builds_it(scripted, tmp_path):
    async with site(scripted, tmp_path / "nothing") as server, witness(server):
        status, headers, body = await fetch(server, "/")
        assert (status, headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
        assert remedy() in body.decode()
        assert "make studio" in remedy()
        status, headers, body = await fetch(server, "/", Accept="text/html,*/*;q=0.8")
        assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert body.startswith(b"<!doctype html>")
        assert b"make studio" in body
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert (await fetch(server, "/speech.flac"))[0] == 200


@pytest.mark.skipif(not hasattr(Request, "method"), reason="websockets 17 knows other methods")
async def test_head_is_answered_without_a_body_and_other_methods_are_refused(place):
    whole = await fetch(place, "/icon.svg")
    status, headers, body = await fetch(place, "/icon.svg", method="HEAD")
    assert (status, body) == (200, b"")
    for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control"):
        assert headers[name] == whole[1][name]
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        status, headers, _ = await fetch(place, "/icon.svg", method=method)
        assert (status, headers["Allow"]) == (405, "GET, HEAD")


def test_addresses_of_page_and_clients_are_ones_that_can_be_opened(scripted):
    catalog = Catalog([Model("embedded", scripted)], load_rigs())
    pages = Pages(STUDIO)
    told = {}
    for host in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "::", "192.168.1.5"):
        settings = Settings(host=host, port=9000, allow_unauthenticated=True)
        server = Server(catalog, settings, pages=pages)
        told[host] = server.page_url
        assert announcement(server)["url"] + "/" == told[host].replace("http", "ws")
    assert told == {
        "127.0.0.1": "http://127.0.0.1:0/",
        "localhost": "http://localhost:0/",
        "::1": "http://[::1]:0/",
        "0.0.0.0": "http://127.0.0.1:0/",
        "::": "http://[::1]:0/",
        "192.168.1.5": "http://192.168.1.5:0/",
    }
