import json
import logging
from dataclasses import replace

import numpy as np
import pytest

from a2f_ws.errors import ModelError
from a2f_ws.inference import openers
from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.choice import choose, trials
from a2f_ws.inference.gpu import DeviceLostError
from a2f_ws.inference.gpu_bindings import BindingsGpu
from a2f_ws.inference.guarded import GuardedBackend
from a2f_ws.inference.means import Means
from a2f_ws.inference.openers import BACKENDS
from a2f_ws.inference.tensorrt_library import library_of
from tests.data.block_bundles import write_gru
from tests.data.bundles import write_blendshape
from tests.fakes import FakeBackend
from tests.gpu.double.card import Card
from tests.gpu.double.cuda import Runtime
from tests.gpu.double.trt import plan_of, played_module


@pytest.fixture
def tiny(tmp_path):
    return load_bundle(write_blendshape(tmp_path / "tiny"))


class Machine:
    """A machine with a card and TensorRT, both played; engines are written, not built."""

    def __init__(self, bundle, folder, monkeypatch):
        self.card, self.builds = Card(), 0
        self.plan = plan_of(bundle, most=8)
        self.means = Means(backend="tensorrt", engines=str(folder))
        module = played_module(self.card)
        monkeypatch.setattr(openers, "find_library", lambda kind: library_of(module, kind))
        monkeypatch.setattr(openers, "open_gpu", lambda *_, **__: BindingsGpu(Runtime(self.card)))
        monkeypatch.setattr("a2f_ws.inference.plans.build_plan", self.build)

    def build(self, *given, **named):
        self.builds += 1
        return self.plan


@pytest.fixture
def machine(tiny, tmp_path, monkeypatch):
    return Machine(tiny, tmp_path / "engines", monkeypatch)


def test_without_anything_else_a_network_runs_on_onnx_runtime(tiny, caplog):
    with caplog.at_level(logging.DEBUG, logger="a2f_ws.inference.choice"):
        found = choose(tiny, Means(backend="auto"))
    assert found.kind == "onnx"
    assert {"tensorrt", "tensorrt-rtx"} <= set(found.passed_over)
    for name, why in found.passed_over.items():
        assert f"{name}: {why}" in caplog.text
    found.backend.close()


def test_what_was_asked_for_is_taken_or_it_is_an_error(tiny):
    assert choose(tiny, Means(backend="onnx")).passed_over == {}
    with pytest.raises(ModelError, match=r"^backend tensorrt: .*(not installed|no NVIDIA GPU)"):
        choose(tiny, Means(backend="tensorrt"))
    with pytest.raises(ModelError, match=r"^/.*gone\.onnx: cannot be loaded"):
        choose(replace(tiny, network=tiny.path / "gone.onnx"), Means(backend="auto"))


def test_on_the_cpu_the_kind_of_the_bundle_decides_and_never_the_clock(tiny, monkeypatch):
    monkeypatch.setitem(BACKENDS, "openvino", lambda *_, **__: [FakeBackend()])
    monkeypatch.setitem(BACKENDS, "onnx", lambda *_, **__: [FakeBackend()])
    assert choose(tiny, Means(backend="auto")).kind == "onnx"
    assert choose(replace(tiny, kind="geometry"), Means(backend="auto")).kind == "openvino"
    assert choose(tiny, Means(backend="openvino")).kind == "openvino"


def test_a_gpu_that_works_is_taken_before_the_cpu_is_tried(tiny, machine):
    found = choose(tiny, replace(machine.means, backend="auto"))
    assert (found.kind, found.passed_over) == ("tensorrt", {})
    assert found.backend.name.startswith("TensorRT 10.14.1 (NVIDIA Played 4090, fp32")
    found.backend.close()
    machine.card.check_all_freed()


def test_an_engine_is_built_at_the_first_start_only(tiny, machine):
    for _ in range(2):
        choose(tiny, machine.means).backend.close()
    assert machine.builds == 1
    machine.card.check_all_freed()


