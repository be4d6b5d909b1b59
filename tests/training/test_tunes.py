import numpy as np
import pytest

from training.net.shape import RATE_HZ
from training.net.tunes import tune


@pytest.mark.parametrize("seed", range(8))
def test_a_tune_is_as_loud_as_wanted_and_moves(seed):
    sound = tune(np.random.default_rng(seed), 2 * RATE_HZ)
    assert sound.dtype == np.float32
    assert sound.shape == (2 * RATE_HZ,)
    assert np.sqrt(np.mean(sound.astype(float) ** 2)) == pytest.approx(1.0, rel=1e-3)
    power = np.mean(sound.reshape(-1, RATE_HZ // 50).astype(float) ** 2, axis=1)
    assert power.max() > 3.0 * power.min()


def test_the_same_seed_plays_the_same_tune():
    first, again, other = (tune(np.random.default_rng(seed), RATE_HZ) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
