"""A session that checks the client's rig: one curve moves at a time, and is named."""

import numpy as np
import pytest

from a2f_ws.shaping.sweep_faces import STEP_US
from a2f_ws.wire import replies
from tests.core.desk import Desk, Guest, of, poses, rest_rows
from tests.fakes import mesh_pipeline

RATE = 16_000
HAVE = ("jawOpen", "mouthClose", "eyeBlinkLeft")


def silence(seconds):
    return np.zeros(round(seconds * RATE), np.float32)


def rows(messages, **fields):
    """(N, R), the poses of all utterances, in order."""
    return np.stack([*poses(messages, **fields).values()])


def steps(messages):
    return [one for one in of(messages, replies.Status) if one.code == "sweep"]


@pytest.fixture
def checker(desk):
    """A burst session that checks three curves at 20 poses a second."""
    desk.open(model="sweep", have=HAVE, fps=20, pacing="burst")
    desk.work()
    return desk


def test_the_sweep_is_told_by_its_capability_and_not_among_the_models(desk):
    hello = desk.catalog.hello({})
    assert "sweep" in hello.capabilities
    assert [model.name for model in hello.models] == ["embedded"]


def test_curves_of_the_mesh_move_one_after_the_other_in_a_second_each(checker):
    checker.line(silence(3.0))
    found = rows(checker.finish())
    amounts = np.concatenate((np.arange(0, 10), np.arange(10, 0, -1))) / 10
    for k in range(3):
        part = found[20 * k : 20 * k + 20]
        assert part[:, k] == pytest.approx(amounts, abs=1e-6)
        assert not np.delete(part, k, axis=1).any()


def test_the_name_of_a_curve_comes_before_the_first_pose_that_moves_it(checker):
    checker.line(silence(3.0))
    log = checker.finish()
    said = steps(log)
    assert [one.message.split()[0] for one in said] == list(HAVE)
    assert [one.counters["index"] for one in said] == [0, 1, 2]
    assert [one.counters["t_us"] for one in said] == [0, STEP_US, 2 * STEP_US]
    assert {one.counters["steps"] for one in said} == {3}
    for one in said:
        reach = [m.t_us for m in log[log.index(one) :] if isinstance(m, replies.Poses)]
        assert reach[0] <= one.counters["t_us"] < one.counters["end_us"]


def test_the_face_rests_between_utterances_and_eases_to_rest_without_moving_others(checker):
    checker.line(silence(1.5))
    log = checker.finish()
    rest = rest_rows(log)[-1]
    assert not rest.any()
    eased = rows(log)[30:]
    assert len(eased) == 5
    assert not eased[:, [0, 2]].any()


def test_a_line_that_goes_on_begins_with_the_first_curve_again(checker):
    checker.line(silence(4.0))
    said = steps(checker.finish())
    assert [one.counters["step"] for one in said] == [1, 2, 3, 1]


def test_what_sounds_changes_nothing_but_the_length(checker):
    checker.line(silence(1.0))
    checker.finish()
    noise = np.random.default_rng(5).uniform(-0.5, 0.5, RATE).astype(np.float32)
    checker.line(noise, u=2)
    log = checker.finish()
    assert np.array_equal(rows(log, u=1), rows(log, u=2))


def test_watchers_see_the_curves_of_their_own_rigs_with_their_names(desk):
    desk.open(model="sweep", name="check", fps=20)
    desk.work()
    guest = Guest(desk)
    guest.watch(name="check", have=HAVE[:2])
    desk.line(silence(2.0))
    desk.finish()
    guest.read()
    found = rows(guest.log)
    assert found[10].tolist() == [1.0, 0.0]
    assert found[30].tolist() == [0.0, 1.0]
    said = steps(guest.log)
    assert [one.message.split()[0] for one in said] == list(HAVE[:2])
    assert [one.message.split()[0] for one in steps(desk.log)] == [
        "eyeBlinkLeft",
        "eyeLookDownLeft",
    ]


def test_parameters_and_emotions_of_the_first_model_are_taken_and_change_nothing(bundle):
    desk = Desk(mesh_pipeline(bundle))
    name = desk.catalog.model(None).params.params[-1].name
    desk.open(model="sweep", have=HAVE, fps=20, params={name: 1.0}, emotion={"joy": 1.0})
    desk.work()
    desk.line(silence(1.0))
    assert rows(desk.finish())[10].tolist() == [1.0, 0.0, 0.0]


def test_a_session_may_change_to_the_sweep_and_back(desk):
    desk.open(have=HAVE, fps=20, pacing="burst")
    desk.work()
    desk.set(model="sweep")
    desk.work()
    desk.line(silence(1.0))
    swept = rows(desk.finish())
    desk.set(model="embedded")
    desk.work()
    desk.line(silence(1.0), u=2)
    spoken = rows(desk.finish(), u=2)
    assert swept[10, 0] == 1.0
    assert not spoken[10].any()
