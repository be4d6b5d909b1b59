import numpy as np
import pytest

from a2f_ws.animation.tongue import tongue_vertices
from a2f_ws.rows import product
from tests.reference.sdk import our_row

PCA_ATOL_CM = 1e-5
ATOL_CM = 1e-4
"""Suggested by the vectors' README."""


@pytest.fixture(scope="module")
def vectors(reference):
    return reference("tongue_animator")


def displacements(arrays):
    basis = arrays["shapes_matrix_tongue"]
    found = product(arrays["coefs"], basis.reshape(len(basis), -1))
    return found.reshape(-1, *basis.shape[1:])


def test_coefficients_times_the_tongue_s_basis_are_those_of_the_reference(vectors):
    wanted = vectors.arrays["deltas"]
    np.testing.assert_allclose(displacements(vectors.arrays), wanted, rtol=0, atol=PCA_ATOL_CM)


def test_the_tongue_of_every_case_is_that_of_the_reference(vectors):
    """The file's `dt` acts on nothing: the tongue has no state."""
    arrays, keys = vectors.arrays, vectors.meta["param_keys"]
    deltas = displacements(arrays)
    for name, values in zip(vectors.meta["cases"], arrays["params"], strict=True):
        params = np.tile(our_row(keys, values), (len(deltas), 1))
        found = tongue_vertices(deltas, neutral=arrays["neutral"], params=params)
        np.testing.assert_allclose(found, arrays[f"out_{name}"], rtol=0, atol=ATOL_CM, err_msg=name)
