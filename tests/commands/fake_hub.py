"""A hub in this process: what huggingface_hub asks Hugging Face, answered from a folder."""

import hashlib
import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

from a2f_ws.commands.pulled import KNOWN

REPO = KNOWN["mark"]
LARGE = "network.onnx"
LARGE_BYTES = 2_000
"""Files from here on are said to be large ones, which have a SHA-256."""

API = re.compile(r"/api/models/(?P<repo>[^/]+/[^/]+)(/revision/(?P<revision>[^/]+))?$")
FILE = re.compile(r"/(?P<repo>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<name>.+)$")


def commit_of(files):
    return hashlib.sha1(repr(sorted(files.items())).encode()).hexdigest()


class FakeHub:
    """One repository, and what goes wrong with it.

    Attributes:
        files: Name → bytes.
        card: The card's facts, such as the licence.
        revisions: Branch or tag → files of that revision.
        gated: True = nobody gets in without the token "let-me-in".
        says: Facts that it states instead of the true ones, such as "sha".
        lies: Name → bytes that come instead of a file's own.
        cut: Name → bytes after which the connection breaks, once.
        is_down: True = every file is answered with an error; a cut sets it where `dies` is true.
        dies: True = nothing comes after a cut.
        asked: (method, path, range) of all requests.
    """

    def __init__(self, repo, files):
        self.repo, self.files = repo, files
        self.card = {
            "license": "other",
            "license_name": "nvidia-open-model-license",
            "license_link": "https://example.com/licence",
        }
        self.revisions = {"main": files}
        self.gated = False
        self.says, self.lies, self.cut, self.asked = {}, {}, {}, []
        self.is_down = self.dies = False

    def got(self, name):
        """Ranges with which a file's content was asked for, in order; None = the whole."""
        return [
            span for method, path, span in self.asked if method == "GET" and path.endswith(name)
        ]

    def find(self, revision):
        for name, files in self.revisions.items():
            if revision in (name, commit_of(files)):
                return files
        return None

    def info(self, files):
        siblings = []
        for name, data in files.items():
            blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
            one = {"rfilename": name, "size": len(data), "blobId": blob}
            if len(data) >= LARGE_BYTES:
                sha256 = hashlib.sha256(data).hexdigest()
                one["lfs"] = {"sha256": sha256, "size": len(data), "pointerSize": 130}
            siblings.append(one)
        return {
            "_id": "1",
            "id": self.repo,
            "modelId": self.repo,
            "sha": commit_of(files),
            "cardData": self.card,
            "siblings": siblings,
            "tags": [],
            "private": False,
            "downloads": 0,
            "likes": 0,
        } | self.says


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.answer(sends=False)

    def do_GET(self):
        self.answer(sends=True)

    def answer(self, *, sends):
        path = unquote(urlsplit(self.path).path)
        self.server.hub.asked.append((self.command, path, self.headers.get("Range")))
        wanted = API.match(path) or FILE.match(path)
        if wanted is None or wanted["repo"].lower() != self.server.hub.repo.lower():
            return self.refuse(404, "RepoNotFound")
        if self.server.hub.gated and self.headers.get("Authorization") != "Bearer let-me-in":
            return self.refuse(403, "GatedRepo")
        files = self.server.hub.find(wanted["revision"] or "main")
        if files is None:
            return self.refuse(404, "RevisionNotFound")
        if "name" not in wanted.groupdict():
            body = json.dumps(self.server.hub.info(files)).encode()
            return self.send(200, {"Content-Type": "application/json"}, body=body)
        return self.send_file(wanted["name"], files, sends=sends)

    def send_file(self, name, files, *, sends):
        if name not in files:
            return self.refuse(404, "EntryNotFound")
        if self.server.hub.is_down and sends:
            return self.refuse(500, "Down")
        true = files[name]
        data = self.server.hub.lies.get(name, true)
        (one,) = [s for s in self.server.hub.info(files)["siblings"] if s["rfilename"] == name]
        tag = one["lfs"]["sha256"] if "lfs" in one else one["blobId"]
        headers = {"ETag": f'"{tag}"', "X-Repo-Commit": commit_of(files)}
        if "lfs" in one:
            headers |= {"X-Linked-Etag": f'"{tag}"', "X-Linked-Size": str(len(data))}
        span = self.headers.get("Range")
        code, first = 200, 0
        if span:
            code, first = 206, int(span.removeprefix("bytes=").split("-")[0])
            headers["Content-Range"] = f"bytes {first}-{len(data) - 1}/{len(data)}"
        return self.send(code, headers, body=data[first:], sends=sends, name=name)

    def send(self, code, headers, *, body, sends=True, name=None):
        self.send_response(code)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not sends:
            return
        end = self.server.hub.cut.pop(name, None)
        self.wfile.write(body if end is None else body[:end])
        self.close_connection = end is not None
        self.server.hub.is_down = self.server.hub.is_down or (
            end is not None and self.server.hub.dies
        )

    def refuse(self, code, word):
        self.send_response(code)
        self.send_header("X-Error-Code", word)
        self.send_header("X-Error-Message", word)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def running(hub):
    """The hub's address while it answers on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.hub = hub
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
