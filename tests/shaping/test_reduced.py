"""The reduced path against the mesh itself, rebuilt for every frame."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from a2f_ws.animation.params import GEOMETRY_PARAMS
from a2f_ws.animation.skin import (
    SkinState,
    blend_skin,
    face_mask,
    skin_coefficients,
    skin_deltas,
    smooth_skin,
)
from a2f_ws.animation.tongue import tongue_vertices
from a2f_ws.errors import MisuseError
from a2f_ws.inference.model_data import ModelData
from a2f_ws.inference.solver_data import SolverData
from a2f_ws.shaping.ready import RECENT_MAX
from a2f_ws.shaping.reduced import ReducedSpace
from a2f_ws.solver.normal import Poses, Regularisation, prepare
from a2f_ws.solver.projection import project
from a2f_ws.solver.solve import Solver

SHAPES, SKIN, TONGUE_SHAPES, TONGUE = 12, 60, 4, 20
COLUMN = GEOMETRY_PARAMS.column


def rig(random, *, poses, vertices, mask, active=None):
    deltas = random.standard_normal((poses, vertices, 3)).astype(np.float32)
    neutral = random.standard_normal((vertices, 3)).astype(np.float32) * 10
    rows = slice(None) if mask is None else mask
    none = np.full(poses, -1, np.int32)
    return SolverData(
        config_path=Path("bs.json"),
        data_path=Path("bs.npz"),
        names=tuple(f"pose{k}" for k in range(poses)),
        neutral=neutral[rows],
        deltas=deltas[:, rows],
        vertices=mask,
        diagonal=float(np.linalg.norm(neutral.max(axis=0) - neutral.min(axis=0))),
        l1=0.5,
        l2=0.5,
        symmetry=100.0,
        temporal=0.3,
        template_bb_size=54.7,
        active=np.ones(poses, np.bool_) if active is None else active,
        cancel=none,
        symmetry_ids=none,
        multipliers=np.ones(poses, np.float32),
        offsets=np.zeros(poses, np.float32),
    )


def model(random, *, vertices=None):
    def cloud(*shape, size=1.0):
        return (random.standard_normal(shape) * size).astype(np.float32)

    basis = cloud(SHAPES, SKIN, 3, size=0.3)
    return ModelData(
        skin_mean=cloud(SKIN, 3, size=10.0),
        lip_open=cloud(SKIN, 3),
        eye_close=cloud(SKIN, 3),
        skin_basis=basis if vertices is None else basis[:, vertices],
        tongue_mean=cloud(TONGUE, 3, size=3.0),
        tongue_basis=cloud(TONGUE_SHAPES, TONGUE, 3, size=0.3),
        jaw=cloud(5, 3),
        saccades=cloud(9, 2),
    )


def random_params(random, rows):
    low = np.array([param.min for param in GEOMETRY_PARAMS.params])
    high = np.array([param.max for param in GEOMETRY_PARAMS.params])
    params = low + random.random((rows, len(low))) * (high - low)
    return params.astype(np.float32)


def through_the_mesh(data, skin, tongue, *, coefs, tongue_coefs, params, dt_s):
    """What the reference SDK does: the whole mesh first, then the projection."""
    rows = slice(None) if skin.vertices is None else skin.vertices
    deltas = np.einsum("bk,kvx->bvx", coefs, data.skin_basis)
    moved = skin_deltas(deltas, eye_close=data.eye_close, lip_open=data.lip_open, params=params)
    state = SkinState(data.skin_mean.size)
    upper, lower = smooth_skin(moved, [state] * len(coefs), params=params, dt_s=dt_s)
    masks = np.stack(
        [
            face_mask(
                data.skin_mean[:, 1],
                level=float(row[COLUMN("face_mask_level")]),
                softness=float(row[COLUMN("face_mask_softness")]),
            )
            for row in params
        ]
    )
    shape = blend_skin(upper, lower, neutral=data.skin_mean, mask=masks, params=params)
    skin_data = project(skin.deltas[skin.active], shape[:, rows] - skin.neutral)
    licked = np.einsum("bk,kvx->bvx", tongue_coefs, data.tongue_basis)
    shape = tongue_vertices(licked, neutral=data.tongue_mean, params=params)
    tongue_data = project(tongue.deltas[tongue.active], shape - tongue.neutral)
    return np.concatenate((skin_data, tongue_data), axis=1)


def reduced_data(space, *, coefs, tongue_coefs, params, dt_s):
    state = SkinState(SHAPES + 2)
    skin = smooth_skin(
        skin_coefficients(coefs, params), [state] * len(coefs), params=params, dt_s=dt_s
    )
    masks = [space.prepare(row) for row in params]
    return space.data(skin, tongue_coefs, params=params, masks=masks)


def both(seed, *, frames, is_masked, changes):
    random = np.random.default_rng(seed)
    mask = random.permutation(SKIN)[:35].astype(np.int32) if is_masked else None
    active = random.random(8) < 0.8
    active[0] = True
    skin = rig(random, poses=8, vertices=SKIN, mask=mask, active=active)
    tongue = rig(random, poses=3, vertices=TONGUE, mask=None)
    data = model(random)
    params = random_params(random, frames)
    if not changes:
        params[:] = params[0]
    sound = {
        "coefs": random.standard_normal((frames, SHAPES)).astype(np.float32),
        "tongue_coefs": random.standard_normal((frames, TONGUE_SHAPES)).astype(np.float32),
        "params": params,
        "dt_s": np.full(frames, 1 / 60, np.float32),
    }
    space = ReducedSpace(data, skin=skin, tongue=tongue)
    wanted = through_the_mesh(data, skin, tongue, **sound)
    return reduced_data(space, **sound), wanted, (skin, tongue)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    frames=st.integers(1, 9),
    is_masked=st.booleans(),
    changes=st.booleans(),
)
def test_the_reduced_path_gives_what_the_whole_mesh_gives(seed, frames, is_masked, changes):
    found, wanted, _ = both(seed, frames=frames, is_masked=is_masked, changes=changes)
    size = np.abs(wanted).max()
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-4 * size)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), method=st.sampled_from(["admm", "bvls", "exact"]))
def test_weights_of_both_paths_are_equal_where_the_fit_is_well_posed(seed, method):
    found, wanted, rigs = both(seed, frames=12, is_masked=True, changes=False)
    parts = [
        prepare(
            one.deltas,
            diagonal=one.diagonal,
            poses=Poses(active=one.active, cancel=one.cancel, symmetry=one.symmetry_ids),
            regularisation=Regularisation(l1=0.5, l2=0.5, symmetry=100.0, temporal=0.3),
        )
        for one in rigs
    ]
    solver = Solver(parts, method)
    weights = []
    for data in (found, wanted):
        state = solver.new_state()
        weights.append(solver.solve(data, [state] * len(data)))
    np.testing.assert_allclose(weights[0], weights[1], rtol=0, atol=1e-3)


@pytest.fixture
def space():
    random = np.random.default_rng(3)
    skin = rig(random, poses=8, vertices=SKIN, mask=np.arange(20, dtype=np.int32))
    tongue = rig(random, poses=3, vertices=TONGUE, mask=None)
    return ReducedSpace(model(random, vertices=skin.vertices), skin=skin, tongue=tongue)


def asking(level):
    params = np.array([param.default for param in GEOMETRY_PARAMS.params], np.float32)
    params[COLUMN("face_mask_level")] = level
    return params


def test_a_mask_is_prepared_once_and_remembered(space):
    assert space.ready(asking(0.5)) is None
    made = space.prepare(asking(0.5))
    assert space.ready(asking(0.5)) is made is space.prepare(asking(0.5))
    assert space.ready(asking(0.25)) is None


def test_the_mask_used_longest_ago_is_forgotten_first(space):
    for step in range(RECENT_MAX):
        space.prepare(asking(step / 64))
    space.prepare(asking(0.0))
    space.prepare(asking(0.99))
    assert space.ready(asking(0.0)) is not None
    assert space.ready(asking(1 / 64)) is None


def test_masks_that_somebody_holds_are_never_forgotten(space):
    held = [space.prepare(asking(step / 128)) for step in range(5 * RECENT_MAX)]
    assert [space.ready(asking(step / 128)) for step in range(len(held))] == held
    held.clear()
    assert space.ready(asking(0.0)) is None


def test_a_mask_held_from_before_replaces_what_is_asked_for_now(space):
    held, now = space.prepare(asking(0.25)), asking(0.75)
    now[COLUMN("skin_strength")] = 1.5
    in_force = held.applied(now)
    assert in_force[COLUMN("face_mask_level")] == 0.25
    assert in_force[COLUMN("skin_strength")] == 1.5
    assert now[COLUMN("face_mask_level")] == 0.75
    same = asking(0.25)
    assert held.applied(same) is same


def test_a_mask_is_never_projected_where_faces_are_computed(space):
    skin = tuple(np.zeros((1, SHAPES + 2), np.float32) for _ in range(2))
    tongue = np.zeros((1, TONGUE_SHAPES), np.float32)
    with pytest.raises(MisuseError, match=r"face mask 0\.5, .*: wanted `prepare`"):
        space.data(skin, tongue, params=asking(0.5)[None], masks=[None])


def test_rows_with_masks_of_their_own_get_what_they_get_alone(space):
    random = np.random.default_rng(1)
    skin = tuple(random.standard_normal((4, SHAPES + 2)).astype(np.float32) for _ in range(2))
    tongue = random.standard_normal((4, TONGUE_SHAPES)).astype(np.float32)
    params = np.stack([asking(level) for level in (0.2, 0.8, 0.2, 0.5)])
    masks = [space.prepare(row) for row in params]
    together = space.data(skin, tongue, params=params, masks=masks)
    for row in range(4):
        alone = space.data(
            (skin[0][[row]], skin[1][[row]]),
            tongue[[row]],
            params=params[[row]],
            masks=[masks[row]],
        )
        assert together[row].tobytes() == alone[0].tobytes()
