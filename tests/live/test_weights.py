"""Gains and offsets of weights: per server, per session, while it talks."""

import asyncio

import numpy as np
import pytest

from a2f_ws.catalog import Catalog
from a2f_ws.client import ServerError, connect
from a2f_ws.model import Model
from a2f_ws.names import WEIGHTS
from a2f_ws.rig.table import load_rigs
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from a2f_ws.style.tables import style_from_tables
from tests.live.conftest import hosted
from tests.sounds import RATE_HZ, ramp, rows

JAW, SMILE, TONGUE = (WEIGHTS.index(name) for name in ("jawOpen", "mouthSmileLeft", "tongueUp"))


def spoken(session):
    """Rows of half a second of speech, without those that ease."""

    async def collect():
        return (await rows(session.say(ramp(0.5))))[:30]

    return collect()


async def test_each_session_treats_its_weights_its_own_way(fake_server):
    wishes = {"jawOpen": {"gain": 0.5}, "mouthSmileLeft": {"gain": 0.0, "offset": 0.25}}
    async with connect(fake_server.url) as client:
        plain = await client.open(rate=RATE_HZ, pacing="burst")
        other = await client.open(rate=RATE_HZ, pacing="burst", weights=wishes)
        first, second = await asyncio.gather(spoken(plain), spoken(other))
        assert first[:, JAW].max() > 0.2
        assert np.array_equal(second[:, JAW], first[:, JAW] * np.float32(0.5))
        assert set(second[:, SMILE].tolist()) == {0.25}
        rest = [i for i in range(68) if i not in (JAW, SMILE)]
        assert np.array_equal(second[:, rest], first[:, rest])


async def test_a_set_acts_on_what_comes_and_leaves_what_it_does_not_name(fake_server):
    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ, pacing="burst")
        first = await spoken(session)
        await session.set(weights={"jawOpen": {"gain": 0.5, "offset": 0.125}})
        await session.set(weights={"jawOpen": {"offset": 0.0}}, params={"skin_strength": 1.0})
        assert np.array_equal((await spoken(session))[:, JAW], first[:, JAW] * np.float32(0.5))


async def test_curves_are_treated_and_sides_changed_from_the_beginning(fake_server):
    async with connect(fake_server.url) as client:
        plain = await spoken(await client.open(rate=RATE_HZ, pacing="burst"))
        curves = {"jawOpen": {"gain": 0.5, "max": 0.25}}
        session = await client.open(rate=RATE_HZ, pacing="burst", curves=curves, swap=["mouth"])
        treated = await spoken(session)
    left, right = (WEIGHTS.index(f"mouthSmile{side}") for side in ("Left", "Right"))
    assert np.array_equal(treated[:, JAW], np.minimum(plain[:, JAW] * np.float32(0.5), 0.25))
    assert np.array_equal(treated[:, [left, right]], plain[:, [right, left]])
    assert not np.array_equal(plain[:, left], plain[:, right])


async def test_a_session_may_be_as_strong_as_it_likes_and_its_emotion_too(fake_server):
    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ, pacing="burst", rig="unity/vrm1")
        names = list(session.names)
        happy = names.index("happy")
        await session.set(params={"emotion_intensity": 0.5})
        await session.emotion({"joy": 0.5}, transition_us=0)
        assert (await spoken(session))[-1, happy] == 0.25
        await session.set(params={"intensity": 0.0})
        assert not (await spoken(session))[:, names.index("aa")].any()


async def test_an_offset_shows_in_the_rest_row_but_never_opens_the_mouth(fake_server):
    offsets = {name: {"offset": 0.5} for name in ("jawOpen", "mouthSmileLeft", "tongueUp")}
    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ, pacing="burst", weights=offsets)
        await spoken(session)
        assert [float(session.rest[k]) for k in (JAW, SMILE, TONGUE)] == [0.0, 0.5, 0.0]


async def test_weights_are_held_in_their_range_where_that_is_wanted(fake_server):
    wishes = {"mouthSmileLeft": {"offset": 3.0}, "browInnerUp": {"offset": -3.0}}
    rig = {
        "title": "Twice",
        "source": "this test",
        "range": {"min": -10.0, "max": 10.0},
        "curves": {"smile": {"mouthSmileLeft": 1.0}, "brow": {"browInnerUp": 1.0}},
    }
    async with connect(fake_server.url) as client:
        session = await client.open(
            rate=RATE_HZ, pacing="burst", rig="mine", table=rig, weights=wishes
        )
        free = await spoken(session)
        await session.set(params={"clamp_weights": 1})
        held = await spoken(session)
    assert (free[:, 0].min() >= 3.0, free[:, 1].max() <= -2.0) == (True, True)
    assert (set(held[:, 0].tolist()), set(held[:, 1].tolist())) == ({1.0}, {0.0})


@pytest.mark.parametrize(
    ("weights", "field"),
    [
        ({"jawOpne": {"gain": 1.0}}, "weights.jawOpne"),
        ({"jawOpen": {"gain": 11.0}}, "jawOpen.gain"),
    ],
)
async def test_a_wrong_weight_is_refused_and_changes_nothing(fake_server, weights, field):
    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ, pacing="burst")
        with pytest.raises(ServerError) as caught:
            await session.set(weights=weights)
        assert (caught.value.code, field in caught.value.field) == (4422, True)
        assert (await spoken(session))[:, JAW].max() > 0.2


async def test_what_the_server_s_configuration_says_holds_until_a_session_says_otherwise(scripted):
    document = {
        "face": {"input_strength": 0.5},
        "weights": {"jawOpen": {"gain": 0.5}, "mouthSmileLeft": {"gain": 0.0}},
    }
    style = style_from_tables(document, "a2f.toml")
    models = [Model("styled", scripted, style), Model("plain", scripted)]
    server = Server(Catalog(models, load_rigs()), Settings(port=0))
    async with hosted(server), connect(server.url) as client:
        told = {param.name: param.default for param in client.hello.models[0].params}
        assert told["input_strength"] == 0.5
        styled = await client.open(rate=RATE_HZ, pacing="burst")
        own = await client.open(
            rate=RATE_HZ,
            pacing="burst",
            params={"input_strength": 1.0},
            weights={"jawOpen": {"gain": 1.0}},
        )
        plain = await client.open(rate=RATE_HZ, pacing="burst", model="plain")
        a, b, c = await asyncio.gather(spoken(styled), spoken(own), spoken(plain))
    assert np.allclose(a[:, JAW], c[:, JAW] / 4, atol=1e-6)
    assert np.array_equal(b[:, JAW], c[:, JAW])
    assert not b[:, SMILE].any()
