import numpy as np
import pytest

from a2f_ws.animation.jaw import jaw_transforms
from tests.animation.geometry import row
from tests.reference.sdk import our_row

ROTATION_ATOL = 2e-5
TRANSLATION_ATOL_CM = 2e-3
MOVED_ATOL_CM = 2e-4
"""Suggested by the vectors' README."""

UNCHANGED = row(lower_teeth_strength=1.0)
"""The SDK's defaults, with which the rigid, planar and mirrored points were made."""


@pytest.fixture(scope="module")
def vectors(reference):
    return reference("teeth_animator")


def moved(matrices, points):
    return points @ matrices[:, :3, :3].swapaxes(1, 2) + matrices[:, None, :3, 3]


def found_for(jaw, *, neutral, params):
    """Our transforms as M[row, column], in float64."""
    flat = jaw_transforms(jaw, neutral=neutral, params=np.tile(params, (len(jaw), 1)))
    return flat.astype(np.float64).reshape(-1, 4, 4).swapaxes(1, 2)


def check(found, wanted, *, neutral, name):
    """Two sets of M[row, column] that move the jaw's points alike."""
    points, wanted = neutral.astype(np.float64), wanted.astype(np.float64)
    for ours, theirs, atol in (
        (found[:, :3, :3], wanted[:, :3, :3], ROTATION_ATOL),
        (found[:, :3, 3], wanted[:, :3, 3], TRANSLATION_ATOL_CM),
        (moved(found, points), moved(wanted, points), MOVED_ATOL_CM),
        (found[:, 3], wanted[:, 3], 0.0),
    ):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=atol, err_msg=name)


@pytest.mark.parametrize("path", ["matrix", "matrix_singletrack"])
def test_the_jaw_of_every_case_is_that_of_both_paths_of_the_reference(vectors, path):
    arrays, keys = vectors.arrays, vectors.meta["param_keys"]
    neutral = arrays["neutral_jaw"]
    for name, values in zip(vectors.meta["cases"], arrays["params"], strict=True):
        found = found_for(arrays["jaw"], neutral=neutral, params=our_row(keys, values))
        check(found, arrays[f"{path}_{name}"], neutral=neutral, name=name)


def test_the_sixteen_numbers_stand_in_the_order_of_the_reference(vectors):
    arrays, keys = vectors.arrays, vectors.meta["param_keys"]
    for name, values in zip(vectors.meta["cases"], arrays["params"], strict=True):
        params = np.tile(our_row(keys, values), (len(arrays["jaw"]), 1))
        found = jaw_transforms(arrays["jaw"], neutral=arrays["neutral_jaw"], params=params)
        wanted = arrays[f"raw_{name}"]
        turn = [0, 1, 2, 4, 5, 6, 8, 9, 10]
        np.testing.assert_allclose(found[:, turn], wanted[:, turn], rtol=0, atol=ROTATION_ATOL)
        np.testing.assert_allclose(found, wanted, rtol=0, atol=TRANSLATION_ATOL_CM)
        assert np.array_equal(found[:, [3, 7, 11, 15]], wanted[:, [3, 7, 11, 15]])


@pytest.mark.parametrize("path", ["matrix", "matrix_singletrack"])
@pytest.mark.parametrize(
    ("kind", "rest"),
    [
        ("rigid", "neutral_jaw"),
        ("planar", "planar_neutral_jaw"),
        ("mirror", "neutral_jaw"),
    ],
)
def test_large_flat_and_mirrored_motions_are_those_of_both_paths(vectors, kind, rest, path):
    arrays = vectors.arrays
    found = found_for(arrays[f"{kind}_jaw"], neutral=arrays[rest], params=UNCHANGED)
    check(found, arrays[f"{kind}_{path}"], neutral=arrays[rest], name=kind)
    np.testing.assert_allclose(np.linalg.det(found[:, :3, :3]), 1.0, rtol=0, atol=1e-6)


def test_the_turn_of_a_rigid_motion_is_found_again(vectors):
    arrays = vectors.arrays
    neutral = arrays["neutral_jaw"]
    found = found_for(arrays["rigid_jaw"], neutral=neutral, params=UNCHANGED)
    wanted = np.stack([rotation(vector) for vector in arrays["rigid_true_rotvec"]])
    np.testing.assert_allclose(found[:, :3, :3], wanted, rtol=0, atol=ROTATION_ATOL)


def rotation(vector):
    """The matrix of a rotation vector, by Rodrigues' formula."""
    angle = np.linalg.norm(vector)
    x, y, z = vector / (angle or 1.0)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
