"""Which side a curve is on, by its name, and what it is where the face rests."""

import re

NEUTRAL = {
    "sil": 1.0, "viseme_sil": 1.0, "ParamEyeLOpen": 1.0, "ParamEyeROpen": 1.0,
    "MHFDSVersion": 1.0, "DisableFaceOverride": 1.0,
}  # fmt: skip
"""Curves that rest at something else than 0: silence is a viseme, open eyes are 1 in Live2D; two of
MetaHuman's say how to take the others."""

ODD = re.compile(r"(Yaw|Roll)$|^ParamEyeBallX$")
"""Curves that have a sign of their own for each side: what is + to the left is - in a mirror."""

SIDES = re.compile(
    r"Left|Right|(?<=_)[LR](?=_|$)|(?<=[a-zUDNT])[LR](?=$|Ph\d)|(?<=ParamEye|aramBrow)[LR]"
)
RIGHT = re.compile(r"Right|_R(_|$)|[a-zUDNT]R($|Ph\d)|Param(Eye|Brow)R|右$")
SWAPPED = {"Left": "Right", "Right": "Left", "L": "R", "R": "L"}
PAIRS = {"ウィンク２": "ｳｨﾝｸ２右", "ｳｨﾝｸ２右": "ウィンク２"}


def opposite(curve):
    """The curve of the other side, or the same one where it has no side."""
    return PAIRS.get(curve) or SIDES.sub(lambda found: SWAPPED[found[0]], curve)


def sign_in_a_mirror(curve):
    return -1 if ODD.search(curve) else 1


def is_right(curve):
    """Whether it is a curve of the character's right side."""
    return RIGHT.search(curve) is not None