def test_an_engine_that_cannot_be_loaded_any_more_is_built_again(tiny, machine):
    good, machine.plan = machine.plan, b"of another driver"
    with pytest.raises(ModelError, match="cannot be loaded"):
        choose(tiny, machine.means)
    assert machine.builds == 2
    machine.plan = good
    choose(tiny, machine.means).backend.close()
    assert machine.builds == 3
    machine.card.check_all_freed()


def test_a_card_that_another_library_cannot_use_is_no_obstacle(tiny, machine):
    machine.plan = json.dumps({"sizes": {}, "most": 1, "type": "FLOAT"}).encode()
    found = choose(tiny, replace(machine.means, backend="auto"))
    assert found.kind in ("onnx", "openvino")
    assert "found [] in, [] out" in found.passed_over["tensorrt"]
    machine.card.check_all_freed()


@pytest.mark.parametrize("may_fall", [True, False])
def test_what_is_on_a_gpu_is_guarded_as_the_user_wants_it(tiny, machine, may_fall):
    found = choose(tiny, replace(machine.means, may_fall=may_fall)).backend
    assert isinstance(found, GuardedBackend)
    machine.card.lose()
    windows = np.zeros((1, tiny.buffer_len), np.float32)
    emotions = np.zeros((1, tiny.emotion_len), np.float32)
    if may_fall:
        assert found.run(windows, emotions).shape == (1, tiny.columns.width)
        assert found.name.startswith("ONNX Runtime")
    else:
        with pytest.raises(DeviceLostError):
            found.run(windows, emotions)
        assert found.is_lost


def test_nvidias_own_engine_is_used_where_there_is_no_network_beside_it(tiny, machine, tmp_path):
    own = tmp_path / "network.trt"
    own.write_bytes(machine.plan)
    found = choose(replace(tiny, network=own), machine.means).backend
    assert "as built" in found.name
    assert machine.builds == 0
    found.close()
    own.write_bytes(b"for another card")
    with pytest.raises(ModelError, match=r"network\.trt: was built by another version"):
        choose(replace(tiny, network=own), machine.means)
    machine.card.check_all_freed()


def test_every_backend_says_what_it_is_or_why_it_does_not_work(tiny, machine):
    found = {kind: (text, works) for kind, text, works in trials(tiny, machine.means)}
    assert list(found) == list(BACKENDS)
    assert found["tensorrt"][1]
    assert "ms a face, 8 at once" in found["tensorrt"][0]
    assert found["onnx"][1]


def test_for_a_bundle_in_blocks_the_other_libraries_are_only_told_to_be_there(
    machine, tmp_path, monkeypatch
):
    library = library_of(played_module(Card()), "tensorrt")
    monkeypatch.setattr("a2f_ws.inference.choice.find_library", lambda kind: library)
    bundle = load_bundle(write_gru(tmp_path / "gru"))
    found = {kind: (text, works) for kind, text, works in trials(bundle, machine.means)}
    assert list(found) == list(BACKENDS)
    assert found["tensorrt"] == (
        "TensorRT is there, for models that give one face per window, as NVIDIA's do", False
    )  # fmt: skip
    assert "ms a block" in found["onnx"][0]
    assert found["onnx"][1]


@pytest.mark.parametrize(
    ("version", "fault"),
    [
        ("10.3.0", "found TensorRT 10.3.0, wanted 10.12 or newer"),
        ("", "found a package of that name without it"),
    ],
)
def test_a_library_that_is_too_old_or_only_stubs_is_told(version, fault):
    with pytest.raises(ModelError, match=fault):
        library_of(played_module(Card(), version=version), "tensorrt")


def test_something_better_that_is_installed_and_does_not_work_is_told_at_once(
    tiny, machine, caplog
):
    machine.plan = b"of another driver"
    with caplog.at_level(logging.INFO, logger="a2f_ws.inference.choice"):
        choose(tiny, replace(machine.means, backend="auto")).backend.close()
    assert "and not on tensorrt: " in caplog.text
    assert "cannot be loaded: The engine plan file is not compatible" in caplog.text
