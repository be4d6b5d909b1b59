import numpy as np

from a2f_ws.inference.bundle import embedded_path
from a2f_ws.names import ARKIT, TONGUE
from tests.training.glb import MM, lips


def tip(tongue, weights):
    """Front end of the tongue."""
    posed = tongue.posed(weights)
    return posed[len(posed) - 14 :].mean(axis=0)


def test_the_tip_of_the_tongue_goes_where_its_names_say(parts):
    tongue = parts["Tongue"]
    moves = {name: tip(tongue, {name: 1.0}) - tip(tongue, {}) for name in (*TONGUE, "tongueOut")}
    for name, axis, sign in (
        ("tongueTipUp", 1, 1), ("tongueTipDown", 1, -1), ("tongueTipLeft", 0, 1),
        ("tongueTipRight", 0, -1), ("tongueLeft", 0, 1), ("tongueRight", 0, -1),
        ("tongueIn", 2, -1), ("tongueStretch", 2, 1), ("tongueOut", 2, 1),
    ):  # fmt: skip
        assert moves[name][axis] * sign > 2 * MM, name


def test_the_body_of_the_tongue_does_what_its_names_say(parts):
    tongue = parts["Tongue"]

    def size(name, axis):
        return np.ptp(tongue.posed({name: 1.0} if name else {})[:, axis])

    back = slice(14 * 6, 14 * 10)
    height = {n: tongue.shapes[n][back, 1].mean() for n in ("tongueUp", "tongueDown")}
    assert height["tongueUp"] > 5 * MM
    assert height["tongueDown"] < -3 * MM
    assert size("tongueWide", 0) > size("", 0) + 2 * MM
    assert size("tongueNarrow", 0) < size("", 0) - 2 * MM
    edge, centre = np.abs(tongue.positions[:, 0]) > 12 * MM, np.abs(tongue.positions[:, 0]) < 1 * MM
    for name, sign in (("tongueRollUp", 1), ("tongueRollDown", -1)):
        rise = tongue.shapes[name][edge, 1].mean() - tongue.shapes[name][centre, 1].mean()
        assert rise * sign > 2 * MM
    left = tongue.positions[:, 0] > 10 * MM
    for name, sign in (("tongueRollLeft", -1), ("tongueRollRight", 1)):
        assert tongue.shapes[name][left, 1].mean() * sign > 1 * MM


def test_the_tip_reaches_the_ridge_behind_the_upper_teeth(parts):
    teeth = parts["UpperTeeth"].positions
    front = teeth[(np.abs(teeth[:, 0]) < 8 * MM) & (teeth[:, 2] > teeth[:, 2].max() - 0.012)]
    ridge = np.array([0.0, np.median(front[:, 1]), front[:, 2].min()])
    assert np.linalg.norm(tip(parts["Tongue"], {"tongueTipUp": 1.0}) - ridge) < 8 * MM


def test_the_tongue_comes_out_between_lips_and_teeth_of_an_open_mouth(parts):
    pose = {"jawOpen": 0.5, "tongueOut": 1.0}
    tongue, skin = parts["Tongue"].posed(pose), parts["Skin"]
    upper, lower = lips(skin)
    lip_z = skin.posed(pose)[[*upper, *lower], 2].max()
    assert tongue[:, 2].max() > lip_z + 5 * MM
    lower_edge = parts["LowerTeeth"].posed(pose)
    upper_edge = parts["UpperTeeth"].positions
    for teeth, sign in ((lower_edge, 1), (upper_edge, -1)):
        row = teeth[(np.abs(teeth[:, 0]) < 6 * MM) & (teeth[:, 2] > teeth[:, 2].max() - 6 * MM)]
        at = tongue[(np.abs(tongue[:, 2] - row[:, 2].mean()) < 5 * MM)]
        at = at[np.abs(at[:, 0]) < 6 * MM]
        clear = (at[:, 1] - row[:, 1].max()) if sign > 0 else (row[:, 1].min() - at[:, 1])
        assert clear.min() > -1.5 * MM


def test_the_geometry_of_the_bundle_is_that_of_the_head(parts):
    for file, part, names in (("skin", "Skin", ARKIT), ("tongue", "Tongue", TONGUE)):
        with np.load(embedded_path() / f"bs_{file}.npz") as rig:
            assert rig["poseNames"].tolist() == [b"neutral", *(name.encode() for name in names)]
            np.testing.assert_allclose(rig["neutral"] / 100, parts[part].positions, atol=1e-5)
            for name in names:
                assert rig[name].dtype == np.float32
                shape = parts[part].shapes.get(name, np.zeros_like(parts[part].positions))
                # The file for the screen leaves out what nobody sees: displacements below 0.2 mm.
                np.testing.assert_allclose(rig[name] / 100, shape, atol=0.21 * MM)
            if file == "skin":
                assert rig["frontalMask"].dtype == np.int32
                assert 1000 < len(rig["frontalMask"]) < len(rig["neutral"])
