import numpy as np
import pytest

from a2f_ws.animation.skin import SkinState, blend_skin, face_mask, skin_deltas, smooth_skin
from tests.reference.sdk import our_row

ATOL_CM = 1e-4
"""Suggested by the vectors' README for vertices."""

MASK_ATOL = 1e-5
"""The README has none for the mask: 1e-5 moves a vertex by a tenth of its tolerance at most."""


@pytest.fixture(scope="module")
def vectors(reference):
    return reference("skin_animator")


def settings_of(vectors):
    """Our parameters of every case, (cases, P)."""
    keys = vectors.meta["param_keys"]
    return np.stack([our_row(keys, values) for values in vectors.arrays["params"]])


def mask_of(vectors, case):
    keys = vectors.meta["param_keys"]
    values = vectors.arrays["params"][case]
    return face_mask(
        vectors.arrays["neutral"][:, 1],
        level=values[keys.index("faceMaskLevel")],
        softness=values[keys.index("faceMaskSoftness")],
    )


def vertices(arrays, states, *, params, mask):
    """The skin of every frame, through the functions of the whole mesh."""
    deltas = skin_deltas(
        arrays["deltas"],
        eye_close=arrays["eye_close_pose_delta"],
        lip_open=arrays["lip_open_pose_delta"],
        params=params,
    )
    dt_s = np.full(len(deltas), arrays["dt"])
    upper, lower = smooth_skin(deltas, states, params=params, dt_s=dt_s)
    return blend_skin(upper, lower, neutral=arrays["neutral"], mask=mask, params=params)


def test_the_mask_of_every_case_is_that_of_the_reference(vectors):
    wanted = vectors.arrays["face_mask_lower"]
    found = np.stack([mask_of(vectors, case) for case in range(len(wanted))])
    np.testing.assert_allclose(found, wanted, rtol=0, atol=MASK_ATOL)


def test_the_skin_of_every_case_is_that_of_the_reference(vectors):
    arrays = vectors.arrays
    frames = len(arrays["deltas"])
    for case, (name, params) in enumerate(
        zip(vectors.meta["cases"], settings_of(vectors), strict=True)
    ):
        states = [SkinState(arrays["neutral"].size)] * frames
        found = vertices(
            arrays, states, params=np.tile(params, (frames, 1)), mask=mask_of(vectors, case)
        )
        np.testing.assert_allclose(found, arrays[f"out_{name}"], rtol=0, atol=ATOL_CM, err_msg=name)


def test_a_stream_with_changes_and_resets_is_that_of_the_reference(vectors):
    arrays = vectors.arrays
    states, state = [], SkinState(arrays["neutral"].size)
    for is_reset in arrays["stream_reset"]:
        state = SkinState(arrays["neutral"].size) if is_reset else state
        states.append(state)
    cases = arrays["stream_param_idx"]
    masks = np.stack([mask_of(vectors, case) for case in range(len(arrays["params"]))])
    found = vertices(arrays, states, params=settings_of(vectors)[cases], mask=masks[cases])
    np.testing.assert_allclose(found, arrays["out_stream"], rtol=0, atol=ATOL_CM)
