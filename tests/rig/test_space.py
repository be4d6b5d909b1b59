"""Transforms in the axes of engines: worked examples by rotating the axes of a head."""

import numpy as np
import pytest

from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.space import Space, transforms
from tests.rig.tables import face, mistake, some_faces, table

GLTF = Space()
UNITY = Space(handedness="left")
UNREAL = Space(handedness="left", up="+z", forward="+x", unit="cm")
GODOT_NODE = Space(forward="-z")
SPACES = [GLTF, UNITY, UNREAL, GODOT_NODE, Space(up="-y"), Space(up="+x", forward="-y")]

ROOT = np.sqrt(0.5)


def transform(space, pitch=0.0, yaw=0.0, roll=0.0, x=0.0, y=0.0, z=0.0):
    motion = np.array([[[pitch, yaw, roll, x, y, z]]], np.float32)
    return transforms(motion, space)[0, 0]


def turned(quaternion, vector):
    """A vector turned by a quaternion, whatever the handedness: the formula is the same."""
    axis, w = np.asarray(quaternion[:3], np.float64), float(quaternion[3])
    return vector + 2 * np.cross(axis, np.cross(axis, vector) + w * vector)


def direction(space, name):
    """Unit vector of the rig's space to the character's left, up or forward."""
    k = ["left", "up", "forward"].index(name)
    return np.array([sign if axis == k else 0.0 for axis, sign in space.basis])


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize(
    ("turn", "moved", "to"),
    [
        ({"yaw": 90.0}, "forward", "left"),
        ({"pitch": -90.0}, "forward", "up"),
        ({"roll": -90.0}, "left", "-up"),
        ({"roll": 90.0}, "left", "up"),
    ],
)
def test_a_turn_takes_an_axis_to_the_same_side_of_the_face_in_every_space(space, turn, moved, to):
    got = turned(transform(space, **turn), direction(space, moved))
    sign = -1.0 if to.startswith("-") else 1.0
    np.testing.assert_allclose(got, sign * direction(space, to.removeprefix("-")), atol=1e-6)


@pytest.mark.parametrize("space", SPACES)
def test_a_head_moves_left_up_and_forward_in_every_space(space):
    moved = transform(space, x=0.25, y=0.5, z=1.0)[4:]
    scale = 100.0 if space.unit == "cm" else 1.0
    wanted = 0.25 * direction(space, "left") + 0.5 * direction(space, "up")
    wanted += direction(space, "forward")
    np.testing.assert_allclose(moved, scale * wanted, rtol=1e-6)


def test_unity_has_x_to_the_characters_right():
    assert direction(UNITY, "left").tolist() == [-1, 0, 0]
    x, y, z, w = transform(GLTF, pitch=20.0, yaw=30.0, roll=10.0)[:4]
    np.testing.assert_allclose(
        transform(UNITY, pitch=20.0, yaw=30.0, roll=10.0)[:4], [x, -y, -z, w], atol=1e-7
    )


def test_unreal_looks_along_x_with_y_to_the_right_and_z_up_in_centimetres():
    assert direction(UNREAL, "left").tolist() == [0, -1, 0]
    x, y, z, w = transform(GLTF, pitch=20.0, yaw=30.0, roll=10.0)[:4]
    np.testing.assert_allclose(
        transform(UNREAL, pitch=20.0, yaw=30.0, roll=10.0)[:4], [-z, x, -y, w], atol=1e-7
    )
    np.testing.assert_allclose(transform(UNREAL, x=0.1, y=0.2, z=0.3)[4:], [30, -10, 20], rtol=1e-6)


def test_look_left_nod_down_and_tilt_right_are_positive_turns_about_y_x_and_z():
    half = np.float32(np.sin(np.pi / 12))
    for k, turn in enumerate(("pitch", "yaw", "roll")):
        quaternion = transform(GLTF, **{turn: 30.0})[:4]
        assert quaternion[k] == pytest.approx(half, abs=1e-7)
        assert quaternion[3] == pytest.approx(np.cos(np.pi / 12), abs=2e-7)


