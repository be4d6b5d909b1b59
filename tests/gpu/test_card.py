"""On a real card: `nox -s backends`, or `python -m pytest tests/gpu` where all is installed."""

from dataclasses import replace
from threading import Thread

import numpy as np
import pytest

from a2f_ws.errors import ModelError
from a2f_ws.inference.choice import choose
from a2f_ws.inference.gpu import OutOfMemoryError
from a2f_ws.inference.gpu_open import list_gpus, open_gpu
from a2f_ws.inference.means import Means
from a2f_ws.inference.onnx import OnnxBackend
from a2f_ws.inference.plan_cache import PlanCache
from a2f_ws.inference.plans import Plans
from a2f_ws.inference.tensorrt import TensorRtBackend
from tests.gpu.halves import with_halves

pytestmark = pytest.mark.gpu

FLOAT_SHARE = 2e-3
HALF_SHARE = 2e-2
"""Largest error, as a share of the largest result: TensorFloat-32 has 10 bits, and so has float16,
in which sums are rounded too."""

EVERY_SIZE = (1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 100, 128)


@pytest.fixture(scope="module")
def engines(tmp_path_factory):
    return tmp_path_factory.mktemp("engines")


@pytest.fixture
def loaded(gpu, library, engines):
    """Loads bundles: `loaded(bundle, has_graphs=…)`."""
    made = []

    def load(bundle, **options):
        plans = Plans(library, gpu, cache=PlanCache(engines))
        with gpu.current():
            plan = plans.find(bundle)
        named = {"library": library, "plan": plan.content, "precision": plan.precision}
        backend = TensorRtBackend(bundle, gpu=gpu, **named, **options)
        made.append(backend)
        return backend

    yield load
    for backend in made:
        backend.close()


def inputs(bundle, rows):
    random = np.random.default_rng(rows)
    windows = (random.standard_normal((rows, bundle.buffer_len)) * 0.1).astype(np.float32)
    return windows, random.random((rows, bundle.emotion_len), np.float32)


def check(backend, bundle, *, rows, share):
    windows, emotions = inputs(bundle, rows)
    wanted = np.concatenate(
        [
            OnnxBackend(bundle).run(windows[k : k + 4], emotions[k : k + 4])
            for k in range(0, rows, 4)
        ]
    )
    found = backend.run(windows, emotions)
    assert np.abs(found - wanted).max() <= share * np.abs(wanted).max()


@pytest.mark.parametrize("has_graphs", [False, True])
def test_faces_are_those_of_onnx_runtime_in_every_size_of_batch(loaded, bundle, has_graphs):
    backend = loaded(bundle, has_graphs=has_graphs)
    for rows in EVERY_SIZE:
        if rows <= backend.max_batch:
            check(backend, bundle, rows=rows, share=FLOAT_SHARE)


@pytest.mark.parametrize("has_graphs", [False, True])
def test_a_network_of_marks_size_gives_what_onnx_runtime_gives(loaded, mark_shaped, has_graphs):
    backend = loaded(mark_shaped, has_graphs=has_graphs)
    for rows in (1, 5, 16):
        check(backend, mark_shaped, rows=rows, share=FLOAT_SHARE)


def test_halves_stay_close_to_whole_floats(loaded, bundle, tmp_path):
    halves = replace(bundle, network=with_halves(bundle.network, tmp_path / "network.onnx"))
    check(loaded(halves), bundle, rows=8, share=HALF_SHARE)


def test_the_same_rows_give_the_same_bits_again(loaded, bundle):
    backend = loaded(bundle)
    windows, emotions = inputs(bundle, 5)
    first = backend.run(windows, emotions)
    backend.run(*inputs(bundle, 8))
    assert backend.run(windows, emotions).tobytes() == first.tobytes()


def test_another_thread_than_the_one_that_loaded_it_runs_it(loaded, bundle):
    backend, found = loaded(bundle), []
    rows = inputs(bundle, 3)
    thread = Thread(target=lambda: found.append(backend.run(*rows)))
    thread.start()
    thread.join()
    assert np.array_equal(found[0], backend.run(*rows))


def test_more_memory_than_there_is_is_told_and_the_card_works_on(gpu, library, loaded, bundle):
    with gpu.current(), pytest.raises(OutOfMemoryError):
        gpu.allocate(1 << 50)
    check(loaded(bundle), bundle, rows=2, share=FLOAT_SHARE)


def test_memory_is_given_back(gpu, library, bundle, engines):
    """Ten times the same: what is not freed would add up."""
    runtime = pytest.importorskip("cuda.bindings.runtime", reason="cuda-bindings is not installed")
    kind = "tensorrt-rtx" if library.is_rtx else "tensorrt"
    free = []
    for _ in range(10):
        choose(bundle, Means(backend=kind, engines=str(engines))).backend.close()
        with gpu.current():
            free.append(runtime.cudaMemGetInfo()[1])
    assert free[2] - free[-1] < 1 << 20


def test_auto_takes_the_card(gpu, library, bundle, engines):
    found = choose(bundle, Means(backend="auto", engines=str(engines)))
    found.backend.close()
    assert found.kind in ("tensorrt", "tensorrt-rtx"), found.passed_over


def test_a_card_that_is_not_there_is_told(gpu):
    with pytest.raises(ModelError, match="wanted number 99"):
        open_gpu(index=99)


def test_every_card_is_listed_under_the_number_that_opens_it(gpu):
    found = list_gpus()
    assert [one.index for one in found] == list(range(len(found)))
    assert (found[0].name, found[0].capability) == (gpu.name, gpu.capability)
    assert found[0].memory_bytes > 1 << 30


def test_all_cards_of_the_machine_compute_the_same_at_a_time(gpu, library, bundle, engines):
    count = len(list_gpus())
    if count < 2:
        pytest.skip(f"found {count} card, wanted 2")
    kind = "tensorrt-rtx" if library.is_rtx else "tensorrt"
    means = Means(backend=kind, engines=str(engines), devices=tuple(range(count)))
    backends, faults = choose(bundle, means).backends, []

    def work(backend):
        try:
            for rows in (1, 3, 8):
                check(backend, bundle, rows=rows, share=FLOAT_SHARE)
        except BaseException as fault:
            faults.append(fault)

    threads = [Thread(target=work, args=(backend,)) for backend in backends]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for backend in backends:
        backend.close()
    assert faults == []
