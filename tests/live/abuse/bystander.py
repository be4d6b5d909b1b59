"""Says the same words again and again, as live speech, and tells how its face came back.

A program: `bystander.py URL [options of connect as JSON]`. For each line it tells one line of JSON
on stdout; it ends after the line that is being said when stdin ends, or with the connection.
"""

import asyncio
import hashlib
import json
import sys
import threading
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT)]

import numpy as np  # noqa: E402

from a2f_ws.client import ServerError, connect  # noqa: E402
from a2f_ws.commands.demo import CLIP  # noqa: E402
from a2f_ws.commands.timings import Timings  # noqa: E402
from a2f_ws.output.speech import read_speech  # noqa: E402
from a2f_ws.timebase import frames_to_us  # noqa: E402

LINE_S, CHUNK_S = 0.8, 0.02
PAUSE_S = 0.35
"""Until the face, which eases to rest for 0.25 s, has been seen: the server follows a play head."""


def sound():
    samples, rate_hz = read_speech(CLIP)
    first = rate_hz // 2
    part = samples[first : first + round(LINE_S * rate_hz), 0]
    return np.round(part * 32767).astype("<i2").tobytes(), rate_hz


async def paced(pcm, rate_hz, timings):
    step, begun_s = round(CHUNK_S * rate_hz), perf_counter()
    for first in range(0, len(pcm) // 2, step):
        end = min(first + step, len(pcm) // 2)
        due_s = begun_s + end / rate_hz
        await asyncio.sleep(due_s - perf_counter())
        now_s = perf_counter()
        timings.sent(frames_to_us(end, rate_hz), now_s, late_s=now_s - due_s)
        yield pcm[2 * first : 2 * end]


async def say(session, told):
    """One line and what is to be told of it."""
    timings, digest, indices = Timings(), hashlib.sha256(), []
    pcm, rate_hz = sound()
    speech = session.say(paced(pcm, rate_hz, timings))
    fault = None
    try:
        async for block in speech.blocks():
            look_ahead_us = session.opened.look_ahead_us
            timings.came(block, perf_counter(), look_ahead_us=look_ahead_us)
            digest.update(block.rows.tobytes())
            indices += range(block.i, block.i + len(block.rows))
    except ServerError as error:
        fault = [error.code, error.message]
    return {
        "state": speech.state,
        "poses": len(indices),
        "is_whole": indices == list(range(len(indices))),
        "digest": digest.hexdigest(),
        "added_ms": timings.added_ms(),
        "told": told[:],
        "late_ms": max(timings._late_s, default=0.0) * 1e3,
        "fault": fault,
    }


async def main():
    has_ended, told = threading.Event(), []
    threading.Thread(target=lambda: (sys.stdin.read(), has_ended.set()), daemon=True).start()
    options = json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}
    try:
        async with connect(sys.argv[1], **options) as server:
            _, rate_hz = sound()
            session = await server.open(
                rate=rate_hz, on_status=lambda status: told.append([status.code, status.message])
            )
            while not has_ended.is_set():
                said = await say(session, told)
                print(json.dumps(said), flush=True)
                told.clear()
                await asyncio.sleep(PAUSE_S)
                if said["fault"]:
                    break
    except ServerError as error:
        print(json.dumps({"state": "gone", "fault": [error.code, error.message]}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
