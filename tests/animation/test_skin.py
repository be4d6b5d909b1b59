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
from a2f_ws.errors import MisuseError, ModelError
from tests.animation.geometry import any_rows, floats, row, rows

HEIGHTS = np.array([0.0, 1.0, 2.0, 3.0, 4.0], np.float32)


def times(count, fps=60):
    return np.full(count, 1 / fps, np.float32)


def test_coefficients_get_those_of_the_closed_eyes_and_the_open_lips():
    lids = {"eyelid_open_offset": 0.25, "blink_offset": 0.5, "blink_strength": 2.0}
    params = rows(1, skin_strength=1.5, lip_open_offset=-0.125, **lids)
    found = skin_coefficients(np.array([[2.0, -4.0]], np.float32), params)
    assert found.dtype == np.float32
    assert found.tolist() == [[3.0, -6.0, 0.75, -0.125]]


def test_displacements_get_the_same_on_vertices():
    lids = {"eyelid_open_offset": -0.5, "blink_offset": 0.25, "blink_strength": 1.0}
    params = rows(1, skin_strength=0.5, lip_open_offset=0.125, **lids)
    found = skin_deltas(
        np.array([[[2.0, 4.0, 8.0]]], np.float32),
        eye_close=np.array([[1.0, 0.0, -1.0]], np.float32),
        lip_open=np.array([[0.0, 8.0, 16.0]], np.float32),
        params=params,
    )
    assert found.tolist() == [[[1.75, 3.0, 5.25]]]


def test_the_neutral_parameters_change_no_displacement():
    deltas = floats(0, 3, 4, 3)
    found = skin_deltas(deltas, eye_close=floats(1, 4, 3), lip_open=floats(2, 4, 3), params=rows(3))
    assert np.array_equal(found, deltas)
    upper, lower = smooth_skin(found, [SkinState(12)] * 3, params=rows(3), dt_s=times(3))
    assert np.array_equal(upper, deltas)
    assert np.array_equal(lower, deltas)


def test_each_region_has_its_own_half_life():
    params = rows(2, upper_face_smoothing=0.05, lower_face_smoothing=0.025)
    deltas = np.array([[0.0, 0.0], [1.0, -2.0]], np.float32)
    state = SkinState(2)
    upper, lower = smooth_skin(
        deltas, [state] * 2, params=params, dt_s=np.full(2, 0.05, np.float32)
    )
    np.testing.assert_allclose(upper, [[0, 0], [0.25, -0.5]], rtol=1e-6)
    np.testing.assert_allclose(lower, [[0, 0], [0.5625, -1.125]], rtol=1e-6)
    np.testing.assert_allclose(state.values[:, :, 0], [[0.5, 0.75], [0.25, 0.5625]], rtol=1e-6)


def test_the_mask_is_half_at_its_level_and_falls_with_the_height():
    found = face_mask(HEIGHTS, level=0.5, softness=0.25)
    wanted = 1 / (1 + np.exp([-2.0, -1.0, 0.0, 1.0, 2.0]))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, wanted, rtol=1e-6)


def test_a_hard_mask_is_1_below_its_level_and_0_above():
    assert face_mask(HEIGHTS, level=0.4, softness=0.001).tolist() == [1.0, 1.0, 0.0, 0.0, 0.0]


def test_the_mask_depends_on_shares_of_the_height_alone():
    found = face_mask(HEIGHTS * 16 - 64, level=0.6, softness=0.0625)
    assert np.array_equal(found, face_mask(HEIGHTS, level=0.6, softness=0.0625))


def test_a_flat_skin_has_no_mask():
    with pytest.raises(ModelError, match=r"^neutral skin: all heights are 2, wanted different"):
        face_mask(np.full(3, 2.0, np.float32), level=0.5, softness=0.01)


@pytest.mark.parametrize("softness", [0.0, -0.1, float("nan")])
def test_a_mask_without_softness_is_a_bug(softness):
    with pytest.raises(MisuseError, match=r"^face_mask_softness: found .*, wanted > 0$"):
        face_mask(HEIGHTS, level=0.5, softness=softness)


