import numpy as np
import pytest

from a2f_ws.client import Block
from a2f_ws.client_pose import Columns
from a2f_ws.commands.timings import Timings, table
from a2f_ws.timebase import PoseRate

COLUMNS = Columns(("jawOpen",), PoseRate.of(50))


def block(first, count):
    """Poses of 20 ms each."""
    return Block(1, first, np.zeros((count, 1), np.float32), COLUMNS)


def test_latency_counts_from_the_chunk_that_holds_the_last_sound_a_pose_needs():
    timings = Timings()
    for k in range(5):
        timings.sent((k + 1) * 20_000, 1.0 + k * 0.020)
    timings.came(block(0, 1), 1.043, look_ahead_us=60_000)
    timings.came(block(1, 1), 1.065, look_ahead_us=60_000)
    report = timings.report()
    assert report.added_ms == pytest.approx((4.0, 4.9, 4.98))
    assert report.to_first_s == pytest.approx(0.043)
    assert timings.latest_ms() == pytest.approx(5.0)


def test_poses_that_the_end_sets_free_count_from_the_end_and_easing_ones_not_at_all():
    timings = Timings()
    for k in range(5):
        timings.sent((k + 1) * 20_000, 1.0 + k * 0.020)
    timings.ended(1.081)
    timings.came(block(3, 2), 1.084, look_ahead_us=60_000)
    timings.came(block(5, 10), 1.5, look_ahead_us=60_000)
    report = timings.report()
    assert report.added_ms == pytest.approx((3.0, 3.0, 3.0))
    assert (report.poses, report.took_s) == (12, pytest.approx(0.5))


def test_the_pose_rate_leaves_out_what_the_end_sets_free():
    timings = Timings()
    for k in range(50):
        timings.sent((k + 1) * 20_000, k * 0.020, late_s=0.001)
    for k in range(48):
        timings.came(block(k, 1), 0.040 + k * 0.020, look_ahead_us=40_000)
    timings.came(block(48, 15), 1.0, look_ahead_us=40_000)
    report = timings.report()
    assert report.poses_per_s == pytest.approx(50.0)
    assert report.jitter_ms == pytest.approx((1.0, 1.0, 1.0))


def test_without_poses_there_is_nothing_to_tell():
    report = Timings().report()
    assert (report.poses, report.poses_per_s, report.added_ms) == (0, 0.0, ())
    assert Timings().latest_ms() is None
    assert table(report, is_burst=False).row_count == 2


def test_latency_counts_from_the_sound_that_a_pose_needed_at_the_rate_it_was_computed_with():
    timings = Timings()
    for k in range(10):
        timings.sent((k + 1) * 20_000, 1.0 + k * 0.020)
    timings.came(block(0, 1), 1.043, look_ahead_us=60_000)
    timings.came(block(1, 2), 1.101, look_ahead_us=80_000)
    assert timings.latest_ms() == pytest.approx(1.0)
    timings.came(block(3, 1), 1.105, look_ahead_us=60_000)
    report = timings.report()
    assert timings.added_ms() == pytest.approx([3.0, 21.0, 1.0, 5.0])
    assert report.look_ahead_us == (60_000, 80_000, 60_000)
    rows = [list(column.cells) for column in table(report, is_burst=False).columns]
    assert rows[1][rows[0].index("look-ahead of the model")] == "60, then 80, then 60 ms"
