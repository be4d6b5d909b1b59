"""Several GPUs, all of them played: each has its engine, stream and memory, and stands in."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from a2f_ws.errors import ConfigError, ModelError
from a2f_ws.inference import openers
from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.choice import choose
from a2f_ws.inference.gpu import DeviceLostError
from a2f_ws.inference.gpu_bindings import BindingsGpu, bindings_facts
from a2f_ws.inference.gpu_pycuda import PycudaGpu, pycuda_facts
from a2f_ws.inference.lent import LentBackend, Substitutes
from a2f_ws.inference.means import Means
from a2f_ws.inference.onnx import OnnxBackend
from a2f_ws.inference.tensorrt_library import library_of
from tests.data.bundles import write_blendshape
from tests.fakes import FakeBackend
from tests.gpu.double.card import machine_of
from tests.gpu.double.cuda import Runtime
from tests.gpu.double.parts import WrongUseError
from tests.gpu.double.pycuda import Driver
from tests.gpu.double.trt import expected, plan_of, played_module

GPUS = {
    "cuda-bindings": lambda cards, index: BindingsGpu(Runtime(*cards), index=index),
    "pycuda": lambda cards, index: PycudaGpu(Driver(*cards), index=index),
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return load_bundle(write_blendshape(tmp_path_factory.mktemp("bundles") / "tiny"))


class Machine:
    """A machine with two cards and TensorRT, all played; engines are written, not built.

    Attributes:
        cards: Both.
        means: With both.
    """

    def __init__(self, bundle, folder, monkeypatch, *, library="cuda-bindings"):
        self.bundle, self.cards, self.builds = bundle, machine_of(2), 0
        self.means = Means(backend="tensorrt", devices=(0, 1), engines=str(folder))
        module = played_module(*self.cards)
        monkeypatch.setattr(openers, "find_library", lambda kind: library_of(module, kind))
        monkeypatch.setattr(openers, "open_gpu", lambda _, index: GPUS[library](self.cards, index))
        monkeypatch.setattr("a2f_ws.inference.plans.build_plan", self.build)

    def build(self, *given, **named):
        self.builds += 1
        return plan_of(self.bundle, most=8)

    def rows(self, count, *, seed=0):
        random = np.random.default_rng(seed)
        sizes = (self.bundle.buffer_len, self.bundle.emotion_len)
        return [random.standard_normal((count, size)).astype(np.float32) for size in sizes]

    def check(self, backend, *, rows=3, seed=0):
        windows, emotions = self.rows(rows, seed=seed)
        wanted = expected(windows, emotions, self.bundle.columns.width)
        assert np.array_equal(backend.run(windows, emotions), wanted)

    def runs(self):
        """How often a network has run on each card."""
        return [card.calls.count("execute") for card in self.cards]

    def end(self, backends):
        for backend in backends:
            backend.close()
        for card in self.cards:
            card.check_all_freed()


@pytest.fixture(params=GPUS)
def machine(request, tiny, tmp_path, monkeypatch):
    return Machine(tiny, tmp_path / "engines", monkeypatch, library=request.param)


def in_threads(*calls):
    """Run calls at a time, each in a thread of its own."""
    faults = []

    def guarded(call):
        try:
            call()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=guarded, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_each_device_has_a_backend_of_its_own_and_one_engine_suits_both(machine):
    found = choose(machine.bundle, machine.means)
    assert len(found.backends) == 2
    assert machine.builds == 1
    before = machine.runs()
    machine.check(found.backends[1])
    assert machine.runs() == [before[0], before[1] + 1]
    machine.end(found.backends)


def test_threads_use_their_devices_at_a_time_and_change_places_without_harm(machine):
    first, second = choose(machine.bundle, machine.means).backends

    def worked(*backends):
        for seed in range(30):
            machine.check(backends[seed % len(backends)], rows=1 + seed % 8, seed=seed)

    in_threads(lambda: worked(first), lambda: worked(second))
    worked(first, second)
    machine.end([first, second])


def test_a_single_other_device_is_used_alone(machine):
    (backend,) = choose(machine.bundle, replace(machine.means, devices=(1,))).backends
    machine.check(backend)
    assert machine.cards[0].calls == []
    machine.end([backend])


def test_the_first_device_is_used_unless_another_is_asked_for(machine):
    (backend,) = choose(machine.bundle, replace(machine.means, devices=())).backends
    machine.check(backend)
    assert machine.cards[1].calls == []
    machine.end([backend])


@pytest.mark.parametrize("library", GPUS)
def test_using_what_belongs_to_another_device_fails(tiny, library):
    cards = machine_of(2)
    first, second = (GPUS[library](cards, index) for index in (0, 1))
    with second.current():
        address, rows = second.allocate(64), second.pin((2, 8))
        with pytest.raises(WrongUseError, match="no memory"):
            cards[1].view(address + (1 << 43), 4)
    for use in (
        lambda: first.upload(address, rows),
        lambda: cards[0].queue(second.stream, "execute", lambda: None),
        lambda: cards[1].queue(second.stream, "execute", lambda: None),
        lambda: second.upload(address, rows),
        second.finish,
    ):
        with first.current(), pytest.raises(WrongUseError):
            use()
    for gpu in (first, second):
        gpu.close()


def test_an_engine_fails_under_the_context_of_another_device(machine):
    first, second = choose(machine.bundle, machine.means).backends
    own = second._now._own
    own._gpu = first._now._own._gpu
    with pytest.raises(WrongUseError):
        second.run(*machine.rows(1))


def test_when_one_device_is_lost_the_other_one_computes_the_same_rows(machine):
    first, second = choose(machine.bundle, machine.means).backends
    machine.cards[0].lose()
    in_threads(
        lambda: [machine.check(first, seed=seed) for seed in range(20)],
        lambda: [machine.check(second, seed=seed) for seed in range(20)],
    )
    assert (first.is_guest, second.is_guest) == (True, False)
    assert first.take_news().startswith("the GPU was lost; TensorRT 10.14.1")
    assert second.take_news() == ""
    assert not (first.is_lost or second.is_lost)
    machine.end([first, second])


def test_when_the_last_device_is_lost_the_cpu_computes_for_both(machine):
    first, second = choose(machine.bundle, machine.means).backends
    rows = machine.rows(3)
    machine.cards[0].lose()
    machine.check(first)
    machine.cards[1].lose()
    found = [backend.run(*rows) for backend in (first, second, first)]
    wanted = OnnxBackend(machine.bundle).run(*rows)
    assert {one.tobytes() for one in found} == {wanted.tobytes()}
    for backend in (first, second):
        assert backend.take_news().startswith("the GPU was lost; ONNX Runtime")
        assert not backend.is_guest
    machine.end([first, second])


def test_without_the_cpu_the_loss_of_the_last_device_is_final(machine):
    first, second = choose(machine.bundle, replace(machine.means, may_fall=False)).backends
    machine.cards[1].lose()
    machine.check(second)
    assert not second.is_lost
    machine.cards[0].lose()
    for backend in (first, second):
        with pytest.raises(DeviceLostError):
            backend.run(*machine.rows(1))
        assert backend.is_lost
    machine.end([first, second])


@pytest.mark.parametrize("kind", ["onnx", "openvino"])
def test_devices_are_refused_where_they_mean_nothing(tiny, kind):
    wanted = rf"^devices: found 0,1 with backend {kind}, wanted them with tensorrt, tensorrt-rtx"
    with pytest.raises(ConfigError, match=wanted):
        choose(tiny, Means(backend=kind, devices=(0, 1)))


def test_a_device_that_is_named_twice_is_refused(machine):
    with pytest.raises(ConfigError, match="devices: found 1,0,1, wanted each of them once"):
        choose(machine.bundle, replace(machine.means, devices=(1, 0, 1)))


def test_a_device_that_is_not_there_is_an_error_and_frees_the_others(machine):
    with pytest.raises(ModelError, match="found 2 NVIDIA GPUs, wanted number 2"):
        choose(machine.bundle, replace(machine.means, devices=(0, 1, 2)))
    machine.end([])


def test_who_names_devices_never_gets_the_cpu_instead(tiny):
    with pytest.raises(ModelError, match=r"^devices: found 3, wanted GPUs .*; tensorrt: .*-rtx: "):
        choose(tiny, Means(backend="auto", devices=(3,)))


def test_more_workers_than_devices_are_told_to_mean_nothing(machine, caplog):
    found = choose(machine.bundle, replace(machine.means, workers=5)).backends
    assert len(found) == 2
    assert "workers: found 5, but each GPU has one worker" in caplog.text
    machine.end(found)


def test_those_that_lost_their_device_are_shared_out_evenly(tiny):
    lent = [LentBackend(FakeBackend()) for _ in range(4)]
    substitutes = Substitutes(lent, on_cpu=None)
    lent[0].is_lost = lent[2].is_lost = True
    assert {substitutes.find(), substitutes.find()} == {lent[1], lent[3]}


@pytest.mark.parametrize(
    ("facts", "api"), [(bindings_facts, Runtime), (pycuda_facts, Driver)], ids=list(GPUS)
)
def test_every_card_tells_its_number_name_and_memory_without_being_used(facts, api):
    cards = machine_of(2)
    cards[1].memory_bytes = 24 << 30
    found = facts(api(*cards))
    assert [(one.index, one.name, one.capability) for one in found] == [
        (0, "NVIDIA Played 4090", (8, 9)),
        (1, "NVIDIA Played 4090", (8, 9)),
    ]
    assert found[1].memory_bytes == 24 << 30
    assert [card.calls for card in cards] == [[], []]
