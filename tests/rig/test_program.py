"""Values compiled: the same bits in any company, and what a slow reading of them gives."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from a2f_ws.names import FACE
from a2f_ws.rig.program import Program
from a2f_ws.rig.value import RATIO_FLOOR, How, Part, Value
from tests.rig.tables import some_faces


@st.composite
def values(draw, depth=3):
    """Some value, each fold over inputs and smaller values."""
    how = draw(st.sampled_from(list(How)))
    count = 2 if how is How.RATIO else draw(st.integers(0 if how is How.SUM else 2, 4))
    inner = st.integers(0, len(FACE) - 1)
    if depth:
        inner = st.one_of(inner, values(depth=depth - 1))
    factor = st.sampled_from([1.0, -1.0, 0.5, 2.25])
    parts = tuple(Part(draw(inner), draw(factor)) for _ in range(count))
    return Value(how, parts, offset=draw(st.sampled_from([0.0, 0.125, -1.0])), low=-8.0, high=8.0)


def slowly(value, face):
    """A value by its definition, in double precision."""
    parts = [
        part.factor
        * (slowly(part.of, face) if isinstance(part.of, Value) else float(face[part.of]))
        for part in value.parts
    ]
    match value.how:
        case How.SUM:
            result = sum(parts)
        case How.PRODUCT:
            result = float(np.prod(parts))
        case How.RATIO:
            result = parts[0] / max(parts[1], RATIO_FLOOR)
        case How.SMALLEST:
            result = min(parts)
        case _:
            result = max(parts)
    return min(max(result + value.offset, value.low), value.high)


@given(st.lists(values(), min_size=1, max_size=6), st.integers(1, 35), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_values_of_faces_together_have_the_bits_of_each_alone(roots, count, seed):
    faces = some_faces(count, seed)
    faces[np.random.default_rng(seed).random(faces.shape) < 0.3] = -0.0
    program = Program(roots)
    together = program.run(faces)
    alone = np.concatenate([program.run(faces[i : i + 1]) for i in range(count)])
    assert together.shape == (count, len(roots))
    assert together.tobytes() == alone.tobytes()
    assert program.run(faces[::-1]).tobytes() == alone[::-1].tobytes()


@given(values(depth=1), st.integers(0, 2**32 - 1))
@settings(max_examples=100, deadline=None)
def test_a_value_is_what_its_definition_says(value, seed):
    face = some_faces(1, seed)
    # A ratio whose divisor is near the floor magnifies the last bits of float32 a thousandfold.
    np.testing.assert_allclose(
        Program([value]).run(face)[0, 0], slowly(value, face[0]), atol=2e-3, rtol=1e-4
    )


def test_shared_values_are_computed_once():
    shared = Value(How.LARGEST, (Part(0), Part(1)))
    roots = [Value(How.SUM, (Part(shared, float(k)),)) for k in range(5)]
    program = Program(roots)
    assert program._slots == len(FACE) + 1
    assert program.run(np.ones((1, len(FACE)), np.float32)).tolist() == [[0.0, 1.0, 2.0, 3.0, 4.0]]


def test_inputs_are_held_within_a_thousand():
    faces = np.full((2, len(FACE)), 1e30, np.float32)
    faces[1] *= -1
    assert Program([Value(How.SUM, (Part(3),))]).run(faces).tolist() == [[1000.0], [-1000.0]]


def test_no_values_are_an_empty_array():
    assert Program([]).run(np.zeros((3, len(FACE)), np.float32)).shape == (3, 0)


@given(st.lists(values(depth=1), min_size=2, max_size=5), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_a_value_has_the_same_bits_whatever_other_values_are_computed(roots, seed):
    faces = some_faces(9, seed)
    together = Program(roots).run(faces)
    for k, root in enumerate(roots):
        assert together[:, k].tobytes() == Program([root]).run(faces)[:, 0].tobytes()


def test_sums_of_any_length_have_the_same_bits_beside_longer_ones():
    faces = some_faces(50)
    sums = [
        Value(How.SUM, tuple(Part(k, 0.1 * (k + 1)) for k in range(count)))
        for count in (1, 2, 3, 4, 5, 6, 7, 11, 20, 33)
    ]
    together = Program(sums).run(faces)
    for k, one in enumerate(sums):
        assert together[:, k].tobytes() == Program([one]).run(faces)[:, 0].tobytes()
