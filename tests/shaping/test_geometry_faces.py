"""Faces of a small geometry bundle: what each part of the chain does to them."""

import dataclasses

import numpy as np
import pytest

from a2f_ws.catalog import Catalog
from a2f_ws.errors import ConfigError, ModelError
from a2f_ws.inference.bundle import load_bundle
from a2f_ws.mesh import Mesh
from a2f_ws.model import Model
from a2f_ws.names import EMOTIONS, FACE, TONGUE, WEIGHTS
from a2f_ws.pipeline import Pipeline
from a2f_ws.rig.table import load_rigs
from a2f_ws.session.setup import settle
from a2f_ws.shaping.cut import Cut
from a2f_ws.shaping.gaze import GAZE
from a2f_ws.shaping.kind import SHUT
from a2f_ws.style.style import SolverStyle
from a2f_ws.wire.messages import AudioFormat
from a2f_ws.wire.requests import Open
from tests.data.bundles import write_geometry

METHODS = ("admm", "bvls", "exact")
JAW, CLOSE = WEIGHTS.index("jawOpen"), WEIGHTS.index("mouthClose")


class Scripted:
    """A network whose coefficients are samples of the window, after its centre."""

    name = "scripted"
    max_batch = 64
    cost_s = 0.0

    def __init__(self, bundle):
        self._bundle = bundle

    def run(self, windows, emotions):
        centre, width = self._bundle.buffer_ofs, self._bundle.columns.width
        heard = windows[:, centre : centre + width].copy()
        heard[:, :2] += emotions[:, -2:]
        return heard

    def close(self):
        pass


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return load_bundle(write_geometry(tmp_path_factory.mktemp("geometry") / "tiny"))


def pipeline_of(bundle, *, method="admm", keeps_mesh=False):
    style = SolverStyle(method=method)
    return Pipeline(bundle, Scripted(bundle), style=style, keeps_mesh=keeps_mesh)


@pytest.fixture(scope="module", params=METHODS)
def pipeline(bundle, request):
    return pipeline_of(bundle, method=request.param, keeps_mesh=True)


def cuts_of(pipeline, frames, *, seed=1, states=1, mesh=False, silent=(), **params):
    random = np.random.default_rng(seed)
    own = [pipeline.new_state() for _ in range(states)]
    row = pipeline.params.changed(pipeline.defaults, params)
    cuts = []
    for k in range(frames):
        samples = (random.standard_normal(pipeline.bundle.buffer_len) * 0.5).astype(np.float32)
        cuts.append(
            Cut(
                samples=None if k in silent else samples,
                emotion=random.random(len(EMOTIONS)).astype(np.float32),
                params=row,
                state=own[k % states],
                dt_s=1 / 60,
                mesh=Mesh() if mesh else None,
            )
        )
    return cuts


@pytest.mark.parametrize("states", [1, 3])
def test_any_batching_gives_the_same_bits(pipeline, states):
    def faces(sizes):
        cuts = cuts_of(pipeline, 12, states=states, silent=(4,))
        parts, done = [], 0
        for size in sizes:
            parts.append(pipeline.run(cuts[done : done + size]))
            done += size
        return np.concatenate(parts)

    alone = faces([1] * 12)
    assert alone.any()
    for sizes in ([12], [5, 7], [2, 1, 8, 1]):
        assert faces(sizes).tobytes() == alone.tobytes()


def test_a_mesh_is_computed_only_where_it_is_wanted(pipeline):
    cuts = cuts_of(pipeline, 3, mesh=True)
    cuts[1].mesh = None
    pipeline.run(cuts)
    first, _, last = (cut.mesh for cut in cuts)
    assert first.skin is None
    for mesh in (first, last):
        pipeline.unfold(mesh)
        assert mesh.recipe is None
    shapes = [part.shape for part in (first.skin, first.tongue, first.jaw, first.eyes)]
    bundle = pipeline.bundle
    assert shapes == [(bundle.skin_vertices, 3), (bundle.tongue_vertices, 3), (16,), (6,)]
    assert np.abs(first.skin - last.skin).max() > 0.0


def test_meshes_change_nothing_about_the_faces(pipeline):
    with_mesh = pipeline.run(cuts_of(pipeline, 6, mesh=True))
    assert with_mesh.tobytes() == pipeline.run(cuts_of(pipeline, 6)).tobytes()


