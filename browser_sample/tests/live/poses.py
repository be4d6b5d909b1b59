"""Poses of the Python client for sound on stdin, float32 rows on stdout: for the parity test.

python poses.py URL RATE FPS < s16le > float32
"""

import asyncio
import sys

import numpy as np

from a2f_ws.client import connect


async def main(url: str, *, rate: int, fps: int) -> None:
    """Say what stands on stdin and write the rows that come back."""
    async with connect(url) as client:
        session = await client.open(rig="arkit", fps=fps, rate=rate, pacing="burst")
        rows = [pose.row async for pose in session.say(sys.stdin.buffer.read())]
    sys.stdout.buffer.write(np.stack(rows).astype("<f4").tobytes())


asyncio.run(main(sys.argv[1], rate=int(sys.argv[2]), fps=int(sys.argv[3])))
