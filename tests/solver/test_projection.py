import numpy as np
import pytest

from a2f_ws.errors import MisuseError
from a2f_ws.solver import projection
from a2f_ws.solver.projection import evaluate_pose, gram, project, project_skin


def arrays(*counts, vertices=50):
    rng = np.random.default_rng(0)
    return [rng.normal(size=(count, vertices, 3)).astype(np.float32) for count in counts]


def products(one, other):
    """(p, V, 3) and (q, V, 3) to (p, q), in float64."""
    return np.einsum("pvc,qvc->pq", one.astype(np.float64), other.astype(np.float64))


@pytest.fixture(params=[1 << 18, 200])
def _block(request, monkeypatch):
    """The usual blocks, and blocks of a few vertices."""
    monkeypatch.setattr(projection, "_BLOCK_NUMBERS", request.param)


@pytest.mark.usefixtures("_block")
def test_the_projection_sums_the_products_with_every_pose():
    deltas, targets = arrays(4, 6)
    found = project(deltas, targets)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, products(targets, deltas), rtol=1e-6, atol=1e-6)
    many = project(deltas, targets.reshape(2, 3, 50, 3))
    assert many.tobytes() == found.tobytes()
    assert many.shape == (2, 3, 4)
    assert project(deltas, targets[0]).shape == (4,)


@pytest.mark.usefixtures("_block")
def test_the_skin_is_projected_by_region():
    deltas, basis = arrays(4, 6)
    mask = np.linspace(0, 1, 50, dtype=np.float32)
    upper, lower = project_skin(deltas, basis, mask=mask)
    weight = mask.astype(np.float64)[:, None]
    np.testing.assert_allclose(lower, products(basis * weight, deltas), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(upper, products(basis * (1 - weight), deltas), rtol=1e-6, atol=1e-6)
    assert upper.shape == lower.shape == (6, 4)
    assert upper.dtype == lower.dtype == np.float32


@pytest.mark.usefixtures("_block")
def test_the_products_of_active_poses_are_symmetric():
    (deltas,) = arrays(5)
    found = gram(deltas, np.array([1, 2, 4]))
    np.testing.assert_allclose(found, products(deltas[[1, 2, 4]], deltas[[1, 2, 4]]))
    assert (found == found.T).all()


def test_a_mesh_is_the_neutral_and_the_weighted_poses():
    neutral = np.array([(1, 2, 3), (4, 5, 6)], np.float32)
    deltas = np.zeros((2, 2, 3), np.float32)
    deltas[0, 0, 0], deltas[1, 1, 2] = 1, 2
    mesh = evaluate_pose(np.array([(0.5, 1.5)], np.float32), neutral=neutral, deltas=deltas)
    assert mesh.tolist() == [[[1.5, 2, 3], [4, 5, 9]]]


def test_meshes_of_other_sizes_are_refused():
    deltas, targets = arrays(2, 2)
    with pytest.raises(MisuseError, match="project: targets of"):
        project(deltas, targets[:, :49])
    with pytest.raises(MisuseError, match="project_skin: basis"):
        project_skin(deltas, targets, mask=np.zeros(49, np.float32))
