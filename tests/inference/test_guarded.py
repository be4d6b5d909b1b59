import numpy as np
import pytest

from a2f_ws.errors import ModelError
from a2f_ws.inference.gpu import DeviceLostError, OutOfMemoryError
from a2f_ws.inference.guarded import GuardedBackend
from tests.fakes import FakeBackend

LOST = DeviceLostError("cudaErrorLaunchFailure")


def rows(count, *, width=8320):
    windows = np.zeros((count, width), np.float32)
    windows[:, 4160] = np.arange(1, count + 1) / 16
    return windows, np.zeros((count, 26), np.float32)


def test_while_the_gpu_works_it_does_all():
    first = FakeBackend()
    guarded = GuardedBackend(first, second=lambda: pytest.fail("nothing was lost"))
    assert guarded.run(*rows(3))[:, 0].tolist() == [1 / 16, 2 / 16, 3 / 16]
    assert (guarded.name, guarded.max_batch, guarded.take_news()) == ("fake", 8, "")
    guarded.close()
    assert first.is_closed


def test_when_it_is_lost_the_same_rows_are_computed_by_what_takes_its_place():
    first, second = FakeBackend(), FakeBackend(max_batch=2)
    second.name, second.cost_s = "slower", 0.5
    guarded = GuardedBackend(first, second=lambda: second)
    first.fail_with = LOST
    assert guarded.run(*rows(5))[:, 0].tolist() == [k / 16 for k in range(1, 6)]
    assert second.calls == [2, 2, 1]
    assert first.is_closed
    assert (guarded.name, guarded.cost_s, guarded.max_batch) == ("slower", 0.5, 8)
    assert not guarded.is_lost


def test_what_happened_is_told_once():
    first = FakeBackend()
    guarded = GuardedBackend(first, second=FakeBackend)
    first.fail_with = LOST
    guarded.run(*rows(1))
    assert guarded.take_news() == "the GPU was lost; fake computes instead"
    assert guarded.take_news() == ""


def test_where_nothing_may_take_its_place_it_is_lost_for_good():
    first = FakeBackend()
    guarded = GuardedBackend(first, second=None)
    first.fail_with = LOST
    with pytest.raises(DeviceLostError):
        guarded.run(*rows(1))
    assert guarded.is_lost


def test_where_what_takes_its_place_cannot_be_loaded_it_is_lost_for_good():
    def second():
        raise ModelError("no such file")

    first = FakeBackend()
    guarded = GuardedBackend(first, second=second)
    first.fail_with = LOST
    with pytest.raises(ModelError, match="no such file"):
        guarded.run(*rows(1))
    assert guarded.is_lost


def test_other_faults_are_of_the_batch_and_change_nothing():
    first = FakeBackend()
    guarded = GuardedBackend(first, second=lambda: pytest.fail("nothing was lost"))
    for fault in (ModelError("not finite"), OutOfMemoryError("not even for one row")):
        first.fail_with = fault
        with pytest.raises(ModelError):
            guarded.run(*rows(1))
    assert not guarded.is_lost
    assert guarded.run(*rows(1)).shape == (1, 87)
