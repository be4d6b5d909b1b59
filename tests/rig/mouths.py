"""How far a mouth is open, out of the curves of each rig."""

import numpy as np

VOWELS = {
    "visemes": ("aa", "E", "ih", "oh", "ou"),
    "unity/oculus": ("aa", "E", "ih", "oh", "ou"),
    "vowels": ("aa", "ih", "ou", "ee", "oh"),
    "unity/vrm1": ("aa", "ih", "ou", "ee", "oh"),
    "unity/vrm0": ("A", "I", "U", "E", "O"),
    "browser/vrm1": ("aa", "ih", "ou", "ee", "oh"),
    "browser/vrm0": ("A", "I", "U", "E", "O"),
    "mmd": ("あ", "い", "う", "え", "お"),
}
"""Rigs whose mouth is open as far as their vowels show, together."""


def _metahuman(shown):
    """Of what the jaw opens, the controls that hold the lips together leave a share."""
    held = [shown.get(f"CTRL_expressions_mouthLipsTogether{at}", 0.0) for at in ("DL", "UL")]
    return shown["CTRL_expressions_jawOpen"] * (1.0 - sum(held) / 2)


JAWS = {
    "arkit": ("jawOpen", "mouthClose"),
    "arkit-lr": ("jawOpen", "mouthClose"),
    "browser/arkit": ("jawOpen", "mouthClose"),
    "browser/rpm": ("jawOpen", "mouthClose"),
    "unity/arkit": ("jawOpen", "mouthClose"),
    "unity/perfect-sync": ("JawOpen", "MouthClose"),
    "godot/unified": ("JawOpen", "MouthClosed"),
    "vrchat/unified": ("JawOpen", "MouthClosed"),
    "cc4": (lambda shown: shown.get("Jaw_Open", shown.get("Merged_Open_Mouth")), "Mouth_Close"),
    "live2d": ("ParamMouthOpenY", None),
    "jaw": ("jaw", None),
    "nim": ("JawOpen", None),
    "unreal/livelink": ("JawOpen", "MouthClose"),
    "unreal/metahuman": (_metahuman, None),
    "unreal/metahuman-a2f": ("JawOpen", None),
}
"""Rig → the curve that opens its mouth (or what makes the opening of all curves), and the one that
closes it over an open jaw."""

GAPS = {**VOWELS, **JAWS}


def gap(name, shown):
    """The opening of the mouth.

    Args:
        name: Rig.
        shown: Curve → its values.
    """
    if name in VOWELS:
        return sum(shown[vowel] for vowel in VOWELS[name])
    opens, closes = JAWS[name]
    opening = opens(shown) if callable(opens) else shown[opens]
    return np.maximum(opening - (shown.get(closes, 0.0) if closes else 0.0), 0.0)
