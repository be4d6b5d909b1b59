import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.player.idle import AMOUNTS, CURVES, HEAD, ROLES, Level, apply, offsets

SEEDS = st.integers(0, 2**32 - 1)
BLINK = CURVES.index("blinkLeft")


def amounts_of(**roles):
    amounts = np.zeros(AMOUNTS, np.float32)
    for role, amount in roles.items():
        amounts[CURVES.index(role)] = amount
    return amounts


def minute(seed, level, step_us=10_000):
    times = range(0, 60_000_000, step_us)
    return np.array([offsets(seed, now_us, level=level) for now_us in times])


def onsets(shut):
    return np.flatnonzero((shut[1:] > 0.5) & (shut[:-1] <= 0.5))


def test_there_is_a_left_and_a_right_role_for_everything_that_eyes_do():
    assert len(ROLES) == 14
    assert AMOUNTS == 16
    for role in ROLES[:12:2]:
        assert role.removesuffix("Left") + "Right" in ROLES


def test_off_is_nothing():
    assert not minute(1, Level.OFF, step_us=500_000).any()


@given(seed=SEEDS, now_us=st.integers(0, 10**14), level=st.sampled_from(Level))
def test_amounts_are_the_same_for_the_same_moment_and_within_their_range(seed, now_us, level):
    amounts = offsets(seed, now_us, level=level)
    assert amounts.dtype == np.float32
    assert amounts.tolist() == offsets(seed, now_us, level=level).tolist()
    assert amounts[:HEAD].min() >= 0
    assert amounts[:HEAD].max() <= 1
    assert np.abs(amounts[HEAD:]).max() <= 0.036001


@given(seed=SEEDS, now_us=st.integers(0, 10**14))
def test_the_same_blinks_are_in_both_levels_and_blink_has_nothing_else(seed, now_us):
    blink = offsets(seed, now_us, level=Level.BLINK)
    assert blink[:2].tolist() == offsets(seed, now_us, level=Level.ALIVE)[:2].tolist()
    assert not blink[4:].any()


def test_blinks_come_about_every_four_seconds_and_unevenly():
    gaps = []
    for seed in range(30):
        gaps.extend(np.diff(onsets(minute(seed, Level.BLINK)[:, BLINK])) * 0.01)
    gaps = np.array(gaps)
    single = gaps[gaps > 0.5]
    assert 3.5 < gaps.mean() < 4.5
    assert 1.2 < single.std() < 3.0
    assert 0.04 < (gaps <= 0.5).mean() < 0.2
    assert gaps.min() > 0.29


def test_a_blink_closes_within_75_ms_and_opens_in_twice_that():
    times = np.arange(2_600_000, 3_100_000, 1_000)
    shut = np.array([offsets(1, int(t), level=Level.BLINK)[BLINK] for t in times])
    moving = np.flatnonzero(shut > 0)
    peak = shut.max()
    closing = np.flatnonzero(shut >= peak - 1e-6)[0] - moving[0]
    opening = moving[-1] - np.flatnonzero(shut >= peak - 1e-6)[-1]
    assert peak > 0.94
    assert 60 <= closing <= 90
    assert 1.6 * closing < opening < 2.4 * closing


def test_gaze_stays_within_a_few_degrees_and_mostly_stands():
    alive = minute(3, Level.ALIVE)
    yaw = 30 * (alive[:, CURVES.index("lookOutLeft")] - alive[:, CURVES.index("lookInLeft")])
    pitch = 30 * (alive[:, CURVES.index("lookUpLeft")] - alive[:, CURVES.index("lookDownLeft")])
    assert np.abs(yaw).max() <= 7.4
    assert np.abs(pitch).max() <= 4.4
    assert yaw.std() > 0.5
    assert (np.abs(np.diff(yaw)) < 0.05).mean() > 0.85


@given(seed=SEEDS, now_us=st.integers(0, 10**14))
def test_both_eyes_look_the_same_way(seed, now_us):
    amounts = dict(zip(CURVES, offsets(seed, now_us, level=Level.ALIVE), strict=False))
    assert amounts["lookInLeft"] == amounts["lookOutRight"]
    assert amounts["lookOutLeft"] == amounts["lookInRight"]
    assert amounts["lookUpLeft"] == amounts["lookUpRight"]
    assert amounts["lookInLeft"] * amounts["lookOutLeft"] == 0
    assert amounts["lookUpLeft"] * amounts["lookDownLeft"] == 0


@given(seed=SEEDS, now_us=st.integers(0, 10**14))
def test_nothing_but_lids_and_gaze_moves_fast(seed, now_us):
    before = offsets(seed, now_us, level=Level.ALIVE)
    after = offsets(seed, now_us + 10_000, level=Level.ALIVE)
    breath = CURVES.index("breath")
    assert abs(after[breath] - before[breath]) < 0.013
    assert np.abs(after[HEAD:] - before[HEAD:]).max() < 0.0006


