"""Parameters of the reference SDK in our names."""

import re

import numpy as np

from tests.animation.geometry import row

_OURS = {
    "saccadeSeed": "eye_saccade_seed",
    **{
        f"{eye}EyeballRotationOffset{axis}": f"{eye}_eye_rot_{axis.lower()}_offset"
        for eye in ("right", "left")
        for axis in "XY"
    },
}


def our_row(keys, values):
    """One row of `GEOMETRY_PARAMS`; the shortest decimals are what the float32 values stand for.

    Setting them checks our ranges as well.
    """
    names = [_OURS.get(key) or re.sub("[A-Z]", lambda m: "_" + m[0].lower(), key) for key in keys]
    return row(**dict(zip(names, (float(str(np.float32(value))) for value in values), strict=True)))
