"""A server and somebody who speaks there, for commands that watch from elsewhere."""

import asyncio
import threading

import pytest

from a2f_ws.catalog import Catalog
from a2f_ws.cli import main
from a2f_ws.client import connect
from a2f_ws.model import Model
from a2f_ws.rig.table import load_rigs
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from tests.sounds import RATE_HZ, ramp, real_time, rows

WAIT_S = 20


class Place:
    """A server and somebody who speaks, in a thread: the command has the main one."""

    def __init__(self, pipeline):
        catalog = Catalog([Model("embedded", pipeline)], load_rigs())
        self.server = Server(catalog, Settings(port=0, drain_s=0.0))
        self._is_up, self._thread = threading.Event(), threading.Thread(target=self._run)
        self.said, self.fault = [], None
        self._thread.start()
        assert self._is_up.wait(WAIT_S)

    def _run(self):
        asyncio.run(self._serve())

    async def _serve(self):
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with self.server.running():
            self._is_up.set()
            await self._stop.wait()

    def do(self, work):
        """Begin work in the server's thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def speak(self, *waits_s, seconds=0.5, name="hall"):
        """Say lines as soon as somebody watches, each after a while; keep what they showed."""
        async with connect(self.server.url) as client:
            session = await client.open(rate=RATE_HZ, name=name)
            while not self.server._hall._names[name].watchers:
                await asyncio.sleep(0.01)
            for wait_s in waits_s:
                await asyncio.sleep(wait_s)
                self.said.append(await rows(session.say(real_time(ramp(seconds), 0.05))))
            await asyncio.sleep(0.3)

    def stop(self):
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(WAIT_S)


def run(capsys, *words):
    with pytest.raises(SystemExit) as end:
        main([str(word) for word in words])
    said = capsys.readouterr()
    return end.value.code, said.err
