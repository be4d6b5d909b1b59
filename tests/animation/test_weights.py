import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from a2f_ws.animation.params import WEIGHT_PARAMS
from a2f_ws.animation.weights import LIP_OPENERS, FilterState, WeightAnimator
from a2f_ws.errors import MisuseError
from a2f_ws.names import ARKIT, TONGUE, UPPER, WEIGHTS

REGIONS = ["upper" if name in UPPER else "lower" for name in WEIGHTS]
NEUTRAL = np.array([param.default for param in WEIGHT_PARAMS.params], np.float32)
DT = 1 / 60


def face(**weights):
    row = np.zeros((1, 68), np.float32)
    for name, value in weights.items():
        row[0, WEIGHTS.index(name)] = value
    return row


def shown(weights, state=None, **changes):
    """One face with the given parameters, as a dict of what is not 0."""
    animator = WeightAnimator(REGIONS)
    params = WEIGHT_PARAMS.changed(NEUTRAL, changes)[None]
    out = animator.step(weights, [state or FilterState()], params=params, dt_s=np.array([DT]))
    return {name: float(value) for name, value in zip(WEIGHTS, out[0], strict=True) if value}


def random_faces(count, seed=0):
    return np.random.default_rng(seed).random((count, 68)).astype(np.float32)


def sealed(faces):
    faces = faces.copy()
    jaw, close = ARKIT.index("jawOpen"), ARKIT.index("mouthClose")
    faces[:, close] = faces[:, jaw]
    return faces


def test_the_neutral_parameters_change_no_bit():
    faces = sealed(random_faces(20))
    animator = WeightAnimator(REGIONS)
    out = animator.step(
        faces,
        [FilterState()] * 20,
        params=np.tile(NEUTRAL, (20, 1)),
        dt_s=np.full(20, DT),
    )
    assert out.tobytes() == faces.tobytes()


def test_strengths_scale_their_own_region():
    weights = face(browInnerUp=0.4, mouthPucker=0.4, tongueUp=0.4, tongueOut=0.4)
    upper = shown(weights, upper_face_strength=0.5)
    lower = shown(weights, lower_face_strength=0.5)
    skin = shown(weights, skin_strength=0.5)
    tongue = shown(weights, tongue_strength=0.5)
    by_name = [
        tuple(
            round(row[name], 4) for name in ("browInnerUp", "mouthPucker", "tongueOut", "tongueUp")
        )
        for row in (upper, lower, skin, tongue)
    ]
    assert by_name == [
        (0.2, 0.4, 0.4, 0.4), (0.4, 0.2, 0.2, 0.4), (0.2, 0.2, 0.2, 0.4), (0.4, 0.4, 0.4, 0.2),
    ]  # fmt: skip


def test_weights_stay_within_0_and_1():
    params = WEIGHT_PARAMS.changed(
        NEUTRAL, {"skin_strength": 2, "lower_face_strength": 2, "tongue_strength": 3}
    )
    faces = random_faces(30)
    faces[0] = 0.0
    out = WeightAnimator(REGIONS).step(
        faces, [FilterState()] * 30, params=np.tile(params, (30, 1)), dt_s=np.full(30, DT)
    )
    assert (out.min(), out.max()) == (0.0, 1.0)


def test_the_blink_offset_shuts_the_lids_by_the_blink_strength():
    assert shown(face(), blink_offset=0.5) == {"eyeBlinkLeft": 0.5, "eyeBlinkRight": 0.5}
    assert shown(face(), blink_offset=0.5, blink_strength=0.5) == {
        "eyeBlinkLeft": 0.25,
        "eyeBlinkRight": 0.25,
    }
    assert shown(face(), blink_strength=2.0) == {}


