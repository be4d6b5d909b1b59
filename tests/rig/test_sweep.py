import numpy as np
import pytest

from a2f_ws.names import FACE
from a2f_ws.rig.faults import Faults
from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.matching import fitted
from a2f_ws.rig.parse import parse
from a2f_ws.rig.space import transforms
from a2f_ws.rig.sweep import SHIFT_M, TURN_DEG, Sweep
from a2f_ws.rig.table import load_rigs

RIGS = load_rigs()


def rig(**sections):
    document = {"title": "t", "source": "s", **sections}
    return parse(document, "mine", faults=Faults("mine.toml"))


def test_each_curve_goes_to_its_end_and_back_while_all_others_rest():
    sweep = Sweep(RIGS["arkit"])
    assert [step.name for step in sweep.steps[:2]] == list(RIGS["arkit"].curves[:2])
    rows = sweep.rows(np.array([0.0, 0.25, 0.5, 0.75, 1.5]))
    assert rows[:, 0].tolist() == [0.0, 0.5, 1.0, 0.5, 0.0]
    assert rows[4, 1] == 1.0
    assert not rows[:4, 1:].any()


def test_a_curve_with_two_sides_goes_up_and_then_down():
    sweep = Sweep(rig(range={"min": -1.0, "max": 1.0}, curves={"turn": {"jawOpen": 1.0}}))
    assert [step.end for step in sweep.steps] == [1.0, -1.0]
    assert sweep.rows(np.array([0.5, 1.5]))[:, 0].tolist() == [1.0, -1.0]


def test_a_curve_begins_where_it_rests_on_a_still_face():
    table = rig(curves={"open": {"eyeBlinkLeft": -1.0, "offset": 1.0}})
    (step,) = Sweep(table).steps
    assert (step.rest, step.end) == (1.0, 0.0)
    assert Sweep(table).rows(np.array([0.0, 0.5]))[:, 0].tolist() == [1.0, 0.0]


def test_a_time_before_the_first_step_gives_the_rest_row_of_the_mapper():
    table = RIGS["unity/vrm1"]
    still = Mapper(table).map(np.zeros((1, len(FACE)), np.float32))
    assert np.array_equal(Sweep(table).rows(np.array([-1.0])), still)


def test_behind_the_last_step_the_first_one_follows():
    sweep = Sweep(RIGS["arkit"])
    begin = np.array([0.25, 3.75])
    assert np.array_equal(sweep.rows(begin + len(sweep.steps)), sweep.rows(begin))


def test_a_transform_turns_about_one_axis_at_a_time_in_the_axes_of_the_rig():
    table = rig(
        space={"handedness": "left", "up": "+z", "forward": "+y", "unit": "cm"},
        curves={"jawOpen": {"jawOpen": 1.0}},
        transforms={"eye": {"yaw": {"eyeLeftY": 1.0}, "x": {"jawLeft": 0.5}}},
    )
    sweep = Sweep(table)
    assert [step.name for step in sweep.steps] == [
        "jawOpen",
        "eye.yaw",
        "eye.yaw",
        "eye.x",
        "eye.x",
    ]
    assert [step.index for step in sweep.steps] == [0, 1, 1, 1, 1]
    motion = np.zeros((1, 2, 6), np.float32)
    motion[0, 0, 1], motion[0, 1, 3] = TURN_DEG, SHIFT_M
    wanted = transforms(motion, table.space)[0]
    assert np.array_equal(sweep.rows(np.array([1.5]))[0, 1:], wanted[0])
    assert np.array_equal(sweep.rows(np.array([3.5]))[0, 1:], wanted[1])


def test_an_angle_in_radians_does_not_turn_a_head_half_way_round():
    table = rig(range={"min": -3.2, "max": 3.2}, curves={"HeadYaw": {"eyeLeftY": 0.02}})
    assert [step.end for step in Sweep(table).steps] == [
        pytest.approx(np.radians(TURN_DEG)),
        pytest.approx(-np.radians(TURN_DEG)),
    ]


def test_a_head_that_no_face_moves_is_turned_about_its_three_axes():
    table = rig(curves={"jawOpen": {"jawOpen": 1.0}}, transforms={"head": {}})
    names = [step.name for step in Sweep(table).steps]
    assert names[1::2] == ["head.pitch", "head.yaw", "head.roll"]
    moved = Sweep(table).rows(np.array([1.5, 3.5, 5.5]))[:, 1:]
    assert np.abs(moved[:, :3]).argmax(axis=1).tolist() == [0, 1, 2]
    assert not moved[:, 4:].any()


def test_on_a_mesh_the_curves_are_those_that_it_has():
    fit = fitted(RIGS["arkit"], ["mouthFunnel", "jawOpen"])
    assert [step.name for step in Sweep(fit.table).steps] == ["mouthFunnel", "jawOpen"]


@pytest.mark.parametrize("name", sorted(RIGS))
def test_every_rig_moves_every_curve_within_its_range(name):
    table = RIGS[name]
    sweep = Sweep(table)
    moved = {step.index for step in sweep.steps if step.part is None}
    assert moved == set(range(len(table.curves)))
    rows = sweep.rows(np.arange(len(sweep.steps)) + 0.5)
    assert np.isfinite(rows).all()
    for k, value in enumerate(table.values.values()):
        assert value.low - 1e-6 <= rows[:, k].min() <= rows[:, k].max() <= value.high + 1e-6
