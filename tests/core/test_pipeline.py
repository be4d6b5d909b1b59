"""One batch: windows to faces, bit for bit the same in any company."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from a2f_ws.errors import ModelError
from a2f_ws.names import EMOTIONS, EYES, FACE, WEIGHTS
from a2f_ws.pipeline import Pipeline
from a2f_ws.shaping.cut import Cut
from a2f_ws.shaping.kind import SHUT
from tests.fakes import FakeBackend, scripted_pipeline

JOY = EMOTIONS.index("joy")
JAW, CLOSE = WEIGHTS.index("jawOpen"), WEIGHTS.index("mouthClose")


def cut(pipeline, samples=None, *, emotion=(), state=None, **params):
    """A cut with a fresh filter state; `emotion` = (name, amount) pairs."""
    values = np.zeros(len(EMOTIONS), np.float32)
    for name, amount in emotion:
        values[EMOTIONS.index(name)] = amount
    return Cut(
        samples=samples,
        emotion=values,
        params=pipeline.params.changed(pipeline.defaults, params),
        state=pipeline.new_state() if state is None else state,
        dt_s=1 / 60,
    )


def noise(pipeline, seed, level=0.1):
    random = np.random.default_rng(seed)
    return (random.standard_normal(pipeline.bundle.buffer_len) * level).astype(np.float32)


def window(pipeline, **at_centre):
    """Silence but for the samples that the scripted backend turns into these weights."""
    samples = np.zeros(pipeline.bundle.buffer_len, np.float32)
    for name, value in at_centre.items():
        samples[pipeline.bundle.buffer_ofs + WEIGHTS.index(name)] = value
    return samples


def face_of(pipeline, one):
    return dict(zip(FACE, pipeline.run([one])[0].tolist(), strict=True))


@settings(max_examples=12)
@given(order=st.permutations(range(6)), rows=st.integers(1, 6))
def test_a_batch_gives_what_its_members_give_alone(windowed, order, rows):
    def cuts():
        feelings = [(), (("joy", 0.7),), (("anger", 0.2), ("fear", 1.0))]
        return [
            cut(
                windowed,
                None if k == 4 else noise(windowed, k, level=0.02 * k),
                emotion=feelings[k % 3],
                input_strength=1.0 + k / 10,
                lower_face_smoothing=0.02 * (k % 2),
                skin_strength=0.9 + k / 50,
            )
            for k in range(6)
        ]

    alone = [windowed.run([one])[0] for one in cuts()]
    several = cuts()
    together = windowed.run([several[k] for k in order[:rows]])
    for row, k in enumerate(order[:rows]):
        assert together[row].tobytes() == alone[k].tobytes()


def test_rows_of_one_state_are_smoothed_in_their_order(windowed):
    def cuts():
        state = windowed.new_state()
        return [
            cut(windowed, noise(windowed, k), state=state, lower_face_smoothing=0.05)
            for k in range(5)
        ]

    one_by_one = np.concatenate([windowed.run([one]) for one in cuts()])
    assert windowed.run(cuts()).tobytes() == one_by_one.tobytes()


def test_a_face_has_weights_then_eyes_then_emotions(scripted):
    samples = window(scripted, eyeBlinkLeft=0.5, jawOpen=0.25, tongueNarrow=0.75)
    face = face_of(scripted, cut(scripted, samples, emotion=[("joy", 0.5)]))
    assert list(face) == [*WEIGHTS, *EYES, *EMOTIONS]
    assert (face["eyeBlinkLeft"], face["jawOpen"], face["tongueNarrow"]) == (0.5, 0.25, 0.75)
    assert face["joy"] == 0.5
    assert face["eyeRightX"] == face["anger"] == 0.0


def test_input_strength_scales_the_sound(scripted):
    samples = window(scripted, eyeBlinkLeft=0.25)
    assert face_of(scripted, cut(scripted, samples, input_strength=2.0))["eyeBlinkLeft"] == 0.5


def test_intensity_scales_all_weights_but_blinks_and_gaze_and_keeps_sealed_lips_sealed(scripted):
    weights = {"jawOpen": 0.5, "mouthClose": 0.5, "mouthSmileLeft": 0.25, "tongueUp": 0.75}
    still = {"eyeBlinkLeft": 0.5, "eyeLookInRight": 0.25}
    samples = window(scripted, **weights, **still)
    for intensity in (0.0, 0.5, 1.0, 2.0):
        face = face_of(scripted, cut(scripted, samples, intensity=intensity))
        assert {name: face[name] for name in still} == still
        for name, value in weights.items():
            assert face[name] == pytest.approx(intensity * value), name
        assert face["jawOpen"] == face["mouthClose"]


def test_intensity_acts_with_gains_and_leaves_offsets_and_the_clamp_as_they_are(scripted):
    one = cut(scripted, window(scripted, jawOpen=0.5), intensity=0.5, clamp_weights=1.0)
    one.gains, one.offsets = np.full(68, 2.0, np.float32), np.full(68, 0.125, np.float32)
    face = face_of(scripted, one)
    assert (face["jawOpen"], face["cheekPuff"], face["eyeBlinkLeft"]) == (0.625, 0.125, 0.125)
    one = cut(scripted, window(scripted, jawOpen=0.75), intensity=2.0, clamp_weights=1.0)
    assert face_of(scripted, one)["jawOpen"] == 1.0


def test_emotion_intensity_scales_what_the_network_hears_and_what_rigs_get_up_to_one(windowed):
    sound = noise(windowed, 3)
    for intensity, amount in ((0.0, 0.0), (0.5, 0.25), (1.5, 0.75), (2.0, 1.0)):
        felt = windowed.run([cut(windowed, sound, emotion=[("joy", amount)])])
        scaled = cut(windowed, sound, emotion=[("joy", 0.5)], emotion_intensity=intensity)
        assert windowed.run([scaled]).tobytes() == felt.tobytes()
    loud = cut(windowed, sound, emotion=[("joy", 0.8)], emotion_intensity=2.0)
    assert face_of(windowed, loud)["joy"] == 1.0


def test_the_rest_face_is_as_strong_as_both_intensities_say(embedded):
    whole = face_of(embedded, cut(embedded, emotion=[("joy", 0.5)]))
    half = face_of(embedded, cut(embedded, emotion=[("joy", 0.5)], intensity=0.5))
    none = face_of(embedded, cut(embedded, emotion=[("joy", 0.5)], emotion_intensity=0.0))
    assert whole["mouthSmileLeft"] > 0.05
    assert half["mouthSmileLeft"] == pytest.approx(0.5 * whole["mouthSmileLeft"], rel=1e-5)
    assert none["mouthSmileLeft"] == none["joy"] == 0.0


def test_in_a_rest_face_the_mouth_is_shut_whatever_the_emotion(embedded):
    for name in EMOTIONS:
        face = embedded.run([cut(embedded, emotion=[(name, 1.0)])])[0]
        assert [WEIGHTS[i] for i in SHUT if face[i] != 0.0] == []
        assert (face[: len(WEIGHTS)] >= 0.0).all()
    shut = {WEIGHTS[i] for i in SHUT}
    assert {"jawOpen", "jawLeft", "mouthClose", "tongueOut", "tongueUp"} <= shut
    assert "mouthSmileLeft" not in shut


def test_without_emotion_the_rest_face_is_neutral(embedded):
    face = embedded.run([cut(embedded)])[0]
    assert not face.any()


def test_joy_smiles_between_lines(embedded):
    face = face_of(embedded, cut(embedded, emotion=[("joy", 1.0)]))
    assert min(face["mouthSmileLeft"], face["mouthSmileRight"]) > 0.05


def test_a_bundle_whose_jaw_leaves_the_closed_mouth_out_is_converted(bundle):
    samples = None
    faces = {}
    for meaning in ("arkit", "a2f"):
        pipeline = scripted_pipeline(dataclasses.replace(bundle, mouth_close=meaning))
        samples = window(pipeline, jawOpen=0.25, mouthClose=0.125)
        faces[meaning] = face_of(pipeline, cut(pipeline, samples))
    assert (faces["arkit"]["jawOpen"], faces["arkit"]["mouthClose"]) == (0.25, 0.125)
    assert (faces["a2f"]["jawOpen"], faces["a2f"]["mouthClose"]) == (0.375, 0.125)


def test_lips_that_such_a_bundle_seals_over_a_shut_jaw_stay_sealed(bundle):
    pipeline = scripted_pipeline(dataclasses.replace(bundle, mouth_close="a2f"))
    face = face_of(pipeline, cut(pipeline, window(pipeline, mouthClose=0.25)))
    assert (face["jawOpen"], face["mouthClose"]) == (0.25, 0.25)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_are_a_fault_of_the_network(bundle, bad):
    class Broken(FakeBackend):
        def run(self, windows, emotions):
            result = super().run(windows, emotions)
            result[windows[:, 0] == 1.0, 3] = bad
            return result

    pipeline = Pipeline(
        bundle,
        Broken(
            buffer_len=bundle.buffer_len,
            buffer_ofs=bundle.buffer_ofs,
            width=bundle.columns.width,
            emotion_len=bundle.emotion_len,
        ),
    )
    good, marked = window(pipeline), window(pipeline)
    marked[0] = 1.0
    state = pipeline.new_state()
    with pytest.raises(ModelError, match="not finite"):
        pipeline.run([cut(pipeline, good, state=state), cut(pipeline, marked)])
    assert not state.is_started
    assert np.isfinite(pipeline.run([cut(pipeline, good)])).all()
