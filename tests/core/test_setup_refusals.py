"""What a client sends that is far too long or too large."""

import pytest

from a2f_ws.catalog import Catalog
from a2f_ws.model import Model
from a2f_ws.session.setup import settle
from a2f_ws.wire.messages import CurveSet
from tests.core.desk import RIGS
from tests.core.test_setup import opening, refusal


@pytest.fixture
def catalog(scripted):
    return Catalog([Model("first", scripted)], RIGS)


def test_a_refusal_stays_short_and_fast_whatever_the_name(catalog):
    long = "x" * 100_000
    for fields in (
        {"rig": long},
        {"table": {"title": "T", "source": "S", "curves": {"a": {long: 1}}}},
        {"table": {"title": "T", "source": "S", "curves": {"a": long}}},
        {"table": {"title": "T", "source": "S", "curves": {long: "joy"}}},
        {"table": {"title": "T", "source": "S", long: {}}},
        {"table": {"title": "T", "source": "S", "curves": {"a": "joy"}, "idle": {long: "a"}}},
        {"curves": {long: CurveSet()}},
    ):
        fault = refusal(lambda fields=fields: settle(opening(**fields), catalog))
        assert len(fault.message) < 900
        assert "xxx" in fault.message
        assert len(fault.field or "") <= 1001


def test_a_number_that_no_float_can_hold_is_out_of_range(catalog):
    table = {"title": "T", "source": "S", "curves": {"a": {"jawOpen": 10**400}}}
    fault = refusal(lambda: settle(opening(table=table), catalog))
    assert (fault.code, fault.field) == (4422, "table")
    assert fault.message.startswith("table: curve a: jawOpen: found 1000")
    assert fault.message.endswith("…, wanted a number within ±1e+06")