def test_a_pipeline_that_does_not_keep_the_mesh_gives_the_same_faces(bundle):
    faces = [
        pipeline_of(bundle, keeps_mesh=keeps).run(cuts_of(pipeline_of(bundle), 6))
        for keeps in (False, True)
    ]
    assert faces[0].tobytes() == faces[1].tobytes()


def test_a_new_mask_has_to_be_prepared_before_its_first_face(bundle):
    pipeline = pipeline_of(bundle)
    params = pipeline.params.changed(pipeline.defaults, {"face_mask_level": 0.25})
    assert pipeline.ready(pipeline.defaults) is not None
    assert pipeline.ready(params) is None
    made = pipeline.prepare(params)
    assert pipeline.ready(params) is made


def test_gains_offsets_and_clamp_act_in_this_order(pipeline):
    plain = pipeline.run(cuts_of(pipeline, 4))
    cuts = cuts_of(pipeline, 4)
    clamped = cuts_of(pipeline, 4, clamp_weights=1.0)
    gains = np.linspace(-1.0, 3.0, len(WEIGHTS), dtype=np.float32)
    offsets = np.linspace(0.5, -0.5, len(WEIGHTS), dtype=np.float32)
    for cut in (*cuts, *clamped):
        cut.gains, cut.offsets = gains, offsets
    plain_weights = plain[:, : len(WEIGHTS)].copy()
    plain_weights[:, JAW] -= plain_weights[:, CLOSE]
    wanted = plain_weights / pipeline.gains * gains + offsets
    shown = [i for i, name in enumerate(WEIGHTS) if name not in GAZE and i != JAW]
    found = pipeline.run(cuts)
    np.testing.assert_allclose(found[:, shown], wanted[:, shown], rtol=0, atol=1e-5)
    np.testing.assert_allclose(found[:, JAW], wanted[:, JAW] + wanted[:, CLOSE], rtol=0, atol=1e-5)
    held = wanted.clip(0.0, 1.0)
    np.testing.assert_allclose(pipeline.run(clamped)[:, shown], held[:, shown], rtol=0, atol=1e-5)


def test_the_network_s_eyes_move_the_gaze_poses(pipeline):
    faces = pipeline.run(cuts_of(pipeline, 5))
    pitch = faces[:, FACE.index("eyeLeftX")] / 30.0
    down, up = (faces[:, FACE.index(f"eyeLook{way}Left")] for way in ("Down", "Up"))
    np.testing.assert_allclose(down - up, pitch.clip(-1, 1), rtol=0, atol=1e-6)
    assert pipeline.drives_gaze


def test_in_a_rest_face_the_mouth_is_shut_and_the_emotion_stays(pipeline):
    cuts = cuts_of(pipeline, 2, silent=(0, 1))
    cuts[1].emotion = np.zeros(len(EMOTIONS), np.float32)
    felt, plain = pipeline.run(cuts)
    assert not felt[SHUT].any()
    assert np.abs(felt[: len(WEIGHTS)] - plain[: len(WEIGHTS)]).max() > 1e-3
    assert (felt[-len(EMOTIONS) :] == cuts[0].emotion).all()


def test_a_rest_face_closes_the_lids_that_the_blink_offset_closes(bundle):
    pipeline = pipeline_of(bundle)
    still, blinking = (
        pipeline.run(cuts_of(pipeline, 1, silent=(0,), blink_offset=offset))[0]
        for offset in (0.0, 1.0)
    )
    assert np.abs(blinking[: len(WEIGHTS)] - still[: len(WEIGHTS)]).max() > 1e-3


def test_a_rest_face_does_not_move_its_eyes(pipeline):
    cuts = cuts_of(pipeline, 3, silent=(0, 1, 2), left_eye_rot_y_offset=3.0)
    eyes = pipeline.run(cuts)[:, [FACE.index("eyeLeftX"), FACE.index("eyeLeftY")]]
    assert (eyes == [0.0, 3.0]).all()


def test_a_bundle_that_means_the_jaw_as_arkit_does_is_left_alone(bundle):
    theirs, ours = (
        pipeline_of(dataclasses.replace(bundle, mouth_close=meaning))
        for meaning in ("a2f", "arkit")
    )
    added, plain = (one.run(cuts_of(one, 4)) for one in (theirs, ours))
    np.testing.assert_allclose(added[:, JAW], plain[:, JAW] + plain[:, CLOSE], rtol=0, atol=1e-6)


