"""Several workers over one network give the same poses; one of several GPUs may be lost."""

import asyncio
import json
import re
import threading

import numpy as np
import pytest

from a2f_ws.catalog import Catalog
from a2f_ws.commands.loading import Wishes, load_model
from a2f_ws.errors import ModelError
from a2f_ws.inference import openers
from a2f_ws.inference.choice import choose
from a2f_ws.inference.gpu_bindings import BindingsGpu
from a2f_ws.inference.means import Means
from a2f_ws.inference.tensorrt_library import library_of
from a2f_ws.model import Model
from a2f_ws.pipeline import Pipeline
from a2f_ws.rig.table import load_rigs
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from a2f_ws.telling import Telling
from tests.gpu.double.card import machine_of
from tests.gpu.double.cuda import Runtime
from tests.gpu.double.trt import plan_of, played_module
from tests.live.conftest import hosted
from tests.live.raw import RATE, raw, rows_alone
from training.bundle.writer import write_bundle

WORKERS = 3


@pytest.fixture(scope="module", params=["embedded", "theirs"])
def model(request, tmp_path_factory):
    """Three workers over one network, of either kind of bundle."""
    name = request.param
    if name == "theirs":
        folder = tmp_path_factory.mktemp("workers") / name
        name = str(write_bundle(folder, size="tiny", network="light"))
    means = Means(backend="onnx", workers=WORKERS, threads=1)
    return load_model(name, Wishes(means=means, threads=1))


def server_of(*models, **settings):
    return hosted(Server(Catalog(models, load_rigs()), Settings(port=0, **settings)))


def voice(number, seconds=0.7):
    t = np.arange(round(seconds * RATE)) / RATE
    return (0.3 * np.sin((500 + 70 * number) * t) * np.sin(9 * t)).astype(np.float32)


async def spoken(server, number):
    """The rows of a line that comes in pieces, in a session of its own."""
    samples, step = voice(number), 1600 + 160 * number
    async with raw(server) as one:
        await one.open(pacing="burst")
        for first in range(0, len(samples), step):
            await one.audio(samples[first : first + step], first=first)
            await asyncio.sleep(0)
        await one.send("end", sid=1, u=1)
        await one.until("utterance", state="poses_done")
        assert [m for m in one.seen if m["op"] in ("error", "closed")] == []
        return b"".join(m["data"] for m in one.seen if m["op"] == "poses")


async def test_any_company_on_any_worker_gives_the_bits_of_one_worker_alone(model):
    alone = [rows_alone(model.pipeline, voice(number)) for number in range(6)]
    async with server_of(model) as server:
        for _ in range(2):
            found = await asyncio.gather(*(spoken(server, number) for number in range(6)))
            assert found == alone


async def test_all_workers_have_their_part_and_metrics_tell_which(model):
    async with server_of(model) as server, raw(server) as one:
        for sid in range(1, 6):
            await one.open(sid=sid, pacing="burst")
        for sid in range(1, 6):
            await one.audio(voice(sid), sid=sid)
            await one.send("end", sid=sid, u=1)
        for sid in range(1, 6):
            if not any(m["op"] == "utterance" and m["sid"] == sid and m["state"] == "poses_done"
                       for m in one.seen):  # fmt: skip
                await one.until("utterance", sid=sid, state="poses_done")
        (pool,) = [pool for name, pool in server._workers.items() if name == model.name]
        assert [sessions for sessions, _, _ in pool.standing()] == [2, 2, 1]
        assert all(busy > 0 for _, _, busy in pool.standing())
        page = telling(server).page("/metrics").body.decode()
        told = re.findall(rf'worker_sessions{{model="{model.name}",worker="(\d)"}} (\d)', page)
        assert told == [("0", "2"), ("1", "2"), ("2", "1")]
        assert f'a2f_ws_sessions{{model="{model.name}"}} 5.0' in page
        info = json.loads(telling(server).page("/info").body)
        assert info["workers"] == {model.name: WORKERS}
        threads = {thread.name for thread in threading.enumerate()}
        assert {f"a2f-backend-{k}_0" for k in range(WORKERS)} <= threads


def telling(server):
    return Telling(
        server.catalog,
        server._workers,
        metrics=server.metrics,
        connections=server._connections,
        hall=server._hall,
        is_draining=lambda: False,
    )


def test_workers_share_what_is_large_and_nothing_that_is_worked_in(model):
    first, *others = model.pipelines
    for other in others:
        assert other.bundle is first.bundle
        assert other.backend._session is first.backend._session
        if first.bundle.kind == "geometry":
            assert other.faces.reduced is first.faces.reduced
            own, shared = other.faces.solver._method, first.faces.solver._method
            assert own._matrices is shared._matrices
            assert own._tiles is not shared._tiles


