import sys

import numpy as np
import pytest

from tests.training.glb import Glb
from training import make_head
from training.head.gltf import Node, Writer
from training.head.mesh import Mesh, compact, joined, normals, triangulated
from training.head.surface import clipped, distances, spread

MATERIALS = {"skin": {"pbrMetallicRoughness": {"metallicFactor": 0}}}


def sheet(size=9):
    """A square of size² vertices one centimetre apart, facing +z."""
    x, y = np.meshgrid(np.arange(float(size)), np.arange(float(size)))
    points = np.column_stack([x.ravel(), y.ravel(), np.zeros(size * size)])
    start = (np.arange(size - 1)[:, None] * size + np.arange(size - 1)).ravel()
    quads = np.column_stack([start, start + 1, start + size + 1, start + size])
    return Mesh(
        name="Sheet",
        positions=points,
        triangles=triangulated(quads),
        colours=np.ones_like(points),
        shapes={"lift": np.where(points[:, :1] > 3.5, [[0.0, 0.0, 1.0]], 0.0)},
    )


def test_normals_of_a_sheet_stand_on_it():
    mesh = sheet()
    np.testing.assert_allclose(normals(mesh.positions, mesh.triangles), [[0, 0, 1]] * 81)


def test_a_cut_keeps_one_side_and_gives_its_edge_in_order():
    part, rim = clipped(sheet(), point=np.array([0.0, 2.5, 0.0]), normal=np.array([0.0, 1.0, 0.0]))
    assert part.positions[:, 1].min() == 2.5
    edge = part.positions[rim]
    np.testing.assert_allclose(edge[:, 1], 2.5)
    steps = np.diff(edge[:, 0])
    assert (steps > 0).all() or (steps < 0).all()
    assert sorted(edge[[0, -1], 0]) == [0.0, 8.0]
    # New vertices move as the edge they lie on: half of one that moves and of one that does not.
    between = np.isclose(part.positions[:, 0], 3.5) & np.isclose(part.positions[:, 1], 2.5)
    np.testing.assert_allclose(part.shapes["lift"][between, 2], 0.5)


def test_a_field_takes_its_handles_values_and_ends_at_its_reach():
    mesh = sheet(15)
    centre = np.array([7 * 15 + 7])
    field = spread(
        mesh.positions,
        mesh.triangles,
        handles=centre,
        values=np.array([[0.0, 0.0, 2.0]]),
        reach=4.0,
    )
    away = distances(mesh.positions, mesh.triangles, start=centre, limit=100.0)
    assert field[centre[0]].tolist() == [0.0, 0.0, 2.0]
    assert np.abs(field[away > 4.0]).max() == 0.0
    assert 0.2 < field[7 * 15 + 8, 2] < 2.0


def test_joined_meshes_share_shapes_of_the_same_name():
    one, other = sheet(3), sheet(4)
    both = joined("Both", [one, other])
    assert len(both.positions) == 25
    np.testing.assert_allclose(both.shapes["lift"][:9], one.shapes["lift"])
    assert both.triangles.max() == 24


def test_vertices_without_a_triangle_go():
    mesh = sheet(3)
    part = compact(Mesh(name="A", positions=mesh.positions, triangles=mesh.triangles[:1],
                        colours=mesh.colours, shapes=mesh.shapes))  # fmt: skip
    assert len(part.positions) == 3
    assert part.triangles.tolist() == [[0, 1, 2]]


def test_a_written_file_reads_back_in_metres_with_its_shapes():
    mesh, pivot = sheet(), np.array([1.0, 2.0, 3.0])
    root = Node(
        name="Root",
        centre=np.zeros(3),
        below=[Node(name="Sheet", centre=pivot, mesh=mesh)],
    )
    content = Writer(materials=MATERIALS, texture=b"png").file(root, asset={"generator": "test"})
    again = Writer(materials=MATERIALS, texture=b"png").file(root, asset={"generator": "test"})
    assert content == again
    drawn = Glb(content).drawn("Sheet")
    np.testing.assert_allclose(drawn.positions, mesh.positions / 100, atol=1e-6)
    np.testing.assert_allclose(drawn.shapes["lift"], mesh.shapes["lift"] / 100, atol=1e-6)
    np.testing.assert_allclose(drawn.origin, pivot / 100)
    assert (drawn.triangles == mesh.triangles).all()


@pytest.mark.parametrize(("arguments", "code"), [(["--check"], 0), ([], 1)])
def test_without_the_package_a_check_is_skipped_aloud(monkeypatch, capsys, arguments, code):
    monkeypatch.setattr(make_head, "find", lambda: None)
    monkeypatch.setattr(sys, "argv", ["make_head", *arguments])
    assert make_head.main() == code
    assert "anny is not installed" in capsys.readouterr().out
