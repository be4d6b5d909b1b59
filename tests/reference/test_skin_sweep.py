import numpy as np

from a2f_ws.animation.skin import SkinState, blend_skin, face_mask, skin_deltas, smooth_skin
from tests.reference.sdk import our_row

ATOL_CM = 1e-4
"""Suggested by the vectors' README for vertices."""


def test_every_parameter_acts_as_in_the_reference_over_its_range(reference):
    vectors = reference("skin_sweep")
    arrays, keys = vectors.arrays, vectors.meta["param_keys"]
    neutral, count, frames = arrays["neutral"], len(arrays["params"]), len(arrays["deltas"])
    assert len(vectors.meta["row_varies"]) == count
    rows = np.stack([our_row(keys, values) for values in arrays["params"]])
    level, softness = keys.index("faceMaskLevel"), keys.index("faceMaskSoftness")
    masks = np.stack(
        [
            face_mask(neutral[:, 1], level=values[level], softness=values[softness])
            for values in arrays["params"]
        ]
    )
    # All rows at once: frame after frame, each row with a state of its own.
    states = [SkinState(neutral.size) for _ in range(count)] * frames
    params = np.tile(rows, (frames, 1))
    deltas = skin_deltas(
        np.repeat(arrays["deltas"], count, axis=0),
        eye_close=arrays["eye_close_pose_delta"],
        lip_open=arrays["lip_open_pose_delta"],
        params=params,
    )
    dt_s = np.full(len(deltas), arrays["dt"])
    upper, lower = smooth_skin(deltas, states, params=params, dt_s=dt_s)
    found = blend_skin(
        upper, lower, neutral=neutral, mask=np.tile(masks, (frames, 1)), params=params
    )
    found = found.reshape(frames, count, *neutral.shape)
    for i, name in enumerate(vectors.meta["row_varies"]):
        wanted = arrays["out"][i]
        np.testing.assert_allclose(
            found[:, i], wanted, rtol=0, atol=ATOL_CM, err_msg=f"row {i}, {name}"
        )
