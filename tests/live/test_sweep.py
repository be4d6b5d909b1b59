"""`a2f-ws rigs sweep`: a rig checked by eye, on whoever watches."""

import asyncio
import threading
from contextlib import asynccontextmanager

import pytest

from a2f_ws.catalog import Catalog
from a2f_ws.cli import main
from a2f_ws.client import Block, connect
from a2f_ws.model import Model
from a2f_ws.rig.table import load_rigs
from a2f_ws.server import Server
from a2f_ws.settings import Settings

TABLE = """
title = "Three curves and an eye"
source = "this test"
[curves]
open = { jawOpen = 1.0 }
blink = { eyeBlinkLeft = 1.0 }
[transforms.eye]
yaw = "eyeLeftY"
"""


@asynccontextmanager
async def watching(url):
    """What a character with the rig `mine` sees, as (curves at their largest, names told)."""
    largest, named = {}, []
    async with connect(url) as server:
        watch = await server.watch("hero", rig="mine", on_status=named.append)

        async def look():
            async for event in watch:
                if isinstance(event, Block):
                    for row in event.rows:
                        for k, name in enumerate(watch.names):
                            largest[name] = max(largest.get(name, 0.0), float(row[k]))

        task = asyncio.create_task(look())
        yield largest, named
        task.cancel()


@pytest.fixture
def mine(tmp_path):
    (tmp_path / "mine.toml").write_text(TABLE)
    return load_rigs(tmp_path)


async def test_a_watching_character_moves_each_curve_while_the_command_names_it(
    embedded, mine, capsys
):
    server = Server(Catalog([Model("embedded", embedded)], mine), Settings(port=0))
    async with server.running(), watching(server.url) as (largest, named):
        words = ["rigs", "sweep", "mine", "--url", server.url, "--name", "hero"]
        ends = []
        thread = threading.Thread(target=lambda: ends.append(leave(words)))
        thread.start()
        await asyncio.to_thread(thread.join, 20)
    assert ends == [0]
    said = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert said == ["open", "blink", "eye.yaw", "eye.yaw"]
    assert [one.message.split()[0] for one in named if one.code == "sweep"] == said
    assert largest == {"open": pytest.approx(1.0, abs=0.04), "blink": pytest.approx(1.0, abs=0.04)}


def leave(words):
    with pytest.raises(SystemExit) as end:
        main(words)
    return end.value.code or 0