def test_the_eyelid_offset_opens_shut_lids_and_widens_open_ones():
    half = np.float32(0.5)
    assert shown(face(eyeBlinkLeft=1.0, eyeBlinkRight=1.0), eyelid_open_offset=0.5) == {
        "eyeBlinkLeft": half,
        "eyeBlinkRight": half,
    }
    assert shown(face(eyeBlinkLeft=0.25), eyelid_open_offset=0.5) == {
        "eyeWideLeft": 0.25,
        "eyeWideRight": 0.5,
    }
    assert shown(face(), eyelid_open_offset=-0.5) == {"eyeBlinkLeft": 0.5, "eyeBlinkRight": 0.5}


def test_the_lip_offset_parts_the_lips():
    assert shown(face(), lip_open_offset=0.125) == dict.fromkeys(LIP_OPENERS, 0.125)


def test_a_negative_lip_offset_closes_the_lips_as_far_as_the_jaw_is_open():
    weights = face(jawOpen=0.1, mouthLowerDownLeft=0.5)
    row = shown(weights, lip_open_offset=-0.125)
    assert row == {
        "jawOpen": np.float32(0.1),
        "mouthClose": np.float32(0.1),
        "mouthLowerDownLeft": 0.375,
    }


@given(
    strength=st.floats(0, 2, width=32),
    skin=st.floats(0, 2, width=32),
    jaw=st.floats(0, 1, width=32),
)
def test_sealed_lips_stay_sealed_at_every_strength(strength, skin, jaw):
    row = shown(face(jawOpen=jaw, mouthClose=jaw), lower_face_strength=strength, skin_strength=skin)
    assert row.get("jawOpen", 0.0) == row.get("mouthClose", 0.0)


@settings(max_examples=30)
@given(seed=st.integers(0, 2**31), smoothing=st.sampled_from([0.0, 0.006, 0.1]))
def test_the_mouth_is_never_closed_further_than_the_jaw_is_open(seed, smoothing):
    faces = random_faces(6, seed)
    params = WEIGHT_PARAMS.changed(
        NEUTRAL,
        {"lower_face_smoothing": smoothing, "lip_open_offset": -0.2, "lower_face_strength": 1.9},
    )
    out = WeightAnimator(REGIONS).step(
        faces, [FilterState()] * 6, params=np.tile(params, (6, 1)), dt_s=np.full(6, DT)
    )
    assert (out[:, ARKIT.index("mouthClose")] <= out[:, ARKIT.index("jawOpen")]).all()


def two_poles(values, *, dt, half_life):
    """The filter in float64, written for clarity."""
    alpha = 1 - 0.5 ** (dt / half_life)
    one = two = values[0]
    out = [two]
    for value in values[1:]:
        one += (value - one) * alpha
        two += (one - two) * alpha
        out.append(two)
    return out


@pytest.mark.parametrize(("half_life", "dt"), [(0.0023, 1 / 60), (0.006, 1 / 30), (0.1, 1 / 240)])
def test_smoothing_is_two_poles_whose_first_face_is_unfiltered(half_life, dt):
    faces = random_faces(25)
    params = WEIGHT_PARAMS.changed(NEUTRAL, {"lower_face_smoothing": half_life})
    state = FilterState()
    out = WeightAnimator(REGIONS).step(
        faces, [state] * 25, params=np.tile(params, (25, 1)), dt_s=np.full(25, dt)
    )
    pucker, brow = ARKIT.index("mouthPucker"), ARKIT.index("browInnerUp")
    wanted = two_poles(faces[:, pucker].astype(float), dt=dt, half_life=half_life)
    # float32 against float64 over 25 steps of numbers up to 1.
    np.testing.assert_allclose(out[:, pucker], wanted, rtol=0, atol=2e-6)
    assert np.array_equal(out[:, brow], faces[:, brow])
    assert np.array_equal(out[:, 52:], faces[:, 52:])


def test_after_one_step_each_pole_has_covered_its_share():
    state = FilterState()
    shown(face(mouthPucker=0.0), state, lower_face_smoothing=0.05)
    row = shown(face(mouthPucker=1.0), state, lower_face_smoothing=0.05)
    alpha = 1 - math.pow(0.5, DT / 0.05)
    assert row["mouthPucker"] == pytest.approx(alpha * alpha, abs=1e-6)


