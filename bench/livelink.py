"""Cost of showing a face by Live Link, a sixtieth of a second of it: `python bench/livelink.py`."""

import os
import platform
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from _costs import ROUNDS, cost_us

from a2f_ws.output.livelink_packet import VALUES
from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.preview.pacing import Pacing
from a2f_ws.preview.subject import RIG, Subject
from a2f_ws.rig.table import load_rigs
from a2f_ws.timebase import PoseRate

FRAME_US: Final = 16_667
POSES: Final = 120


def _speaking() -> Callable[[], bytes]:
    """Makes the packets of a face that speaks without end, two seconds round and round."""
    table = load_rigs()[RIG]
    player, subject = PosePlayer(keep_us=None), Subject("Ann")
    player.opened(
        1,
        curves=len(table.curves),
        transforms=len(table.transforms),
        rate=PoseRate.of(60),
        idle=table.idle,
    )
    rng = np.random.default_rng(0)
    rows = rng.uniform(0, 1, (POSES, table.row)).astype(np.float32)
    player.rest(1, rows[0])
    player.poses(1, 1, i=0, rows=rows)
    subject.opened(1, table.curves, roles=table.idle)
    pacing, frames = Pacing(player), count()

    def work() -> bytes:
        k = next(frames)
        row = pacing.row((1, k % POSES * FRAME_US), now_us=k * FRAME_US)
        return subject.packet(row, 1, now_us=k * FRAME_US, seconds=k / 60)

    return work


def _resting() -> Callable[[], bytes]:
    """Makes the packets of a face that nobody moves."""
    subject, frames = Subject("Ann"), count()
    row = np.zeros(0, np.float32)

    def work() -> bytes:
        k = next(frames)
        return subject.packet(row, 0, now_us=k * FRAME_US, seconds=k / 60)

    return work


def main() -> None:
    """Measure and print the table."""
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},", end=""
    )
    print(f" numpy {np.__version__}; one thread, median of {ROUNDS} rounds")
    print(f"{'':12}{'µs per packet':>16}{'of a core at 60 Hz':>22}")
    for title, work in (("at rest", _resting()), ("speaking", _speaking())):
        cost = cost_us(work)
        print(f"{title:12}{cost:16.0f}{cost * 60 / 1e6:22.2%}")
    print(f"{len(_speaking()())} bytes a packet, {len(VALUES)} values")


if __name__ == "__main__":
    main()
