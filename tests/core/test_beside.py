"""Pipelines beside each other: threads that compute at a time give the bits of one alone."""

import sys
import threading
from dataclasses import replace

import numpy as np
import pytest

from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.onnx import OnnxBackend
from a2f_ws.names import EMOTIONS
from a2f_ws.pipeline import Pipeline
from a2f_ws.shaping.cut import Cut
from a2f_ws.style.style import SolverStyle
from training.bundle.writer import write_bundle

THREADS = 3
FRAMES = 150


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("beside") / "theirs"
    return load_bundle(write_bundle(folder, size="tiny", network="light"))


@pytest.fixture
def hasty():
    """Threads take turns as often as they can, so that what they share shows."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def faces_of(pipeline, seed, *, rows):
    """The faces of two utterances that take turns, in batches of so many rows, as bytes."""
    random = np.random.default_rng(seed)
    states = [pipeline.new_state() for _ in range(2)]
    blank = Cut(
        samples=None,
        emotion=np.zeros(len(EMOTIONS), np.float32),
        params=pipeline.defaults,
        state=None,
        dt_s=1 / 60,
    )
    cuts = []
    for k in range(FRAMES):
        samples = random.standard_normal(pipeline.bundle.buffer_len).astype(np.float32) * 0.1
        cuts.append(replace(blank, samples=samples, state=states[k % 2], t_us=k * 1_000_000 // 60))
    parts = [cuts[first : first + rows] for first in range(0, FRAMES, rows)]
    return b"".join(pipeline.run(part).tobytes() for part in parts)


@pytest.mark.parametrize("method", ["blendshape", "admm", "bvls", "exact"])
def test_threads_beside_each_other_give_the_bits_of_one_alone(bundle, theirs, hasty, method):
    backend = OnnxBackend(bundle if method == "blendshape" else theirs, threads=1)
    if method == "blendshape":
        first = Pipeline(bundle, backend)
    else:
        first = Pipeline(theirs, backend, style=SolverStyle(method=method))
    pipelines = [first, *(first.beside(backend.beside()) for _ in range(THREADS - 1))]
    alone = [faces_of(first, seed, rows=1 + 3 * seed) for seed in range(THREADS)]
    found = [b""] * THREADS

    def work(k):
        found[k] = faces_of(pipelines[k], k, rows=1 + 3 * k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == alone


def test_a_pipeline_goes_on_when_the_one_beside_it_is_closed(bundle):
    backend = OnnxBackend(bundle)
    first = Pipeline(bundle, backend)
    second = first.beside(backend.beside())
    wanted = faces_of(second, 1, rows=5)
    first.backend.close()
    assert faces_of(second, 1, rows=5) == wanted


def test_an_utterance_goes_on_in_another_pipeline_with_the_same_bits(theirs):
    backend = OnnxBackend(theirs, threads=1)
    first = Pipeline(theirs, backend)
    second = first.beside(backend.beside())

    class Both:
        """One that changes its mind with every batch."""

        bundle, defaults, new_state = first.bundle, first.defaults, first.new_state
        calls = 0

        def run(self, cuts):
            self.calls += 1
            return (first, second)[self.calls % 2].run(cuts)

    assert faces_of(Both(), 2, rows=4) == faces_of(first, 2, rows=4)