def test_yaw_comes_before_pitch_before_roll_about_the_turned_axes():
    def of(k, degrees):
        axis = np.eye(3)[k] * np.sin(np.deg2rad(degrees / 2))
        return np.array([*axis, np.cos(np.deg2rad(degrees / 2))])

    def times(a, b):
        (x, y, z, w), (i, j, k, r) = a, b
        return np.array(
            [
                w * i + x * r + y * k - z * j,
                w * j - x * k + y * r + z * i,
                w * k + x * j - y * i + z * r,
                w * r - x * i - y * j - z * k,
            ]
        )

    wanted = times(times(of(1, 40), of(0, -25)), of(2, 70))
    np.testing.assert_allclose(transform(GLTF, pitch=-25, yaw=40, roll=70)[:4], wanted, atol=2e-7)


def test_quaternions_have_length_one_for_any_angles():
    motions = np.random.default_rng(0).uniform(-400, 400, (500, 2, 6)).astype(np.float32)
    length = np.linalg.norm(transforms(motions, UNREAL)[..., :4].astype(np.float64), axis=-1)
    np.testing.assert_allclose(length, 1.0, atol=1e-6)


def test_what_does_not_move_has_the_same_bits_beside_what_does():
    motions = np.zeros((3, 2, 6), np.float32)
    motions[0] = -0.0
    alone = transforms(motions, UNREAL)
    motions[2] = 10.0
    assert transforms(motions, UNREAL)[:2].tobytes() == alone[:2].tobytes()
    assert alone[0, 0].tolist() == [0, 0, 0, 1, 0, 0, 0]
    assert not np.signbit(alone).any()


def test_a_row_has_curves_then_seven_floats_for_every_transform():
    rig = table(
        '[space]\nhandedness = "left"\nunit = "cm"\n[curves]\na = "joy"\n[transforms.head]\n'
        "[transforms.jaw]\npitch = { jawOpen = 180.0 }\nz = { jawForward = 0.01 }\n"
    )
    assert (rig.transforms, rig.row) == (("head", "jaw"), 15)
    row = Mapper(rig).map(face(joy=0.5, jawOpen=0.5, jawForward=1.0))[0]
    assert row[:8].tolist() == [0.5, 0, 0, 0, 1, 0, 0, 0]
    np.testing.assert_allclose(row[8:], [ROOT, 0, 0, ROOT, 0, 0, 1], atol=1e-6)


def test_rows_with_transforms_have_the_bits_of_rows_alone():
    rig = table(
        '[curves]\na = "joy"\n[transforms.eye]\nyaw = { eyeLeftY = 30.0, eyeRightY = 21.0 }\n'
        "pitch = { eyeLeftX = 50.0 }\n[transforms.head]\nroll = { joy = 10.0 }"
    )
    faces = some_faces(37)
    mapper = Mapper(rig)
    alone = np.concatenate([mapper.map(faces[i : i + 1]) for i in range(len(faces))])
    assert mapper.map(faces).tobytes() == alone.tobytes()


def test_a_swapped_group_turns_a_transform_to_the_other_side():
    rig = table('[curves]\na = {}\n[transforms.eye]\nyaw = "eyeLeftY"')
    plain = Mapper(rig).map(face(eyeLeftY=20.0))[0, 1:]
    other = Mapper(rig, swap=["eyes"]).map(face(eyeRightY=-20.0))[0, 1:]
    assert plain.tolist() == other.tolist()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('[space]\nup = "y"', "[space] up: found 'y', wanted one of +x, -x, +y, -y, +z, -z"),
        ("[space]\nhand = 1", "[space]: unknown key 'hand' (wanted one of handedness, up, forw"),
        ('[space]\nup = "+z"', "[space]: up +z and forward +z are of one axis"),
        ("[transforms]\nhead = 1", "transform head: found 1, wanted a section [transforms.head]"),
        ("[transforms.head]\nywa = 1", "transform head: unknown key 'ywa' (did you mean 'yaw'?)"),
        ("[transforms.head]\nyaw = 1", "transform head: yaw: found 1, wanted an input"),
        ('[transforms.head]\nyaw = "jawOpne"', "transform head: yaw: no input 'jawOpne' (did"),
    ],
)
def test_a_mistake_in_space_or_transforms_is_told_with_its_place(text, wanted):
    assert mistake(f"{text}\n[curves]\na = {{}}").startswith(wanted)
