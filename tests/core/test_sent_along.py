"""Rigs that clients send along, and what is kept of them."""

import pytest

from a2f_ws.catalog import SENT_MAX, Catalog
from a2f_ws.errors import PeerError
from a2f_ws.model import Model
from a2f_ws.rig.table import load_rigs
from a2f_ws.session.fitting import plain_mapper
from a2f_ws.session.setup import settle
from a2f_ws.wire.messages import AudioFormat
from a2f_ws.wire.requests import Open


def opened(name, table):
    audio = AudioFormat(format="f32le", rate=16_000)
    return Open(sid=1, rig=name, fps=60, audio=audio, table=table)


def test_a_rig_that_was_sent_along_before_is_not_checked_again_unless_it_differs(scripted):
    catalog = Catalog([Model("one", scripted)], load_rigs())
    table = {"title": "A", "source": "it", "extends": "arkit", "terms": {"open": {"jawOpen": 1}}}
    curves = {"one": "open", "two": "open"}

    def sent(name="robot", **more):
        return settle(opened(name, {**table, **more}), catalog)[0].fitting.rig

    first = sent(curves=curves)
    assert sent(curves=dict(curves)) is first
    assert sent(curves=dict(reversed(curves.items()))).curves == (*first.curves[:-2], "two", "one")
    assert sent(name="other", curves=curves).name == "other"
    huge = opened("robot", {**table, "curves": {"one": {"jawOpen": 10**90}}})
    for _ in range(2):
        with pytest.raises(PeerError) as caught:
            settle(huge, catalog)
        assert (caught.value.code, caught.value.field) == (4422, "table")
    for number in range(SENT_MAX):
        sent(curves={f"curve{number}": "open"})
    assert sent(curves=curves) is not first


def test_sessions_with_an_untreated_rig_share_what_maps_it(scripted):
    catalog = Catalog([Model("one", scripted)], load_rigs())
    audio = AudioFormat(format="f32le", rate=16_000)
    one, other = (
        settle(Open(sid=sid, rig="arkit", fps=60, audio=audio), catalog)[0].fitting
        for sid in (1, 2)
    )
    assert one.mapper is other.mapper is plain_mapper(one.table)
    swapped = settle(Open(sid=3, rig="arkit", fps=60, audio=audio, swap=("jaw",)), catalog)[0]
    assert swapped.fitting.mapper is not one.mapper
