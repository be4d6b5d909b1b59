"""Post-processing of the classifier's logits against the SDK's CPU class."""

import numpy as np
import pytest

from a2f_ws.animation.recognition import Recognition
from tests.reference.a2e import row_of

ATOL = 1e-5
"""Suggested by the vectors' README; ours differs from the SDK by roundings."""


class Case:
    """One case: what goes in for each frame, and a state that is made anew at every reset."""

    def __init__(self, vectors, name):
        case = vectors.meta["cases"][name]
        arrays = vectors.arrays
        self.logits, self.reset = arrays["logits"], arrays["reset"]
        self.wanted = arrays[f"{name}__out"]
        self.params = row_of(case["params"])
        self.dt_s = case["params"]["fixedDt"]
        self.prefers = bool(case["params"]["enablePreferredEmotion"])
        self.recognition = Recognition(
            arrays["emotion_correspondence"].tolist(), emotions=self.wanted.shape[1]
        )
        beginning = arrays[f"{name}__beginning"]
        states, state = [], None
        for is_reset in self.reset:
            if state is None or is_reset:
                state = self.recognition.new_state(beginning)
            states.append(state)
        self.states = states
        constant = np.broadcast_to(arrays[f"{name}__preferred"], self.wanted.shape)
        is_keyed = case["per_frame_preferred"]
        self.preferred = arrays["preferred_per_frame"] if is_keyed else constant

    def run(self, rows):
        count = len(self.logits[rows])
        return self.recognition.step(
            self.logits[rows],
            self.states[rows],
            params=np.tile(self.params, (count, 1)),
            preferred=self.preferred[rows],
            prefers=np.full(count, self.prefers),
            dt_s=self.dt_s,
        )


@pytest.fixture(scope="module")
def vectors(reference):
    return reference("a2e_postprocess")


def test_every_case_frame_by_frame_is_as_in_the_reference(vectors):
    assert len(vectors.meta["cases"]) > 0
    for name in vectors.meta["cases"]:
        case = Case(vectors, name)
        found = np.concatenate([case.run(slice(k, k + 1)) for k in range(len(case.logits))])
        np.testing.assert_allclose(found, case.wanted, rtol=0, atol=ATOL, err_msg=name)


def test_all_frames_of_a_case_in_one_batch_have_the_same_bits(vectors):
    for name in vectors.meta["cases"]:
        case = Case(vectors, name)
        alone = np.concatenate([case.run(slice(k, k + 1)) for k in range(len(case.logits))])
        assert np.array_equal(Case(vectors, name).run(slice(None)), alone), name


def test_all_cases_side_by_side_have_the_same_bits(vectors):
    """Rows of different voices, parameters and preferred emotions in one batch."""
    cases = [Case(vectors, name) for name in vectors.meta["cases"]]
    by_step = {}
    for case in cases:
        by_step.setdefault(case.dt_s, []).append(case)
    for dt_s, group in by_step.items():
        for k in range(len(group[0].logits)):
            found = group[0].recognition.step(
                np.stack([case.logits[k] for case in group]),
                [case.states[k] for case in group],
                params=np.stack([case.params for case in group]),
                preferred=np.stack([case.preferred[k] for case in group]),
                prefers=np.array([case.prefers for case in group]),
                dt_s=dt_s,
            )
            wanted = np.stack([case.wanted[k] for case in group])
            np.testing.assert_allclose(found, wanted, rtol=0, atol=ATOL)


def test_the_correspondence_is_that_of_the_names_in_the_file(vectors):
    named = [vectors.meta["emotion_correspondence"][name] for name in vectors.meta["input_order"]]
    assert vectors.arrays["emotion_correspondence"].tolist() == named
