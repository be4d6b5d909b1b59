import numpy as np
import pytest

from a2f_ws.animation.skin import (
    SkinState,
    blend_skin,
    face_mask,
    skin_coefficients,
    skin_deltas,
    smooth_skin,
)
from a2f_ws.rows import product
from tests.reference.sdk import our_row

PCA_ATOL_CM = 1e-5
ATOL_CM = 1e-4
"""Suggested by the vectors' README."""


@pytest.fixture(scope="module")
def vectors(reference):
    return reference("skin_large")


def settings_of(vectors):
    """Our parameters for each frame, and the mask."""
    keys, values = vectors.meta["param_keys"], vectors.arrays["params"]
    params = np.tile(our_row(keys, values), (len(vectors.arrays["coefs"]), 1))
    mask = face_mask(
        vectors.arrays["neutral"][:, 1],
        level=values[keys.index("faceMaskLevel")],
        softness=values[keys.index("faceMaskSoftness")],
    )
    return params, mask


def basis_of(vectors):
    basis = vectors.arrays["shapes_matrix_skin"].astype(np.float32)
    return basis.reshape(len(basis), -1)


def test_coefficients_times_a_large_basis_are_the_displacements_of_the_reference(vectors):
    wanted = vectors.arrays["deltas"]
    found = product(vectors.arrays["coefs"], basis_of(vectors)).reshape(wanted.shape)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=PCA_ATOL_CM)


def test_a_large_skin_is_that_of_the_reference(vectors):
    arrays, (params, mask) = vectors.arrays, settings_of(vectors)
    deltas = skin_deltas(
        product(arrays["coefs"], basis_of(vectors)).reshape(arrays["deltas"].shape),
        eye_close=arrays["eye_close_pose_delta"],
        lip_open=arrays["lip_open_pose_delta"],
        params=params,
    )
    states = [SkinState(arrays["neutral"].size)] * len(deltas)
    dt_s = np.full(len(deltas), arrays["dt"])
    upper, lower = smooth_skin(deltas, states, params=params, dt_s=dt_s)
    found = blend_skin(upper, lower, neutral=arrays["neutral"], mask=mask, params=params)
    np.testing.assert_allclose(found, arrays["out"], rtol=0, atol=ATOL_CM)


def test_smoothing_coefficients_instead_of_vertices_gives_the_same_large_skin(vectors):
    arrays, (params, mask) = vectors.arrays, settings_of(vectors)
    offsets = [arrays["eye_close_pose_delta"].ravel(), arrays["lip_open_pose_delta"].ravel()]
    basis = np.concatenate([basis_of(vectors), np.stack(offsets)])
    coefs = skin_coefficients(arrays["coefs"], params)
    states = [SkinState(len(basis))] * len(coefs)
    dt_s = np.full(len(coefs), arrays["dt"])
    upper, lower = smooth_skin(coefs, states, params=params, dt_s=dt_s)
    found = blend_skin(
        product(upper, basis).reshape(arrays["out"].shape),
        product(lower, basis).reshape(arrays["out"].shape),
        neutral=arrays["neutral"],
        mask=mask,
        params=params,
    )
    np.testing.assert_allclose(found, arrays["out"], rtol=0, atol=ATOL_CM)
