import numpy as np
import pytest

from a2f_ws.animation.recognition import RECOGNITION_PARAMS
from a2f_ws.catalog import Catalog
from a2f_ws.errors import ConfigError, ModelError
from a2f_ws.inference.emotion_bundle import load_emotion_bundle
from a2f_ws.model import Model
from a2f_ws.names import EMOTIONS
from a2f_ws.recognizer import EmotionOptions, Recognizer
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from tests.data.bundles import edit
from tests.data.emotion_bundles import logits_of, write_emotion
from tests.fakes import FakeClassifier

CONFIG = "post_processing_config"


@pytest.fixture
def folder(tmp_path):
    return write_emotion(tmp_path / "moods")


def made(folder, classifier=None, **options):
    classifier = classifier or FakeClassifier(logits_of)
    return Recognizer(load_emotion_bundle(folder), classifier, options=EmotionOptions(**options))


def default(recognizer, name):
    return recognizer.defaults[RECOGNITION_PARAMS.column(name)]


def test_windows_of_one_length_are_classified_together_in_any_order(folder):
    classifier = FakeClassifier(logits_of, max_batch=2)
    random = np.random.default_rng(5)
    lengths = (5_000, 8_320, 5_000, 5_000, 8_320)
    windows = [random.standard_normal(length).astype(np.float32) for length in lengths]
    found = made(folder, classifier).run(windows)
    assert np.array_equal(found, np.stack([logits_of(window) for window in windows]))
    assert classifier.calls == [(2, 5_000), (1, 5_000), (2, 8_320)]


def test_logits_that_are_not_finite_are_a_fault_of_the_model(folder):
    broken = FakeClassifier(lambda window: np.full(6, np.inf, np.float32))
    with pytest.raises(ModelError, match="not finite"):
        made(folder, broken).run([np.zeros(5_000, np.float32)])


def test_the_window_fits_the_look_ahead_unless_a_length_is_asked_for(folder):
    assert made(folder).pace(4_160) == made(folder, inferences_to_skip=10).pace(4_160)
    assert (made(folder).pace(4_160).window, made(folder).pace(4_160).frames) == (8_320, 11)
    assert (made(folder).pace(1_920).window, made(folder).pace(1_920).frames) == (5_000, 9)
    assert made(folder, window_samples=60_000).pace(1_920).window == 60_000


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"window_samples": 4_999}, "window_samples: found 4999, wanted 5000 to 60000"),
        ({"window_samples": 60_001}, "found 60001"),
        ({"window_samples": 5_000, "inferences_to_skip": 9}, "found 9, wanted 0 to 8"),
    ],
)
def test_windows_that_the_network_or_the_sound_cannot_stand_are_refused(folder, options, told):
    with pytest.raises(ConfigError, match=told):
        made(folder, **options).pace(1_920)


def test_the_bundle_sets_what_the_user_does_not(folder):
    edit(folder / "model_config.json", f"{CONFIG}.emotion_contrast", 2.0)
    recognizer = made(folder, config={"emotion_strength": 1.0})
    assert default(recognizer, "emotion_contrast") == 2.0
    assert default(recognizer, "emotion_strength") == 1.0
    assert default(recognizer, "emotion_recognition") == 1.0
    assert default(recognizer, "transition_smoothing") == 0.5


def test_a_bundle_out_of_range_is_refused_with_file_and_key(folder):
    edit(folder / "model_config.json", f"{CONFIG}.max_emotions", 0)
    with pytest.raises(ModelError, match=rf"model_config.json: {CONFIG}.max_emotions: found 0"):
        made(folder)


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"emotion_contrast": 9}, "emotion_contrast: found 9, wanted a number from 0.3 to 3"),
        ({"contrast": 1.0}, "found 'contrast', wanted one of emotion_contrast"),
        ({"enable_preferred_emotion": 1}, "found 1, wanted true or false"),
        ({"beginning_emotion": {"bored": 1.0}}, "found bored = 1.0"),
        ({"preferred_emotion": {"joy": 2}}, "found joy = 2, wanted 0 to 1"),
        ({"preferred_emotion": [1.0]}, "wanted emotions by name"),
    ],
)
def test_options_that_mean_nothing_are_refused(folder, config, told):
    with pytest.raises(ConfigError, match=told.replace("[", r"\[")):
        made(folder, config=config)


def test_the_clients_emotion_is_preferred_while_there_is_one(folder):
    nothing, joy = np.zeros(10, np.float32), np.eye(10, dtype=np.float32)[EMOTIONS.index("joy")]
    plain = made(folder)
    assert plain.wanted(joy)[0] is joy
    assert plain.wanted(joy)[1]
    assert not plain.wanted(nothing)[1]
    config = {"enable_preferred_emotion": True, "preferred_emotion": {"fear": 0.5}}
    always = made(folder, config=config)
    preferred, prefers = always.wanted(nothing)
    assert prefers
    assert preferred[EMOTIONS.index("fear")] == 0.5
    assert always.wanted(joy)[0] is joy


def test_a_voice_begins_with_the_emotion_that_is_asked_for(folder):
    recognizer = made(folder, config={"beginning_emotion": {"sadness": 0.3}})
    assert recognizer.beginning[EMOTIONS.index("sadness")] == np.float32(0.3)


def test_a_credit_too_small_for_the_window_is_refused_at_the_start(folder, scripted):
    for window, credit_s in ((0, 2.0), (60_000, 4.0)):
        catalog = Catalog(
            [Model("a", scripted, recognizer=made(folder, window_samples=window))], {}
        )
        Server(catalog, Settings(credit_s=credit_s))
    with pytest.raises(ConfigError, match=r"credit_s: found 2, wanted at least 3\.7"):
        Server(catalog, Settings(credit_s=2.0))