def test_two_characters_do_not_breathe_or_blink_in_step():
    one, two = minute(1, Level.ALIVE, 50_000), minute(2, Level.ALIVE, 50_000)
    assert set(onsets(one[:, BLINK])).isdisjoint(onsets(two[:, BLINK]))
    breath = CURVES.index("breath")
    assert np.corrcoef(one[:, breath], two[:, breath])[0, 1] < 0.9


def test_a_role_is_added_with_its_gain():
    out = apply(np.zeros(2, np.float32), amounts_of(breath=0.5), roles={"breath": (1, 0.2)})
    assert out == pytest.approx([0.0, 0.1])


def test_the_row_handed_in_is_not_changed():
    row = np.zeros(2, np.float32)
    apply(row, amounts_of(blinkLeft=1.0), roles={"blinkLeft": (0, 1.0)})
    assert row.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("blink", "squint", "wanted"),
    [(0.0, 0.0, 0.8), (0.5, 0.0, 0.9), (0.5, 0.25, 0.7), (0.7, 0.6, 0.7), (1.0, 0.0, 1.0)],
)
def test_a_blink_gives_way_to_the_rows_own_blink_and_squint(blink, squint, wanted):
    row = np.array([blink, squint], np.float32)
    roles = {"blinkLeft": (0, 1.0), "squintLeft": (1, 1.0)}
    assert apply(row, amounts_of(blinkLeft=0.8), roles=roles)[0] == pytest.approx(wanted)


def test_each_eye_gives_way_on_its_own():
    row = np.array([0.5, 0.0], np.float32)
    roles = {"blinkLeft": (0, 1.0), "blinkRight": (1, 1.0)}
    out = apply(row, amounts_of(blinkLeft=1.0, blinkRight=1.0), roles=roles)
    assert out == pytest.approx([1.0, 1.0])
    out = apply(row, amounts_of(blinkLeft=0.5, blinkRight=0.5), roles=roles)
    assert out == pytest.approx([0.75, 0.5])


def test_a_rig_may_count_to_100():
    row = np.array([50.0, 25.0], np.float32)
    roles = {"blinkLeft": (0, 100.0), "squintLeft": (1, 100.0)}
    assert apply(row, amounts_of(blinkLeft=0.8), roles=roles)[0] == pytest.approx(70.0)


@pytest.mark.parametrize(
    ("before", "amount", "wanted"), [(0.95, 0.2, 1.0), (1.3, 0.2, 1.3), (-0.2, 0.1, -0.1)]
)
def test_curves_are_held_within_their_gain_and_never_pulled_in(before, amount, wanted):
    row = np.array([before], np.float32)
    out = apply(row, amounts_of(lookUpLeft=amount), roles={"lookUpLeft": (0, 1.0)})
    assert out[0] == pytest.approx(wanted)


def test_one_curve_may_look_up_and_down():
    roles = {"lookUpLeft": (0, 1.0), "lookDownLeft": (0, -1.0)}
    row = np.zeros(1, np.float32)
    assert apply(row, amounts_of(lookUpLeft=0.1), roles=roles)[0] == pytest.approx(0.1)
    assert apply(row, amounts_of(lookDownLeft=0.1), roles=roles)[0] == pytest.approx(-0.1)


def test_roles_that_are_left_out_or_not_known_move_nothing():
    amounts = offsets(1, 2_800_000, level=Level.ALIVE)
    row = np.full(20, 0.25, np.float32)
    assert apply(row, amounts, roles={}).tolist() == row.tolist()
    assert apply(row, amounts, roles={"wagTail": (3, 1.0)}).tolist() == row.tolist()


def test_the_head_turns_from_the_left_by_the_small_rotation():
    amounts = np.zeros(AMOUNTS, np.float32)
    amounts[HEAD:] = 0.02, 0.0, 0.0
    half = 0.5**0.5
    row = np.array([0.1, 0, 0, half, half, 1, 2, 3], np.float32)
    out = apply(row, amounts, roles={"head": (1, 1.0)})
    assert out == pytest.approx([0.1, 0.01 * half, -0.01 * half, half, half, 1, 2, 3], abs=1e-4)
    assert np.linalg.norm(out[1:5]) == pytest.approx(1.0)


def test_the_heads_gain_scales_the_angle():
    amounts = np.zeros(AMOUNTS, np.float32)
    amounts[HEAD:] = 0.0, 0.02, 0.0
    row = np.array([0, 0, 0, 1, 0, 0, 0], np.float32)
    assert apply(row, amounts, roles={"head": (0, 0.5)})[1] == pytest.approx(0.005, abs=1e-6)