def test_the_mask_blends_the_regions_by_their_strengths():
    found = blend_skin(
        np.full((1, 3, 3), 8.0, np.float32),
        np.full((1, 3, 3), -4.0, np.float32),
        neutral=np.array([[100.0] * 3, [200.0] * 3, [300.0] * 3], np.float32),
        mask=np.array([0.0, 0.25, 1.0], np.float32),
        params=rows(1, upper_face_strength=0.5, lower_face_strength=2.0),
    )
    assert found[0].tolist() == [[104.0] * 3, [201.0] * 3, [292.0] * 3]


def test_rows_may_have_a_mask_each():
    upper, lower, neutral = floats(0, 3, 5, 3), floats(1, 3, 5, 3), floats(2, 5, 3)
    masks = np.stack([face_mask(HEIGHTS, level=level, softness=0.1) for level in (0, 0.5, 1)])
    params = any_rows(3, 3)
    found = blend_skin(upper, lower, neutral=neutral, mask=masks, params=params)
    for i in range(3):
        one = blend_skin(upper[[i]], lower[[i]], neutral=neutral, mask=masks[i], params=params[[i]])
        assert np.array_equal(found[i], one[0])


def exact_skin(deltas, *, eye_close, lip_open, neutral, params, dt_s):
    """All frames of an utterance in float64, vertex by vertex as the formulas read."""
    value = dict(zip(GEOMETRY_PARAMS.names, params.astype(np.float64), strict=True))
    height = neutral[:, 1]
    share = (height - height.min()) / (height.max() - height.min())
    mask = 1 / (1 + np.exp((share - value["face_mask_level"]) / value["face_mask_softness"]))
    closed = value["blink_offset"] * value["blink_strength"] - value["eyelid_open_offset"]
    moved = (
        value["skin_strength"] * deltas + closed * eye_close + value["lip_open_offset"] * lip_open
    )
    out = np.tile(neutral, (len(deltas), 1, 1))
    for region, weight in (("upper", 1 - mask), ("lower", mask)):
        half_life_s = value[f"{region}_face_smoothing"]
        alpha = 1 - 0.5 ** (dt_s / half_life_s) if half_life_s else 1.0
        one = two = moved[0]
        for frame, target in enumerate(moved):
            one = one + (target - one) * alpha
            two = two + (one - two) * alpha
            out[frame] += two * value[f"{region}_face_strength"] * weight[:, None]
    return out


def mask_of(neutral, params):
    column = GEOMETRY_PARAMS.column
    return face_mask(
        neutral[:, 1],
        level=params[column("face_mask_level")],
        softness=params[column("face_mask_softness")],
    )


@settings(max_examples=40)
@given(seed=st.integers(0, 2**31), fps=st.sampled_from([25, 30, 60, 240]))
def test_the_skin_is_that_of_the_formulas_in_float64(seed, fps):
    frames, count = 12, 30
    deltas, poses = floats(seed, frames, count, 3), floats(seed + 1, 2, count, 3)
    neutral = floats(seed + 2, count, 3, scale=10.0)
    params = any_rows(1, seed)
    params[0, GEOMETRY_PARAMS.column("face_mask_softness")] += 0.01
    many = np.repeat(params, frames, axis=0)
    moved = skin_deltas(deltas, eye_close=poses[0], lip_open=poses[1], params=many)
    upper, lower = smooth_skin(
        moved, [SkinState(3 * count)] * frames, params=many, dt_s=times(frames, fps)
    )
    mask = mask_of(neutral, params[0])
    found = blend_skin(upper, lower, neutral=neutral, mask=mask, params=many)
    wanted = exact_skin(
        deltas.astype(np.float64),
        eye_close=poses[0].astype(np.float64),
        lip_open=poses[1].astype(np.float64),
        neutral=neutral.astype(np.float64),
        params=params[0],
        dt_s=float(times(1, fps)[0]),
    )
    # float32 against float64: neutral coordinates up to 40, twelve steps of the filters, and the
    # mask's rounding, of which a softness of 0.01 makes a hundredfold.
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-4)


