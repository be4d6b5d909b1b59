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


def test_a_mesh_is_that_of_its_pose(meshes):
    meshes.open(want=("geometry",))
    meshes.line(ramp(SECOND))
    meshes.finish()
    place = meshes.log[0].curves.index(JAW)
    rows = poses(meshes.log)
    for message in of(meshes.log, Geometry):
        skin = np.frombuffer(message.parts.skin, "<f4")
        assert skin.tolist() == [float(rows[message.i][place])] * 15
        assert np.frombuffer(message.parts.tongue, "<f4").tolist() == [0.0, 1.0, 2.0]
        assert np.frombuffer(message.parts.jaw, "<f4").tolist() == list(range(16))
        assert message.parts.eyes is None
    assert max(indices(meshes.log)) == 58


def test_a_burst_mesh_comes_before_the_poses_that_contain_it(meshes):
    meshes.open(want=("geometry",), pacing="burst")
    meshes.line(ramp(SECOND))
    meshes.finish()
    shown = -1
    for message in meshes.log:
        if isinstance(message, replies.Poses):
            shown = message.i + message.n - 1
        elif isinstance(message, Geometry):
            assert message.i > shown
    assert max(indices(meshes.log)) == 58


def test_live_poses_do_not_wait_for_meshes_but_the_last_state_does(meshes):
    meshes.shapes = False
    meshes.open(want=("geometry",))
    meshes.line(ramp(SECOND // 2))
    meshes.work()
    meshes.wait(1.0)
    meshes.read()
    assert list(poses(meshes.log)) == list(range(45))
    assert (indices(meshes.log), finals(meshes.log)) == ([], [])
    meshes.shapes = True
    meshes.finish()
    assert finals(meshes.log) == [(1, "poses_done")]
    end = meshes.log.index(of(meshes.log, replies.Utterance, state="poses_done")[0])
    assert not of(meshes.log[end:], Geometry)


def test_burst_poses_wait_for_meshes_and_nothing_is_computed_far_ahead(meshes):
    meshes.shapes = False
    meshes.open(want=("geometry",), pacing="burst")
    meshes.line(ramp(60 * SECOND))
    meshes.work()
    assert (poses(meshes.read()), indices(meshes.log)) == ({}, [])
    assert meshes.hand.scheduler.waiting == 0
    meshes.shapes = True
    meshes.finish()
    assert list(poses(meshes.log)) == list(range(3615))
    assert indices(meshes.log) == list(range(0, 3600, 2))
    assert "dropped" not in codes(meshes.log)


def test_meshes_that_cannot_keep_up_give_way_to_newer_ones_and_are_counted(meshes):
    meshes.shapes = False
    meshes.open(want=("geometry", "status"), geometry_hz=60)
    meshes.line(ramp(2 * SECOND))
    for _ in range(80):
        meshes.wait(0.05)
        meshes.shaper.begin(meshes.now)
        while meshes.shaper._jobs:
            meshes.shaper.complete()
        meshes.work()
    meshes.shapes = True
    meshes.finish()
    meshes.wait(1.1)
    meshes.read()
    assert list(poses(meshes.log)) == list(range(135))
    left_out = sum(m.counters.get("geometry", 0) for m in of(meshes.log, replies.Status))
    found = indices(meshes.log)
    assert left_out + len(found) == 120
    assert 40 <= len(found) <= 70
    assert found == sorted(found)


def test_sessions_take_turns_at_meshes(meshes):
    meshes.shapes = False
    for sid in (1, 2, 3):
        meshes.open(sid, want=("geometry",), geometry_hz=60)
        meshes.line(ramp(SECOND), sid=sid)
    meshes.work()
    for _ in range(12):
        meshes.shaper.begin(meshes.now)
        meshes.shaper.complete()
    found = [message.sid for message in of(meshes.read(), Geometry)]
    assert sorted(found[:3]) == [1, 2, 3]
    assert {sid: found.count(sid) for sid in (1, 2, 3)} == {1: 4, 2: 4, 3: 4}


def test_a_mesh_lost_with_an_offer_that_was_taken_back_is_wanted_again(meshes):
    meshes.open(want=("geometry",), geometry_hz=1)
    meshes.line(ramp(SECOND))
    meshes.hand.begin(meshes.now)
    (voice,) = meshes.sessions._speaking.voices.values()
    (utterance,) = voice.session._hearing.alive
    utterance.take_back(0)
    meshes.hand.complete()
    meshes.finish()
    assert indices(meshes.log) == [0]


def test_meshes_that_cannot_be_unfolded_end_meshes_and_nothing_else(meshes):
    meshes.shapes = False
    meshes.open(want=("geometry", "status"))
    meshes.line(ramp(SECOND))
    meshes.work()
    ((shaper, _),) = meshes.shaper.scheduler.take(now=meshes.now)
    shaper.fail("out of memory")
    meshes.finish()
    assert finals(meshes.log) == [(1, "poses_done")]
    assert indices(meshes.log) == []
    assert "out of memory" in of(meshes.log, replies.Status, code="dropped")[0].message


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
    assert indices(meshes.log) == [*range(0, 60, 4), 59]
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


@pytest.mark.parametrize("pacing", ["live", "burst"])
def test_a_mesh_that_is_being_unfolded_does_not_come_after_interrupted(meshes, pacing):
    meshes.shapes = False
    meshes.open(want=("geometry",), pacing=pacing)
    meshes.line(ramp(SECOND))
    meshes.work()
    assert meshes.shaper.begin(meshes.now)
    meshes.interrupt()
    meshes.shaper.complete()
    meshes.shapes = True
    meshes.line(ramp(SECOND), u=2)
    meshes.finish()
    meshes.wait(1.0)
    log = meshes.log + meshes.read()
    assert finals(log) == [(1, "interrupted"), (2, "poses_done")]
    assert indices(log, u=1) == []
    assert indices(log, u=2) == list(range(0, 60, 2))


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
        if not (large.hand.scheduler.waiting or large.shaper.scheduler.waiting):
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