def test_a_style_changes_the_solver_s_poses_and_strengths(bundle):
    plain = pipeline_of(bundle)
    style = SolverStyle(method="admm", active={"jawOpen": False}, strengths={"skin.l2": 50.0})
    styled = Pipeline(bundle, Scripted(bundle), style=style)
    faces, other = (one.run(cuts_of(one, 4)) for one in (plain, styled))
    assert (other[:, JAW] == other[:, CLOSE]).all()
    smile = WEIGHTS.index("mouthSmileLeft")
    assert np.abs(other[:, smile]).sum() < np.abs(faces[:, smile]).sum()


@pytest.mark.parametrize(
    ("style", "said"),
    [
        (
            SolverStyle(symmetry={"mouthSmileLeft": 40}),
            "symmetry.mouthSmileLeft: found group 40 at 1 poses (mouthSmileLeft), wanted at two",
        ),
        (
            SolverStyle(
                cancel={"jawLeft": 3, "jawRight": 3, "mouthLeft": 3},
                places={"cancel.jawLeft": "s.yaml: cancel_poses.JawLeft"},
            ),
            "s.yaml: cancel_poses.JawLeft: found group 3 at 3 poses (jawLeft, jawRight, mouthLeft)",
        ),
        (
            SolverStyle(symmetry={"mouthSmileLeft": -1}),
            "symmetry.mouthSmileLeft: found group 2 at 1 poses (mouthSmileRight)",
        ),
        (
            SolverStyle(active=dict.fromkeys(TONGUE, False)),
            f"active.{TONGUE[0]}: found none of the 16 poses of",
        ),
    ],
)
def test_poses_and_pairs_that_a_style_breaks_are_told_with_their_place(bundle, style, said):
    with pytest.raises(ConfigError) as caught:
        Pipeline(bundle, Scripted(bundle), style=style)
    assert str(caught.value).startswith(said)


def test_a_strength_of_a_style_that_drowns_the_poses_is_told_with_its_place(bundle):
    style = SolverStyle(strengths={"skin.l1": 1e6}, places={"strengths.skin.l1": "s.yaml: l1"})
    with pytest.raises(ModelError) as caught:
        Pipeline(bundle, Scripted(bundle), style=style)
    assert str(caught.value).startswith("s.yaml: l1: found 1e+06, wanted at most 1000: beside")
    assert "bs_skin.npz" in str(caught.value)


def test_idle_life_leaves_the_gaze_to_the_network(bundle):
    catalog = Catalog([Model("theirs", pipeline_of(bundle))], load_rigs())
    audio = AudioFormat(format="s16le", rate=16_000)
    setup, _ = settle(Open(sid=1, rig="arkit", fps=60, audio=audio), catalog)
    idle = setup.opened(1, layout=1, credit_us=0, re=None).idle
    assert "blinkLeft" in idle
    assert {role for role in idle if role.startswith("look")} == set()
    assert "lookUpLeft" in setup.table.idle


def trimmed_faces(pipeline, *, gain=None, offset=None, **params):
    """Faces with other gains and offsets, weight → value."""
    cuts = cuts_of(pipeline, 4, **params)
    gains, offsets = pipeline.gains.copy(), pipeline.offsets.copy()
    for values, changed in ((gains, gain), (offsets, offset)):
        for name, value in (changed or {}).items():
            values[WEIGHTS.index(name)] = value
    for cut in cuts:
        cut.gains, cut.offsets = gains, offsets
    return pipeline.run(cuts)[:, : len(WEIGHTS)]


def test_gains_and_offsets_act_on_gaze(pipeline):
    assert pipeline.drives_gaze
    plain = trimmed_faces(pipeline)
    columns = [WEIGHTS.index(name) for name in GAZE]
    assert plain[:, columns].any()
    found = trimmed_faces(pipeline, gain=dict.fromkeys(GAZE, 0.5), offset=dict.fromkeys(GAZE, 0.25))
    assert found[:, columns].tolist() == (plain[:, columns] / 2 + np.float32(0.25)).tolist()


def test_held_weights_are_held_after_the_jaw_has_its_meaning_too(pipeline):
    pushed = {"jawOpen": 0.8, "mouthClose": 0.8}
    assert trimmed_faces(pipeline, offset=pushed)[:, JAW].max() > 1.0
    held = trimmed_faces(pipeline, offset=pushed, clamp_weights=1.0)
    assert held.max() <= 1.0
    assert held.min() >= 0.0
    assert held[:, JAW].max() == 1.0
