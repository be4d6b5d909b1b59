"""How many processors there are for us, and how workers share them."""

import os
from dataclasses import replace

import pytest

from a2f_ws.inference import processors as module
from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.means import Means
from a2f_ws.inference.openers import BACKENDS
from a2f_ws.inference.processors import crew, processors, usual_threads
from tests.data.bundles import write_blendshape


@pytest.fixture
def small(tmp_path):
    return load_bundle(write_blendshape(tmp_path / "small"))


@pytest.fixture
def large(small):
    return replace(small, kind="geometry")


@pytest.fixture
def machine(monkeypatch):
    """Says how many processors there are."""
    return lambda count: monkeypatch.setattr(module, "processors", lambda: count)


@pytest.mark.parametrize(
    ("cores", "workers", "threads"),
    [(1, 1, 1), (2, 1, 1), (3, 2, 1), (4, 3, 1), (9, 8, 1), (64, 8, 1)],
)
def test_a_small_network_has_a_worker_for_every_core_but_one_up_to_eight(
    small, machine, cores, workers, threads
):
    machine(cores)
    assert crew(small, workers=0, threads=0) == (workers, threads)


@pytest.mark.parametrize(
    ("cores", "workers", "threads"),
    [(1, 1, 1), (2, 1, 2), (4, 1, 2), (5, 2, 2), (8, 3, 2), (16, 7, 2), (64, 31, 2)],
)
def test_a_large_network_has_two_threads_for_each_worker(large, machine, cores, workers, threads):
    machine(cores)
    assert crew(large, workers=0, threads=0) == (workers, threads)


def test_what_is_asked_for_is_done(small, large, machine):
    machine(8)
    assert crew(small, workers=3, threads=2) == (3, 2)
    assert crew(small, workers=0, threads=2) == (3, 2)
    assert crew(large, workers=1, threads=0) == (1, usual_threads(large)) == (1, 4)
    assert crew(large, workers=4, threads=0) == (4, 2)
    assert crew(large, workers=8, threads=0) == (8, 1)
    assert crew(large, workers=20, threads=0) == (20, 1)


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({}, 64),
        ({"cpu.max": "max 100000"}, 64),
        ({"cpu.max": "400000 100000"}, 4),
        ({"cpu.max": "150000 100000"}, 2),
        ({"cpu.max": "1000 100000"}, 1),
        ({"cpu.max": "no such thing"}, 64),
        ({"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, 64),
        ({"cpu/cpu.cfs_quota_us": "250000", "cpu/cpu.cfs_period_us": "100000"}, 3),
        ({"cpu/cpu.cfs_quota_us": "250000"}, 64),
        ({"cpu.max": "99900000 100000"}, 64),
    ],
)
def test_a_container_has_as_many_processors_as_it_is_given(tmp_path, monkeypatch, files, wanted):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text + "\n")
    assert processors(tmp_path) == wanted


def test_where_there_is_no_affinity_all_processors_count(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert processors(tmp_path) == 6
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert processors(tmp_path) == 1


def test_workers_of_onnx_runtime_share_one_network(small):
    backends = BACKENDS["onnx"](small, Means(workers=3, threads=1), progress=None)
    assert len(backends) == 3
    assert len({id(backend._session) for backend in backends}) == 1
    assert len({id(backend) for backend in backends}) == 3
