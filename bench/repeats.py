"""Lines said again and lines baked before, against computing them: `python bench/repeats.py`.

A second of speech and seven of them, through a server on loopback with a cache, all at once;
then baking the seven, finding them unchanged, and reading the clip.
"""

import asyncio
import platform
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from a2f_ws.baking.oven import bake
from a2f_ws.baking.recipe import Recipe
from a2f_ws.catalog import Catalog
from a2f_ws.client import ClientSession, connect
from a2f_ws.clips.clip import open_clip
from a2f_ws.commands.loading import load_catalog
from a2f_ws.output.speech import read_speech
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from a2f_ws.timebase import PoseRate

ROOT: Final = Path(__file__).resolve().parent.parent
SAMPLE: Final = ROOT / "a2f_ws" / "samples" / "speech.flac"
TIMES: Final = 7
SECONDS: Final = (1, 7)


async def said(session: ClientSession, line: bytes) -> tuple[float, float, bool]:
    """Seconds to the first pose and to the last one of a line, and whether it was known."""
    begun, first = perf_counter(), 0.0
    speech = session.say(line)
    async for _ in speech.blocks():
        first = first or perf_counter() - begun
    return first, perf_counter() - begun, speech.is_cached


async def through_server(catalog: Catalog, sound: bytes, *, rate_hz: int) -> None:
    """Lines that nobody has said before, then one of them again and again."""
    print(f"{'line':>6} {'':>9} {'first pose':>11} {'last pose':>11}   ms")
    server = Server(catalog, Settings(port=0))
    async with server.running(), connect(server.url) as client:
        for seconds in SECONDS:
            session = await client.open(pacing="burst", cache=True, rate=rate_hz)
            line = sound[: 2 * seconds * rate_hz]
            # A sample more or less: a line of its own.
            new = [await said(session, line[2 * k :]) for k in range(1, TIMES + 1)]
            again = [await said(session, line[2:]) for _ in range(TIMES)]
            for title, found in (("computed", new), ("known", again)):
                first, last = (1000 * median(one[k] for one in found) for k in (0, 1))
                if {one[2] for one in found} != {title == "known"}:
                    raise RuntimeError(f"{title}: the cache answers otherwise")
                print(f"{seconds:>4} s {title:>9} {first:>11.1f} {last:>11.1f}")
            await session.close()


def baked(catalog: Catalog) -> None:
    """Baking, finding unchanged and reading."""
    folder = Path(tempfile.mkdtemp())
    recipe = Recipe(rig="arkit", rate=PoseRate.of(60), emotion=None)
    target = folder / "speech.a2fclip"
    rows = []
    for title, is_forced in (("bake", True), ("find unchanged", False)):
        took = []
        for _ in range(TIMES):
            begun = perf_counter()
            bake(SAMPLE, target, recipe=recipe, catalog=catalog, line={}, is_forced=is_forced)
            took.append(perf_counter() - begun)
        rows.append((title, median(took)))
    begun = perf_counter()
    clip = open_clip(target)
    rows.append(("read", perf_counter() - begun))
    size = target.stat().st_size
    print(f"\n{len(clip.rows)} poses of {clip.opened.rig}, {size / 1000:.0f} kB")
    for title, seconds in rows:
        print(f"{title:>15} {1000 * seconds:>8.1f} ms")
    shutil.rmtree(folder)


def main() -> None:
    """Measure and print."""
    catalog = load_catalog("embedded")
    samples, rate_hz = read_speech(SAMPLE)
    sound = np.round(samples[:, 0] * 32767).astype("<i2").tobytes()
    print(f"{platform.processor() or platform.machine()}, median of {TIMES}")
    asyncio.run(through_server(catalog, sound, rate_hz=rate_hz))
    baked(catalog)


if __name__ == "__main__":
    main()
