import threading

import numpy as np
import pytest

from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.tensorrt_batches import sizes_up_to
from tests.data.bundles import write_blendshape
from tests.gpu.double.card import Card
from tests.gpu.double.machine import GPUS, Machine
from tests.gpu.double.trt import GraphStrategy


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return load_bundle(write_blendshape(tmp_path_factory.mktemp("bundles") / "tiny"))


@pytest.fixture
def card():
    return Card()


@pytest.fixture(params=GPUS)
def gpu_of(request):
    return GPUS[request.param]


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 5, 7, 8])
def test_every_row_comes_back_in_its_place_whatever_the_batch(tiny, card, gpu_of, rows):
    machine = Machine(tiny, card, gpu_of=gpu_of)
    machine.check(8, seed=1)
    machine.check(rows)
    machine.end()


def test_a_batch_is_two_copies_one_launch_and_one_copy_back_and_takes_no_memory(tiny, card, gpu_of):
    machine = Machine(tiny, card, gpu_of=gpu_of)
    taken = card.allocations
    card.calls.clear()
    machine.check(3)
    machine.check(8)
    batch = ["copy in", "copy in", "execute", "copy out", "record", "wait"]
    assert card.calls == 2 * batch
    assert card.allocations == taken
    machine.end()


def test_only_the_rows_that_were_asked_for_are_copied(tiny, card, gpu_of):
    machine = Machine(tiny, card, gpu_of=gpu_of, most=8)
    sizes = []
    copy_in, copy_out = card.copy_in, card.copy_out
    card.copy_in = lambda *a, size_bytes, **k: (
        sizes.append(size_bytes), copy_in(*a, size_bytes=size_bytes, **k)
    )  # fmt: skip
    card.copy_out = lambda *a, size_bytes, **k: (
        sizes.append(size_bytes), copy_out(*a, size_bytes=size_bytes, **k)
    )  # fmt: skip
    machine.check(5)
    width = tiny.columns.width
    assert sizes == [5 * 4 * size for size in (tiny.buffer_len, tiny.emotion_len, width)]
    machine.end()


def test_all_work_is_on_one_stream_that_is_not_the_default_one(tiny, card, gpu_of):
    machine = Machine(tiny, card, gpu_of=gpu_of)
    assert len(card.streams) == 1
    assert 0 not in card.streams
    machine.end()


def test_another_thread_than_the_one_that_loaded_it_can_run_it(tiny, card, gpu_of):
    machine = Machine(tiny, card, gpu_of=gpu_of)
    faults = []

    def work():
        try:
            machine.check(2)
        except BaseException as fault:
            faults.append(fault)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert faults == []
    machine.end()


def test_a_result_is_the_callers_own(tiny, card, gpu_of):
    machine = Machine(tiny, card, gpu_of=gpu_of)
    first = machine.backend.run(*machine.inputs(2, seed=1))
    kept = first.copy()
    machine.backend.run(*machine.inputs(2, seed=2))
    assert np.array_equal(first, kept)
    machine.end()
    assert np.array_equal(first, kept)


def test_sizes_of_batch_are_powers_of_two_and_the_largest_there_is():
    assert list(sizes_up_to(128)) == [1, 2, 4, 8, 16, 32, 64, 128]
    assert list(sizes_up_to(10)) == [1, 2, 4, 8, 10]
    assert list(sizes_up_to(1)) == [1]


def test_it_says_what_runs_where_and_what_a_row_costs(tiny, card):
    machine = Machine(tiny, card, gpu_of=GPUS["cuda-bindings"])
    assert machine.backend.name == "TensorRT 10.14.1 (NVIDIA Played 4090, fp32, cuda-bindings)"
    assert machine.backend.max_batch == 8
    assert machine.backend.cost_s > 0.0
    machine.end()


def test_a_graph_replaces_the_launch_and_gives_the_same(tiny, card):
    machine = Machine(tiny, card, gpu_of=GPUS["cuda-bindings"], has_graphs=True)
    card.calls.clear()
    for rows in (1, 3, 8):
        machine.check(rows)
    assert card.calls.count("launch") == 3
    assert "execute" not in card.calls
    assert "CUDA graphs" in machine.backend.name
    machine.end()


def test_where_a_capture_is_refused_batches_are_launched_without_graphs(tiny, card, caplog):
    card.refuses_capture = True
    machine = Machine(tiny, card, gpu_of=GPUS["cuda-bindings"], has_graphs=True)
    card.calls.clear()
    machine.check(3)
    assert "execute" in card.calls
    assert "launch" not in card.calls
    assert "graphs" not in machine.backend.name
    assert "CUDA graphs cannot be used, all else can" in caplog.text
    machine.end()


def test_pycuda_goes_on_without_graphs_and_says_what_has_them(tiny, card, caplog):
    machine = Machine(tiny, card, gpu_of=GPUS["pycuda"], has_graphs=True)
    machine.check(3)
    assert "--cuda cuda-bindings" in caplog.text
    machine.end()


def test_tensorrt_for_rtx_captures_graphs_by_itself(tiny, card, gpu_of):
    machine = Machine(tiny, card, gpu_of=gpu_of, is_rtx=True, has_graphs=True)
    (engine,) = machine.module.engines
    assert {one.strategy for one in engine.contexts} == {GraphStrategy.WHOLE_GRAPH_CAPTURE}
    assert "begin capture" not in card.calls
    machine.check(4)
    del engine
    machine.end()
