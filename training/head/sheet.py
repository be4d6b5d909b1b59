"""Renders contact sheets of a head with three.js in a headless Chromium.

The page is served on loopback; the browser sends each sheet back as a PNG.
"""

import json
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

PAGE: Final = Path(__file__).with_name("sheet.html")
THREE: Final = Path(__file__).parents[2] / "browser_sample" / "node_modules" / "three"
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-extensions",
    "--no-first-run",
)
TYPES: Final[Mapping[str, str]] = {".js": "text/javascript", ".html": "text/html; charset=utf-8"}


def render(
    head: bytes, sheets: Sequence[Mapping[str, Any]], *, folder: Path, limit_s: float = 300.0
) -> list[Path]:
    """Draw sheets of poses.

    Args:
        head: A binary glTF file.
        sheets: Each with `name`, `columns`, `width` and `height` of a cell in pixels, `eye` and
            `target` of the camera in metres, `fov` in degrees, and `cells` of `label` and `weights`
            (a cell may have `eye`, `target` and `hidden`, the names of meshes not to show).
        folder: Where `<name>.png` are written.
        limit_s: Longest time for all of them, seconds.

    Raises:
        RuntimeError: No browser, no three.js, or the page failed.
    """
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None or not THREE.is_dir():
        raise RuntimeError("drawing needs Chromium and `npm ci` in browser_sample")
    folder.mkdir(parents=True, exist_ok=True)
    desk = _Desk(head, sheets, folder=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), desk.handler()) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            address = f"http://127.0.0.1:{server.server_address[1]}/"
            process = subprocess.Popen(
                [browser, *FLAGS, f"--user-data-dir={profile}", address],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            is_done = desk.ended.wait(limit_s)
            process.terminate()
            process.wait(20.0)
        server.shutdown()
    if desk.fault or not is_done:
        raise RuntimeError(desk.fault or f"not drawn within {limit_s} s")
    return desk.written


class _Desk:
    """What the page gets and gives."""

    def __init__(self, head: bytes, sheets: Sequence[Mapping[str, Any]], *, folder: Path) -> None:
        self.ended = threading.Event()
        self.fault = ""
        self.written: list[Path] = []
        self._folder = folder
        self._fixed = {
            "/": (PAGE.read_bytes(), "text/html; charset=utf-8"),
            "/head.glb": (head, "model/gltf-binary"),
            "/sheets.json": (json.dumps(sheets).encode(), "application/json"),
        }

    def get(self, path: str) -> tuple[bytes, str] | None:
        """Content and type of a page, None where there is none."""
        if path in self._fixed:
            return self._fixed[path]
        file = (THREE / path.removeprefix("/three/")).resolve()
        if path.startswith("/three/") and file.is_relative_to(THREE.resolve()) and file.is_file():
            return file.read_bytes(), TYPES.get(file.suffix, "application/octet-stream")
        return None

    def post(self, path: str, body: bytes) -> None:
        """Take a sheet, or the end."""
        if path == "/end":
            self.fault = body.decode()
            self.ended.set()
            return
        target = self._folder / f"{Path(path).name}.png"
        target.write_bytes(body)
        self.written.append(target)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """A handler class for one server."""
        desk = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = desk.get(self.path)
                self.send_response(404 if found is None else 200)
                content, kind = found or (b"", "text/plain")
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def do_POST(self) -> None:
                desk.post(self.path, self.rfile.read(int(self.headers.get("Content-Length", "0"))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                del format, args

        return Handler
