import re

import numpy as np
import pytest

from a2f_ws.animation.eyes import EyesState, eye_rotations
from tests.animation.geometry import row
from tests.reference.sdk import our_row

ATOL_DEG = 1e-5
"""Suggested by the vectors' README."""

DEFAULT = row(eyeballs_strength=1.0, saccade_strength=1.0)
"""The SDK's defaults, with which the short table and the other frame rate were read."""


@pytest.fixture(scope="module")
def vectors(reference):
    return reference("eyes_animator")


def settings_of(vectors):
    """Our parameters of every case, (cases, P)."""
    keys = vectors.meta["param_keys"]
    return np.stack([our_row(keys, values) for values in vectors.arrays["params"]])


def check(found, wanted, *, name):
    np.testing.assert_allclose(
        found, wanted.reshape(found.shape), rtol=0, atol=ATOL_DEG, err_msg=name
    )


def one_utterance(vectors, params, *, table=None, dt_s=None):
    """All frames with the same parameters, in one batch."""
    arrays = vectors.arrays
    frames = len(arrays["eyes"])
    return eye_rotations(
        arrays["eyes"],
        [EyesState()] * frames,
        saccades=arrays["saccade_rot"] if table is None else table,
        params=np.tile(params, (frames, 1)),
        dt_s=np.full(frames, arrays["dt"] if dt_s is None else dt_s, np.float32),
    )


def test_the_eyes_of_every_case_are_those_of_the_reference(vectors):
    for name, params in zip(vectors.meta["cases"], settings_of(vectors), strict=True):
        check(one_utterance(vectors, params), vectors.arrays[f"out_{name}"], name=name)


def test_a_short_table_begins_anew_as_in_the_reference(vectors):
    names = [name for name in vectors.arrays if name.startswith("out_wrap")]
    assert len(names) > 0
    for name in names:
        table = vectors.arrays["saccade_rot"][: int(re.search(r"\d+", name)[0])]
        check(one_utterance(vectors, DEFAULT, table=table), vectors.arrays[name], name=name)


def test_another_frame_rate_reads_the_table_as_in_the_reference(vectors):
    names = [name for name in vectors.arrays if name.startswith("out_dt")]
    assert len(names) > 0
    for name in names:
        dt_s = 1 / int(re.search(r"\d+", name)[0])
        check(one_utterance(vectors, DEFAULT, dt_s=dt_s), vectors.arrays[name], name=name)


def test_a_stream_with_changes_resets_and_set_times_is_that_of_the_reference(vectors):
    arrays, settings = vectors.arrays, settings_of(vectors)
    found, state = [], EyesState()
    for frame, case in enumerate(arrays["stream_param_idx"]):
        if arrays["stream_reset"][frame]:
            state = EyesState()
        if not np.isnan(arrays["stream_live_time"][frame]):
            state.seek(arrays["stream_live_time"][frame])
        out = eye_rotations(
            arrays["eyes"][[frame]],
            [state],
            saccades=arrays["saccade_rot"],
            params=settings[[case]],
            dt_s=np.array([arrays["dt"]], np.float32),
        )
        found.append(out[0])
    check(np.stack(found), arrays["out_stream"], name="stream")
