"""A GPU that is lost while people speak: sessions go on without it, or the server stops cleanly."""

import asyncio
import threading

from a2f_ws.catalog import Catalog
from a2f_ws.commands.lifetime import stay
from a2f_ws.inference.gpu_bindings import BindingsGpu
from a2f_ws.inference.guarded import GuardedBackend
from a2f_ws.inference.onnx import OnnxBackend
from a2f_ws.inference.tensorrt import TensorRtBackend
from a2f_ws.inference.tensorrt_library import library_of
from a2f_ws.model import Model
from a2f_ws.pipeline import Pipeline
from a2f_ws.rig.table import load_rigs
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from tests.gpu.double.card import Card
from tests.gpu.double.cuda import Runtime
from tests.gpu.double.trt import plan_of, played_module
from tests.live.raw import RATE, raw, speech


def on_gpu(bundle, card, *, second):
    """The bundle on a card that is played."""
    backend = TensorRtBackend(
        bundle,
        gpu=BindingsGpu(Runtime(card)),
        library=library_of(played_module(card), "tensorrt"),
        plan=plan_of(bundle, most=8),
    )
    return Pipeline(bundle, GuardedBackend(backend, second=second))


async def test_sessions_go_on_without_the_gpu_and_are_told(serving, bundle):
    card = Card()
    pipeline = on_gpu(bundle, card, second=lambda: OnnxBackend(bundle))
    server = await serving(pipeline)
    async with raw(server) as one, raw(server) as other:
        await other.open()
        await one.open(sid=1, pacing="burst")
        await one.audio(speech(1.0))
        await one.until("poses")
        card.lose()
        await one.audio(speech(1.0), first=RATE)
        await one.send("end", sid=1, u=1)
        await one.until("utterance", state="poses_done")
        if not any(m["op"] == "status" and m["code"] == "backend" for m in one.seen):
            await one.until("status", code="backend")
        if not any(m["op"] == "status" and m["code"] == "backend" for m in other.seen):
            await other.until("status", code="backend")
    (told,) = [m for m in one.seen if m["op"] == "status" and m["code"] == "backend"]
    assert told["message"].startswith("embedded: the GPU was lost; ONNX Runtime")
    assert told["level"] == "warning"
    assert "sid" not in told
    assert sum(m["n"] for m in one.seen if m["op"] == "poses") == 120 + 15
    assert [m for m in one.seen if m["op"] in ("error", "closed")] == []
    assert "ONNX Runtime" in pipeline.backend.name
    assert not server.lost.is_set()


def test_where_that_is_not_allowed_the_server_stops_and_sends_clients_elsewhere(bundle):
    card = Card()
    model = Model("embedded", on_gpu(bundle, card, second=None))
    server = Server(Catalog([model], load_rigs()), Settings(port=0, drain_s=5.0))
    found = {}

    async def speak():
        async with asyncio.timeout(20), raw(server) as one, raw(server) as idle:
            await idle.open()
            await one.open(sid=1, pacing="burst")
            await one.audio(speech(1.0))
            await one.until("poses")
            card.lose()
            await one.audio(speech(1.0), first=RATE)
            found["code"] = (await one.closing())[0]
            found["idle"] = (await idle.closing())[0]
            found["ends"] = [m["code"] for m in one.seen if m["op"] in ("error", "closed")]

    client = threading.Thread(target=lambda: asyncio.run(speak()))
    stay(server, tell=client.start)
    client.join()
    assert server.lost.is_set()
    # What comes for the session after its end is answered as what it is, unknown.
    assert (found["code"], found["idle"], found["ends"][:2]) == (4503, 4503, [4503, 4503])
