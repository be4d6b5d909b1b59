import numpy as np
import pytest

from a2f_ws.solver.projection import evaluate_pose
from tests.reference.blendshapes import (
    cases_of,
    check_admm,
    check_bvls,
    check_exact,
    check_problem,
)


@pytest.fixture(scope="module", params=["bs_skin", "bs_tongue"])
def vectors(reference, request):
    return reference(request.param)


@pytest.fixture(scope="module")
def cases(vectors):
    return cases_of(vectors)


def test_the_prepared_problem_is_that_of_the_reference(cases):
    for case in cases:
        check_problem(case)


def test_admm_gives_the_weights_of_the_reference_on_a_gpu(cases):
    for case in cases:
        check_admm(case)


def test_bvls_gives_the_weights_of_the_reference_on_a_host(cases):
    for case in cases:
        check_bvls(case)


def test_no_weights_are_cheaper_than_those_of_exact(cases, vectors):
    for case in cases:
        check_exact(case, vectors.arrays["true_weights"])


def test_weights_make_the_mesh_that_they_make_in_the_reference(vectors):
    arrays = vectors.arrays
    mesh = evaluate_pose(
        arrays["evaluate_weights"][None], neutral=arrays["neutral"], deltas=arrays["delta_poses"]
    )
    # As vertices elsewhere: 1e-4 in the units of the mesh.
    assert np.abs(mesh[0] - arrays["evaluate_pose"]).max() < 1e-4
    assert len(arrays["delta_poses"]) == len(vectors.meta["pose_names"])