def test_strengths_act_after_the_filter():
    state = FilterState()
    shown(face(mouthPucker=0.5), state, lower_face_smoothing=0.1)
    row = shown(face(mouthPucker=0.5), state, lower_face_smoothing=0.1, lower_face_strength=0.5)
    assert row["mouthPucker"] == 0.25


def test_switching_smoothing_off_and_on_is_continuous():
    state = FilterState()
    shown(face(mouthPucker=0.25), state, lower_face_smoothing=0.1)
    shown(face(mouthPucker=0.75), state)
    row = shown(face(mouthPucker=0.75), state, lower_face_smoothing=0.1)
    assert row["mouthPucker"] == 0.75


def test_a_new_utterance_starts_unfiltered():
    animator = WeightAnimator(REGIONS)
    shown(face(mouthPucker=1.0), animator.new_state(), lower_face_smoothing=0.1)
    row = shown(face(mouthPucker=0.5), animator.new_state(), lower_face_smoothing=0.1)
    assert row == {"mouthPucker": 0.5}


def _play(batches, faces, owners, *, params, dts):
    """Run the rows of `faces` in the given batches, each row with the state of its owner."""
    animator = WeightAnimator(REGIONS)
    states = {owner: animator.new_state() for owner in owners}
    out = np.zeros_like(faces)
    for rows in batches:
        out[rows] = animator.step(
            faces[rows], [states[owners[row]] for row in rows], params=params[rows], dt_s=dts[rows]
        )
    return out


@settings(max_examples=60)
@given(data=st.data())
def test_a_row_has_the_same_bits_in_any_company_and_batch(data):
    count = data.draw(st.integers(1, 24))
    owners = data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    settings_of = {
        owner: WEIGHT_PARAMS.changed(
            NEUTRAL,
            {
                "lower_face_smoothing": data.draw(st.sampled_from([0.0, 0.006, 0.05])),
                "upper_face_smoothing": data.draw(st.sampled_from([0.0, 0.001])),
                "eyelid_open_offset": data.draw(st.sampled_from([0.0, 0.06, -0.3])),
                "lip_open_offset": data.draw(st.sampled_from([0.0, -0.03])),
                "upper_face_strength": data.draw(st.sampled_from([0.0, 1.0, 1.3])),
            },
        )
        for owner in range(4)
    }
    rates = {0: 1 / 60, 1: 1 / 30, 2: 1001 / 30000, 3: 1 / 240}
    params = np.stack([settings_of[owner] for owner in owners])
    dts = np.array([rates[owner] for owner in owners])
    faces = random_faces(count, seed=data.draw(st.integers(0, 1000)))
    faces[::3] = 0.0
    one_by_one = _play([[row] for row in range(count)], faces, owners, params=params, dts=dts)
    by_owner = [[r for r in range(count) if owners[r] == owner] for owner in sorted(set(owners))]
    cuts = sorted({0, count, *data.draw(st.lists(st.integers(0, count), max_size=4))})
    mixed = [list(range(a, b)) for a, b in pairwise(cuts)]
    for batches in (by_owner, mixed, [list(range(count))]):
        together = _play(batches, faces, owners, params=params, dts=dts)
        assert together.tobytes() == one_by_one.tobytes()


def test_the_input_is_left_alone():
    faces = random_faces(3)
    before = faces.copy()
    params = WEIGHT_PARAMS.changed(NEUTRAL, {"skin_strength": 2, "blink_offset": 1})
    WeightAnimator(REGIONS).step(
        faces, [FilterState()] * 3, params=np.tile(params, (3, 1)), dt_s=np.full(3, DT)
    )
    assert np.array_equal(faces, before)


@pytest.mark.parametrize("regions", [REGIONS[:-1], ["middle"] * 68])
def test_regions_that_are_not_68_of_two_are_a_bug(regions):
    with pytest.raises(MisuseError, match="regions: wanted 68"):
        WeightAnimator(regions)


def test_the_tongue_poses_follow_the_52():
    assert WEIGHTS[52:] == TONGUE
