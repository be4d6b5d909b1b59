"""What `open` settles and `set` changes."""

import numpy as np
import pytest

from a2f_ws.catalog import Catalog, Model
from a2f_ws.errors import PeerError
from a2f_ws.setup import changed, emotion_vector, settle
from a2f_ws.wire.messages import AudioFormat, CurveSet
from a2f_ws.wire.requests import Open, Set
from tests.core.desk import RIGS


@pytest.fixture
def catalog(scripted):
    return Catalog([Model("first", scripted), Model("second", scripted)], RIGS)


def opening(**fields):
    audio = AudioFormat(format="s16le", rate=16_000)
    return Open(**{"sid": 1, "rig": "arkit", "fps": 60, "audio": audio, **fields})


def refusal(call):
    with pytest.raises(PeerError) as caught:
        call()
    return caught.value


def test_what_is_not_said_is_what_the_model_has(catalog, scripted, bundle):
    setup, emotion = settle(opening(), catalog)
    assert setup.model is catalog.models["first"]
    assert (setup.is_burst, setup.is_visible, setup.wants_status) == (False, True, False)
    assert setup.ahead_us == 1_500_000
    assert setup.params.tolist() == scripted.defaults.tolist()
    assert emotion.tolist() == bundle.default_emotion.tolist()


def test_a_pose_rate_is_reduced_and_told_in_the_form_of_the_wire(catalog):
    for fps, wire in ((60, 60), ([120, 2], 60), ([30_000, 1_001], [30_000, 1_001])):
        setup, _ = settle(opening(fps=fps), catalog)
        assert setup.opened(1, layout=1, credit_us=1, re=None).fps == wire


def test_look_ahead_and_look_back_count_the_resampler(catalog, bundle):
    plain, _ = settle(opening(), catalog)
    ahead, back = bundle.buffer_len - bundle.buffer_ofs, bundle.buffer_ofs
    assert plain.look_ahead_us == -(-ahead * 1_000_000 // 16_000)
    assert plain.look_back_us == -(-back * 1_000_000 // 16_000)
    audio = AudioFormat(format="s16le", rate=48_000)
    resampled, _ = settle(opening(audio=audio), catalog)
    added = resampled.look_ahead_us - plain.look_ahead_us
    assert 0 < added < 5_000
    # Looking back takes the whole filter, to the last bit.
    assert added < resampled.look_back_us - plain.look_back_us < added + 125


def test_an_emotion_by_name_is_the_whole_vector(catalog):
    model = catalog.model(None)
    vector = emotion_vector(model, {"joy": 0.5, "anger": 1.0}, field="values")
    assert vector.dtype == np.float32
    assert vector.tolist() == [0, 1, 0, 0, 0, 0, 0.5, 0, 0, 0]
    fault = refusal(lambda: emotion_vector(model, {"glee": 1.0}, field="values"))
    assert (fault.code, fault.field) == (4422, "values.glee")
    assert "joy" in fault.message


def test_an_unknown_name_is_answered_with_the_nearest_one(catalog):
    fault = refusal(lambda: settle(opening(rig="arkitt"), catalog))
    assert (fault.code, fault.field) == (4404, "rig")
    assert "did you mean 'arkit'?" in fault.message


def test_a_set_gives_new_settings_and_leaves_the_old_ones(catalog):
    old, _ = settle(opening(curves={"jawOpen": CurveSet(gain=2.0, min=0.1)}), catalog)
    params = old.params.copy()
    message = Set(
        sid=1,
        params={"skin_strength": 0.5},
        curves={"jawOpen": CurveSet(gain=0.5)},
        visible=False,
        fps=30,
    )
    new = changed(old, message, catalog=catalog)
    assert (old.is_visible, old.fps.num, old.trims["jawOpen"].gain) == (True, 60, 2.0)
    assert old.params.tolist() == params.tolist()
    assert (new.is_visible, new.fps.num) == (False, 30)
    assert (new.trims["jawOpen"].gain, new.trims["jawOpen"].min) == (0.5, 0.1)
    assert new.params.tolist() != params.tolist()
    assert new.changes_rows(old)
    assert new.changes_faces(old)


def test_only_model_rig_and_rate_change_the_rows(catalog):
    old, _ = settle(opening(), catalog)
    same = changed(old, Set(sid=1, rig="arkit", fps=60, model="first"), catalog=catalog)
    assert not same.changes_rows(old)
    assert not same.changes_faces(old)
    other = changed(old, Set(sid=1, model="second"), catalog=catalog)
    assert other.changes_rows(old)


def test_another_model_forgets_the_parameters(catalog):
    old, _ = settle(opening(params={"skin_strength": 0.5}), catalog)
    new = changed(old, Set(sid=1, model="second"), catalog=catalog)
    assert new.params.tolist() == new.model.pipeline.defaults.tolist()


def test_the_greeting_lists_what_is_served(catalog, bundle):
    hello = catalog.hello({"sessions": 3})
    assert [model.name for model in hello.models] == ["first", "second"]
    assert hello.models[0].emotions == bundle.emotions
    assert hello.rigs == tuple(RIGS)
    assert hello.limits == {"sessions": 3}
    assert hello.audio.rate == (8_000, 192_000)
    assert hello.instance != Catalog([], {}).instance