@settings(max_examples=30)
@given(seed=st.integers(0, 2**31), people=st.integers(1, 4))
def test_smoothing_coefficients_is_smoothing_the_whole_mesh(seed, people):
    frames, count, size = 16, 40, 9
    random = np.random.default_rng(seed)
    basis, poses = floats(seed, size, count * 3), floats(seed + 1, 2, count * 3)
    coefs, params = floats(seed + 2, frames, size), any_rows(frames, seed)
    owners = random.integers(0, people, frames)

    def smoothed(deltas, size):
        states = [SkinState(size) for _ in range(people)]
        ours = [states[owner] for owner in owners]
        return smooth_skin(deltas, ours, params=params, dt_s=times(frames))

    whole = smoothed(
        skin_deltas(
            (coefs @ basis).reshape(frames, count, 3),
            eye_close=poses[0].reshape(count, 3),
            lip_open=poses[1].reshape(count, 3),
            params=params,
        ),
        3 * count,
    )
    reduced = smoothed(skin_coefficients(coefs, params), size + 2)
    for mesh, row_of_coefs in zip(whole, reduced, strict=True):
        expanded = row_of_coefs @ np.concatenate([basis, poses])
        difference = np.abs(expanded - mesh.reshape(frames, -1)).max()
        assert difference <= 1e-4 * np.abs(mesh).max()


@settings(max_examples=40)
@given(data=st.data())
def test_a_skin_has_the_same_bits_in_any_company(data):
    frames = data.draw(st.integers(1, 20))
    owners = data.draw(st.lists(st.integers(0, 3), min_size=frames, max_size=frames))
    seed = data.draw(st.integers(0, 2**31))
    deltas, params, neutral = floats(seed, frames, 7, 3), any_rows(frames, seed), floats(1, 7, 3)
    masks = np.stack([mask_of(neutral, each) for each in params])

    def played(batches):
        states = {owner: SkinState(21) for owner in owners}
        out = np.zeros_like(deltas)
        for at in batches:
            moved = skin_deltas(
                deltas[at], eye_close=floats(2, 7, 3), lip_open=floats(3, 7, 3), params=params[at]
            )
            ours = [states[owners[i]] for i in at]
            both = smooth_skin(moved, ours, params=params[at], dt_s=times(len(at)))
            out[at] = blend_skin(*both, neutral=neutral, mask=masks[at], params=params[at])
        return out.tobytes()

    one_by_one = played([[i] for i in range(frames)])
    by_owner = [[i for i in range(frames) if owners[i] == owner] for owner in sorted(set(owners))]
    assert played([list(range(frames))]) == one_by_one
    assert played(by_owner) == one_by_one


def test_strengths_act_after_smoothing_so_that_they_change_at_once():
    state, mask = SkinState(3), np.ones(1, np.float32)
    deltas = np.array([[[1.0, 2.0, 3.0]]], np.float32)
    for strength in (1.0, 0.25):
        params = row(lower_face_smoothing=0.1, lower_face_strength=strength)[None]
        both = smooth_skin(deltas, [state], params=params, dt_s=times(1))
        zero = np.zeros((1, 3), np.float32)
        found = blend_skin(*both, neutral=zero, mask=mask, params=params)
        assert np.array_equal(found, deltas * np.float32(strength))


def test_the_skin_s_input_is_left_alone():
    deltas, poses, neutral = floats(0, 2, 4, 3), floats(1, 2, 4, 3), floats(2, 4, 3)
    before = [deltas.copy(), poses.copy(), neutral.copy()]
    params = any_rows(2, 3)
    moved = skin_deltas(deltas, eye_close=poses[0], lip_open=poses[1], params=params)
    upper, lower = smooth_skin(moved, [SkinState(12)] * 2, params=params, dt_s=times(2))
    kept = [moved.copy(), upper.copy(), lower.copy()]
    blend_skin(upper, lower, neutral=neutral, mask=mask_of(neutral, params[0]), params=params)
    for now, then in zip([deltas, poses, neutral, moved, upper, lower], before + kept, strict=True):
        assert np.array_equal(now, then)
