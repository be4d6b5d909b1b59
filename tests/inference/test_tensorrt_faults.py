from dataclasses import replace

import numpy as np
import pytest

from a2f_ws.errors import MisuseError, ModelError
from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.gpu import DeviceLostError, OutOfMemoryError
from a2f_ws.inference.tensorrt import TensorRtBackend
from a2f_ws.inference.tensorrt_engine import StalePlanError
from a2f_ws.inference.tensorrt_library import library_of
from tests.data.bundles import write_blendshape
from tests.gpu.double.card import Card
from tests.gpu.double.machine import GPUS, Machine
from tests.gpu.double.trt import plan_of, played_module


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return load_bundle(write_blendshape(tmp_path_factory.mktemp("bundles") / "tiny"))


@pytest.fixture
def card():
    return Card()


@pytest.fixture(params=GPUS)
def gpu_of(request):
    return GPUS[request.param]


def test_memory_for_fewer_contexts_gives_smaller_batches(tiny, card, gpu_of, caplog):
    machine = Machine(tiny, card, gpu_of=gpu_of, context_most=3)
    assert machine.backend.max_batch == 4
    machine.check(4)
    assert "batches of 4 rows at most" in caplog.text
    machine.end()


def test_scratch_memory_for_fewer_rows_gives_smaller_batches(tiny, gpu_of):
    tensors = 8 * 4 * (tiny.buffer_len + tiny.emotion_len + tiny.columns.width)
    card = Card(memory_bytes=tensors + 2000)
    machine = Machine(tiny, card, gpu_of=gpu_of)
    assert machine.backend.max_batch == 2
    machine.check(2)
    machine.end()


def test_no_memory_at_all_is_an_error_that_leaves_nothing_behind(tiny, gpu_of):
    card = Card(memory_bytes=100)
    with pytest.raises(OutOfMemoryError):
        Machine(tiny, card, gpu_of=gpu_of)
    card.check_all_freed()


def test_out_of_memory_in_a_batch_is_tried_once_more_with_smaller_ones(tiny, card, gpu_of):
    machine = Machine(tiny, card, gpu_of=gpu_of)
    (engine,) = machine.module.engines
    engine.fault = ["Error Code 2: OutOfMemory (no further information)", 8]
    machine.check(7)
    machine.check(8, seed=3)
    assert machine.backend.max_batch == 8
    card.calls.clear()
    machine.check(8, seed=4)
    assert card.calls.count("execute") == 2
    del engine
    machine.end()


def test_out_of_memory_with_one_row_is_an_error_of_this_batch(tiny, card, gpu_of):
    machine = Machine(tiny, card, gpu_of=gpu_of)
    (engine,) = machine.module.engines
    engine.fault = ["CUDA out of memory", 1]
    with pytest.raises(OutOfMemoryError, match="one row"):
        machine.backend.run(*machine.inputs(1))
    engine.fault = None
    machine.check(1)
    del engine
    machine.end()


def test_a_refusal_of_tensorrt_is_told_in_its_words(tiny, card, gpu_of):
    machine = Machine(tiny, card, gpu_of=gpu_of)
    (engine,) = machine.module.engines
    engine.fault = ["Error Code 1: Myelin ([a reason])", 1]
    with pytest.raises(ModelError, match="TensorRT: cannot be run: Error Code 1: Myelin"):
        machine.backend.run(*machine.inputs(1))
    del engine
    machine.end()


@pytest.mark.parametrize("has_graphs", [False, True])
def test_a_lost_card_is_told_apart_and_can_be_closed(tiny, card, gpu_of, has_graphs):
    machine = Machine(tiny, card, gpu_of=gpu_of, has_graphs=has_graphs)
    card.lost_after = 0
    with pytest.raises(DeviceLostError):
        machine.backend.run(*machine.inputs(1))
    with pytest.raises(DeviceLostError):
        machine.backend.run(*machine.inputs(1))
    machine.backend.close()


def test_a_serialised_engine_of_another_version_has_to_be_built_again(tiny, card, gpu_of):
    module = played_module(card)
    with pytest.raises(StalePlanError, match="cannot be loaded: The engine plan file is not comp"):
        TensorRtBackend(
            tiny, gpu=gpu_of(card), library=library_of(module, "tensorrt"), plan=b"\0old"
        )
    card.check_all_freed()


def test_an_engine_of_other_sizes_is_refused(tiny, card, gpu_of):
    other = replace(tiny, buffer_len=tiny.buffer_len + 1)
    module = played_module(card)
    with pytest.raises(ModelError, match="input: found FLOAT"):
        TensorRtBackend(
            other,
            gpu=gpu_of(card),
            library=library_of(module, "tensorrt"),
            plan=plan_of(tiny),
        )
    card.check_all_freed()


def test_tensors_of_other_types_are_refused(tiny, card, gpu_of):
    with pytest.raises(ModelError, match="found HALF"):
        Machine(tiny, card, gpu_of=gpu_of, type="HALF")


def test_wrong_rows_and_a_closed_backend_are_our_own_mistakes(tiny, card, gpu_of):
    machine = Machine(tiny, card, gpu_of=gpu_of)
    windows, emotions = machine.inputs(2)
    for wrong in ((windows[:0], emotions[:0]), (windows[:, 1:], emotions), (windows, emotions[:1])):
        with pytest.raises(MisuseError):
            machine.backend.run(*wrong)
    with pytest.raises(MisuseError, match="float64"):
        machine.backend.run(windows.astype(np.float64), emotions)
    machine.end()
    machine.backend.close()
    with pytest.raises(MisuseError, match="closed"):
        machine.backend.run(windows, emotions)
