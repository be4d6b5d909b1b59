import sys
import threading

import numpy as np
import pytest

from a2f_ws.errors import MisuseError
from a2f_ws.solver.normal import Regularisation, prepare
from a2f_ws.solver.projection import evaluate_pose, project
from a2f_ws.solver.solve import METHODS, Solver
from tests.solver.rigs import COUPLED, bumps, data_for, diagonal_of, face, poses, rig

MARK = Regularisation(l1=0.5, l2=0.5, symmetry=100, temporal=0.3, template_bb_size=53.45)
CANCEL = (0, 0, 1, 1, *[-1] * 26)
SPARSE = {14: 0.156, 19: 0.67, 20: 0.479, 23: 0.074, 24: 0.076, 39: 0.121, 40: 0.12}
"""Source: SDK, `test_core_blendshape_solver.cpp`."""


@pytest.fixture(params=[*METHODS])
def method(request):
    return request.param


def parts(cancel=CANCEL):
    """A skin of 30 poses, 27 of them active, and a tongue of 10."""
    active = np.ones(30, bool)
    active[[5, 6, 29]] = False
    return (
        face(30, regularisation=MARK, active=active, cancel=cancel),
        face(10, regularisation=MARK, seed=3),
    )


def frames(skin, tongue, *, count):
    """Data of one smooth utterance."""
    keys = np.hstack((data_for(skin, 6), data_for(tongue, 6)))
    at = np.linspace(0, 5, count)
    return np.stack([np.interp(at, np.arange(6), key) for key in keys.T], axis=1).astype(np.float32)


@pytest.mark.parametrize("cancel", [CANCEL, None])
def test_a_row_has_the_same_bits_in_any_company(method, cancel):
    solver = Solver(parts(cancel), method)
    data = frames(*parts(cancel), count=37)
    alone = [solver.solve(row[None], [solver.new_state()]) for row in data]
    together = solver.solve(data, [solver.new_state() for _ in data])
    assert together.tobytes() == np.concatenate(alone).tobytes()


def test_an_utterance_has_the_same_bits_frame_by_frame_and_between_others(method):
    solver = Solver(parts(), method)
    data = frames(*parts(), count=24)
    state = solver.new_state()
    wanted = np.concatenate([solver.solve(row[None], [state]) for row in data])
    whole = solver.solve(data, [solver.new_state()] * 24)
    assert whole.tobytes() == wanted.tobytes()
    mine, other = solver.new_state(), solver.new_state()
    states = [mine, other, mine, solver.new_state(), mine, other] * 8
    rows = np.empty((48, solver.width), np.float32)
    is_mine = np.array([one is mine for one in states])
    rows[is_mine], rows[~is_mine] = data, data[::-1]
    found = solver.solve(rows, states)
    assert found[is_mine].tobytes() == wanted.tobytes()
    assert mine.previous.tobytes() == state.previous.tobytes()


def test_the_order_of_states_in_memory_changes_no_bit(method):
    solver = Solver(parts(), method)
    data = frames(*parts(), count=9)
    by_column = np.asfortranarray(data)
    wanted = solver.solve(data, [solver.new_state() for _ in data])
    assert solver.solve(by_column, [solver.new_state() for _ in data]).tobytes() == wanted.tobytes()


def test_poses_that_are_not_active_get_no_weight(method):
    solver = Solver(parts(), method)
    assert (solver.width, solver.size) == (37, 40)
    found = solver.solve(frames(*parts(), count=5), [solver.new_state() for _ in range(5)])
    assert found.shape == (5, 40)
    assert found.dtype == np.float32
    assert (found[:, [5, 6, 29]] == 0).all()
    assert ((found >= 0) & (found <= 1)).all()
    assert (found[:, 30:] > 0).any()


@pytest.mark.parametrize(("name", "second"), [("admm", 0.5025), ("bvls", 0.5025), ("exact", 0.75)])
def test_the_last_weights_pull_as_each_method_has_it(name, second):
    """A = 1 + 0.01·100; then (1 + 0.01·0.5) / 2 as in the SDK, or (1 + 1·0.5) / 2 as meant."""
    smooth = Regularisation(l1=0, l2=0, symmetry=0, temporal=0.01, template_bb_size=1)
    solver = Solver([rig([(1, 0, 0)], regularisation=smooth)], name)
    state = solver.new_state()
    assert state.previous.tolist() == [0]
    found = solver.solve(np.ones((2, 1), np.float32), [state, state])
    assert found[:, 0] == pytest.approx((0.5, second))
    assert state.previous[0] == found[1, 0]