def test_what_is_prepared_for_one_worker_is_there_for_all(model):
    params = model.pipeline.params
    if model.bundle.kind != "geometry":
        pytest.skip("nothing is prepared for blendshape bundles")
    changed = params.changed(model.pipeline.defaults, {"face_mask_level": 0.41})
    ready = model.pipeline.prepare(changed)
    assert all(pipeline.ready(changed) is ready for pipeline in model.pipelines)


async def test_a_worker_whose_backend_breaks_fails_its_own_sessions_only(model, caplog):
    class Broken:
        name, max_batch, cost_s, initial = "broken", 8, 0.0, ()

        def __init__(self, bundle):
            self._width, self.is_broken = bundle.columns.width, False

        def run(self, windows, emotions, *, states=None):
            if self.is_broken:
                raise ModelError("it broke")
            result = np.zeros((*emotions.shape[:-1], self._width), np.float32)
            return result if states is None else (result, states)

        def close(self):
            pass

    broken = Broken(model.bundle)
    crippled = Model("two", model.pipeline, others=(model.pipeline.beside(broken),))
    broken.is_broken = True
    async with server_of(crippled) as server, raw(server) as one:
        await one.open(sid=1, pacing="burst")
        await one.open(sid=2, pacing="burst")
        await one.audio(voice(1), sid=1)
        await one.send("end", sid=1, u=1)
        await one.audio(voice(2), sid=2)
        await one.until("utterance", sid=1, state="poses_done")
        if not any(m["op"] == "closed" and m["sid"] == 2 for m in one.seen):
            await one.until("closed", sid=2)
        rows = [m["data"] for m in one.seen if m["op"] == "poses" and m["sid"] == 1]
        assert b"".join(rows) == rows_alone(model.pipeline, voice(1))
        assert [m["sid"] for m in one.seen if m["op"] == "closed"] == [2]
    assert "it broke" in caplog.text


@pytest.fixture
def two_cards(bundle, tmp_path, monkeypatch):
    """A model on two cards that are played: the cards and the model."""
    cards = machine_of(2)
    module = played_module(*cards)
    monkeypatch.setattr(openers, "find_library", lambda kind: library_of(module, kind))
    monkeypatch.setattr(
        openers, "open_gpu", lambda _, index: BindingsGpu(Runtime(*cards), index=index)
    )
    monkeypatch.setattr(
        "a2f_ws.inference.plans.build_plan", lambda *_, **__: plan_of(bundle, most=8)
    )
    means = Means(backend="tensorrt", devices=(0, 1), engines=str(tmp_path))
    first, second = choose(bundle, means).backends
    pipeline = Pipeline(bundle, first)
    return cards, Model("embedded", pipeline, others=(pipeline.beside(second),))


async def test_sessions_of_a_lost_card_go_on_with_the_other_one_and_are_told(two_cards):
    cards, model = two_cards
    async with server_of(model) as server, raw(server) as one:
        for sid in (1, 2):
            await one.open(sid=sid, pacing="burst")
            await one.audio(voice(sid, 1.0), sid=sid)
        await one.until("poses", sid=1)
        cards[0].lose()
        for sid in (1, 2):
            await one.audio(voice(sid, 1.0), sid=sid, first=RATE)
            await one.send("end", sid=sid, u=1)
        for sid in (1, 2):
            if not any(m["op"] == "utterance" and m["sid"] == sid and m["state"] == "poses_done"
                       for m in one.seen):  # fmt: skip
                await one.until("utterance", sid=sid, state="poses_done")
        if not any(m["op"] == "status" and m["code"] == "backend" for m in one.seen):
            await one.until("status", code="backend")
        (told,) = [m for m in one.seen if m["op"] == "status" and m["code"] == "backend"]
        assert told["message"].startswith("embedded: the GPU was lost; TensorRT")
        for sid in (1, 2):
            rows = [m["n"] for m in one.seen if m["op"] == "poses" and m["sid"] == sid]
            assert sum(rows) == 120 + 15
        assert [m for m in one.seen if m["op"] in ("error", "closed")] == []
        await one.open(sid=3)
        await one.open(sid=4)
        await one.until("opened", sid=4)
        sessions = [sessions for sessions, _, _ in server._workers["embedded"].standing()]
        assert sessions == [1, 3]
        assert not server.lost.is_set()
