"""Networks and figures of `a2f-ws bench`."""

import gc

import numpy as np
import pytest

from a2f_ws.commands.bench import about, costs
from a2f_ws.commands.bench_networks import call, cost_s, no_network, one_by_one
from a2f_ws.commands.bench_parts import rss_bytes
from a2f_ws.commands.machine import spare_what_is_there
from a2f_ws.errors import ModelError
from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.onnx import OnnxBackend
from a2f_ws.names import EMOTIONS
from a2f_ws.pipeline import Pipeline
from a2f_ws.settings import Settings
from training.bundle.writer import write_bundle


def silence(bundle, rows):
    explicit = np.zeros((rows, len(EMOTIONS)), np.float32)
    return np.zeros((rows, bundle.buffer_len), np.float32), bundle.emotion_rows(explicit)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A bundle of one face per window, whatever the embedded one is."""
    return load_bundle(write_bundle(tmp_path_factory.mktemp("tiny"), size="tiny"))


@pytest.fixture
def pipeline(tiny):
    return Pipeline(tiny, OnnxBackend(tiny))


def test_no_network_gives_what_the_network_gives_for_silence(pipeline, tiny):
    windows, emotions = silence(tiny, 3)
    wanted = pipeline.backend.run(windows, emotions)
    nothing = no_network(pipeline)
    given = nothing.run(np.ones_like(windows), emotions)
    np.testing.assert_array_equal(given, wanted[[0, 0, 0]])
    pipeline.use(nothing)
    assert pipeline.backend.name == "no network"


def test_one_by_one_takes_a_single_window_with_the_same_result(pipeline, tiny):
    single = one_by_one(pipeline)
    assert single.max_batch == 1
    np.testing.assert_array_equal(
        single.run(*silence(tiny, 1)), pipeline.backend.run(*silence(tiny, 1))
    )


def test_the_model_that_comes_with_the_package_can_be_called_whatever_its_kind(embedded):
    call(embedded.bundle, embedded.backend, rows=2)()
    nothing = no_network(embedded)
    call(embedded.bundle, nothing, rows=2)()


def test_a_batch_costs_time_and_a_broken_network_is_told(tiny, pipeline):
    assert cost_s(tiny, pipeline.backend, rows=2) > 0.0

    class Broken(OnnxBackend):
        def run(self, windows, emotions):
            raise ModelError("broken")

    with pytest.raises(ModelError, match="broken"):
        cost_s(tiny, Broken(tiny), rows=1)


def test_costs_are_a_table_with_a_line_for_each_size_of_batch(tiny):
    lines = costs(Settings(model=str(tiny.path), backend="onnx")).splitlines()
    assert "ms a batch" in lines[0]
    assert [line.split("|")[1].strip() for line in lines[2:]] == ["1", "4", "16", "64"]


def test_the_report_names_machine_versions_and_command():
    first, second, third = about("a2f-ws bench --fps 30")
    assert first.startswith("a2f-ws ")
    assert "cores" in first
    assert "onnxruntime" in second
    assert third == "command: a2f-ws bench --fps 30"


def test_the_memory_of_this_process_is_plausible():
    assert 10e6 < rss_bytes() < 100e9


def test_what_is_there_is_left_out_of_searches_for_circles():
    keeps = [[] for _ in range(1_000)]
    try:
        spare_what_is_there()
        assert gc.get_freeze_count() > len(keeps)
        assert len(gc.get_objects()) < len(keeps)
    finally:
        gc.unfreeze()