def test_solving_nothing_gives_nothing(method):
    solver = Solver([rig(COUPLED)], method)
    assert solver.solve(np.empty((0, 3), np.float32), []).shape == (0, 3)


def test_data_are_left_as_they_are(method):
    solver = Solver(parts(), method)
    data = frames(*parts(), count=3)
    before = data.copy()
    solver.solve(data, [solver.new_state()] * 3)
    assert (data == before).all()


def test_sparse_weights_are_recovered_to_two_millimetres(method):
    """What the SDK guarantees of its own two solvers, with its prices and weights."""
    neutral, deltas = bumps(52, vertices=1500, width_cm=6)
    prices = Regularisation(l1=0.5, l2=0.7, symmetry=0, temporal=0, template_bb_size=54.7)
    normal = prepare(deltas, diagonal=diagonal_of(neutral), poses=poses(52), regularisation=prices)
    weights = np.zeros((1, 52), np.float32)
    weights[0, list(SPARSE)] = list(SPARSE.values())
    target = evaluate_pose(weights, neutral=neutral, deltas=deltas)
    solver = Solver([normal], method)
    found = solver.solve(project(deltas, target - neutral), [solver.new_state()])
    mesh = evaluate_pose(found, neutral=neutral, deltas=deltas)
    assert np.linalg.norm(mesh - target, axis=-1).mean() <= 0.2
    assert np.linalg.norm(neutral - target, axis=-1).mean() > 0.2
    assert np.abs(found - weights).max() < 0.1


@pytest.mark.parametrize("strength", [1.0, 1.6])
def test_exact_ends_closest_to_the_mesh_within_and_beyond_reach(strength):
    neutral, deltas = bumps(20, width_cm=6)
    normal = prepare(deltas, diagonal=diagonal_of(neutral), poses=poses(20), regularisation=MARK)
    keys = np.random.default_rng(4).random((6, 20))
    at = np.linspace(0, 5, 60)
    weights = np.stack([np.interp(at, np.arange(6), key) for key in keys.T], axis=1)
    targets = strength * evaluate_pose(weights, neutral=0 * neutral, deltas=deltas)
    data = project(deltas, targets)
    errors = {}
    for name in METHODS:
        solver = Solver([normal], name)
        found = solver.solve(data, [solver.new_state()] * 60)
        mesh = evaluate_pose(found, neutral=0 * neutral, deltas=deltas)
        errors[name] = np.linalg.norm(mesh - targets, axis=-1).mean()
    assert errors["exact"] < 0.9 * min(errors["admm"], errors["bvls"])


def test_wrong_use_is_refused():
    with pytest.raises(MisuseError, match="wanted one of"):
        Solver([rig(COUPLED)], "fastest")
    with pytest.raises(MisuseError, match="found 0 tracks"):
        Solver([], "admm")
    solver = Solver([rig(COUPLED)], "admm")
    with pytest.raises(MisuseError, match=r"wanted \(1, 3\)"):
        solver.solve(np.zeros((1, 2), np.float32), [solver.new_state()])
    with pytest.raises(MisuseError, match=r"wanted \(2, 3\)"):
        solver.solve(np.zeros((1, 3), np.float32), [solver.new_state()] * 2)


@pytest.fixture
def hasty():
    """Threads take turns as often as they can, so that what they share shows."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_solvers_beside_each_other_work_at_a_time_and_keep_their_bits(method, hasty):
    count = 2_000 if method == "admm" else 60
    data = frames(*parts(), count=count)
    first = Solver(parts(), method)

    def solved(solver, data):
        state = solver.new_state()
        return b"".join(solver.solve(row[None], [state]).tobytes() for row in data)

    wanted = [solved(first, data), solved(first, data[::-1])]
    found = [b"", b""]

    def work(k, solver):
        found[k] = solved(solver, data[:: (1, -1)[k]])

    pairs = enumerate((first, first.beside()))
    threads = [threading.Thread(target=work, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == wanted
