"""Servers in processes of their own, which tests may kill: `a2f-ws serve` on a free port."""

import json
import subprocess
import sys
from contextlib import contextmanager

from tests.clients.conftest import ROOT

STOP_S = 10


class LiveServer:
    """A server that runs.

    Attributes:
        url: Where it listens.
        port: The same as a number.
    """

    def __init__(self, *words, port=0):
        """Start it; `words` are further arguments of `a2f-ws serve`."""
        listening = ["serve", "--port", str(port), "--announce", "--exit-with-stdin"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "a2f_ws", *listening, *words],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        said = self._process.stdout.readline()
        if not said:
            raise RuntimeError(f"the server ended with {self._process.wait()}")
        told = json.loads(said)
        self.url, self.port = told["url"], told["port"]

    def kill(self):
        """Stop it as a crash does."""
        self._process.kill()
        self._process.communicate()

    def stop(self):
        """Stop it as at the end of a day; one that is killed already stays so."""
        if self._process.poll() is None:
            try:
                self._process.communicate(timeout=STOP_S)
            except subprocess.TimeoutExpired:
                self.kill()


@contextmanager
def live_server(*words, port=0):
    """A server for the length of a `with` block."""
    server = LiveServer(*words, port=port)
    try:
        yield server
    finally:
        server.stop()
