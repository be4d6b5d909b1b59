import numpy as np

from a2f_ws.rows import product

ATOL_CM = 1e-5
"""Suggested by the vectors' README."""


def test_coefficients_times_the_basis_are_the_displacements_of_the_reference(reference):
    arrays = reference("skin_pca").arrays
    basis, wanted = arrays["shapes_matrix_skin"], arrays["deltas"]
    found = product(arrays["coefs"], basis.reshape(len(basis), -1)).reshape(wanted.shape)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=ATOL_CM)
