"""Gains and offsets of the weights of a session's faces."""

import pytest

from a2f_ws.catalog import Catalog
from a2f_ws.model import Model
from a2f_ws.names import FACE
from a2f_ws.session.setup import changed, settle
from a2f_ws.wire.messages import WeightSet
from a2f_ws.wire.requests import Set
from tests.core.desk import RIGS
from tests.core.test_setup import opening, refusal


@pytest.fixture
def catalog(scripted):
    return Catalog([Model("first", scripted), Model("second", scripted)], RIGS)


def test_weights_are_treated_by_name_and_absent_parts_stay(catalog):
    wishes = {"jawOpen": WeightSet(gain=0.5, offset=0.125), "tongueOut": WeightSet()}
    old, _ = settle(opening(rig="unity/oculus", weights=wishes), catalog)
    assert old.weighting.gains.sum() == 67.5
    change = {"jawOpen": WeightSet(offset=-0.25), "mouthClose": WeightSet(gain=2.0)}
    new = changed(old, Set(sid=1, weights=change), catalog=catalog)
    jaw, close = FACE.index("jawOpen"), FACE.index("mouthClose")
    assert (new.weighting.gains[jaw], new.weighting.offsets[jaw]) == (0.5, -0.25)
    assert (new.weighting.gains[close], new.weighting.offsets[close]) == (2.0, 0.0)
    assert old.weighting.offsets[jaw] == 0.125
    assert new.changes_faces(old)
    assert not new.changes_rows(old)
    same = changed(new, Set(sid=1, weights={"jawOpen": WeightSet(gain=0.5)}), catalog=catalog)
    assert not same.changes_faces(new)


def test_another_model_forgets_the_weights(catalog):
    old, _ = settle(opening(weights={"jawOpen": WeightSet(gain=0.5)}), catalog)
    new = changed(old, Set(sid=1, model="second"), catalog=catalog)
    assert new.weighting.equals(new.model.weighting)
    assert not new.weighting.equals(old.weighting)


def test_an_unknown_weight_is_refused_with_the_nearest_one(catalog):
    fault = refusal(lambda: settle(opening(weights={"jawOpne": WeightSet(gain=1.0)}), catalog))
    assert (fault.code, fault.field) == (4422, "weights.jawOpne")
    assert "did you mean 'jawOpen'?" in fault.message
    assert "weights" in catalog.hello({}).capabilities
