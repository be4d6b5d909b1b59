"""Meshes: which poses have one, in which order they come, what a slow client does without."""

import numpy as np
import pytest

from a2f_ws.outbox import GEOMETRY_BYTES
from a2f_ws.wire import replies
from a2f_ws.wire.geometry import Geometry
from tests.core.desk import Desk, codes, errors, finals, of, poses, ramp
from tests.fakes import mesh_pipeline

SECOND = 16_000
JAW = "jawOpen"


@pytest.fixture
def meshes(bundle):
    """A client of a server whose model gives small meshes."""
    return Desk(mesh_pipeline(bundle))


@pytest.fixture
def large(bundle):
    """The same with meshes as large as Mark's."""
    return Desk(mesh_pipeline(bundle, vertices=61_520))


def indices(messages, **fields):
    return [message.i for message in of(messages, Geometry, **fields)]


@pytest.mark.parametrize(
    ("fps", "hz", "begin"),
    [
        (60, 30, [0, 2, 4, 6, 8]),
        (60, 60, [0, 1, 2, 3, 4]),
        (60, 1, [0, 60, 120]),
        (24, 30, [0, 1, 2, 3, 4]),
        (24, 20, [0, 2, 3, 4, 5, 6, 8]),
    ],
)
def test_there_are_no_more_meshes_than_asked_for_per_second_of_sound(meshes, fps, hz, begin):
    meshes.open(fps=fps, want=("geometry",), geometry_hz=hz)
    meshes.line(ramp(3 * SECOND))
    meshes.finish()
    found = indices(meshes.log)
    assert found[: len(begin)] == begin
    assert len(found) == 3 * min(fps, hz)
    for message in of(meshes.log, Geometry):
        assert message.t_us == message.i * 1_000_000 // fps


def test_a_mesh_comes_before_the_poses_that_contain_it(meshes):
    meshes.open(want=("geometry",))
    meshes.line(ramp(SECOND))
    meshes.finish()
    place = meshes.log[0].curves.index(JAW)
    rows = poses(meshes.log)
    shown = -1
    for message in meshes.log:
        if isinstance(message, replies.Poses):
            shown = message.i + message.n - 1
        elif isinstance(message, Geometry):
            assert message.i > shown
            skin = np.frombuffer(message.parts.skin, "<f4")
            assert skin.tolist() == [float(rows[message.i][place])] * 15
            assert np.frombuffer(message.parts.tongue, "<f4").tolist() == [0.0, 1.0, 2.0]
            assert np.frombuffer(message.parts.jaw, "<f4").tolist() == list(range(16))
            assert message.parts.eyes is None
    assert max(indices(meshes.log)) == 58


def test_rest_row_and_ease_poses_have_no_mesh(meshes):
    meshes.open(want=("geometry",), geometry_hz=60)
    meshes.line(ramp(SECOND // 10))
    meshes.finish()
    assert indices(meshes.log) == list(range(6))


def test_nobody_gets_meshes_who_did_not_ask(meshes):
    meshes.open()
    meshes.line(ramp(SECOND))
    meshes.finish()
    assert indices(meshes.log) == []


def test_only_computed_poses_have_a_mesh(meshes):
    meshes.hand.scheduler.measured(1, 0.06)
    meshes.open(want=("geometry",), geometry_hz=60)
    meshes.line(ramp(SECOND))
    meshes.finish()
    assert indices(meshes.log) == [*range(0, 60, 5), 59]
    assert list(poses(meshes.log)) == list(range(75))


def test_a_model_without_meshes_refuses_with_a_sentence(desk):
    desk.open(want=("status", "geometry"))
    (error,) = of(desk.read(), replies.Error)
    assert (error.code, error.field) == (4422, "want.1")
    assert "--geometry" in error.message


def test_a_session_with_meshes_stays_with_models_that_give_them(bundle, scripted):
    desk = Desk(mesh_pipeline(bundle), scripted)
    desk.open(want=("geometry",))
    desk.set(model="second")
    assert errors(desk.read()) == [(4422, "model")]


def test_nothing_comes_after_interrupted(large):
    large.open(want=("geometry",))
    large.line(ramp(SECOND))
    large.work(2)
    large.hand.begin(large.now)
    large.interrupt()
    large.hand.complete()
    large.work()
    log = large.read()
    assert finals(log) == [(1, "interrupted")]
    end = log.index(of(log, replies.Utterance, state="interrupted")[0])
    assert not [m for m in log[end:] if isinstance(m, Geometry | replies.Poses)]
    assert large.outbox.geometry_bytes == large.outbox.size_bytes == 0


def test_a_live_client_that_does_not_read_goes_without_meshes_but_gets_its_poses(large):
    large.open(want=("geometry",))
    large.line(ramp(2 * SECOND))
    large.wait(3.0)
    assert large.outbox.geometry_bytes < 2 * GEOMETRY_BYTES
    large.finish()
    large.wait(1.1)
    large.read()
    assert list(poses(large.log)) == list(range(135))
    told = of(large.log, replies.Status, code="dropped")
    left_out = sum(message.counters["geometry"] for message in told)
    assert left_out + len(indices(large.log)) == 60
    assert 5 <= len(indices(large.log)) <= 10
    assert len(told) <= 4


def test_a_live_client_that_reads_gets_all_of_them(large):
    large.open(want=("geometry",))
    large.line(ramp(2 * SECOND))
    for _ in range(1_000):
        large.work(1)
        large.read()
        if finals(large.log):
            break
        if not large.hand.scheduler.waiting:
            large.wait(0.05, works=False)
    assert len(indices(large.log)) == 60
    assert "dropped" not in codes(large.log)


def test_a_burst_session_waits_for_its_reader_and_loses_nothing(large):
    large.open(pacing="burst", want=("geometry",), geometry_hz=60)
    large.line(ramp(SECOND))
    large.work()
    assert GEOMETRY_BYTES <= large.outbox.geometry_bytes < 2 * GEOMETRY_BYTES
    large.finish()
    assert indices(large.log) == list(range(60))
    assert list(poses(large.log)) == list(range(75))
    assert "dropped" not in codes(large.log)


def test_an_invisible_session_has_no_meshes(meshes):
    meshes.open(want=("geometry",))
    meshes.set(visible=False)
    meshes.line(ramp(SECOND))
    meshes.finish()
    assert indices(meshes.log) == []
